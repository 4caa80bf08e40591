"""PubMed's XML: sets of articles and books as efetch and the yearly files give them, and single records.

Kept are all parts of the abstract with their labels, letters in italics, formulas and indices as text, abstracts and
titles in other languages apart, names with ORCID and every affiliation, and in `extra` whatever no field holds.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from articles.importers.format import Format, Raw, Unreadable
from articles.importers.pubmed_xml import cutting
from articles.importers.pubmed_xml.facts import NAME
from articles.importers.pubmed_xml.reading import read

_BEFORE_FIRST = r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s[^\[>]*(?:\[.*?\]\s*)?>"
_FIRST = re.compile(rf"(?>{_BEFORE_FIRST})*+<(?P<name>\w+)[\s/>]", re.DOTALL)
_KNOWN = frozenset((*cutting.SETS, *cutting.RECORDS, *cutting.DELETIONS))


def matches(text: str) -> bool:
    """The first element, after any declaration, DOCTYPE and comments, is a set or a record of PubMed's."""
    first = _FIRST.match(text)
    return first is not None and first["name"] in _KNOWN


def split(file: BinaryIO) -> Iterator[Raw | Unreadable]:
    """The records of a file of PubMed's XML."""
    return cutting.split(file, read)


FORMAT = Format(NAME, "PubMed XML", matches, split, version=2)
