"""The bytes of one article as a tree; nothing outside them is ever read: no entity, no definition, no network."""

import re
from html.entities import html5
from xml.sax.saxutils import escape

from lxml import etree
from lxml.etree import _Element as Element

from articles.importers import stream
from articles.importers.record import ParseError
from articles.importers.shared import xml_tree

DEEPEST = 120

# The prefixes in an article may be declared around it, or in definitions that are not read: all are declared anew.
_PREFIXES = re.compile(r"(?:</?|\s)([A-Za-z_][\w.-]{0,40}):[A-Za-z_][\w.-]*(?=[\s=/>])", re.ASCII)
_RESERVED = frozenset({"xml", "xmlns"})
# What does not end hides all that follows, so that nothing is searched twice.
_OPAQUE_OR_ENTITY = re.compile(
    r"<!--(?:.*?-->|.*)|<!\[CDATA\[(?:.*?\]\]>|.*)|<\?(?:.*?\?>|.*)|&([A-Za-z][\w.-]{0,40});", re.DOTALL
)
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_TOO_DEEP = etree.XPath("boolean(" + "/".join("*" * DEEPEST) + ")")


def root(data: bytes, line: int) -> tuple[Element, list[str]]:
    """The article in these bytes, which begin at a line of their file, and notes on what was put right in them.

    Raises `ParseError`.
    """
    text, notes = stream.text_of(data)
    text, unknown = _with_characters(text)
    notes += [f"The entity &{name}; is not known and stayed as it was written." for name in unknown]
    wrapped = f"<wrapper{_declarations(text)}>{text}</wrapper>".encode("utf-8", "replace")
    wrapper = xml_tree.parse(wrapped, "article", line, keep_instructions=True)
    if not len(wrapper):
        raise ParseError("There is no article.", line)
    if _TOO_DEEP(wrapper):
        raise ParseError(f"The article is nested more than {DEEPEST} levels deep, which no article is.", line)
    return wrapper[0], notes


def _with_characters(text: str) -> tuple[str, list[str]]:
    """The text with its named characters, such as &alpha;, which only a DTD would tell; and the names not known."""
    unknown: dict[str, None] = {}

    def character(match: re.Match[str]) -> str:
        name = match[1]
        if name is None or name in _OF_XML:
            return match[0]
        if f"{name};" in html5:
            return escape(html5[f"{name};"])
        unknown[name] = None
        return f"&amp;{name};"

    return _OPAQUE_OR_ENTITY.sub(character, text), list(unknown)


def _declarations(text: str) -> str:
    names = sorted(set(_PREFIXES.findall(text)) - _RESERVED)
    return "".join(f' xmlns:{name}="urn:prefix:{name}"' for name in names)
