"""Imports: who brought what in, from which files, and what became of every record."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse

from articles.lib import vocabulary as vocab
from articles.models.checks import one_of
from articles.models.source import Source


class ImportRun(models.Model):
    """One import, from its beginning to its end or to the hour it was taken back."""

    origin = models.CharField(max_length=20, choices=vocab.RunOrigin.choices())
    state = models.CharField(max_length=20, choices=vocab.RunState.choices(), default=vocab.RunState.WAITING.value)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="import_runs"
    )
    is_background = models.BooleanField(default=False, help_text="The worker carries it on; else who started it does.")
    is_stop_wanted = models.BooleanField(default=False)
    format = models.CharField(max_length=40, blank=True, help_text="Given by the person; blank: by content.")
    kind = models.CharField(max_length=30, blank=True, choices=vocab.Kind.choices())
    interest = models.CharField(max_length=20, blank=True, choices=vocab.PublisherInterest.choices())
    choices = models.JSONField(
        default=dict, blank=True, help_text="What the person decided on single records: {file: {record: {...}}}."
    )
    wanted = models.JSONField(
        default=list, blank=True, help_text="Identifiers and addresses to fetch: [[scheme, value], ...]."
    )
    created_total = models.PositiveIntegerField(default=0)
    updated_total = models.PositiveIntegerField(default=0)
    unchanged_total = models.PositiveIntegerField(default=0)
    duplicate_total = models.PositiveIntegerField(default=0)
    failed_total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True, help_text="Why it broke off.")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="undone_runs"
    )

    class Meta:
        verbose_name = "import"
        permissions = [("undo_importrun", "Can take an import back")]
        constraints = [
            one_of("run", "origin", vocab.RunOrigin.values()),
            one_of("run", "state", vocab.RunState.values()),
        ]

    def __str__(self) -> str:
        return f"Import {self.pk}"

    def get_absolute_url(self) -> str:
        """Its page at the curators' desk."""
        return reverse("admin:articles_importrun_change", args=[self.pk])

    @property
    def total(self) -> int:
        """How many records were looked at so far."""
        return sum(getattr(self, f"{result}_total") for result in vocab.ImportResult.values())

    @property
    def is_open(self) -> bool:
        """Whether it may still bring something in."""
        return self.state in (vocab.RunState.WAITING, vocab.RunState.RUNNING)


class ImportFile(models.Model):
    """A file of an import and how far it was read: written with each batch, so that a kill loses nothing."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="files")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=500)
    stored_as = models.CharField(max_length=500, blank=True, help_text="Where the worker finds it, in the data folder.")
    size = models.BigIntegerField(null=True, blank=True, help_text="Bytes; unknown for standard input.")
    sha256 = models.CharField(max_length=64, blank=True)
    format = models.CharField(max_length=40, blank=True, help_text="As recognised.")
    bytes_read = models.BigIntegerField(default=0)
    records_done = models.PositiveIntegerField(default=0)
    is_done = models.BooleanField(default=False)
    message = models.TextField(blank=True, help_text="Why nothing of it could be read.")
    settles = models.JSONField(
        default=list, blank=True, help_text="Of what the import wanted, what this answers: [[scheme, value], ...]."
    )
    address = models.CharField(max_length=500, blank=True, help_text="Of the web page that it is.")
    fetched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="importfile_position_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_of_missing(self) -> bool:
        """Whether it is no file, but stands for what was wanted and could not be fetched."""
        return bool(self.settles) and not self.stored_as


class ImportEntry(models.Model):
    """What became of one record of a file. `before` holds what an update replaced, for taking it back."""

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="entries")
    number = models.PositiveIntegerField(help_text="Of the record in the file, from 1.")
    member = models.CharField(max_length=500, blank=True, help_text="The path inside an archive.")
    line = models.PositiveIntegerField(null=True, blank=True)
    result = models.CharField(max_length=20, choices=vocab.ImportResult.choices())
    source = models.ForeignKey(Source, models.SET_NULL, null=True, blank=True, related_name="import_entries")
    title = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    changed_fields = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    before = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        verbose_name_plural = "import entries"
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="importentry_number_unique"),
            one_of("entry", "result", vocab.ImportResult.values()),
        ]

    def __str__(self) -> str:
        return f"record {self.number}: {self.result}"


class Reading(models.Model):
    """One record as it was once read, and what it said of its source: the same bytes are never read twice.

    `values` tells apart what an import wrote into a field and what a curator wrote there.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="readings")
    fingerprint = models.CharField(
        max_length=64, unique=True, help_text="Of the record's bytes and the way of reading."
    )
    raw_sha256 = models.CharField(
        max_length=64,
        blank=True,
        db_index=True,
        help_text="Of the record's bytes alone: a newer reader knows it by this.",
    )
    format = models.CharField(max_length=40)
    standing = models.PositiveSmallIntegerField(help_text="Of two readings the facts of the higher one count.")
    origin_name = models.CharField(max_length=500, blank=True)
    data = models.BinaryField(help_text="The record as it came, compressed with zlib.")
    values = models.JSONField(default=dict)
    version = models.ForeignKey(
        "SourceVersion",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="readings",
        help_text="The text it brought.",
    )
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, blank=True, related_name="readings")
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.format} {self.fingerprint[:12]}"
