"""Reading streams: however they come, the same bytes give the same lines; what breaks off gives what stands before."""

import io
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importers import stream
from articles.importers.record import ParseError
from articles.importers.stream import MAX_BYTES


class Pieces(io.RawIOBase):
    """A stream that comes in these pieces, whatever is asked for, and may break off at its end."""

    def __init__(self, pieces: list[bytes], *, breaks: bool = False) -> None:
        self._pieces, self._breaks = [piece for piece in pieces if piece], breaks

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if not self._pieces and self._breaks:
            raise ParseError("It is broken here.")
        piece = self._pieces.pop(0) if self._pieces else b""
        if len(piece) > len(buffer):
            self._pieces.insert(0, piece[len(buffer) :])
        given = piece[: len(buffer)]
        buffer[: len(given)] = given
        return len(given)


BYTES = st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a", b"bc ", b"\xc3\xa9", b"\0"]), max_size=30).map(b"".join)


@st.composite
def cut(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    """Bytes, and the same bytes in pieces."""
    data = draw(BYTES)
    places = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    edges = [0, *places, len(data)]
    return data, [data[start:end] for start, end in pairwise(edges)]


def reference(data: bytes) -> list[bytes]:
    """The lines, read in the plainest way there is."""
    lines = re.split(rb"\r\n|\r|\n", data)
    return lines if lines[-1] else lines[:-1]


@given(cut())
def test_lines_are_the_same_however_the_stream_comes(made: tuple[bytes, list[bytes]]):
    data, pieces = made
    assert list(stream.lines(io.BytesIO(data))) == reference(data)
    assert list(stream.lines(Pieces(pieces))) == reference(data)
    assert list(stream.lines(stream.Steady(Pieces(pieces)))) == reference(data)


@given(cut(), st.sampled_from([1, 2, 3, 5]))
def test_a_line_end_cut_in_two_is_one(made: tuple[bytes, list[bytes]], size: int):
    data, _pieces = made
    held = [data[place : place + size] for place in range(0, len(data), size)]
    assert list(stream.lines(Pieces(held))) == reference(data)


@given(cut())
def test_beginning_comes_again(made: tuple[bytes, list[bytes]]):
    data, pieces = made
    head, again = stream.begin(Pieces(pieces))
    assert head == data
    assert again.read() == data
    assert again.read() == b""


def test_beginning_is_64_kb_of_a_long_stream():
    data = bytes(range(256)) * 1_000
    head, again = stream.begin(Pieces([data[:100_000], data[100_000:]]))
    assert head == data[:65_536]
    assert again.read(70_000) + again.read() == data


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@given(st.text(alphabet="a\u00e9\u03b1\U0001f600\n\r", max_size=30), st.integers(1, 7))
def test_every_marked_encoding_becomes_utf8(encoding: str, text: str, size: int):
    data = text.encode(encoding)
    pieces = [data[place : place + size] for place in range(0, len(data), size)]
    assert stream.utf8(Pieces(pieces)).read() == text.encode()


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0"])
def test_half_a_character_at_the_end_is_told_after_what_stands_before(mark: bytes):
    encoding = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(mark, "utf-32-le")
    file = stream.utf8(io.BytesIO(mark + "alpha\nbeta".encode(encoding) + b"\x41"))
    assert file.read() == b"alpha\nbeta"
    with pytest.raises(ParseError, match="as its beginning says"):
        file.read()


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("ISO-8859-1", "latin-1"), ("windows-1252", "cp1252"), ("UTF-8", "utf-8"), ("Shift_JIS", "shift_jis")],
)
def test_xml_in_a_declared_encoding_becomes_utf8(declared: str, encoding: str):
    text = f'<?xml version="1.0" encoding="{declared}"?><a>' + ("\u3042" if encoding == "shift_jis" else "\u00e9")
    assert stream.utf8_of_xml(io.BytesIO(text.encode(encoding))).read() == text.encode()


@pytest.mark.parametrize("declared", ["utf-7", "unknown", "rot13", "zlib", "idna", "unicode_escape"])
def test_xml_in_a_strange_encoding_is_refused(declared: str):
    with pytest.raises(ParseError, match="encoding"):
        stream.utf8_of_xml(io.BytesIO(f'<?xml version="1.0" encoding="{declared}"?><a/>'.encode()))


def test_what_stands_before_a_break_is_read_and_then_the_break_is_told():
    file = stream.Steady(Pieces([b"alpha\nbe", b"ta\ngam"], breaks=True))
    lines = stream.lines(file)
    assert [next(lines), next(lines)] == [b"alpha", b"beta"]
    with pytest.raises(ParseError, match="broken here"):
        next(lines)


def test_beginning_of_a_broken_stream_is_what_there_is():
    head, again = stream.begin(stream.Steady(Pieces([b"alpha"], breaks=True)))
    assert head == b"alpha"
    assert again.read(100) == b"alpha"
    with pytest.raises(ParseError, match="broken here"):
        again.read(1)


def test_whole_document_of_a_broken_stream_is_none():
    with pytest.raises(ParseError, match="broken here"):
        stream.read_all(stream.Steady(Pieces([b"alpha"], breaks=True)))


def test_line_that_is_too_long_is_refused():
    with pytest.raises(ParseError, match="no text with lines"):
        list(stream.lines(io.BytesIO(b"a" * (MAX_BYTES + 100_000))))


def test_longest_line_takes_no_more_time_than_it_must():
    """Pieces are put together once, not again with every piece that comes."""
    data = b"a" * (MAX_BYTES - 1) + b"\nb"
    pieces = [data[place : place + 100] for place in range(0, len(data), 100)]
    assert [len(line) for line in stream.lines(iter_file(pieces))] == [MAX_BYTES - 1, 1]


def iter_file(pieces: list[bytes]) -> io.BufferedIOBase:
    class Given(io.BufferedIOBase):
        given = iter(pieces)

        def read(self, size: int | None = -1, /) -> bytes:
            return next(self.given, b"")

    return Given()


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_refused(data: bytes):
    try:
        text, notes = stream.text_of(data)
    except ParseError:
        return
    assert "\r" not in text
    assert "\0" not in text
    assert all(notes)
