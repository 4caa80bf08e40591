"""XML of strangers as a tree: nothing outside of it is ever read, no entity, no definition, no network."""

from lxml import etree
from lxml.etree import _Element as Element

from articles.importers.record import ParseError


def parse(data: bytes | str, what: str, line: int = 1, *, keep_instructions: bool = False) -> Element:
    """The root of a piece of XML. `what` it is, and the `line` of the file on which it begins, are for the message.

    Comments are left out, and processing instructions unless they are to be kept. Raises `ParseError`.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=not keep_instructions,
        collect_ids=False,
        encoding="utf-8" if isinstance(data, bytes) else None,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        place = line + max((error.lineno or 1) - 1, 0)
        raise ParseError(f"The {what} is not well-formed XML: {_said(error)}.", place) from error


def _said(error: etree.XMLSyntaxError) -> str:
    """The message without the place, which counts from the beginning of the piece."""
    return " ".join(str(error.msg).split(", line ")[0].split()).rstrip(".")
