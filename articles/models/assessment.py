"""A reviewer's judgement on all that is claimed for one question. Nothing in it is computed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from articles.lib import vocabulary as vocab
from articles.models.checks import one_of
from articles.models.tracking import tracked
from articles.models.trees import Condition, Outcome, Therapy


class AssessmentManager(models.Manager["Assessment"]):
    """An assessment is always named by its question, so that comes along."""

    def get_queryset(self) -> models.QuerySet["Assessment"]:
        return super().get_queryset().select_related("therapy", "condition", "outcome")


@tracked()
class Assessment(models.Model):
    """One for each question, which is a therapy x a condition x an outcome; each judgement stands with its reasons."""

    therapy = models.ForeignKey(Therapy, models.PROTECT, related_name="assessments")
    condition = models.ForeignKey(Condition, models.PROTECT, related_name="assessments")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="assessments")
    certainty = models.CharField(max_length=20, choices=vocab.Certainty.choices(), blank=True)
    certainty_reasons = models.TextField(blank=True)
    seller_verdict = models.CharField(
        "verdict on sellers", max_length=30, choices=vocab.SellerVerdict.choices(), blank=True
    )
    verdict_reasons = models.TextField(blank=True)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)

    objects = AssessmentManager()

    class Meta:
        constraints = [
            one_of("assessment", "certainty", vocab.Certainty.values(), blank=True),
            one_of("assessment", "seller_verdict", vocab.SellerVerdict.values(), blank=True),
            models.UniqueConstraint(
                fields=["therapy", "condition", "outcome"],
                name="assessment_once",
                violation_error_message="This question has an assessment already: change that one.",
            ),
            models.CheckConstraint(
                condition=~Q(certainty="") | ~Q(seller_verdict=""),
                name="assessment_of_something",
                violation_error_message="Give a certainty, a verdict on sellers, or both.",
            ),
            models.CheckConstraint(
                condition=Q(certainty="") | ~Q(certainty_reasons=""),
                name="assessment_certainty_with_reasons",
                violation_error_message="Say what the certainty rests on.",
            ),
            models.CheckConstraint(
                condition=Q(seller_verdict="") | ~Q(verdict_reasons=""),
                name="assessment_verdict_with_reasons",
                violation_error_message="Say what the verdict on sellers rests on.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.therapy}, {self.condition}: {self.outcome}"
