"""Demonstration sources: our own digest of a real source with citation facts and claims (see fixtures/README.md)."""

import dataclasses
from collections.abc import Callable
from typing import Any

from articles.importers.format import Format, whole
from articles.importers.record import ClaimRecord, Contributor, ParseError, Record
from articles.importers.shared import front_matter, markdown
from articles.importers.shared.fields import LONGEST_NAME, Fields
from articles.importers.shared.names import family_first
from articles.lib import anchoring
from articles.lib.anchoring import QuoteAmbiguous, QuoteNotFound
from articles.lib.document import Document, sections
from articles.lib.vocabulary import (
    Basis,
    ClaimType,
    Comparator,
    Design,
    Disclosure,
    Effect,
    IdentifierScheme,
    Kind,
    PublisherInterest,
    QuoteRole,
    StudyGroupRelation,
    Subject,
    TextBasis,
    TherapyRelation,
    Wording,
)

NAME = "digest"
MARK = "basis_of_digest"

_MOST_PARTICIPANTS = 2_000_000_000
_SOURCE_FIELDS = frozenset(
    {field.name for field in dataclasses.fields(Record)}
    - {"document", "format", "text_basis", "contributors", "full_text_providers", "references", "sections", "repairs"}
    - {"guesses", "extra", "raw_sha256", "design", "publication_status", "status_notice", "links", "trial_ids"}
    - {"mesh_headings", "keywords", "grants", "conflict_of_interest", "original_title", "other_texts"}
    | {"authors", MARK}
)
_CLAIM_FIELDS = frozenset(field.name for field in dataclasses.fields(ClaimRecord)) - {"anchor", "not_reported"}
_FACTS_THAT_MAY_LACK = ("n", "follow_up", "route_and_dose", "effect_text")


def matches(text: str) -> bool:
    """A front matter that says what the digest was made from."""
    head, _delimiter, _body = text.partition("\n---")
    return front_matter.is_present(text) and any(line.startswith(f"{MARK}:") for line in head.split("\n"))


def parse(text: str) -> list[Record]:
    """The one source of the file with its claims, each with its quote found in the digest."""
    head = front_matter.split(text)
    fields = Fields(head)
    fields.refuse_unknown(_SOURCE_FIELDS)
    document = markdown.document(head.body, head.body_line)
    if not document.text:
        raise ParseError("There is no text below the front matter.", head.body_line)
    record = Record(
        title=fields.text("title", required=True),
        document=document,
        format=NAME,
        kind=fields.choice("kind", Kind, required=True),
        publisher_interest=fields.choice("publisher_interest", PublisherInterest, required=True),
        text_basis=TextBasis.DIGEST.value,
        description=fields.text("description"),
        container=fields.text("container"),
        date=fields.date("date"),
        volume=fields.text("volume"),
        issue=fields.text("issue"),
        pages=fields.text("pages"),
        language=fields.text("language"),
        licence=fields.text("licence"),
        identifiers=_identifiers(fields),
        contributors=_contributors(fields),
        publication_types=fields.texts("publication_types"),
        publisher=fields.text("publisher", most=LONGEST_NAME),
        is_medline=fields.yes_or_no("is_medline"),
        is_free_full_text=fields.yes_or_no("is_free_full_text"),
        sections=sections(document),
        therapies=fields.texts("therapies"),
        conditions=fields.texts("conditions"),
        study_group=_study_group(fields),
        claims=tuple(_claim(claim, document) for claim in fields.items("claims")),
        extra={MARK: fields.text(MARK, required=True)},
    )
    return [record]


def _identifiers(fields: Fields) -> tuple[tuple[str, str], ...]:
    given = fields.inner("identifiers")
    if given is None:
        return ()
    given.refuse_unknown(IdentifierScheme.values())
    return tuple(given.identifier(scheme) for scheme in given.names())


def _contributors(fields: Fields) -> tuple[Contributor, ...]:
    authors = fields.texts("authors")
    if any(len(author) > LONGEST_NAME for author in authors):
        raise fields.error("authors", f"a name has more than {LONGEST_NAME} characters")
    return tuple(family_first(author) for author in authors)


def _study_group(fields: Fields) -> dict[str, str]:
    group = fields.inner("study_group")
    if group is None:
        return {}
    group.refuse_unknown(("name", "relation"))
    name = group.text("name", required=True, most=LONGEST_NAME)
    return {"name": name, "relation": group.choice("relation", StudyGroupRelation, required=True)}


def _claim(fields: Fields, document: Document) -> ClaimRecord:
    fields.refuse_unknown(_CLAIM_FIELDS)
    anchor = _anchor(fields, document)
    claim = ClaimRecord(
        quote=anchor.quote,
        anchor=anchor,
        statement=fields.text("statement", required=True),
        claim_type=fields.choice("claim_type", ClaimType, required=True),
        therapies=_therapies(fields),
        therapy_relation=fields.choice("therapy_relation", TherapyRelation, required=True),
        condition=fields.text("condition", required=True),
        outcome=fields.text("outcome", required=True),
        effect=_effect(fields),
        wording=fields.choice("wording", Wording, required=True),
        basis=fields.choice("basis", Basis, required=True),
        quote_role=fields.choice("quote_role", QuoteRole, required=True),
        comparator=fields.choice("comparator", Comparator),
        design=fields.choice("design", Design),
        subject=fields.choice("subject", Subject),
        n=_fact(fields, "n", lambda name: fields.whole_number(name, most=_MOST_PARTICIPANTS)),
        follow_up=_fact(fields, "follow_up", fields.text) or "",
        route_and_dose=_fact(fields, "route_and_dose", fields.text) or "",
        effect_text=_fact(fields, "effect_text", fields.text) or "",
        not_reported=tuple(name for name in _FACTS_THAT_MAY_LACK if fields.is_not_reported(name)),
        disclosures=fields.choices("disclosures", Disclosure),
        therapy_as_written=fields.text("therapy_as_written"),
        condition_as_written=fields.text("condition_as_written"),
        outcome_as_written=fields.text("outcome_as_written"),
        evidence_level=fields.whole_number("evidence_level", most=5),
        evidence_level_reason=fields.text("evidence_level_reason"),
    )
    if claim.evidence_level is not None and not claim.evidence_level_reason:
        raise fields.error("evidence_level", "a level set by hand needs an evidence_level_reason")
    return claim


def _anchor(fields: Fields, document: Document) -> anchoring.Anchor:
    try:
        return anchoring.find(document.text, fields.text("quote", required=True))
    except (QuoteNotFound, QuoteAmbiguous) as error:
        raise fields.error("quote", str(error)) from error


def _therapies(fields: Fields) -> tuple[str, ...]:
    therapies = fields.texts("therapies")
    if not therapies:
        raise fields.error("therapies", "is missing")
    if len(set(therapies)) < len(therapies):
        raise fields.error("therapies", "a therapy is given twice")
    return therapies


def _effect(fields: Fields) -> str:
    effect = fields.choice("effect", Effect, required=True)
    if effect == Effect.NONE_OBSERVED and fields.text("claim_type") != ClaimType.HARM_OR_SAFETY:
        raise fields.error("effect", "none_observed is for claims of the type harm_or_safety")
    return effect


def _fact(fields: Fields, name: str, read: Callable[[str], Any]) -> Any:
    return None if fields.is_not_reported(name) else read(name)


FORMAT = Format(NAME, "Digest with claims (demonstration corpus)", matches, whole(parse), version=2)
