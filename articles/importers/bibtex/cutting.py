"""BibTeX cut into its entries, each with the abbreviations it uses and the entry that it refers to.

A piece is complete in itself: what `@string` and `crossref` bring from elsewhere in the file is part of its bytes.
"""

import re
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import BinaryIO

from articles.importers import stream
from articles.importers.bibtex import entry
from articles.importers.bibtex.entry import Braces
from articles.importers.format import Raw, Unreadable
from articles.importers.record import ParseError, Record

Reader = Callable[[bytes, int], Record]

BEGINS = (
    rb"@\s*(?:(?:string|preamble|comment)\s*[{(]"
    rb"|[A-Za-z]{1,60}\s*[{(][^,{}\"\n]{0,200}(?:[,=}]|$))"
)
"""How an entry begins. A mail address in a text does not: what follows the brace must look like a key."""

_BEGINS = re.compile(BEGINS, re.IGNORECASE)
_BEGINS_LINE = re.compile(rb"[ \t]*(" + BEGINS + rb")", re.IGNORECASE)
_BEGUN = re.compile(rb"@\s*[A-Za-z]{0,60}\s*$")
_OPENER = re.compile(rb"@\s*([A-Za-z]+)\s*([{(])\s*([^,{}=\"\n]{0,200})")
_MARKS = re.compile(rb"\\.|[{}()\"]", re.DOTALL)
_NO_WORD = re.compile(rb"[\s,;{}()]*")
_USED = re.compile(rb"[=#]\s*([A-Za-z][^\s,#{}\"=()]*)")
_REFERS = re.compile(rb"[,\s]crossref\s*=\s*[{\"]\s*([^{}\",\n]{1,200})", re.IGNORECASE)
_PARENTS = frozenset({"book", "collection", "mvbook", "mvcollection", "mvproceedings", "periodical", "proceedings"})
_MOST_SHOWN = 2_000
_MOST_DEFINED = 1_000_000
_LONGEST_DEFINITION = 20_000
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Block:
    """What stands between `@` and its closing brace. `type` and `key` are in small letters."""

    type: str
    key: str
    data: bytes
    line: int


def split(file: BinaryIO, read: Reader) -> Iterator[Raw | Unreadable]:
    """The entries of a file in order. `read` understands one, given its bytes and its line.

    Comments, preambles and lines that begin with % are no records; other text between entries is told as unreadable.
    """
    for piece in _with_parents(_with_strings(blocks(stream.lines(stream.utf8(file))))):
        if isinstance(piece, Unreadable):
            yield piece
        else:
            yield Raw(piece.data, partial(read, piece.data, piece.line), piece.line)


def blocks(lines: Iterable[bytes]) -> Iterator[Block | Unreadable]:
    """The blocks of all types in these lines, and the text between them."""
    cutter = _Cutter()
    for number, written in enumerate(lines, start=1):
        yield from cutter.take(number, written.removeprefix(_MARK))
    yield from cutter.close()


@dataclass
class _Open:
    """A block whose end has not come yet."""

    line: int
    closer: str = ""
    last_depth: int = 0
    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    braces: Braces = field(default_factory=Braces)
    is_quoted: bool = False

    def end(self, written: bytes, start: int) -> int | None:
        """Where the block ends in this line; None where it goes on."""
        for found in _MARKS.finditer(written, start):
            mark = found[0].decode("latin-1")
            if not self.closer:
                self._begin(mark)
                continue
            self.braces.count(mark)
            if mark == '"' and self.braces.depth == 0:
                self.is_quoted = not self.is_quoted
            if mark.endswith(self.closer) and self.braces.depth == self.last_depth and not self.is_quoted:
                return found.end()
        return None

    def _begin(self, mark: str) -> None:
        if mark in "{(":
            self.closer, self.last_depth = ("}", -1) if mark == "{" else (")", 0)

    def keep(self, written: bytes) -> None:
        """Adds a line; beyond the size that an entry may have, lines are only counted."""
        self.size += len(written) + 1
        if self.size <= stream.MAX_BYTES or not self.lines:
            self.lines.append(written)

    def block(self) -> Block | Unreadable:
        """The block, closed or not."""
        data = b"\n".join(self.lines)
        opener = _OPENER.match(data)
        if opener is None:
            return _text_between(data, self.line)
        key = opener[3].strip().decode("utf-8", "replace").lower()
        return Block(opener[1].decode().lower(), key, data, self.line)


