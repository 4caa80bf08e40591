"""Reading, repairing and normalising text."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.lib.text import UnreadableText, decode, lines, normalise, repair


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("a\u00a0\u2009b\t c", "a b c"),
        ("\u2018a\u2019 \u201cb\u201d", "'a' \"b\""),
        ("a\u2013b\u2014c\u2212d\u2011e", "a-b-c-d-e"),
        ("im\u00admune\u200b cell\ufeff", "immune cell"),
        ("cafe\u0301", "caf\u00e9"),
        ("e\u00ad\u0301", "\u00e9"),
        ("a \r\n b\rc\u2028d", "a\nb\nc\nd"),
        ("a\n \n\t\n\nb", "a\n\nb"),
        ("  a\n\n", "a"),
        ("TNF-\u03b1, \u03b2, \u00b5, \u2265", "TNF-\u03b1, \u03b2, \u00b5, \u2265"),
        ("a\0b\ud800c", "abc"),
        ("", ""),
    ],
)
def test_normalise(raw: str, normal: str):
    assert normalise(raw) == normal


@given(st.text())
def test_normalising_twice_changes_nothing(text: str):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_normalised_text_can_be_stored(text: str):
    stored = normalise(text)
    stored.encode("utf-8")
    assert "\0" not in stored
    assert "\r" not in stored


def test_lines_keep_their_numbers():
    assert lines("\u201ca\u201d\r\n\r\n  b\u00a0") == ['"a"', "", "b"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_decode_reads_every_marked_encoding(encoding: str):
    text, _notes = decode("\u03b1 caf\u00e9\n".encode(encoding))
    assert text == "\u03b1 caf\u00e9\n"


@pytest.mark.parametrize(
    ("data", "position", "line"),
    [
        (b"ab\ncd\xff", 5, 2),
        (b"\xef\xbb\xbfab\xff", 5, 1),
        ("\u00e9\n".encode() + b"a\0", 4, 2),
        (b"\xff\xfea\x00\x00\x00", 4, 1),
        (b"%PDF-1.4", 0, 1),
        (b"\xff\xfea", 2, 1),
    ],
)
def test_what_is_no_text_is_refused_with_the_place(data: bytes, position: int, line: int):
    with pytest.raises(UnreadableText) as raised:
        decode(data)
    assert (raised.value.position, raised.value.line) == (position, line)


@given(st.binary())
def test_any_bytes_are_text_or_refused(data: bytes):
    try:
        text, _notes = decode(data)
    except UnreadableText:
        return
    assert "\0" not in text


def test_repair_names_line_before_and_after():
    fixed, notes = repair("fine\nthe patient\u00e2\u20ac\u2122s caf\u00c3\u00a9\n")
    assert fixed == "fine\nthe patient\u2019s caf\u00e9\n"
    assert notes == [
        "Line 2: 'patient\u00e2\u20ac\u2122s' was wrongly encoded; it now reads 'patient\u2019s'.",
        "Line 2: 'caf\u00c3\u00a9' was wrongly encoded; it now reads 'caf\u00e9'.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Andr\u00e9 Muller",
        "C\u00f4te d\u2019Ivoire",
        "\u03b1\u2013\u03b2 \u2265 5 \u00b5g",
        "&amp; <b>",
        "\u2018a\u2019",
        "\ufb01",
    ],
)
def test_repair_leaves_good_text_alone(text: str):
    assert repair(text) == (text, [])


def test_number_of_notes_is_bounded():
    _fixed, notes = repair("caf\u00c3\u00a9\n" * 1000)
    assert len(notes) == 201
    assert "800 more" in notes[-1]


def test_a_hostile_line_is_repaired_without_comparing_every_word_with_every_other():
    began = process_time()
    repaired, notes = repair("\n".join(["\u00e2\u20ac\u2122 a " * 300] * 40))
    assert process_time() - began < 5
    assert "\u00e2" not in repaired
    assert notes
