"""RIS with its dialects, and the tagged files of the Web of Science.

The records are cut and read here and not by rispy, the library for RIS (0.10): it drops the text between records, every
value but the first of a repeated tag and records whose end is missing, and finds nothing where "TY -" has one space.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from articles.importers import stream
from articles.importers.format import Format, Raw, Unreadable
from articles.importers.record import ParseError, Record
from articles.importers.ris import cutting, reading, web_of_science

NAME = "ris"

_MATCHES = re.compile(r"^TY[ \t]{0,2}-[ \t]{0,3}(?:[A-Za-z][A-Za-z /-]{0,40})?[ \t]*$|^PT [A-Z]\s*$", re.MULTILINE)
_MOST_LINES_BEFORE = 50


def matches(text: str) -> bool:
    """A line that begins a record, such as `TY  - JOUR` or `PT J`, with nothing before it but what is put there."""
    start = _MATCHES.search(text)
    return start is not None and len(text[: start.start()].split("\n")) <= _MOST_LINES_BEFORE


def split(file: BinaryIO) -> Iterator[Raw | Unreadable]:
    """The records of a file, and what stands between them."""
    return cutting.split(file, read)


def read(data: bytes, begins: int = 1) -> Record:
    """The one record of this data, which begins in this line of its file. Raises `ParseError`."""
    try:
        text, notes = stream.text_of(data)
        is_wos = cutting.is_of_web_of_science(data)
        tags, repairs = cutting.tagged(text, is_wos=is_wos)
        make = web_of_science.record if is_wos else reading.record
        return make(tags, NAME, (*notes, *repairs))
    except ParseError as error:
        raise ParseError(f"In the record that begins here: {error}", begins) from error


FORMAT = Format(NAME, "RIS", matches, split, version=2)
