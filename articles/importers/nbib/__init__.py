"""MEDLINE's tagged text: PubMed's own format (.nbib), PMC's "MEDLINE" text, and what ERIC exports in the same form.

Kept are all values of all tags: those that no field holds in `extra`, under their tags.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from articles.importers.format import Format, Raw, Unreadable
from articles.importers.nbib import cutting
from articles.importers.nbib.reading import NAME, read

_COMMON = frozenset({"OWN", "STAT", "TI", "AB", "FAU", "AU", "DP", "JT", "TA", "PT", "MH", "SO", "LA", "PMC"})
_PMID_LINE = re.compile(r"^PMID {0,2}- ?\d", re.MULTILINE)
_RIS_LINE = re.compile(r"^(?:TY|ER) {1,2}-", re.MULTILINE)


def matches(text: str) -> bool:
    """Lines with a PMID and MEDLINE's tags; without PMID at least a title and two of its common tags."""
    if text.lstrip().startswith("<") or _RIS_LINE.search(text):
        return False
    if _PMID_LINE.search(text):
        return True
    tags = {found[1] for line in text.split("\n") if (found := cutting.TAG.match(line))}
    return "TI" in tags and len(tags & _COMMON) > 2


def split(file: BinaryIO) -> Iterator[Raw | Unreadable]:
    """The records of a file of tagged text."""
    return cutting.split(file, read)


FORMAT = Format(NAME, "MEDLINE text as PubMed and PMC save it (.nbib)", matches, split, version=2, standing=2)
