"""CSL-JSON, as Zotero and other reference managers write it, and the answers of Crossref, which are much the same.

A list of items, one item, items under "items" or "message", or one item a line. Items are cut without being understood,
so that a file of any size is read as a stream and a broken item fails alone.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from articles.importers import stream
from articles.importers.csl_json import cutting, reading, values
from articles.importers.format import Format, Raw, Unreadable
from articles.importers.record import ParseError, Record

NAME = "csl-json"

_BEGINS = re.compile(r"\s*(?:\[\s*[{\]]|\{\s*[\"}])")
_NAMES = re.compile(
    r'"(?:title|container-title|issued|DOI|citation-key|PMID|author|message-type|items|references)"\s*:'
)


# Zotero's own JSON has some of the same names with other meanings.
_OTHER_JSON = re.compile(r'"itemType"\s*:')


def matches(text: str) -> bool:
    """JSON that has names of CSL-JSON in it, or an empty list."""
    if _OTHER_JSON.search(text):
        return False
    return _BEGINS.match(text) is not None and (_NAMES.search(text) is not None or text.strip("[]{} \t\n") == "")


def split(file: BinaryIO) -> Iterator[Raw | Unreadable]:
    """The items of a file. Raises `ParseError` where there is none."""
    return cutting.split(file, read)


def read(data: bytes, begins: int = 1) -> Record:
    """The record of one item, which begins in this line of its file. Raises `ParseError`."""
    try:
        text, notes = stream.text_of(data)
        return reading.record(values.load(text), NAME, tuple(notes))
    except ParseError as error:
        raise ParseError(f"In the item that begins here: {error}", begins) from error


FORMAT = Format(NAME, "CSL-JSON", matches, split, version=2)
