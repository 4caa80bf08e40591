"""One record of PubMed's XML understood: an article, or a book or its chapter."""

import re
from dataclasses import replace

from lxml import etree
from lxml.etree import _Element as Element

from articles.importers.pubmed_xml import article, book
from articles.importers.record import ParseError, Record
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
    root = _parsed(data, line)
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


def _parsed(data: bytes, line: int) -> Element:
    # Nothing outside the record is ever read: no entity, no definition, no network.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        return etree.fromstring(_OPEN + data + _CLOSE, parser)[0]
    except etree.XMLSyntaxError as error:
        place = line + max((error.lineno or 1) - 1, 0)
        raise ParseError(f"The record is not well-formed XML: {_said(error)}.", place) from error


def _said(error: etree.XMLSyntaxError) -> str:
    """The message without the place, which counts from the beginning of the record."""
    return " ".join(str(error.msg).split(", line ")[0].split()).rstrip(".")
