"""Bytes of files as text: recognised, decoded and repaired the same way for every format."""

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from articles.importers.record import ParseError
from articles.lib.text import UnreadableText, decode, repair, unify_line_ends

# Of a file that is one document, and of one record of a file that holds many.
MAX_BYTES = 20_000_000
_START = 65_536
_PIECE = 1_048_576
_UTF8_MARK = b"\xef\xbb\xbf"
# The longer marks first: that of UTF-32 begins like that of UTF-16.
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""\s*<\?xml\s[^<>]{0,200}?\bencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_BYTEWISE = re.compile(r"ascii|iso8859-\d+|cp125\d|koi8-[ru]|gb18030|gbk|gb2312|big5|shift_jis|euc_jp|euc_kr")


class Steady(io.BufferedReader):
    """A stream that gives all that stands before the place where it breaks off, and only then raises."""

    _error: ParseError | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        """So many bytes; fewer at the end, and where reading on fails: then the next call raises `ParseError`."""
        if self._error:
            raise self._error
        most = float("inf") if size is None or size < 0 else size
        pieces: list[bytes] = []
        try:
            while most > 0 and (piece := self.read1(int(min(most, _PIECE)))):
                pieces.append(piece)
                most -= len(piece)
        except ParseError as error:
            self._error = error
            if not pieces:
                raise
        return b"".join(pieces)


class Rewound(io.RawIOBase):
    """A stream whose first bytes were read already: they come again. It need not be able to seek."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        """What `io.RawIOBase` asks for."""
        chunk = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(chunk) :] if self._head else b""
        buffer[: len(chunk)] = chunk
        return len(chunk)


def begin(file: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The first 64 kB, for telling formats apart; and the stream from its beginning."""
    head = _beginning(file, _START)
    return head, Steady(Rewound(head, file), _START)


def start_of(head: bytes) -> str:
    """The beginning of a file as text, wrong bytes replaced."""
    encoding = next((name for mark, name in _WIDE_MARKS if head.startswith(mark)), "utf-8-sig")
    return unify_line_ends(codecs.getincrementaldecoder(encoding)("replace").decode(head))


def refuse_no_text(head: bytes) -> None:
    """Raises `ParseError` where the beginning of a file shows what it is instead of text, or what is wrong with it."""
    try:
        decode(head)
    except UnreadableText as error:
        # A beginning may be cut within a character.
        if len(head) < _START or error.line is None or error.position < _START - 8:
            raise ParseError(str(error)) from error


def utf8(file: BinaryIO) -> BinaryIO:
    """The stream without its byte order mark, and in UTF-8 where that mark says UTF-16."""
    head = _beginning(file, 4)
    again = Steady(Rewound(head.removeprefix(_UTF8_MARK), file), _START)
    encoding = next((name for mark, name in _WIDE_MARKS if head.startswith(mark)), None)
    if encoding is None:
        return again
    return Steady(_Recoded(again, encoding), _START)


def utf8_of_xml(file: BinaryIO) -> BinaryIO:
    """The stream in UTF-8, whatever its first bytes or its XML declaration say.

    Raises `ParseError` for an encoding that is not known, and while reading for bytes that are not of it.
    """
    head, again = begin(utf8(file))
    declared = _DECLARED.match(head)
    name = declared[1].decode().lower() if declared else "utf-8"
    # What is declared as UTF-16 and yet can be read here was in UTF-16 and is no longer.
    if name in ("utf-8", "utf8") or name.startswith(("utf-16", "utf16", "ucs-2", "iso-10646-ucs-2")):
        return again
    if not _is_bytewise(name):
        raise ParseError(f"The file says that its encoding is {name!r}, which is not read. Save it as UTF-8.", 1)
    return Steady(_Recoded(again, name), _START)


def _is_bytewise(name: str) -> bool:
    try:
        return _BYTEWISE.fullmatch(codecs.lookup(name).name) is not None
    except LookupError:
        return False


class _Recoded(io.RawIOBase):
    """UTF-8 made of a stream in another encoding, piece by piece. Raises `ParseError` for what it cannot read."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file, self._encoding = file, encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._waiting, self._is_over = b"", False
        self._error: UnicodeDecodeError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        """What `io.RawIOBase` asks for."""
        while not self._waiting and not self._is_over:
            chunk = self._file.read(_START)
            self._is_over = not chunk
            self._waiting = self._decoded(chunk).encode("utf-8", "replace")
        if self._error and not self._waiting:
            raise ParseError(f"The text is not {self._encoding.upper()}, as its beginning says.") from self._error
        chunk, self._waiting = self._waiting[: len(buffer)], self._waiting[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _decoded(self, chunk: bytes) -> str:
        try:
            return self._decoder.decode(chunk, self._is_over)
        except UnicodeDecodeError as error:
            self._error, self._is_over = error, True
            return error.object[: error.start].decode(error.encoding, "ignore")


def lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream in UTF-8 without their ends, whichever of the three kinds these are of.

    Raises `ParseError` for a line longer than a record may be.
    """
    begun, held = bytearray(), b""
    for read in iter(lambda: file.read(_START), b""):
        chunk = held + read
        # What ends in a carriage return may go on with the line feed that belongs to it.
        held = b"\r" if chunk.endswith(b"\r") else b""
        first, *others = _unified(chunk.removesuffix(b"\r")).split(b"\n")
        begun += first
        if len(begun) > MAX_BYTES:
            raise ParseError(f"A line has more than {MAX_BYTES // 1_000_000} MB: this is no text with lines.")
        if others:
            yield bytes(begun)
            yield from others[:-1]
            begun[:] = others[-1]
    if begun or held:
        yield bytes(begun)


def _unified(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def read_all(file: BinaryIO) -> bytes:
    """The whole of a file that is one document. Raises `ParseError` where it has more than 20 MB."""
    data = exactly(file, MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ParseError(f"The file has more than {MAX_BYTES // 1_000_000} MB, the most that one document may have.")
    return data


def text_of(data: bytes) -> tuple[str, list[str]]:
    """The text of a document or of one record, with `\\n` as line ends, and notes on what was repaired in it.

    Raises `ParseError` for bytes that are no text, and where there is none.
    """
    try:
        text, notes = decode(data)
    except UnreadableText as error:
        # The message names the line, counted within the data.
        raise ParseError(str(error)) from error
    if not text.strip():
        raise ParseError("The file is empty.")
    repaired, repairs = repair(unify_line_ends(text))
    return repaired, [*notes, *repairs]


def exactly(file: BinaryIO, size: int) -> bytes:
    """So many bytes, or all there are: a stream may give fewer at a time."""
    return b"".join(_pieces(file, size))


def _beginning(file: BinaryIO, size: int) -> bytes:
    """The same, but of a stream that breaks off what stands before: the next reading of it raises."""
    pieces: list[bytes] = []
    try:
        for piece in _pieces(file, size):
            pieces.append(piece)
    except ParseError:
        if not pieces:
            raise
    return b"".join(pieces)


def _pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (piece := file.read(size)):
        yield piece
        size -= len(piece)
