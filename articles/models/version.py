"""The text of a source at one moment."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from articles.lib import vocabulary as vocab
from articles.lib.document import Document
from articles.models.checks import one_of
from articles.models.source import Source


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    level=pghistory.Statement,
    exclude=["text", "structure", "raw_record", "other_texts"],
)
class SourceVersion(models.Model):
    """Immutable: offsets mean something only against one text. A changed text is a new version, no overwrite."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(help_text="1 for the first text of the source, then counting up.")
    text = models.TextField(blank=True)
    text_basis = models.CharField(
        max_length=20,
        choices=vocab.TextBasis.choices(),
        help_text="Which text this is: a quote checked against an abstract is not one checked against the paper.",
    )
    structure = models.JSONField(default=dict, help_text="Blocks and links of the text, with offsets in code points.")
    sections = models.JSONField(default=list, help_text="[[label, start, end], ...], offsets in code points.")
    sha256 = models.CharField(max_length=64, help_text="Of the text, in UTF-8.")
    raw_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the bytes it was read from.")
    raw_record = models.JSONField(default=dict, blank=True, help_text="What the format said and no field holds.")
    other_texts = models.JSONField(
        default=list, help_text="Titles and abstracts beside the text: [{part, language, label, text}, ...]."
    )
    repairs = ArrayField(models.TextField(), default=list, blank=True)
    normaliser_version = models.CharField(max_length=20)
    origin_format = models.CharField(max_length=40)
    origin_name = models.CharField(max_length=500, blank=True, help_text="File name or address it came from.")
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="version_number_unique"),
            one_of("version", "text_basis", vocab.TextBasis.values()),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="version_number_from_1"),
        ]
        triggers = [pgtrigger.Protect(name="version_is_immutable", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def document(self) -> Document:
        """Text, blocks and links together."""
        return Document.from_json({**self.structure, "text": self.text})
