"""MEDLINE's tagged text cut into its records, and one record into its tags with their values."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from articles.importers import stream
from articles.importers.format import Raw, Unreadable
from articles.importers.record import Record
from articles.importers.shared.strays import Strays
from articles.importers.shared.tidying import tidy

Reader = Callable[[bytes, int], Record]
Tagged = list[tuple[str, str]]

TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}-(?: |$)")
_TAG = re.compile(TAG.pattern.encode())
# What stands before all else; PMC's own files begin with its number, those of PubMed name it near the end.
_OPENING = frozenset({b"PMID", b"OWN", b"UI", b"PMC"})
_ONCE = frozenset({b"PMID", b"OWN"})


def split(file: BinaryIO, read: Reader) -> Iterator[Raw | Unreadable]:
    """The records of a file in order; `read` understands one, given its bytes and its line."""
    pile = _Pile()
    is_after_blank = True
    for number, line in enumerate(stream.lines(stream.utf8(file)), start=1):
        found = _TAG.match(line)
        tag = found[1] if found else b""
        if tag and pile.ends_before(tag, is_after_blank):
            yield from pile.pieces(read)
            pile = _Pile()
        pile.add(line, tag, number, is_after_blank)
        is_after_blank = not line.strip()
    yield from pile.pieces(read)


def tagged(text: str) -> Tagged:
    """The tags of a record with their values, in order; the lines of a value are joined by a space."""
    gathered: list[tuple[str, list[str]]] = []
    for line in text.split("\n"):
        found = TAG.match(line)
        if found:
            gathered.append((found[1], [line[found.end() :].strip()]))
        elif gathered and line.strip():
            gathered[-1][1].append(line.strip())
    return [(tag, tidy(" ".join(lines))) for tag, lines in gathered]


class _Pile:
    """The lines of the record that is being gathered, and those that stand around it and are no record.

    Lines that go on with a value are indented. One that is not may have lost that, which only shows if more tags of the
    record follow; after a blank line it belongs to nothing.
    """

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._line, self._size = 0, 0
        self._tags: set[bytes] = set()
        self._first = b""
        self._loose: list[tuple[int, bytes]] = []
        self._before, self._after = Strays(), Strays()
        self._is_astray = False

    def ends_before(self, tag: bytes, is_after_blank: bool) -> bool:
        """Whether a line with this tag begins the next record."""
        if tag in self._tags and (tag in _ONCE or (is_after_blank and tag in (self._first, b"TI"))):
            return True
        if not is_after_blank:
            return False
        if tag == b"PMC":
            return b"SO" in self._tags
        return tag in _OPENING and bool(self._tags - _OPENING)

    def add(self, line: bytes, tag: bytes, number: int, is_after_blank: bool) -> None:
        """Takes the next line of the file, `number`; `tag` is the one that it begins with."""
        if tag:
            self._begin(tag, number)
            self._keep(line)
        elif not line.strip():
            return
        elif self._lines and not self._is_astray and line[:1] in b" \t":
            self._tidy()
            self._keep(line)
        elif self._lines and not self._is_astray and not is_after_blank:
            self._size += len(line)
            if self._size <= stream.MAX_BYTES:
                self._loose.append((number, line))
        else:
            self._is_astray = True
            (self._after if self._lines else self._before).add(number, line)

    def pieces(self, read: Reader) -> Iterator[Raw | Unreadable]:
        """The record, and what stands before and after it."""
        yield from self._before.told()
        if self._size > stream.MAX_BYTES:
            yield Unreadable(f"The record has more than {stream.MAX_BYTES // 1_000_000} MB.", self._line)
        elif self._lines:
            data = b"\n".join(self._lines)
            yield Raw(data, partial(read, data, self._line), self._line)
        yield from Strays(self._loose).told()
        yield from self._after.told()

    def _begin(self, tag: bytes, number: int) -> None:
        self._tidy()
        self._tags.add(tag)
        self._is_astray = False
        if not self._lines:
            self._line, self._first = number, tag

    def _tidy(self) -> None:
        """What looked loose belongs to the record, which goes on."""
        self._lines += [line for _number, line in self._loose]
        self._loose = []

    def _keep(self, line: bytes) -> None:
        self._size += len(line) + 1
        if self._size <= stream.MAX_BYTES or not self._lines:
            self._lines.append(line)
