"""Two texts held against each other, word by word."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import Indel

# A word with the white space after it.
_WORD = re.compile(r"\S+\s*|^\s+")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: words that the other text has too, or words that it lacks."""

    text: str
    is_shared: bool


def compare(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, which joined give the text again. White space does not count as a difference.

    The time grows with the product of the two lengths: some ten thousand words each take a second.
    """
    words = _WORD.findall(left), _WORD.findall(right)
    shared_left, shared_right = _shared([word.rstrip() for word in words[0]], [word.rstrip() for word in words[1]])
    return _pieces(words[0], shared_left), _pieces(words[1], shared_right)


def _shared(left: Sequence[str], right: Sequence[str]) -> tuple[set[int], set[int]]:
    """The places of the words that stand in both, in the same order."""
    kept: tuple[set[int], set[int]] = set(), set()
    for step in Indel.opcodes(left, right):
        if step.tag == "equal":
            kept[0].update(range(step.src_start, step.src_end))
            kept[1].update(range(step.dest_start, step.dest_end))
    return kept


def _pieces(words: Iterable[str], shared: set[int]) -> list[Piece]:
    runs = groupby(enumerate(words), key=lambda numbered: numbered[0] in shared)
    return [Piece("".join(word for _place, word in run), is_shared) for is_shared, run in runs]
