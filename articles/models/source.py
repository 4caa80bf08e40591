"""A source: one document that makes claims, with its citation facts."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.text import slugify

from articles.lib import identifiers, titles
from articles.lib import vocabulary as vocab
from articles.lib.partial_date import PartialDate
from articles.models.checks import one_of
from articles.models.tracking import tracked
from articles.models.trees import Condition, Therapy

MAX_SLUG = 60


@tracked()
class Publisher(models.Model):
    """Who runs a page: a clinic, a company, a journal's house."""

    name = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    url = models.URLField(blank=True, max_length=500)

    def __str__(self) -> str:
        return self.name


@tracked()
class StudyGroup(models.Model):
    """The trial or cohort behind several sources: reported three times, it counts once."""

    name = models.CharField(max_length=200, unique=True)
    note = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.name


@tracked()
class Source(models.Model):
    """A document: a paper's abstract, a review, a clinic's page."""

    title = models.CharField(max_length=1000)
    title_key = models.CharField(
        max_length=300,
        default="",
        editable=False,
        db_index=True,
        help_text="The title as titles are compared: see lib.titles.",
    )
    original_title = models.CharField(
        max_length=1000, blank=True, help_text="In the document's own language, where the title is a translation."
    )
    kind = models.CharField(max_length=30, choices=vocab.Kind.choices())
    description = models.TextField(blank=True, help_text="What the document says of itself in short.")
    publisher = models.ForeignKey(Publisher, models.PROTECT, null=True, blank=True, related_name="sources")
    publisher_interest = models.CharField(
        max_length=20, choices=vocab.PublisherInterest.choices(), default=vocab.PublisherInterest.UNKNOWN.value
    )
    text_basis = models.CharField(
        max_length=20, choices=vocab.TextBasis.choices(), help_text="Of the current text; each version keeps its own."
    )
    is_whole_text_shown = models.BooleanField(
        "show the whole text",
        default=True,
        help_text="Switch off where the licence does not allow it: then only the quotes are shown.",
    )

    container = models.CharField("journal or site", max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1000), MaxValueValidator(9999)]
    )
    month = models.PositiveSmallIntegerField(null=True, blank=True)
    day = models.PositiveSmallIntegerField(null=True, blank=True)
    season = models.CharField(max_length=20, blank=True, help_text="As printed, such as Spring or Mar-Apr.")
    volume = models.CharField(max_length=40, blank=True)
    issue = models.CharField(max_length=40, blank=True)
    pages = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=20, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    publication_types = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    design = models.CharField(max_length=30, choices=vocab.Design.choices(), blank=True)
    mesh_headings = ArrayField(
        models.CharField(max_length=400),
        default=list,
        blank=True,
        help_text="As MEDLINE writes them; * marks the main ones.",
    )
    keywords = ArrayField(models.CharField(max_length=400), default=list, blank=True)
    trial_ids = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        help_text="The registered studies it reports, such as nct:NCT01194570; other documents may report them too.",
    )
    grants = ArrayField(models.TextField(), default=list, blank=True)
    conflict_of_interest = models.TextField("conflict of interest statement", blank=True)

    publication_status = models.CharField(
        max_length=30, choices=vocab.PublicationStatus.choices(), default=vocab.PublicationStatus.CURRENT.value
    )
    status_notice = models.TextField(blank=True, help_text="What the notice says and where it stands.")
    status_checked_at = models.DateTimeField(null=True, blank=True)

    is_medline = models.BooleanField("indexed in MEDLINE", null=True, blank=True)
    is_free_full_text = models.BooleanField("free full text", null=True, blank=True)
    full_text_providers = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    curation_state = models.CharField(
        max_length=20, choices=vocab.CurationState.choices(), default=vocab.CurationState.NEW.value
    )
    exclusion_reason = models.TextField(blank=True)
    guesses = models.JSONField(
        default=dict, blank=True, help_text="Facts the import guessed, each with its reason, until a curator confirms."
    )

    study_group = models.ForeignKey(StudyGroup, models.PROTECT, null=True, blank=True, related_name="sources")
    study_group_relation = models.CharField(max_length=30, choices=vocab.StudyGroupRelation.choices(), blank=True)
    therapies = models.ManyToManyField(Therapy, blank=True, related_name="sources")
    conditions = models.ManyToManyField(Condition, blank=True, related_name="sources")
    current_version = models.ForeignKey(
        "SourceVersion", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        help_text="The source that this one turned out to be; its address leads there.",
    )

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            one_of("source", "kind", vocab.Kind.values()),
            one_of("source", "publisher_interest", vocab.PublisherInterest.values()),
            one_of("source", "text_basis", vocab.TextBasis.values()),
            one_of("source", "publication_status", vocab.PublicationStatus.values()),
            one_of("source", "curation_state", vocab.CurationState.values()),
            one_of("source", "design", vocab.Design.values(), blank=True),
            one_of("source", "study_group_relation", vocab.StudyGroupRelation.values(), blank=True),
            models.CheckConstraint(
                condition=~models.Q(curation_state="excluded") | ~models.Q(exclusion_reason=""),
                name="source_excluded_with_reason",
                violation_error_message="Say why the source is excluded.",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="clinic_page") | models.Q(publisher_interest="sells_therapy"),
                name="source_clinic_page_sells",
                violation_error_message="A clinic page sells the therapy: choose that as the publisher's interest.",
            ),
            models.CheckConstraint(
                condition=models.Q(month__isnull=True) | models.Q(year__isnull=False, month__range=(1, 12)),
                name="source_month_within_year",
                violation_error_message="A month goes from 1 to 12 and needs a year.",
            ),
            models.CheckConstraint(
                condition=models.Q(day__isnull=True) | models.Q(month__isnull=False, day__range=(1, 31)),
                name="source_day_within_month",
                violation_error_message="A day goes from 1 to 31 and needs a month.",
            ),
            models.CheckConstraint(
                condition=models.Q(study_group__isnull=True, study_group_relation="")
                | (models.Q(study_group__isnull=False) & ~models.Q(study_group_relation="")),
                name="source_study_group_with_relation",
                violation_error_message="A study group and the relation to it go together.",
            ),
        ]
        indexes = [GinIndex(OpClass(models.F("title_key"), name="gin_trgm_ops"), name="source_title_alike")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it, with the key of its title as the title is now."""
        self.title_key = titles.key(self.title)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.pk, self.slug] if self.slug else [self.pk])

    @property
    def slug(self) -> str:
        """Readable end of the address; it may change with the title, the number before it does not."""
        return slugify(self.title)[:MAX_SLUG].strip("-")

    @property
    def date(self) -> PartialDate | None:
        """The publication date as exactly as it is known, or None."""
        if self.year is None:
            return None
        return PartialDate(self.year, self.month, self.day, self.season or None)


@tracked(obj_field=None)
class SourceTherapyTag(Source.therapies.through):  # type: ignore[name-defined]
    """A therapy tag of a source, as the history sees it."""

    class Meta:
        proxy = True


@tracked(obj_field=None)
class SourceConditionTag(Source.conditions.through):  # type: ignore[name-defined]
    """A condition tag of a source, as the history sees it."""

    class Meta:
        proxy = True


@tracked()
class Identifier(models.Model):
    """A name the world knows a source by: no two sources share one."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=20, choices=[(s, identifiers.label(s)) for s in identifiers.SCHEMES])
    value = models.CharField(
        max_length=500, help_text="Stored in its normal form: DOI in small letters, PMCID as PMC123."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="identifier_unique",
                violation_error_message="Another source already has this identifier.",
            ),
            one_of("identifier", "scheme", identifiers.SCHEMES),
        ]

    def __str__(self) -> str:
        return f"{identifiers.label(self.scheme)} {self.value}"

    @property
    def link(self) -> str | None:
        """Where the identifier leads, or None for a scheme without addresses."""
        return identifiers.link(self.scheme, self.value)


