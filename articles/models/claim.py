"""A claim: what one source says about one therapy, one condition and one outcome."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Length
from django.urls import reverse

from articles.lib import vocabulary as vocab
from articles.lib.evidence import RULES
from articles.models.checks import all_of, one_of
from articles.models.source import Source
from articles.models.tracking import tracked
from articles.models.trees import Condition, Outcome, Therapy
from articles.models.version import SourceVersion

STUDY_FACTS = ("design", "subject", "n", "follow_up", "route_and_dose", "effect_text")
PUBLIC_ID = "C-{:06d}"

QUOTE_STANDS_IN_ITS_VERSION = """
    IF NOT EXISTS (
        SELECT 1 FROM articles_sourceversion v
        WHERE v.id = NEW.version_id AND v.source_id = NEW.source_id
          AND substr(v.text, NEW.start + 1, NEW."end" - NEW.start) = NEW.quote
    ) THEN
        RAISE EXCEPTION 'the quote does not stand at % to % of this version of the source', NEW.start, NEW."end"
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def derived_level() -> Case:
    """The rules of `lib.evidence` as an expression: the database keeps the level true whatever writes the claim."""
    return Case(
        *(
            When(
                Q(**{f"{field}__in": [str(value) for value in values] for field, values in rule.conditions().items()}),
                then=Value(rule.level),
            )
            for rule in RULES
        ),
        default=Value(None),
        output_field=models.SmallIntegerField(null=True),
    )