class _Cutter:
    """Goes through the lines: within a block, or between two."""

    def __init__(self) -> None:
        self._open: _Open | None = None
        self._between: list[bytes] = []
        self._between_size, self._between_line = 0, 1
        self._begun = b""

    def take(self, number: int, written: bytes) -> Iterator[Block | Unreadable]:
        """Takes the next line of the file; gives what is complete."""
        if self._open and _BEGINS_LINE.match(written):
            yield from self._finish()
        if self._open is None and written.lstrip().startswith(b"%"):
            return
        written, self._begun = (self._begun + b" " if self._begun else b"") + written, b""
        position: int | None = 0
        while position is not None:
            position = yield from self._step(number, written, position)

    def close(self) -> Iterator[Block | Unreadable]:
        """Gives what is left at the end of the file."""
        if self._begun:
            self._keep_between(self._between_line, self._begun)
        yield from self._finish() if self._open else self._told()

    def _step(self, number: int, written: bytes, position: int) -> Generator[Block | Unreadable, None, int | None]:
        """Reads on from this place of the line; returns where to go on, or None at its end."""
        if self._open is None:
            begins = _BEGINS.search(written, position)
            if begins is None:
                self._rest(number, written[position:])
                return None
            self._keep_between(number, written[position : begins.start()])
            yield from self._told()
            self._open, position = _Open(number), begins.start()
        end = self._open.end(written, position)
        self._open.keep(written[position:end])
        if end is not None:
            yield from self._finish()
        return end

    def _finish(self) -> Iterator[Block | Unreadable]:
        opened, self._open = self._open, None
        if opened and opened.size > stream.MAX_BYTES:
            yield Unreadable("An entry of more than 20 MB.", opened.line, opened.lines[0][:_MOST_SHOWN])
        elif opened:
            yield opened.block()

    def _rest(self, number: int, written: bytes) -> None:
        """Keeps the end of a line; `@` and a name may begin an entry whose brace is on the next."""
        begun = _BEGUN.search(written[-200:])
        if begun:
            self._begun = begun[0]
            written = written[: len(written) - len(begun[0])]
        self._keep_between(number, written)

    def _keep_between(self, number: int, written: bytes) -> None:
        if _NO_WORD.fullmatch(written):
            return
        if not self._between:
            self._between_line = number
        if self._between_size <= _MOST_SHOWN:
            self._between.append(written)
            self._between_size += len(written)

    def _told(self) -> Iterator[Unreadable]:
        if self._between:
            yield _text_between(b"\n".join(self._between), self._between_line)
        self._between, self._between_size = [], 0


def _text_between(data: bytes, line: int) -> Unreadable:
    shown = data.strip()[:80].decode("utf-8", "replace")
    return Unreadable(f"Text between entries, which begins with {shown!r}.", line, data[:_MOST_SHOWN])


def _with_strings(pieces: Iterable[Block | Unreadable]) -> Iterator[Block | Unreadable]:
    """The entries, each with the definitions of the abbreviations it uses put before it."""
    meanings: dict[str, str] = {}
    defined = 0
    for piece in pieces:
        if isinstance(piece, Unreadable):
            yield piece
        elif piece.type == "string":
            try:
                meanings |= definition(piece, meanings)
                defined += len(piece.data)
                if defined > _MOST_DEFINED:
                    raise ParseError("The abbreviations of the file take too much room; this one was left out.")
            except ParseError as error:
                yield Unreadable(str(error), piece.line, piece.data[:_MOST_SHOWN])
        elif piece.type not in ("comment", "preamble"):
            yield replace(piece, data=_definitions(piece.data, meanings) + piece.data)


def definition(block: Block, meanings: dict[str, str]) -> dict[str, str]:
    """What a `@string` block defines. Raises `ParseError` where it defines nothing, or too much."""
    found = entry.parse(block.data.decode("utf-8", "replace"), meanings)
    for name, value in found.fields:
        if len(value) > _LONGEST_DEFINITION:
            raise ParseError(f"The abbreviation {name!r} stands for more than {_LONGEST_DEFINITION:,} characters.")
    if not found.fields:
        raise ParseError("A @string that defines no abbreviation.")
    return dict(found.fields)


def _definitions(data: bytes, meanings: dict[str, str]) -> bytes:
    if not meanings:
        return b""
    used = dict.fromkeys(name.decode("utf-8", "replace").lower() for name in _USED.findall(data))
    written = (f"@string{{{name} = {{{meanings[name]}}}}}\n" for name in used if name in meanings)
    return "".join(written).encode()


def _with_parents(pieces: Iterable[Block | Unreadable]) -> Iterator[Block | Unreadable]:
    """The entries, each followed by the one that its `crossref` names, which most often comes later in the file.

    What waits for it may take 20 MB; beyond that entries go on without.
    """
    parents: dict[str, bytes] = {}
    kept = 0
    waiting: deque[Block | Unreadable] = deque()
    size = 0
    for piece in pieces:
        if isinstance(piece, Block) and piece.type in _PARENTS and kept < stream.MAX_BYTES:
            parents[piece.key] = piece.data
            kept += len(piece.data)
        waiting.append(piece)
        size += len(piece.data)
        while waiting and (size > stream.MAX_BYTES or not _waits(waiting[0], parents)):
            size -= len(waiting[0].data)
            yield _with_parent(waiting.popleft(), parents)
    yield from (_with_parent(piece, parents) for piece in waiting)


def _named(piece: Block | Unreadable) -> str:
    """The key that an entry refers to; blank where it refers to none."""
    found = _REFERS.search(piece.data) if isinstance(piece, Block) else None
    key = found[1].strip().decode("utf-8", "replace").lower() if found else ""
    return key if isinstance(piece, Block) and key != piece.key else ""


def _waits(piece: Block | Unreadable, parents: dict[str, bytes]) -> bool:
    key = _named(piece)
    return bool(key) and key not in parents


def _with_parent(piece: Block | Unreadable, parents: dict[str, bytes]) -> Block | Unreadable:
    parent = parents.get(_named(piece), b"")
    return replace(piece, data=piece.data + b"\n\n" + parent) if parent else piece
