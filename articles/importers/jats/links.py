"""What other publications a JATS article names as standing in some relation to it: retractions, errata, comments."""

from collections.abc import Iterator

from lxml.etree import _Element as Element

from articles.importers.jats.facts import normalised
from articles.importers.jats.inline import attribute, name, text
from articles.importers.record import LinkedRecord
from articles.lib.vocabulary import LinkRelation

# JATS says what the *other* article is: the "retracted-article" is the one that this notice retracts.
_RELATIONS = {
    "retracted-article": LinkRelation.RETRACTION_OF,
    "retraction-of": LinkRelation.RETRACTION_OF,
    "retraction-forward": LinkRelation.RETRACTION_IN,
    "retraction": LinkRelation.RETRACTION_IN,
    "removed-article": LinkRelation.RETRACTION_OF,
    "withdrawn-article": LinkRelation.RETRACTION_OF,
    "partial-retraction": LinkRelation.PARTIAL_RETRACTION_OF,
    "partially-retracted-article": LinkRelation.PARTIAL_RETRACTION_OF,
    "partial-retraction-forward": LinkRelation.PARTIAL_RETRACTION_IN,
    "object-of-concern": LinkRelation.CONCERN_FOR,
    "concern-forward": LinkRelation.CONCERN_IN,
    "expression-of-concern": LinkRelation.CONCERN_IN,
    "object-of-concern-forward": LinkRelation.CONCERN_IN,
    "corrected-article": LinkRelation.ERRATUM_FOR,
    "addended-article": LinkRelation.ERRATUM_FOR,
    "correction-forward": LinkRelation.ERRATUM_IN,
    "correction": LinkRelation.ERRATUM_IN,
    "addendum": LinkRelation.ERRATUM_IN,
    "addendum-forward": LinkRelation.ERRATUM_IN,
    "republished-article": LinkRelation.REPUBLISHED_FROM,
    "republication": LinkRelation.REPUBLISHED_IN,
    "updated-article": LinkRelation.UPDATE_OF,
    "update": LinkRelation.UPDATE_IN,
    "update-forward": LinkRelation.UPDATE_IN,
    "commentary-article": LinkRelation.COMMENT_ON,
    "commented-article": LinkRelation.COMMENT_ON,
    "commentary": LinkRelation.COMMENT_IN,
    "commentary-forward": LinkRelation.COMMENT_IN,
    "letter": LinkRelation.COMMENT_IN,
}
_SCHEMES = {
    "doi": "doi",
    "pubmed": "pmid",
    "pmid": "pmid",
    "pmc": "pmcid",
    "pmcid": "pmcid",
    "pmc-link": "pmcid",
}
_PLACE = ("journal-id", "vol", "issue", "page", "elocation-id")


def links(meta: Element) -> tuple[LinkedRecord, ...]:
    """The related articles that the metadata of an article names, each once."""
    found = (_link(element) for element in meta if name(element) in ("related-article", "related-object"))
    return tuple(dict.fromkeys(link for link in found if link.citation or link.identifiers))


def _link(element: Element) -> LinkedRecord:
    kind = attribute(element, "related-article-type") or attribute(element, "link-type")
    relation = _RELATIONS.get(kind.lower(), LinkRelation.OTHER)
    ids = tuple(dict.fromkeys(_identifiers(element)))
    return LinkedRecord(relation.value, _citation(element, ids), ids)


def _identifiers(element: Element) -> Iterator[tuple[str, str]]:
    given = [(attribute(element, "ext-link-type"), attribute(element, "href"))]
    given += [(attribute(one, "pub-id-type"), text(one)) for one in element.iter() if name(one) == "pub-id"]
    given += [
        (attribute(one, "ext-link-type"), attribute(one, "href"))
        for one in element.iter()
        if name(one) == "ext-link" and one is not element
    ]
    for kind, written in given:
        scheme = _SCHEMES.get(kind.lower(), "")
        if value := normalised(scheme, written):
            yield scheme, value


def _citation(element: Element, ids: tuple[tuple[str, str], ...]) -> str:
    """The other publication as printed, else its place; an address that is no identifier."""
    printed = "" if not len(element) and not (element.text or "").strip() else text(element)
    place = " ".join(filter(None, (attribute(element, part) for part in _PLACE)))
    return printed or place or ("" if ids else attribute(element, "href"))