@tracked()
class Contributor(models.Model):
    """An author in the order of the source: a person or a collective."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="contributors")
    position = models.PositiveSmallIntegerField()
    family = models.CharField(max_length=200, blank=True)
    given = models.CharField(max_length=200, blank=True)
    collective = models.CharField(max_length=500, blank=True)
    as_written = models.CharField(max_length=500, blank=True, help_text="The name as the record prints it.")
    orcid = models.CharField("ORCID", max_length=19, blank=True)
    affiliation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "position"], name="contributor_position_unique", deferrable=models.Deferrable.DEFERRED
            ),
        ]
        indexes = [
            models.Index(Lower("family"), condition=models.Q(position=1), name="contributor_first_family"),
        ]

    def __str__(self) -> str:
        return self.as_written or self.collective or f"{self.given} {self.family}".strip()


@tracked()
class CitedReference(models.Model):
    """A citation that the source itself makes, as it prints it."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="references")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "position"], name="reference_position_unique", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return self.text


@tracked()
class LinkedPublication(models.Model):
    """Another publication that the record of a source names: its erratum, retraction, comment, newer version."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="links")
    position = models.PositiveSmallIntegerField()
    relation = models.CharField(max_length=30, choices=vocab.LinkRelation.choices())
    citation = models.TextField(blank=True, help_text="The other publication, as the record prints it.")
    pmid = models.CharField("PMID", max_length=20, blank=True)
    doi = models.CharField("DOI", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "position"], name="link_position_unique", deferrable=models.Deferrable.DEFERRED
            ),
            one_of("link", "relation", vocab.LinkRelation.values()),
        ]
        indexes = [
            models.Index(fields=["pmid"], name="link_pmid", condition=~models.Q(pmid="")),
            models.Index(fields=["doi"], name="link_doi", condition=~models.Q(doi="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_relation_display()} {self.citation}".strip()
