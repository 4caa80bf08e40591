"""What a file of the demonstration corpus carries beside its text: tags, and claims as drafts."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from articles.actions import claims
from articles.actions.incoming import Conflict
from articles.importers.record import ClaimRecord, Record
from articles.lib import vocabulary as vocab
from articles.models import Condition, Node, Outcome, Source, Therapy


def add_tags_and_claims(*, source: Source, record: Record, origin_name: str, by: User | None) -> None:
    """Add both to a source that was just written. Raises Conflict where one of them does not fit."""
    source.therapies.set(_in_order(Therapy, record.therapies))
    source.conditions.set(_in_order(Condition, record.conditions))
    version = source.versions.get(number=1)
    for number, drafted in enumerate(record.claims, start=1):
        try:
            claims.add_claim(
                by=by,
                version=version,
                quote=drafted.quote,
                therapies=_in_order(Therapy, drafted.therapies),
                fields=_claim_fields(drafted, origin_name),
            )
        except ValidationError as error:
            raise Conflict(f"claim {number}: {'; '.join(error.messages)}") from error


def _in_order(model: type[Node], slugs: tuple[str, ...]) -> list[Any]:
    found = {node.slug: node for node in model.objects.filter(slug__in=slugs)}
    missing = [slug for slug in slugs if slug not in found]
    if missing:
        name = model._meta.verbose_name
        raise Conflict(f"unknown {name} {', '.join(missing)}; the slugs stand in fixtures/vocabularies.")
    return [found[slug] for slug in slugs]


def _claim_fields(drafted: ClaimRecord, origin_name: str) -> dict[str, Any]:
    try:
        condition = Condition.objects.get(slug=drafted.condition)
        outcome = Outcome.objects.get(slug=drafted.outcome)
    except (Condition.DoesNotExist, Outcome.DoesNotExist) as error:
        raise Conflict(f"unknown condition {drafted.condition!r} or outcome {drafted.outcome!r}") from error
    plain = {name: getattr(drafted, name) for name in claims.PLAIN_FACTS}
    return {
        **plain,
        "disclosures": list(drafted.disclosures),
        "not_reported": list(drafted.not_reported),
        "condition": condition,
        "outcome": outcome,
        "evidence_level_override": drafted.evidence_level,
        "origin": vocab.Origin.IMPORT.value,
        "origin_detail": origin_name,
    }
