"""Relations between claims: suggested by one person, confirmed by a second, or dropped. The claims stay as they are."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from articles.actions.recording import explained, recorded
from articles.lib import vocabulary as vocab
from articles.models import Claim, Relation
from articles.models.relation import ONE_WAY

State = vocab.RelationState
Status = vocab.ClaimStatus
RELATED = (Status.DRAFT, Status.SUBMITTED, Status.ACCEPTED)


def relate(*, by: User, from_claim: Claim, to_claim: Claim, kind: str, reason: str) -> Relation:
    """Suggest that `from_claim` supports, contrasts, ... `to_claim` (see `vocab.ClaimRelation`).

    What was dropped before is suggested anew. Raises ValidationError without a reason, for an unknown kind, for a claim
    and itself, for what is suggested or confirmed already, and where one of the claims was given up.
    """
    with explained(Relation), recorded("relate_claims", by):
        _refuse_given_up(from_claim, to_claim)
        relation = _dropped(from_claim, to_claim, kind) or Relation()
        relation.from_claim, relation.to_claim, relation.kind = from_claim, to_claim, kind
        relation.reason, relation.state = reason.strip(), State.SUGGESTED.value
        relation.created_by, relation.created_at = by, timezone.now()
        relation.reviewed_by, relation.reviewed_at = None, None
        _refuse_unknown(relation)
        relation.save()
    return relation


def confirm(*, by: User, relation: Relation) -> Relation:
    """Put a suggested relation on the pages of both claims.

    Raises ValidationError where `by` suggested it, or where it was decided before.
    """
    with explained(Relation), recorded("confirm_relation", by):
        held = _held(relation)
        if held.state != State.SUGGESTED:
            raise ValidationError(f"This relation was decided before: {held.get_state_display().lower()}.")
        if held.created_by_id == by.pk:
            raise ValidationError("You suggested this relation: somebody else must confirm it.")
        return _decided(held, State.CONFIRMED, by)


def drop(*, by: User, relation: Relation) -> Relation:
    """Turn a suggested relation down, or take a confirmed one back. Raises ValidationError where it is dropped."""
    with explained(Relation), recorded("drop_relation", by):
        held = _held(relation)
        if held.state == State.DROPPED:
            raise ValidationError("This relation was dropped before.")
        return _decided(held, State.DROPPED, by)


def _refuse_given_up(*claims: Claim) -> None:
    for claim in claims:
        if claim.status not in RELATED:
            state = claim.get_status_display().lower()
            raise ValidationError(f"{claim.public_id} is {state}: it gets no new relations.")


def _refuse_unknown(relation: Relation) -> None:
    if not relation.reason:
        raise ValidationError({"reason": "Say why the two claims are related."})
    if relation.kind not in vocab.ClaimRelation.values():
        known = ", ".join(vocab.ClaimRelation.values())
        raise ValidationError({"kind": f"“{relation.kind[:40]}” is no relation between claims; there are {known}."})


def _dropped(from_claim: Claim, to_claim: Claim, kind: str) -> Relation | None:
    """The dropped relation that this one would be again."""
    same = Q(from_claim=from_claim, to_claim=to_claim)
    if kind in ONE_WAY:
        same |= Q(from_claim=to_claim, to_claim=from_claim)
    return Relation.objects.select_for_update().filter(same, kind=kind, state=State.DROPPED).first()


def _held(relation: Relation) -> Relation:
    """The relation as it is now, kept to ourselves until the transaction ends."""
    return Relation.objects.select_for_update().get(pk=relation.pk)


def _decided(relation: Relation, state: State, by: User) -> Relation:
    relation.state, relation.reviewed_by, relation.reviewed_at = state.value, by, timezone.now()
    relation.save()
    return relation
