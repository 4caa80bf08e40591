"""Reading files: bytes become records, one for each source. No database and no network here.

A format is one file or folder with a `FORMAT`, and one line in `FORMATS`, which stand in the order in which they are
tried. What several formats share is in `shared`; `archive`, `stream`, `refusals`, `format` and `record` are the way of
every file: opened, decoded, refused where it is never read, cut into pieces, understood.
"""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from articles.importers import (
    archive,
    bibtex,
    csl_json,
    digest,
    jats,
    markdown_page,
    nbib,
    page_text,
    pubmed_abstract,
    pubmed_csv,
    pubmed_page,
    pubmed_summary,
    pubmed_text,
    pubmed_xml,
    refusals,
    review_text,
    ris,
    stream,
    web_page,
)
from articles.importers.archive import Member
from articles.importers.format import Format, Raw, Unreadable
from articles.importers.record import ParseError, Record

FORMATS: tuple[Format, ...] = (
    pubmed_xml.FORMAT,
    jats.FORMAT,
    ris.FORMAT,
    bibtex.FORMAT,
    csl_json.FORMAT,
    nbib.FORMAT,
    pubmed_csv.FORMAT,
    pubmed_summary.FORMAT,
    pubmed_abstract.FORMAT,
    pubmed_page.FORMAT,
    web_page.FORMAT,
    digest.FORMAT,
    markdown_page.FORMAT,
    pubmed_text.FORMAT,
    review_text.FORMAT,
    page_text.FORMAT,
)


@dataclass(frozen=True)
class Found:
    """One record, or something that is none, as it was found in a file.

    `number` counts from 1 through the file, archives included; `member` is the path inside an archive. `problem` says
    why there is no record. `fingerprint` is the same whenever the same bytes are read in the same way.
    """

    number: int
    member: str = ""
    line: int | None = None
    format: str = ""
    data: bytes = b""
    fingerprint: str = ""
    problem: str = ""
    raw: Raw | None = None

    def read(self) -> Record:
        """The record, understood. Raises `ParseError`; its line counts from the start of the file."""
        if self.raw is None:
            raise ParseError(self.problem, self.line)
        record = self.raw.read()
        return replace(record, raw_sha256=hashlib.sha256(self.data).hexdigest())


def scan(file: BinaryIO, *, format: str | None = None) -> Iterator[Found]:
    """What is in a file, recognised by its content unless the name of its format is given; archives are opened.

    `file` must be able to seek. Memory does not grow with the file. Raises `ParseError` where nothing can be read; a
    file that breaks off later gives what stood before, and then a problem.
    """
    number = 0
    for member in archive.members(file):
        path = member.path if isinstance(member, Member) else ""
        try:
            for piece, chosen in _pieces(member, format):
                number += 1
                yield _found(number, path, piece, chosen)
        except ParseError as error:
            if not number and not path:
                raise
            number += 1
            yield Found(number, path, error.line, problem=str(error))


def read(data: bytes, *, format: str | None = None) -> list[Record]:
    """The records of a small file. Raises `ParseError` for the first thing in it that is no record."""
    return [found.read() for found in scan(io.BytesIO(data), format=format)]


def _pieces(member: Member | Unreadable, format: str | None) -> Iterator[tuple[Raw | Unreadable, Format | None]]:
    if isinstance(member, Unreadable):
        yield member, None
        return
    head, file = stream.begin(member.file)
    if not head.strip():
        raise ParseError("The file is empty.")
    chosen = _named(format) if format else _recognised(head, file)
    for piece in chosen.split(file):
        yield piece, chosen


def _found(number: int, path: str, piece: Raw | Unreadable, format: Format | None) -> Found:
    name = format.name if format else ""
    if isinstance(piece, Unreadable):
        return Found(number, path, piece.line, name, piece.data, problem=piece.message)
    fingerprint = format.fingerprint(piece.data) if format else ""
    return Found(number, path, piece.line, name, piece.data, fingerprint, raw=piece)


def _named(name: str) -> Format:
    chosen = next((known for known in FORMATS if known.name == name), None)
    if chosen is None:
        raise ParseError(f"There is no format {name!r}; the formats are {', '.join(known.name for known in FORMATS)}.")
    return chosen


def _recognised(head: bytes, file: BinaryIO) -> Format:
    start = stream.start_of(head)
    refusals.refuse(head, start)
    chosen = next((known for known in FORMATS if known.matches(start)), None)
    if chosen is None:
        # What breaks off at once is first of all that.
        stream.exactly(file, len(head) + 1)
        stream.refuse_no_text(head)
        labels = "; ".join(known.label for known in FORMATS)
        raise ParseError(f"The file is of no format that can be read: {_seen(start)} These can: {labels}.")
    return chosen


def _seen(start: str) -> str:
    first = next((line.strip() for line in start.split("\n") if line.strip()), "")
    return f"it begins with {first[:80]!r}."


def standing(format: str) -> int:
    """How much the facts of a format count (see `Format`); 1 for an unknown one."""
    return next((known.standing for known in FORMATS if known.name == format), 1)
