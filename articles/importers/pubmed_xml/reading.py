"""One record of PubMed's XML understood: an article, or a book or its chapter."""

import re
from dataclasses import replace

from articles.importers.pubmed_xml import article, book
from articles.importers.record import ParseError, Record
from articles.importers.shared import xml_tree
from articles.lib.text import repair

# A set may declare the prefixes that its records use; cut out of it they need them again.
_OPEN = (
    b'<record xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink"'
    b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
_CLOSE = b"</record>"
_BOOKS = frozenset({"PubmedBookArticle", "BookDocument"})
# How accents, typographic signs and Greek letters begin when they were encoded twice.
_TWICE = re.compile(rb"\xc3(?:[\x82\x83\x8e\x8f]|\xa2\xe2\x82\xac)")


def read(data: bytes, line: int) -> Record:
    """The record in these bytes, which begin at a line of their file. Raises `ParseError`."""
    data, repairs = _repaired(data)
    root = xml_tree.parse(_OPEN + data + _CLOSE, "record", line)[0]
    try:
        record = book.record(root) if root.tag in _BOOKS else article.record(root)
    except ParseError as error:
        raise ParseError(str(error), line) from error
    return replace(record, repairs=tuple(repairs)) if repairs else record


def _repaired(data: bytes) -> tuple[bytes, list[str]]:
    """Text put right that was taken for Windows-1252 on its way; looked for only where its marks stand."""
    if data.isascii() or not _TWICE.search(data):
        return data, []
    text, repairs = repair(data.decode("utf-8", "surrogateescape"))
    return text.encode("utf-8", "surrogateescape"), repairs
