"""Notices that Crossref tells of: which publication this one retracts or corrects, and by which it is."""

from typing import Any

from articles.importers.csl_json.values import Item, texts
from articles.importers.record import LinkedRecord
from articles.lib import identifiers
from articles.lib.identifiers import InvalidIdentifier
from articles.lib.vocabulary import LinkRelation

# Each with what it is called where this record is the notice, and where it is the publication.
_UPDATES = {
    "retraction": (LinkRelation.RETRACTION_OF, LinkRelation.RETRACTION_IN),
    "withdrawal": (LinkRelation.RETRACTION_OF, LinkRelation.RETRACTION_IN),
    "removal": (LinkRelation.RETRACTION_OF, LinkRelation.RETRACTION_IN),
    "partial_retraction": (LinkRelation.PARTIAL_RETRACTION_OF, LinkRelation.PARTIAL_RETRACTION_IN),
    "expression_of_concern": (LinkRelation.CONCERN_FOR, LinkRelation.CONCERN_IN),
    "correction": (LinkRelation.ERRATUM_FOR, LinkRelation.ERRATUM_IN),
    "corrigendum": (LinkRelation.ERRATUM_FOR, LinkRelation.ERRATUM_IN),
    "erratum": (LinkRelation.ERRATUM_FOR, LinkRelation.ERRATUM_IN),
    "addendum": (LinkRelation.ERRATUM_FOR, LinkRelation.ERRATUM_IN),
    "clarification": (LinkRelation.ERRATUM_FOR, LinkRelation.ERRATUM_IN),
    "new_version": (LinkRelation.UPDATE_OF, LinkRelation.UPDATE_IN),
    "new_edition": (LinkRelation.UPDATE_OF, LinkRelation.UPDATE_IN),
}
_RELATIONS = {
    "is-preprint-of": LinkRelation.UPDATE_IN,
    "has-preprint": LinkRelation.UPDATE_OF,
    "is-replaced-by": LinkRelation.UPDATE_IN,
    "replaces": LinkRelation.UPDATE_OF,
    "is-comment-on": LinkRelation.COMMENT_ON,
    "has-comment": LinkRelation.COMMENT_IN,
    "is-reply-to": LinkRelation.COMMENT_ON,
    "has-reply": LinkRelation.COMMENT_IN,
}


def links(item: Item) -> tuple[LinkedRecord, ...]:
    """The publications that the item names, each with its relation; relations of other sorts stay unread."""
    notices = [_update(one, "update-to", 0) for one in item.objects("update-to")]
    noticed = [_update(one, "updated-by", 1) for one in item.objects("updated-by")]
    return tuple(dict.fromkeys((*notices, *noticed, *_related(item.get("relation")))))


def _update(value: dict[str, Any], name: str, side: int) -> LinkedRecord:
    written = " ".join(texts(value.get("type"))[:1]).lower().replace("-", "_").replace(" ", "_")
    relation = _UPDATES.get(written, (LinkRelation.OTHER, LinkRelation.OTHER))[side]
    number = _doi(value.get("DOI"))
    label = " ".join(texts(value.get("label"))[:1]) or written.replace("_", " ") or name
    return LinkedRecord(relation.value, "" if number else label, number)


def _related(value: Any) -> list[LinkedRecord]:
    if not isinstance(value, dict):
        return []
    return [
        LinkedRecord(_RELATIONS[name].value, identifiers=_doi(one.get("id")))
        for name, given in value.items()
        if name in _RELATIONS and isinstance(given, list)
        for one in given
        if isinstance(one, dict) and _doi(one.get("id"))
    ]


def _doi(value: Any) -> tuple[tuple[str, str], ...]:
    try:
        return (("doi", identifiers.normalise("doi", " ".join(texts(value)[:1]))),)
    except InvalidIdentifier:
        return ()
