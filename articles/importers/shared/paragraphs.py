"""A plain text cut into its paragraphs, with what the layout says: line numbers, gaps and bullets."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from articles.lib.document import Part
from articles.lib.text import lines

_BULLET = re.compile("[\u2022\u2023\u25e6\u2043\u2219\u25aa\u25cf\u00b7*-] +")
_SENTENCE_END = re.compile(r"[.!;:,][\"')\]]*$")
_LONGEST_HEADING = 120


@dataclass(frozen=True)
class Paragraph:
    """Lines that stand together. `line` is the number of the first (from 1), `gap` the blank lines before it."""

    lines: tuple[str, ...]
    line: int
    gap: int

    @property
    def text(self) -> str:
        """The paragraph, its lines kept apart."""
        return "\n".join(self.lines)

    @property
    def looks_like_heading(self) -> bool:
        """One short line that does not end as a sentence does; a question may be a heading."""
        line = self.lines[0]
        return (
            len(self.lines) == 1
            and len(line) <= _LONGEST_HEADING
            and not _SENTENCE_END.search(line)
            and not _BULLET.match(line)
            and any(character.isalpha() for character in line)
        )


def split(text: str) -> list[Paragraph]:
    """The paragraphs of a text, normalised."""
    paragraphs: list[Paragraph] = []
    together: list[str] = []
    gap = 0
    for number, line in enumerate([*lines(text), ""], start=1):
        if line:
            together.append(line)
        elif together:
            paragraphs.append(Paragraph(tuple(together), number - len(together), gap))
            together, gap = [], 1
        else:
            gap += 1
    return paragraphs


def parts(paragraphs: Iterable[Paragraph]) -> Iterator[Part]:
    """The parts of a document: headings, items of lists and plain paragraphs."""
    for paragraph, following in _with_next(list(paragraphs)):
        if paragraph.looks_like_heading and following is not None:
            yield Part("heading", paragraph.text, level=2)
        else:
            yield from _parts_of(paragraph)


def _with_next(paragraphs: list[Paragraph]) -> Iterator[tuple[Paragraph, Paragraph | None]]:
    yield from zip(paragraphs, [*paragraphs[1:], None], strict=False)


def _parts_of(paragraph: Paragraph) -> Iterator[Part]:
    """Each bullet begins an item; lines that follow belong to it."""
    kind, gathered = "paragraph", list[str]()
    for line in paragraph.lines:
        bullet = _BULLET.match(line)
        if bullet:
            yield Part(kind, "\n".join(gathered), level=int(kind == "list_item"))
            kind, gathered = "list_item", [line[bullet.end() :]]
        else:
            gathered.append(line)
    yield Part(kind, "\n".join(gathered), level=int(kind == "list_item"))
