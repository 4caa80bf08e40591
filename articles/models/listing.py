"""What the public lists read: one narrow row per public claim and per public source.

A row stands here exactly while the public may see the thing. `actions.listings` writes the rows after each change;
nothing else does. Lists, facets, counts and exports read only these rows, so they cannot disagree with each other.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from articles.models.claim import Claim
from articles.models.source import Publisher, Source, StudyGroup
from articles.models.trees import Condition, Outcome


class Listing(models.Model):
    """Columns that both lists filter by. Blank means not known."""

    kind = models.CharField(max_length=30)
    interest = models.CharField(max_length=20)
    publication_status = models.CharField(max_length=30)
    text_basis = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField(null=True)
    therapy_ids = ArrayField(models.BigIntegerField())
    search = SearchVectorField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"listing of {self.pk}"


class ClaimListing(Listing):
    """One row per accepted claim of a source that is not excluded."""

    claim = models.OneToOneField(Claim, models.CASCADE, primary_key=True, related_name="listing")
    source = models.ForeignKey(Source, models.CASCADE, related_name="claim_listings")
    condition = models.ForeignKey(Condition, models.PROTECT, related_name="+")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="+")
    claim_type = models.CharField(max_length=30)
    effect = models.CharField(max_length=20)
    wording = models.CharField(max_length=20)
    basis = models.CharField(max_length=20)
    role = models.CharField(max_length=30)
    design = models.CharField(max_length=30)
    subject = models.CharField(max_length=20)
    level = models.CharField(max_length=1)
    comparator = models.CharField(max_length=30)
    publisher = models.ForeignKey(Publisher, models.SET_NULL, null=True, related_name="+")
    study_group = models.ForeignKey(StudyGroup, models.SET_NULL, null=True, related_name="+")
    speaker = models.BigIntegerField(
        help_text="Who counts once: the source's id; for several sources of one study group, or of one seller, "
        "the negative id of the group or the publisher. Meaningful within one voice only."
    )
    therapy_path_ids = ArrayField(
        models.BigIntegerField(), help_text="The therapies of the claim and everything above them, each once."
    )

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="claimlisting_search"),
            models.Index(fields=["-year", "-claim"], name="claimlisting_newest"),
        ]


class SourceListing(Listing):
    """One row per source that is not excluded; the lists hold what its accepted claims say."""

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True, related_name="listing")
    condition_ids = ArrayField(models.BigIntegerField())
    outcome_ids = ArrayField(models.BigIntegerField())
    effects = ArrayField(models.CharField(max_length=20))
    wordings = ArrayField(models.CharField(max_length=20))
    bases = ArrayField(models.CharField(max_length=20))
    roles = ArrayField(models.CharField(max_length=30))
    designs = ArrayField(models.CharField(max_length=30))
    subjects = ArrayField(models.CharField(max_length=20))
    levels = ArrayField(models.CharField(max_length=1))
    claim_count = models.PositiveIntegerField()

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="sourcelisting_search"),
            models.Index(fields=["-year", "-source"], name="sourcelisting_newest"),
        ]


class ListingChange(models.Model):
    """A change of the rows above: what was counted before it is counted anew. Written in the change's transaction."""

    changed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"change {self.pk}"