# The level is computed by the database from the other columns: its history is theirs.
@tracked(exclude=["evidence_level"])
class Claim(models.Model):
    """One therapy (or combination) x one condition x one outcome x one effect, as this source says it."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="claims")
    version = models.ForeignKey(SourceVersion, models.PROTECT, related_name="claims")
    quote = models.TextField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    start = models.PositiveIntegerField(help_text="Code points from the start of the version's text.")
    end = models.PositiveIntegerField(help_text="Code points; the first one after the quote.")
    anchor_state = models.CharField(
        max_length=20, choices=vocab.AnchorState.choices(), default=vocab.AnchorState.EXACT.value
    )

    statement = models.TextField(help_text="One plain sentence, third person: what the source says.")
    claim_type = models.CharField(max_length=30, choices=vocab.ClaimType.choices())
    quote_role = models.CharField(max_length=30, choices=vocab.QuoteRole.choices())
    therapies = models.ManyToManyField(Therapy, through="ClaimTherapy", related_name="claims")
    therapy_relation = models.CharField(
        max_length=20, choices=vocab.TherapyRelation.choices(), default=vocab.TherapyRelation.SINGLE.value
    )
    therapy_as_written = models.CharField(max_length=300, blank=True)
    condition = models.ForeignKey(Condition, models.PROTECT, related_name="claims")
    condition_as_written = models.CharField(max_length=300, blank=True)
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="claims")
    outcome_as_written = models.CharField(max_length=300, blank=True)
    comparator = models.CharField(max_length=30, choices=vocab.Comparator.choices(), blank=True)
    effect = models.CharField(max_length=20, choices=vocab.Effect.choices())
    wording = models.CharField(max_length=20, choices=vocab.Wording.choices())
    basis = models.CharField(max_length=20, choices=vocab.Basis.choices())

    design = models.CharField(max_length=30, choices=vocab.Design.choices(), blank=True)
    subject = models.CharField(max_length=20, choices=vocab.Subject.choices(), blank=True)
    n = models.PositiveIntegerField("n", null=True, blank=True, help_text="How many took part.")
    follow_up = models.CharField(max_length=200, blank=True)
    route_and_dose = models.CharField(max_length=300, blank=True)
    effect_text = models.TextField(blank=True, help_text="The figures, as printed.")
    not_reported = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        help_text="Study facts the source was searched for and does not give, such as n or follow_up.",
    )
    evidence_level_override = models.SmallIntegerField(null=True, blank=True, help_text="0 to 5, only with a reason.")
    evidence_level_reason = models.TextField(blank=True)
    evidence_level = models.GeneratedField(
        expression=Coalesce(F("evidence_level_override"), derived_level()),
        output_field=models.SmallIntegerField(null=True),
        db_persist=True,
    )
    disclosures = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    status = models.CharField(max_length=20, choices=vocab.ClaimStatus.choices(), default=vocab.ClaimStatus.DRAFT.value)
    rejection_reason = models.TextField(blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes")
    origin = models.CharField(max_length=20, choices=vocab.Origin.choices(), default=vocab.Origin.PERSON.value)
    origin_detail = models.CharField(max_length=300, blank=True, help_text="File, rule or model with its version.")
    retracted_source_reason = models.TextField(blank=True, help_text="Why a claim is taken from a retracted source.")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="submitted_claims"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="accepted_claims"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        permissions = [("accept_claim", "Can accept or reject a claim that somebody else submitted")]
        constraints = [
            one_of("claim", "anchor_state", vocab.AnchorState.values()),
            one_of("claim", "claim_type", vocab.ClaimType.values()),
            one_of("claim", "quote_role", vocab.QuoteRole.values()),
            one_of("claim", "therapy_relation", vocab.TherapyRelation.values()),
            one_of("claim", "comparator", vocab.Comparator.values(), blank=True),
            one_of("claim", "effect", vocab.Effect.values()),
            one_of("claim", "wording", vocab.Wording.values()),
            one_of("claim", "basis", vocab.Basis.values()),
            one_of("claim", "design", vocab.Design.values(), blank=True),
            one_of("claim", "subject", vocab.Subject.values(), blank=True),
            one_of("claim", "status", vocab.ClaimStatus.values()),
            one_of("claim", "origin", vocab.Origin.values()),
            all_of("claim", "disclosures", vocab.Disclosure.values()),
            all_of("claim", "not_reported", STUDY_FACTS),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="claim_offsets_in_order",
                violation_error_message="The quote must end after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(end=F("start") + Length("quote")),
                name="claim_offsets_fit_quote",
                violation_error_message="The offsets do not span the quote.",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | (
                    Q(submitted_by__isnull=False, accepted_by__isnull=False, accepted_at__isnull=False)
                    & ~Q(submitted_by=F("accepted_by"))
                ),
                name="claim_accepted_by_second_person",
                violation_error_message="A claim is accepted by somebody other than the person who submitted it.",
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(rejection_reason=""),
                name="claim_rejected_with_reason",
                violation_error_message="Say why the claim is rejected.",
            ),
            models.CheckConstraint(
                condition=~Q(effect="none_observed") | Q(claim_type="harm_or_safety"),
                name="claim_none_observed_only_for_safety",
                violation_error_message="'None observed' is for claims about harm or safety.",
            ),
            models.CheckConstraint(
                condition=Q(evidence_level_override__isnull=True)
                | (Q(evidence_level_override__range=(0, 5)) & ~Q(evidence_level_reason="")),
                name="claim_level_overridden_with_reason",
                violation_error_message="An evidence level set by hand goes from 0 to 5 and needs a reason.",
            ),
            models.CheckConstraint(
                condition=Q(n__isnull=True) | ~Q(not_reported__contains=["n"]),
                name="claim_n_given_or_not_reported",
                violation_error_message="n is either given or not reported.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="quote_stands_in_its_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=QUOTE_STANDS_IN_ITS_VERSION,
            )
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.statement}"

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.public_id])

    @property
    def public_id(self) -> str:
        """Permanent and never reused: the database hands out each number once."""
        return PUBLIC_ID.format(self.pk)


@tracked()
class ClaimTherapy(models.Model):
    """A therapy of a claim, in the order the source gives them."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="claim_therapies")
    therapy = models.ForeignKey(Therapy, models.PROTECT, related_name="claim_therapies")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "therapy"], name="claim_therapy_once")]

    def __str__(self) -> str:
        return str(self.therapy)
