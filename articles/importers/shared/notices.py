"""Notices about a publication: what PubMed calls its comments and corrections, and how the publication then stands."""

import re
from collections.abc import Iterable, Mapping, Sequence

from articles.importers.record import LinkedRecord
from articles.lib.vocabulary import LinkRelation, PublicationStatus

# As PubMed's XML names them (RefType), and as MEDLINE's tags do. A republication "corrected" is a correction as well.
RELATIONS: Mapping[str, tuple[LinkRelation, ...]] = {
    "RetractionIn": (LinkRelation.RETRACTION_IN,),
    "RetractionOf": (LinkRelation.RETRACTION_OF,),
    "PartialRetractionIn": (LinkRelation.PARTIAL_RETRACTION_IN,),
    "PartialRetractionOf": (LinkRelation.PARTIAL_RETRACTION_OF,),
    "ExpressionOfConcernIn": (LinkRelation.CONCERN_IN,),
    "ExpressionOfConcernFor": (LinkRelation.CONCERN_FOR,),
    "ErratumIn": (LinkRelation.ERRATUM_IN,),
    "ErratumFor": (LinkRelation.ERRATUM_FOR,),
    "CorrectedandRepublishedIn": (LinkRelation.ERRATUM_IN, LinkRelation.REPUBLISHED_IN),
    "CorrectedandRepublishedFrom": (LinkRelation.ERRATUM_FOR, LinkRelation.REPUBLISHED_FROM),
    "RetractedandRepublishedIn": (LinkRelation.RETRACTION_IN, LinkRelation.REPUBLISHED_IN),
    "RetractedandRepublishedFrom": (LinkRelation.REPUBLISHED_FROM,),
    "RepublishedIn": (LinkRelation.REPUBLISHED_IN,),
    "RepublishedFrom": (LinkRelation.REPUBLISHED_FROM,),
    "ReprintIn": (LinkRelation.REPUBLISHED_IN,),
    "ReprintOf": (LinkRelation.REPUBLISHED_FROM,),
    "UpdateIn": (LinkRelation.UPDATE_IN,),
    "UpdateOf": (LinkRelation.UPDATE_OF,),
    "CommentIn": (LinkRelation.COMMENT_IN,),
    "CommentOn": (LinkRelation.COMMENT_ON,),
}
TAGS: Mapping[str, str] = {
    "RIN": "RetractionIn",
    "ROF": "RetractionOf",
    "PRIN": "PartialRetractionIn",
    "PROF": "PartialRetractionOf",
    "ECI": "ExpressionOfConcernIn",
    "ECF": "ExpressionOfConcernFor",
    "EIN": "ErratumIn",
    "EFR": "ErratumFor",
    "CRI": "CorrectedandRepublishedIn",
    "CRF": "CorrectedandRepublishedFrom",
    "RRI": "RetractedandRepublishedIn",
    "RRF": "RetractedandRepublishedFrom",
    "RPI": "RepublishedIn",
    "RPF": "RepublishedFrom",
    "UIN": "UpdateIn",
    "UOF": "UpdateOf",
    "CIN": "CommentIn",
    "CON": "CommentOn",
    "DDIN": "AssociatedDataset",
    "DRIN": "AssociatedPublication",
    "SPIN": "SummaryForPatientsIn",
    "ORI": "OriginalReportIn",
}
"""MEDLINE's tags, each with the RefType of the same meaning in PubMed's XML."""

# A mark put before the title, as in "RETRACTED ARTICLE: ..." or "[Withdrawn] ...".
_MARKED = re.compile(
    r"\W{0,3}(?:(?P<retracted>RETRACTED)|WITHDRAWN|(?:TEMPORARY )?REMOVAL|REMOVED)(?: ARTICLE| PAPER)? ?[:\]]",
    re.IGNORECASE,
)
_NOTICE_TYPES = frozenset({"retraction of publication", "retraction notice", "published erratum"})
# The worst first. What a relation says about a publication, and the words that introduce the notice.
_BY_LINK = (
    (LinkRelation.RETRACTION_IN, PublicationStatus.RETRACTED, "Retracted by"),
    (LinkRelation.CONCERN_IN, PublicationStatus.EXPRESSION_OF_CONCERN, "Expression of concern in"),
    (LinkRelation.PARTIAL_RETRACTION_IN, PublicationStatus.EXPRESSION_OF_CONCERN, "Retracted in part by"),
    (LinkRelation.ERRATUM_IN, PublicationStatus.CORRECTED, "Corrected by"),
    (LinkRelation.UPDATE_IN, PublicationStatus.CURRENT, "A newer version is"),
)
_ORDER = (
    PublicationStatus.RETRACTED,
    PublicationStatus.WITHDRAWN,
    PublicationStatus.EXPRESSION_OF_CONCERN,
    PublicationStatus.CORRECTED,
    PublicationStatus.CURRENT,
)


def relations(ref_type: str) -> tuple[str, ...]:
    """The values of `vocabulary.LinkRelation` that PubMed's RefType means; "other" where there is none of its own."""
    return tuple(relation.value for relation in RELATIONS.get(ref_type, (LinkRelation.OTHER,)))


def status(links: Iterable[LinkedRecord], publication_types: Sequence[str], title: str) -> tuple[str, str]:
    """How the publication stands (a value of `PublicationStatus`) and the notice that says so; blanks without notice.

    The worst notice decides: retracted, withdrawn, expression of concern, corrected. A retraction of a part counts as
    an expression of concern. Every notice is told, the worst first. A newer version leaves the publication current.
    """
    types = {name.strip().lower() for name in publication_types}
    found = [*_of_links(links), *_of_types(types)]
    # The notices themselves often repeat the title of the work they are about, with its mark.
    found += [] if types & _NOTICE_TYPES else _of_title(title)
    if not found:
        return "", ""
    found.sort(key=lambda one: _ORDER.index(one[0]))
    worst = found[0][0]
    told = [notice for _status, notice in found]
    return worst.value, " ".join(dict.fromkeys(told))


def _of_links(links: Iterable[LinkedRecord]) -> Iterable[tuple[PublicationStatus, str]]:
    for link in links:
        for relation, status, words in _BY_LINK:
            if link.relation == relation.value:
                yield status, f"{words} {_told(link)}."


def _told(link: LinkedRecord) -> str:
    citation = link.citation.rstrip(". ")
    numbers = ", ".join(f"{scheme.upper()} {value}" for scheme, value in link.identifiers if value not in citation)
    if citation and numbers:
        return f"{citation} ({numbers})"
    return citation or numbers or "a notice that the record does not name"


def _of_types(types: set[str]) -> Iterable[tuple[PublicationStatus, str]]:
    if "retracted publication" in types:
        yield PublicationStatus.RETRACTED, "Its record calls it a retracted publication."


def _of_title(title: str) -> Iterable[tuple[PublicationStatus, str]]:
    marked = _MARKED.match(title)
    if marked and marked["retracted"]:
        yield PublicationStatus.RETRACTED, "Its title says that it was retracted."
    elif marked:
        yield PublicationStatus.WITHDRAWN, "Its title says that it was withdrawn or removed."
