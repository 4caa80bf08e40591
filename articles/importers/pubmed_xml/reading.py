"""One record of PubMed's XML understood: an article, or a book or its chapter."""

from lxml import etree
from lxml.etree import _Element as Element

from articles.importers.pubmed_xml import article, book
from articles.importers.record import ParseError, Record

# A set may declare the prefixes that its records use; cut out of it they need them again.
_OPEN = (
    b'<record xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink"'
    b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
_CLOSE = b"</record>"


def read(data: bytes, line: int) -> Record:
    """The record in these bytes, which begin at a line of their file. Raises `ParseError`."""
    root = _parsed(data, line)
    name = root.tag
    try:
        if name in ("PubmedBookArticle", "BookDocument"):
            return book.record(root)
        return article.record(root)
    except ParseError as error:
        raise ParseError(str(error), line) from error


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
