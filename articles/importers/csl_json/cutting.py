"""JSON cut into its items without understanding them, as a stream."""

import json
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, BinaryIO

from articles.importers import stream
from articles.importers.csl_json import values
from articles.importers.format import Raw, Unreadable
from articles.importers.record import ParseError, Record

Reader = Callable[[bytes, int], Record]

# A text cannot go on beyond its line; one without its end is broken.
_TOKEN = re.compile(rb"\"(?:[^\"\\]++|\\.)*+\"?|[{}\[\],:]")
_NOTHING = re.compile(rb"[\s,\x1e]*")
_OBJECT_BEGINS = re.compile(rb"([ \t]*),?[ \t]*\{")
_WRAPPED = re.compile(rb"\{\s*\"(?:status|message|message-type|message-version|items|references|data)\"\s*:")
_CLOSERS = {b"}": b"{", b"]": b"["}
_MOST_SHOWN = 2_000
_MOST_ATTEMPTS = 5
# No item nests as deep; what does has no end.
_DEEPEST = 100


def split(file: BinaryIO, read: Reader) -> Iterator[Raw | Unreadable]:
    """The items of a file in order. `read` understands one, given its bytes and its line.

    Raises `ParseError` where the file holds no item at all.
    """
    cutter = _Cutter()
    is_empty = True
    for piece in cutter.pieces(file):
        is_empty = False
        if isinstance(piece, Unreadable):
            yield piece
        else:
            yield Raw(piece.data, partial(read, piece.data, piece.line), piece.line)
    if is_empty:
        raise ParseError("The file holds an empty list: there is no record in it.")


@dataclass(frozen=True)
class Item:
    """The bytes of one item, and the line where it begins."""

    data: bytes
    line: int


@dataclass
class _Open:
    """An item whose end has not come yet."""

    line: int
    indent: bytes
    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    brackets: list[bytes] = field(default_factory=list)
    last: bytes = b","
    is_broken: bool = False

    def end(self, written: bytes, start: int) -> int | None:
        """Where the item ends in this line; None where it goes on."""
        for found in _TOKEN.finditer(written, start):
            self._count(found[0])
            if not self.brackets:
                return found.end()
        return None

    def _count(self, token: bytes) -> None:
        if token in (b"{", b"["):
            self.is_broken |= self.last not in (b"{", b"[", b",", b":") or len(self.brackets) >= _DEEPEST
            self.brackets.append(token)
        elif token in _CLOSERS:
            self.is_broken |= self.brackets.pop() != _CLOSERS[token]
        elif token.startswith(b'"') and (len(token) == 1 or not token.endswith(b'"')):
            self.is_broken = True
        self.last = token[:1]

    def goes_wrong_at(self, written: bytes) -> bool:
        """Whether this line begins the next item, since this one is broken: an object where it stood itself."""
        if not self.is_level_with(written):
            return False
        return self.is_broken or (b"," not in written[: written.index(b"{")] and self.last in (b"}", b"]", b'"'))

    def is_level_with(self, written: bytes) -> bool:
        """Whether an object begins in this line as far from its beginning as this item did."""
        begins = _OBJECT_BEGINS.match(written)
        return begins is not None and begins[1] == self.indent

    def keep(self, written: bytes) -> None:
        """Adds a line, or a part of one; beyond the size an item may have, lines are only counted."""
        self.size += len(written) + 1
        if self.size <= stream.MAX_BYTES or not self.lines:
            self.lines.append(written)


class _Cutter:
    """Goes through the lines: within an item, or between two."""

    def __init__(self) -> None:
        self._open: _Open | None = None
        self._is_list = False
        self._between: list[bytes] = []
        self._between_size, self._between_line = 0, 1

    def pieces(self, file: BinaryIO) -> Iterator[Item | Unreadable]:
        """What the file holds."""
        yield from self._read(enumerate(stream.lines(stream.utf8(file)), start=1))
        for _attempt in range(_MOST_ATTEMPTS):
            swallowed = self._swallowed()
            yield from self._finish()
            yield from self._read(swallowed)
        yield from self._finish()
        yield from self._told()

    def _read(self, lines: Iterable[tuple[int, bytes]]) -> Iterator[Item | Unreadable]:
        for number, written in lines:
            if self._open and self._open.goes_wrong_at(written):
                yield from self._finish()
            position: int | None = 0
            while position is not None:
                position = yield from self._step(number, written, position)

    def _swallowed(self) -> list[tuple[int, bytes]]:
        """The lines that an item without its end has taken from those after it, which begin where it did itself."""
        if self._open is None or self._open.size > stream.MAX_BYTES:
            return []
        lines = self._open.lines
        begin = (n for n in range(1, len(lines)) if self._open.is_level_with(lines[n]))
        following = next(begin, len(lines))
        self._open.lines = lines[:following]
        return list(enumerate(lines[following:], start=self._open.line + following))

    def _step(self, number: int, written: bytes, position: int) -> Generator[Item | Unreadable, None, int | None]:
        """Reads on from this place of the line; returns where to go on, or None at its end."""
        if self._open is None:
            start = self._beginning(number, written, position)
            if start is None:
                return None
            yield from self._told()
            self._open, position = _Open(number, written[: len(written) - len(written.lstrip())]), start
        end = self._open.end(written, position)
        self._open.keep(written[position:end])
        if end is not None:
            yield from self._finish()
        return end

    def _beginning(self, number: int, written: bytes, position: int) -> int | None:
        """Where the next item begins in this line. The bracket of the list around the items begins none."""
        for found in _TOKEN.finditer(written, position):
            self._keep_between(number, written[position : found.start()])
            position = found.end()
            if found[0] == b"{" or (found[0] == b"[" and self._is_list):
                return found.start()
            if found[0] in b"[]":
                self._is_list = found[0] == b"["
            else:
                self._keep_between(number, found[0])
        self._keep_between(number, written[position:])
        return None

    def _finish(self) -> Iterator[Item | Unreadable]:
        opened, self._open = self._open, None
        if opened is None:
            return
        if opened.size > stream.MAX_BYTES:
            yield Unreadable("An item of more than 20 MB.", opened.line, opened.lines[0][:_MOST_SHOWN])
            return
        data = b"\n".join(opened.lines)
        if not self._is_list and _WRAPPED.match(data):
            yield from _unwrapped(data, opened.line)
        else:
            yield Item(data, opened.line)

    def _keep_between(self, number: int, written: bytes) -> None:
        if _NOTHING.fullmatch(written):
            return
        if not self._between:
            self._between_line = number
        if self._between_size <= _MOST_SHOWN:
            self._between.append(written)
            self._between_size += len(written)

    def _told(self) -> Iterator[Unreadable]:
        if self._between:
            data = b" ".join(self._between)
            shown = data[:80].decode("utf-8", "replace")
            yield Unreadable(
                f"Between the items stands what is none: {shown!r}.", self._between_line, data[:_MOST_SHOWN]
            )
        self._between, self._between_size = [], 0


def _unwrapped(data: bytes, line: int) -> Iterator[Item]:
    """The items in an object that holds nothing else: an answer of Crossref's or a library of Zotero's."""
    try:
        wrapper = values.load(data.decode("utf-8"))
    except (ParseError, UnicodeDecodeError):
        yield Item(data, line)
        return
    for item in _items(wrapper):
        yield Item(json.dumps(item, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace"), line)


def _items(value: dict[str, Any]) -> list[Any]:
    for name in ("message", "items", "references", "data"):
        inner = value.get(name)
        if isinstance(inner, dict):
            return _items(inner)
        if isinstance(inner, list) and "title" not in value:
            return inner
    return [value]
