"""Small builders for constraints that several models share."""

from collections.abc import Iterable
from typing import Any

from django.db import models


class VocabularyCheck(models.CheckConstraint):
    """A constraint that the choices of the field already check in Python, so that validating costs no query."""

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to add: `clean_fields` has compared the value with the same vocabulary."""


def one_of(model: str, field: str, values: Iterable[str], *, blank: bool = False) -> VocabularyCheck:
    """The database refuses a value outside the vocabulary, whichever way it comes in."""
    allowed = [*values, ""] if blank else [*values]
    return VocabularyCheck(condition=models.Q(**{f"{field}__in": allowed}), name=f"{model}_{field}_in_vocabulary")


def all_of(model: str, field: str, values: Iterable[str]) -> models.CheckConstraint:
    """The same for a list: every member must stand in the vocabulary."""
    allowed = [*values]
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__contained_by": allowed}),
        name=f"{model}_{field}_in_vocabulary",
        violation_error_message=f"{field}: choose from {', '.join(allowed)}.",
    )
