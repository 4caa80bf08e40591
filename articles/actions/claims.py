"""The life of a claim: drafted with its quote anchored, submitted, accepted by another or rejected, later retired."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.actions import listings
from articles.actions.holding import hold_claim
from articles.actions.recording import explained, recorded
from articles.lib import anchoring
from articles.lib import vocabulary as vocab
from articles.models import Claim, ClaimTherapy, SourceVersion, Therapy

Status = vocab.ClaimStatus
EDITABLE = (Status.SUGGESTED, Status.DRAFT, Status.REJECTED, Status.SUBMITTED, Status.ACCEPTED)

REFERENCES = {"source", "version", "condition", "outcome", "superseded_by", "submitted_by", "accepted_by"}
# What no person writes: it follows from the other columns.
FOLLOWING = {"prefix", "suffix", "evidence_level", "updated_at"}
# Facts that are plain values: alike in the table, in the form and in a file of the demonstration corpus.
PLAIN_FACTS = (
    "statement",
    "claim_type",
    "quote_role",
    "therapy_relation",
    "therapy_as_written",
    "condition_as_written",
    "outcome_as_written",
    "comparator",
    "effect",
    "wording",
    "basis",
    "design",
    "subject",
    "n",
    "follow_up",
    "route_and_dose",
    "effect_text",
    "evidence_level_reason",
)


def anchor(*, version: SourceVersion, quote: str, prefix: str = "", suffix: str = "") -> anchoring.Anchor:
    """Where the quote stands in the version.

    Raises ValidationError where it does not stand there, showing what is near, or stands there more than once.
    """
    try:
        return anchoring.find(version.text, quote, prefix=prefix, suffix=suffix)
    except anchoring.QuoteNotFound as missing:
        near = "".join(f" Near it: “{passage}”" for passage in missing.near)
        raise ValidationError({"quote": f"The quote does not stand in the text of this source.{near}"}) from missing
    except anchoring.QuoteAmbiguous as ambiguous:
        raise ValidationError(
            {"quote": f"The quote stands {len(ambiguous.places)} times in the text: take more words."}
        ) from ambiguous


def add_claim(
    *,
    by: User | None,
    version: SourceVersion,
    quote: str,
    therapies: Sequence[Therapy],
    fields: Mapping[str, Any],
    prefix: str = "",
    suffix: str = "",
) -> Claim:
    """A new draft with its quote anchored. Raises ValidationError by field; nothing is written then."""
    claim = Claim(source=version.source, version=version, **fields)
    _refuse_merged(claim)
    _refuse_retracted(claim)
    with explained(Claim), recorded("add_claim", by):
        _place(claim, quote, prefix, suffix)
        _store(claim, therapies)
    return claim


def edit_claim(
    *,
    by: User,
    claim: Claim,
    quote: str,
    therapies: Sequence[Therapy],
    fields: Mapping[str, Any],
    prefix: str = "",
    suffix: str = "",
    version: SourceVersion | None = None,
    seen: datetime | None = None,
) -> Claim:
    """Change a claim as it is stored, whatever `claim` holds in memory; `version` where the quote is of another text.

    What was accepted goes back to submitted, so that a second person reads the change too; where nothing is changed,
    nothing is written. Raises ValidationError by field, and where the claim is not the one `seen` (its `updated_at`).
    """
    with explained(Claim), recorded("edit_claim", by):
        hold_claim(claim, seen)
        _require(claim, EDITABLE, "changed")
        before = _content(claim, claim.claim_therapies.order_by("position", "pk").values_list("therapy", flat=True))
        for name, value in fields.items():
            setattr(claim, name, value)
        claim.version = version or claim.version
        _place(claim, quote, prefix, suffix)
        if before == _content(claim, (therapy.pk for therapy in therapies)):
            return claim
        if claim.status in (Status.ACCEPTED, Status.SUBMITTED):
            claim.status = Status.SUBMITTED
            claim.submitted_by, claim.submitted_at = by, timezone.now()
            # `accepted_at` stays: it tells that the claim was public before.
            claim.accepted_by = None
        _store(claim, therapies)
    return claim


def _content(claim: Claim, therapies: Iterable[int]) -> tuple[Any, ...]:
    """What a person can change, for telling whether it was. Only therapies have an order that says something."""
    values = (getattr(claim, field.attname) for field in claim._meta.concrete_fields if field.name not in FOLLOWING)
    return (*therapies, *(sorted(value) if isinstance(value, list) else value for value in values))


def _place(claim: Claim, quote: str, prefix: str, suffix: str) -> None:
    found = anchor(version=claim.version, quote=quote, prefix=prefix, suffix=suffix)
    claim.quote, claim.prefix, claim.suffix = found.quote, found.prefix, found.suffix
    claim.start, claim.end = found.start, found.end
    # Words found in an older text only say nothing about the current one: a person still has to look.
    if claim.version_id == claim.source.current_version_id:
        claim.anchor_state = vocab.AnchorState.EXACT.value


def _store(claim: Claim, therapies: Sequence[Therapy]) -> None:
    if not therapies:
        raise ValidationError({"therapies": "Choose at least one therapy."})
    # The database checks references and constraints anyway; asking it twice costs a dozen queries a claim.
    claim.full_clean(exclude=REFERENCES, validate_constraints=False)
    claim.save()
    ClaimTherapy.objects.filter(claim=claim).delete()
    ClaimTherapy.objects.bulk_create(
        ClaimTherapy(claim=claim, therapy=therapy, position=i) for i, therapy in enumerate(therapies, start=1)
    )
    listings.refresh([claim.source_id])


def _refuse_merged(claim: Claim) -> None:
    if claim.source.merged_into_id:
        into = claim.source.merged_into_id
        raise ValidationError(f"This source was merged into source {into}: take the claim there.")


def _refuse_retracted(claim: Claim) -> None:
    retracted = (vocab.PublicationStatus.RETRACTED, vocab.PublicationStatus.WITHDRAWN)
    if claim.source.publication_status in retracted and not claim.retracted_source_reason:
        raise ValidationError(
            {"retracted_source_reason": "This source was retracted or withdrawn: say why a claim is taken from it."}
        )


def submit(*, by: User, claim: Claim) -> Claim:
    """Hand a draft to the reviewers. Raises ValidationError where it is not a draft."""
    with _decision(claim, "submit_claim", by):
        _require(claim, (Status.SUGGESTED, Status.DRAFT, Status.REJECTED), "submitted")
        claim.status, claim.rejection_reason = Status.SUBMITTED, ""
        claim.submitted_by, claim.submitted_at = by, timezone.now()
    return claim


def accept(*, by: User, claim: Claim, seen: datetime | None = None) -> Claim:
    """Publish a submitted claim.

    Raises ValidationError where `by` submitted it, or where the claim is not the one `seen` (its `updated_at`).
    """
    with _decision(claim, "accept_claim", by, seen):
        _require(claim, (Status.SUBMITTED,), "accepted")
        if claim.submitted_by_id == by.pk:
            raise ValidationError("You submitted this claim: somebody else must accept it.")
        claim.status = Status.ACCEPTED
        claim.accepted_by, claim.accepted_at = by, timezone.now()
    return claim


def reject(*, by: User, claim: Claim, reason: str, seen: datetime | None = None) -> Claim:
    """Turn a submitted claim down. Raises ValidationError without a reason, or where `accept` would."""
    with _decision(claim, "reject_claim", by, seen):
        _require(claim, (Status.SUBMITTED,), "rejected")
        if claim.submitted_by_id == by.pk:
            raise ValidationError("You submitted this claim: somebody else must decide on it.")
        if not reason.strip():
            raise ValidationError({"rejection_reason": "Say why the claim is rejected."})
        claim.status, claim.rejection_reason = Status.REJECTED, reason.strip()
    return claim


def retire(*, by: User, claim: Claim, superseded_by: Claim | None = None, seen: datetime | None = None) -> Claim:
    """Take a claim out of the lists; its page and number stay.

    Raises ValidationError where it is retired already or rejected, or is not the one `seen` (its `updated_at`).
    """
    with _decision(claim, "retire_claim", by, seen):
        _require(claim, (Status.ACCEPTED, Status.SUBMITTED, Status.DRAFT), "retired")
        claim.status, claim.superseded_by = Status.RETIRED, superseded_by
    return claim


def _require(claim: Claim, allowed: tuple[str, ...], verb: str) -> None:
    if claim.status not in allowed:
        raise ValidationError(f"A claim that is {claim.get_status_display().lower()} cannot be {verb}.")


@contextmanager
def _decision(claim: Claim, action: str, by: User, seen: datetime | None = None) -> Iterator[None]:
    """Decide on the claim as it is now, whatever was read before; until it is stored nobody else decides on it."""
    with explained(Claim), recorded(action, by):
        hold_claim(claim, seen)
        yield
        claim.save()
        listings.refresh([claim.source_id])
