"""A document cut into runs at the borders of its links and of the marked quotes, ready to be printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from articles.lib.document import Block, Document


@dataclass(frozen=True)
class Mark:
    """A stretch of the text to highlight; offsets in code points, `key` names it."""

    start: int
    end: int
    key: str


@dataclass(frozen=True)
class Run:
    """Text without a border inside. `marks` are the keys over it, `begins` and `ends` those that begin or end here."""

    text: str
    href: str
    marks: tuple[str, ...]
    begins: tuple[str, ...]
    ends: tuple[str, ...]


@dataclass(frozen=True)
class MarkedBlock:
    """A block of the document with its runs."""

    kind: str
    level: int
    runs: tuple[Run, ...]


def blocks(document: Document, marks: Sequence[Mark]) -> list[MarkedBlock]:
    """The blocks in order. A mark over several blocks runs on in each; overlapping marks share runs."""
    return [MarkedBlock(block.kind, block.level, tuple(_runs(document, block, marks))) for block in document.blocks]


def _runs(document: Document, block: Block, marks: Sequence[Mark]) -> Iterator[Run]:
    here = [mark for mark in marks if mark.start < block.end and mark.end > block.start]
    links = [link for link in document.links if link.start < block.end and link.end > block.start]
    stretches = [(mark.start, mark.end) for mark in here] + [(link.start, link.end) for link in links]
    borders = {border for stretch in stretches for border in stretch}
    cuts = sorted({block.start, block.end, *(border for border in borders if block.start < border < block.end)})
    for start, end in pairwise(cuts):
        over = [mark for mark in here if mark.start <= start and end <= mark.end]
        href = next((link.href for link in links if link.start <= start and end <= link.end), "")
        yield Run(
            document.text[start:end],
            href,
            tuple(mark.key for mark in over),
            tuple(mark.key for mark in over if max(mark.start, block.start) == start),
            tuple(mark.key for mark in over if mark.end == end or (end == block.end and mark.end <= end)),
        )
