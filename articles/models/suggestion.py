"""What the software proposes and a curator decides: tags, and sources that look like the same document."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from articles.lib import vocabulary as vocab
from articles.models.checks import one_of
from articles.models.source import Source
from articles.models.trees import Condition, Therapy


class TagSuggestion(models.Model):
    """A therapy or a condition that a source may be about, with the reason."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="tag_suggestions")
    therapy = models.ForeignKey(Therapy, models.CASCADE, null=True, blank=True, related_name="+")
    condition = models.ForeignKey(Condition, models.CASCADE, null=True, blank=True, related_name="+")
    reason = models.TextField()
    state = models.CharField(
        max_length=20, choices=vocab.SuggestionState.choices(), default=vocab.SuggestionState.OPEN.value
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(therapy__isnull=False, condition__isnull=True)
                | Q(therapy__isnull=True, condition__isnull=False),
                name="suggestion_of_one_tree",
            ),
            models.UniqueConstraint(fields=["source", "therapy"], name="suggestion_therapy_once"),
            models.UniqueConstraint(fields=["source", "condition"], name="suggestion_condition_once"),
            one_of("suggestion", "state", vocab.SuggestionState.values()),
        ]

    def __str__(self) -> str:
        return str(self.node)

    @property
    def node(self) -> Therapy | Condition | None:
        """The suggested term."""
        return self.therapy or self.condition


class DuplicatePair(models.Model):
    """Two sources that may be one document; `first` is the older one."""

    first = models.ForeignKey(Source, models.CASCADE, related_name="pairs_as_first")
    second = models.ForeignKey(Source, models.CASCADE, related_name="pairs_as_second")
    reason = models.TextField()
    similarity = models.FloatField(help_text="Of the two titles, 0 to 1 (trigrams).")
    state = models.CharField(max_length=20, choices=vocab.PairState.choices(), default=vocab.PairState.OPEN.value)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "likely duplicate"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_older_first"),
            one_of("pair", "state", vocab.PairState.values()),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"
