"""The head of a Markdown file: what is read, and where mistakes are."""

import pytest

from articles.importers.record import ParseError
from articles.importers.shared import front_matter


def data(yaml: str) -> dict:
    return dict(front_matter.split(f"---\n{yaml}\n---\n").data)


def test_only_plain_values_are_more_than_text():
    assert data("a: 1\nb: true\nc:\nd: no\ne: 2022-01-01\nf: 010\ng: 1.50\nh: 1:30\ni: '1'") == {
        "a": 1,
        "b": True,
        "c": None,
        "d": "no",
        "e": "2022-01-01",
        "f": "010",
        "g": "1.50",
        "h": "1:30",
        "i": "1",
    }


@pytest.mark.parametrize(
    ("yaml", "line", "message"),
    [
        ("a: 1\nb: [1", 3, "not YAML"),
        ("a: 1\na: 2", 3, "twice"),
        ("a: &x 1\nb: *x", 3, "references"),
        ("a: 1\nb: !!python/object:os.system {}", 3, "not read"),
        ("a: !!int three", 2, "not read"),
        ("a: !!timestamp 2020-01-01", 2, "not read"),
        ('a: "\\0"', 2, "NUL"),
        ('a: "\\ud800"', 2, "character"),
        ("a: \x07", 2, "character"),
        ("- a", 2, "names with values"),
        ("? [a]\n: b", 2, "plain text"),
        ("[" * 5000, 2, "deeply"),
        ("a: b\n" * 60_000, 2, "characters"),
    ],
)
def test_mistake_is_refused_with_its_line(yaml: str, line: int, message: str):
    with pytest.raises(ParseError, match=message) as raised:
        data(yaml)
    assert raised.value.line == line
    assert str(raised.value).startswith(f"line {line}: ")


def test_a_few_lines_cannot_stand_for_gigabytes():
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    with pytest.raises(ParseError, match="references"):
        data(bomb)


def test_lines_of_values_are_known():
    head = front_matter.split("\n---\na: 1\nb:\n  - c: 2\n    d: 3\n---\nbody\n")
    assert head.line("b", 0, "d") == 6
    assert head.line("b", 0, "missing") == 5
    assert (head.body, head.body_line) == ("body\n", 8)
