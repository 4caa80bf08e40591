"""How one claim bears on another: seen by one person, confirmed by a second."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from articles.lib import vocabulary as vocab
from articles.models.checks import one_of
from articles.models.claim import PUBLIC_ID, Claim
from articles.models.tracking import tracked

Kind = vocab.ClaimRelation
# Kinds that two claims cannot have both ways: the first two say the same in either direction, the third one forbids it.
ONE_WAY = (Kind.CONTRASTS.value, Kind.SAME_FINDING.value, Kind.SUPERSEDES.value)


@tracked()
class Relation(models.Model):
    """`from_claim` supports, contrasts, qualifies, ... `to_claim`. Neither claim is changed by it."""

    from_claim = models.ForeignKey(Claim, models.PROTECT, related_name="relations_from")
    to_claim = models.ForeignKey(Claim, models.PROTECT, related_name="relations_to")
    kind = models.CharField(max_length=20, choices=vocab.ClaimRelation.choices())
    reason = models.TextField(help_text="What in the two claims shows it; readers see these words.")
    state = models.CharField(
        max_length=20, choices=vocab.RelationState.choices(), default=vocab.RelationState.SUGGESTED.value
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="suggested by"
    )
    created_at = models.DateTimeField("suggested at", default=timezone.now)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        permissions = [("confirm_relation", "Can confirm a relation that somebody else suggested")]
        constraints = [
            one_of("relation", "kind", vocab.ClaimRelation.values()),
            one_of("relation", "state", vocab.RelationState.values()),
            models.CheckConstraint(
                condition=~Q(from_claim=F("to_claim")),
                name="relation_of_two_claims",
                violation_error_message="A claim has no relation to itself.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="relation_with_reason",
                violation_error_message="Say why the two claims are related.",
            ),
            models.UniqueConstraint(
                fields=["from_claim", "to_claim", "kind"],
                name="relation_once",
                violation_error_message="The two claims have this relation already.",
            ),
            models.UniqueConstraint(
                Least("from_claim", "to_claim"),
                Greatest("from_claim", "to_claim"),
                "kind",
                condition=Q(kind__in=ONE_WAY),
                name="relation_once_either_way",
                violation_error_message="The two claims have this relation already, read from the other one.",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (Q(reviewed_by__isnull=False, reviewed_at__isnull=False) & ~Q(reviewed_by=F("created_by"))),
                name="relation_confirmed_by_second_person",
                violation_error_message="A relation is confirmed by somebody other than the person who suggested it.",
            ),
        ]

    def __str__(self) -> str:
        numbers = (PUBLIC_ID.format(pk) for pk in (self.from_claim_id, self.to_claim_id))
        return f" – {self.get_kind_display().lower()} – ".join(numbers)
