"""What every import format offers, and the pieces a file falls into."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from articles.importers import stream
from articles.importers.record import Record


@dataclass(frozen=True)
class Raw:
    """One record as it stands in its file, not yet understood.

    `read` makes the record of it, or raises `ParseError`; it is not called where the same bytes were read before.
    `line` is where the record begins (from 1).
    """

    data: bytes
    read: Callable[[], Record]
    line: int | None = None


@dataclass(frozen=True)
class Unreadable:
    """Something in a file that is no record; the records around it are not lost. `message` says what was seen.

    `data` is the passage itself, as far as it is worth keeping.
    """

    message: str
    line: int | None = None
    data: bytes = b""


@dataclass(frozen=True)
class Format:
    """A kind of file that can be read.

    `matches` tells by its beginning (64 kB of text, wrong bytes replaced) whether a file is of this kind. `split` cuts
    a file into its records without holding all of it, in the order of the file; it raises `ParseError` where the rest
    of the file cannot be cut. `version` is raised whenever reading gives another record than before.

    `standing`: where two formats tell of the same source, the facts of the higher one count and the lower one only
    fills what is blank: 3 for the register's own records, 2 for the publisher's, 1 for what people saved or typed.
    """

    name: str
    label: str
    matches: Callable[[str], bool]
    split: Callable[[BinaryIO], Iterator[Raw | Unreadable]]
    version: int = 1
    standing: int = 1

    def fingerprint(self, data: bytes) -> str:
        """The same for the same bytes read in the same way."""
        return hashlib.sha256(b"%s %d\n%s" % (self.name.encode(), self.version, data)).hexdigest()


def whole(parse: Callable[[str], list[Record]]) -> Callable[[BinaryIO], Iterator[Raw | Unreadable]]:
    """The `split` of a format whose file is one document: `parse` gets all of its text, and returns one record."""

    def split(file: BinaryIO) -> Iterator[Raw | Unreadable]:
        data = stream.read_all(file)
        yield Raw(data, lambda: _one(parse, data), 1)

    return split


def _one(parse: Callable[[str], list[Record]], data: bytes) -> Record:
    text, notes = stream.text_of(data)
    (record,) = parse(text)
    return replace(record, repairs=(*notes, *record.repairs))
