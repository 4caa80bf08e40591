"""Files inside .gz and .zip, read as streams: nothing is ever unpacked to the disk."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from articles.importers.format import Unreadable
from articles.importers.record import ParseError

# Text packs ten- to thirtyfold; what packs much better says nothing, or is made to fill a machine.
MOST_TIMES_LARGER = 200
SMALL = 50_000_000
MOST_MEMBERS = 10_000
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


@dataclass(frozen=True)
class Member:
    """A file, or one inside an archive: then `path` is where it stands there."""

    path: str
    file: BinaryIO


def members(file: BinaryIO) -> Iterator[Member | Unreadable]:
    """The file itself, or what is inside it. `file` must be able to seek.

    A member that cannot be read is told and the others follow; raises `ParseError` where the archive itself is broken.
    """
    head = file.read(4)
    file.seek(0)
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        yield from _inside_zip(file)
    elif head.startswith(_GZIP):
        yield Member("", _unzipped(file, _size(file)))
    else:
        yield Member("", file)


def _inside_zip(file: BinaryIO) -> Iterator[Member | Unreadable]:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ParseError(f"The ZIP archive is broken or cut off: {error}.") from error
    with archive:
        entries = archive.infolist()
        _refuse_documents(entries)
        if len(entries) > MOST_MEMBERS:
            raise ParseError(f"The ZIP archive holds {len(entries):,} files; at most {MOST_MEMBERS:,} are read.")
        for entry in entries:
            if not entry.is_dir() and not _is_furniture(entry.filename):
                yield from _member(archive, entry)


def _refuse_documents(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise ParseError("This is an office document or e-book, not an archive of records. Save its text as UTF-8.")
    if not names:
        raise ParseError("The ZIP archive is empty.")


def _is_furniture(path: str) -> bool:
    """What operating systems add to archives."""
    return any(part == "__MACOSX" or (part.startswith(".") and part.strip(".")) for part in path.split("/"))


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[Member | Unreadable]:
    problem = _problem(entry)
    if problem:
        yield Unreadable(f"{entry.filename}: {problem}")
        return
    try:
        with archive.open(entry) as opened:
            limited: BinaryIO = io.BufferedReader(_Limited(opened, entry.compress_size))
            head = limited.peek(4)[:4]  # type: ignore[attr-defined]
            if head.startswith(_ZIP):
                yield Unreadable(f"{entry.filename}: an archive inside an archive is not opened; unpack it first.")
            elif head.startswith(_GZIP):
                yield Member(entry.filename, _unzipped(limited, entry.compress_size))
            else:
                yield Member(entry.filename, limited)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        yield Unreadable(f"{entry.filename}: it cannot be unpacked: {error}.")


def _problem(entry: zipfile.ZipInfo) -> str:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "its path leads out of the archive, which an honest archive does not do; it was not read."
    if entry.flag_bits & 0x1:
        return "it is locked with a password; unlock the archive first."
    return ""


def _unzipped(file: BinaryIO, packed: int) -> BinaryIO:
    opened = gzip.GzipFile(fileobj=file, mode="rb")
    return io.BufferedReader(_Limited(opened, packed))


def _size(file: BinaryIO) -> int:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


class _Limited(io.RawIOBase):
    """A stream that is being unpacked: what is broken, cut off or grows beyond reason raises `ParseError`."""

    def __init__(self, file: BinaryIO | gzip.GzipFile, packed: int) -> None:
        self._file, self._most, self._given = file, max(SMALL, packed * MOST_TIMES_LARGER), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int]") -> int:  # type: ignore[override]
        """What `io.RawIOBase` asks for."""
        try:
            chunk = self._file.read(len(buffer))
        except EOFError as error:
            raise ParseError("The compressed file is cut off: it ends too early. Fetch it again.") from error
        except (OSError, zlib.error, zipfile.BadZipFile) as error:
            raise ParseError(f"The compressed file is broken: {error}.") from error
        self._given += len(chunk)
        if self._given > self._most:
            raise ParseError(
                f"Unpacked it is more than {MOST_TIMES_LARGER} times its size, which no file of records is; "
                "it was not read any further."
            )
        buffer[: len(chunk)] = chunk
        return len(chunk)
