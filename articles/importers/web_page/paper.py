"""The citation of a paper on its publisher's page, from the meta elements that Google Scholar asks for."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from articles.importers.web_page.head import Head
from articles.lib import identifiers
from articles.lib.identifiers import InvalidIdentifier

_SCHEMES = {
    "doi": ("citation_doi", "prism.doi", "dc.identifier.doi", "bepress_citation_doi"),
    "pmid": ("citation_pmid",),
    "pmcid": ("citation_pmcid", "citation_pmc"),
    "isbn": ("citation_isbn",),
}
_DOI_AMONG_OTHERS = ("dc.identifier", "dcterms.identifier")
_PREFIX = re.compile(r"^(?:doi|pmid|isbn):?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Paper:
    """Where a paper was published; blank where the page does not say."""

    container: str
    volume: str
    issue: str
    pages: str
    identifiers: tuple[tuple[str, str], ...]
    invalid: tuple[str, ...]


def of(head: Head, address: str = "") -> Paper:
    """The citation, as far as the page gives one; on the sites of PubMed, PMC and doi.org its address is one too."""
    first, last = head.first("citation_firstpage", "prism.startingpage"), head.first("citation_lastpage")
    stated, invalid = _identifiers(head)
    by_address = dict(valid((scheme, address) for scheme in ("pmid", "pmcid", "doi")))
    return Paper(
        container=head.first("citation_journal_title", "citation_inbook_title", "citation_conference_title",
                             "prism.publicationname"),
        volume=head.first("citation_volume", "prism.volume"),
        issue=head.first("citation_issue", "prism.number"),
        pages=head.first("citation_pages") or "-".join(filter(None, [first, last if last != first else ""])),
        identifiers=tuple((by_address | dict(stated)).items()),
        invalid=invalid,
    )  # fmt: skip


def valid(written: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Those of the (scheme, value) pairs that are identifiers, normalised."""
    for scheme, value in written:
        with suppress(InvalidIdentifier):
            yield scheme, identifiers.normalise(scheme, value)


def _identifiers(head: Head) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    found: dict[str, str] = {}
    invalid: list[str] = []
    for scheme, names in _SCHEMES.items():
        given = [value for name in names for value in head.all(name)]
        if scheme == "doi":
            given += [value for name in _DOI_AMONG_OTHERS for value in head.all(name) if "10." in value]
        for written in given:
            try:
                found.setdefault(scheme, identifiers.normalise(scheme, _PREFIX.sub("", written)))
            except InvalidIdentifier:
                invalid.append(written)
    return tuple(found.items()), tuple(invalid)
