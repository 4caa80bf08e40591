"""BibTeX and BibLaTeX.

Entries are cut and read here and not by bibtexparser (2.1, kept well): it holds the whole file, drops an entry in which
a field stands twice, and where a comma is missing it takes the next field for a part of the value.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from articles.importers import stream
from articles.importers.bibtex import cutting, entry, reading
from articles.importers.bibtex.cutting import Block
from articles.importers.format import Format, Raw, Unreadable
from articles.importers.record import ParseError, Record

NAME = "bibtex"

_MATCHES = re.compile(r"(?:^|[\s})])@\s*[A-Za-z]{1,60}\s*[{(][^,{}\"\n]{0,200}(?:[,=}]|$)", re.MULTILINE)
_OTHER_FORMAT = re.compile(r"\s*[<\[{]")


def matches(text: str) -> bool:
    """An entry such as `@article{key,` near the top of what is neither markup nor JSON."""
    return not _OTHER_FORMAT.match(text) and _MATCHES.search(text) is not None


def split(file: BinaryIO) -> Iterator[Raw | Unreadable]:
    """The entries of a file, and the text that stands between them."""
    return cutting.split(file, read)


def read(data: bytes, begins: int = 1) -> Record:
    """The record of an entry and of what was put beside it, which begins in this line of its file.

    Raises `ParseError`.
    """
    try:
        text, notes = stream.text_of(data)
        meanings: dict[str, str] = {}
        entries: list[entry.Entry] = []
        for block in cutting.blocks(line.encode() for line in text.split("\n")):
            if isinstance(block, Block) and block.type == "string":
                meanings |= cutting.definition(block, meanings)
            elif isinstance(block, Block):
                entries.append(entry.parse(block.data.decode(), meanings))
        if not entries:
            raise ParseError("there is no entry such as `@article{key, ...}`.")
        return reading.record(entries[0], entries[1] if len(entries) > 1 else None, NAME, tuple(notes))
    except ParseError as error:
        raise ParseError(f"In the entry that begins here: {error}", begins) from error


FORMAT = Format(NAME, "BibTeX", matches, split, version=2)
