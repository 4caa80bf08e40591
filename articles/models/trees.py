"""The three trees that claims are tagged with: therapies, conditions, outcomes."""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from articles.models.tracking import tracked

# Stands for every condition in the address of a question.
ANY = "any"

# A node whose chain of parents comes back to itself would make every filter on it endless.
NO_CYCLE = """
    IF NEW.parent_id IS NOT NULL AND EXISTS (
        WITH RECURSIVE up(id, parent_id) AS (
            SELECT id, parent_id FROM {meta.db_table} WHERE id = NEW.parent_id
            UNION
            SELECT n.id, n.parent_id FROM {meta.db_table} n JOIN up ON n.id = up.parent_id
        )
        SELECT 1 FROM up WHERE up.id = NEW.id
    ) THEN
        RAISE EXCEPTION 'a node cannot stand below itself' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Node(models.Model):
    """One term of a tree. A filter on a node includes everything below it."""

    objects: ClassVar["models.Manager[Any]"]
    parent_id: int | None

    slug = models.SlugField(max_length=80, unique=True, help_text="Permanent: it stands in addresses and exports.")
    name = models.CharField(max_length=200, unique=True)
    description = models.TextField(blank=True)
    synonyms = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        help_text="Other names, separated by commas. Search understands them.",
    )
    outside_ids = models.JSONField(
        default=dict,
        blank=True,
        help_text='Ids elsewhere, such as {"mesh": "D009103"}. Blank beats invented.',
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Trigger(
                name="no_cycle",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=pgtrigger.Func(NO_CYCLE),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of the term."""
        return reverse(self._meta.model_name or "", args=[self.slug])


@tracked()
class Therapy(Node):
    """What is given or done to a patient."""

    class Meta(Node.Meta):
        verbose_name_plural = "therapies"


@tracked()
class Condition(Node):
    """The disease or symptom that is treated."""

    class Meta(Node.Meta):
        pass

    def clean(self) -> None:
        """Raises ValidationError where its address would be that of another question."""
        if self.slug == ANY:
            raise ValidationError({"slug": f"“{ANY}” stands for every condition in addresses: choose another word."})


@tracked()
class Outcome(Node):
    """What is measured or promised. The first level of the tree is the domain."""

    class Meta(Node.Meta):
        pass
