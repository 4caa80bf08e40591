"""PubMed's text exports cut into their records, each of which begins with its number: "12. ..." or "12: ..."."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from articles.importers import stream
from articles.importers.format import Raw, Unreadable
from articles.importers.record import Record
from articles.importers.shared.strays import Strays

Reader = Callable[[bytes, int], Record]


def split(
    file: BinaryIO, begins: Callable[[bytes, int], object], read: Reader, *, is_one_paragraph: bool
) -> Iterator[Raw | Unreadable]:
    """The records of a file in order; `read` understands one, given its bytes and its line.

    `begins` tells whether a line begins a record, given how many blank lines stand before it. Where a record is one
    paragraph, others without number belong to no record.
    """
    pile, strays = _Pile(), Strays()
    blank_lines = 2
    for number, line in enumerate(stream.lines(stream.utf8(file)), start=1):
        if not line.strip():
            blank_lines += 1
            pile.add(b"")
            continue
        if blank_lines and begins(line, blank_lines):
            yield from pile.pieces(read)
            yield from strays.told()
            pile, strays = _Pile(number), Strays()
        elif not pile.line or (is_one_paragraph and blank_lines):
            yield from pile.pieces(read)
            pile = _Pile()
            strays.add(number, line)
        pile.add(line)
        blank_lines = 0
    yield from pile.pieces(read)
    yield from strays.told()


class _Pile:
    """The lines of the record that is being gathered; nothing is gathered where `line` is 0."""

    def __init__(self, line: int = 0) -> None:
        self.line, self._lines, self._size = line, list[bytes](), 0

    def add(self, line: bytes) -> None:
        """Takes the next line."""
        self._size += len(line) + 1
        if self.line and self._size <= stream.MAX_BYTES:
            self._lines.append(line)

    def pieces(self, read: Reader) -> Iterator[Raw | Unreadable]:
        """The record, if there is one."""
        if self.line and self._size > stream.MAX_BYTES:
            yield Unreadable(f"The record has more than {stream.MAX_BYTES // 1_000_000} MB.", self.line)
        elif self.line:
            data = b"\n".join(self._lines).rstrip(b"\n")
            yield Raw(data, partial(read, data, self.line), self.line)
