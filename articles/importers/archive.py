"""Files inside .gz and .zip, read as streams: nothing is ever unpacked to the disk."""

import gzip
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from articles.importers import stream
from articles.importers.format import Unreadable
from articles.importers.record import ParseError

# Text packs ten- to thirtyfold; what packs much better says nothing, or is made to fill a machine.
MOST_TIMES_LARGER = 200
SMALL = 50_000_000
MOST_MEMBERS = 10_000
LONGEST_PATH = 500
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_DOCUMENTS = (
    ("word/", "a Word document (.docx)"),
    ("xl/", "an Excel workbook (.xlsx)"),
    ("ppt/", "a PowerPoint presentation (.pptx)"),
    ("META-INF/container.xml", "an e-book (.epub)"),
    ("Index/Document.iwa", "a document of Apple's Pages or Numbers"),
    ("sdb/", "an EndNote library (.enlx)"),
)
_DOCUMENT_SIGNS = frozenset({"[Content_Types].xml", "mimetype", "Index/Document.iwa", "sdb/sdb.eni"})
# The end of an archive's table of contents: its signature, six bytes, the number of entries, the size of the table.
_END = struct.Struct("<4s6xHL4x2x")
_END_MARK = b"PK\x05\x06"
_LONGEST_END = _END.size + 65_535
_LONGEST_TABLE = 1_000 * MOST_MEMBERS
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2})
# What the libraries raise for archives that are broken, by accident or by intent.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    RuntimeError,
    OverflowError,
)


@dataclass(frozen=True)
class Member:
    """A file, or one inside an archive: then `path` is where it stands there."""

    path: str
    file: BinaryIO


def members(file: BinaryIO) -> Iterator[Member | Unreadable]:
    """The file itself, or what is inside it. `file` must be able to seek.

    A member that cannot be read is told and the others follow; raises `ParseError` where the archive itself is broken.
    """
    file = io.BufferedReader(file) if isinstance(file, io.RawIOBase) else file
    head = stream.exactly(file, 4)
    file.seek(0)
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        yield from _inside_zip(file)
    elif head.startswith(_GZIP):
        yield Member("", _unzipped(file, _Allowance(_size(file))))
    else:
        yield Member("", file)


def _inside_zip(file: BinaryIO) -> Iterator[Member | Unreadable]:
    size = _size(file)
    _refuse_long_table(file, size)
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise ParseError(f"The ZIP archive is broken or cut off: {_said(error)}.") from error
    with archive:
        entries = archive.infolist()
        _refuse_documents(entries)
        _refuse_tricks(entries, size)
        allowance = _Allowance(size)
        for entry in entries:
            if not entry.filename.endswith("/") and not _is_furniture(entry.filename):
                yield from _member(archive, entry, allowance)


def _refuse_long_table(file: BinaryIO, size: int) -> None:
    """The table of contents is held in memory as a whole: one that is too long must not even be read."""
    file.seek(max(0, size - _LONGEST_END))
    tail = stream.exactly(file, _LONGEST_END)
    file.seek(0)
    place = tail.rfind(_END_MARK)
    if place < 0 or place + _END.size > len(tail):
        return
    _mark, number, length = _END.unpack_from(tail, place)
    # Both fields are full where the true numbers, further up, need more room.
    if number > MOST_MEMBERS or length > _LONGEST_TABLE:
        raise ParseError(f"The ZIP archive holds too many files; at most {MOST_MEMBERS:,} are read. Make smaller ones.")


def _refuse_documents(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if not names:
        raise ParseError("The ZIP archive is empty.")
    if not _DOCUMENT_SIGNS.isdisjoint(names):
        kinds = (kind for sign, kind in _DOCUMENTS if any(name.startswith(sign) for name in names))
        kind = next(kinds, "an office document or e-book")
        raise ParseError(f"This is {kind}, not an archive of records. Export its records, or save its text as UTF-8.")


def _refuse_tricks(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MOST_MEMBERS:
        raise ParseError(f"The ZIP archive holds {len(entries):,} files; at most {MOST_MEMBERS:,} are read.")
    if sum(entry.compress_size for entry in entries) > size:
        raise ParseError(
            "The files in the ZIP archive lie over each other, as in archives made to do harm; it was not read."
        )


def _is_furniture(path: str) -> bool:
    """What operating systems add to archives."""
    return any(part == "__MACOSX" or (part.startswith(".") and part.strip(".")) for part in re.split(r"[/\\]", path))


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, allowance: "_Allowance") -> Iterator[Member | Unreadable]:
    name = entry.filename[:LONGEST_PATH]
    if problem := _problem(entry):
        yield Unreadable(f"{name}: {problem}")
        return
    try:
        opened = archive.open(entry)
    except _BROKEN as error:
        yield Unreadable(f"{name}: it cannot be unpacked: {_said(error)}.")
        return
    with opened:
        yield _of_zip(name, stream.Steady(_Limited(opened, allowance)), allowance)


def _of_zip(name: str, file: BinaryIO, allowance: "_Allowance") -> Member | Unreadable:
    try:
        head, file = stream.begin(file)
    except ParseError as error:
        return Unreadable(f"{name}: {error}")
    if head.startswith(_ZIP):
        return Unreadable(f"{name}: an archive inside an archive is not opened; unpack it first.")
    return Member(name, _unzipped(file, allowance) if head.startswith(_GZIP) else file)


def _problem(entry: zipfile.ZipInfo) -> str:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if len(entry.filename) > LONGEST_PATH:
        return f"its path has more than {LONGEST_PATH} characters; it was not read."
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
        return "its path leads out of the archive, which an honest archive does not do; it was not read."
    if entry.flag_bits & 0x1:
        return "it is locked with a password; unlock the archive first."
    if entry.compress_type not in _METHODS:
        return "it is packed by a method that is not read; pack it again in the usual way."
    return ""


def _unzipped(file: BinaryIO, allowance: "_Allowance") -> BinaryIO:
    return stream.Steady(_Limited(gzip.GzipFile(fileobj=file, mode="rb"), allowance))


def _size(file: BinaryIO) -> int:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


def _said(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__


class _Allowance:
    """How much may come out of an archive, all its members together. `packed` is its size in bytes."""

    def __init__(self, packed: int) -> None:
        self._left = max(SMALL, packed * MOST_TIMES_LARGER)

    def take(self, size: int) -> None:
        """Counts what came out. Raises `ParseError` where it is too much."""
        self._left -= size
        if self._left < 0:
            raise ParseError(
                f"Unpacked it is more than {MOST_TIMES_LARGER} times its size, which no file of records is; "
                "it was not read any further."
            )


class _Limited(io.RawIOBase):
    """A stream that is being unpacked: what is broken, cut off or grows beyond reason raises `ParseError`."""

    def __init__(self, file: IO[bytes] | gzip.GzipFile, allowance: _Allowance) -> None:
        self._file, self._allowance = file, allowance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        """What `io.RawIOBase` asks for."""
        try:
            # As much as can be had at once: what stands before a break is not lost with it.
            chunk = self._file.read1(len(buffer))  # type: ignore[union-attr]
        except ParseError:
            raise
        except EOFError as error:
            raise ParseError("The compressed file is cut off: it ends too early. Fetch it again.") from error
        except _BROKEN as error:
            raise ParseError(f"The compressed file is broken: {_said(error)}.") from error
        self._allowance.take(len(chunk))
        buffer[: len(chunk)] = chunk
        return len(chunk)
