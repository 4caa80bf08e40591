"""Small builders for constraints that several models share."""

from collections.abc import Iterable

from django.db import models


def one_of(model: str, field: str, values: Iterable[str], *, blank: bool = False) -> models.CheckConstraint:
    """The database refuses a value outside the vocabulary, whichever way it comes in."""
    allowed = [*values, ""] if blank else [*values]
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": allowed}),
        name=f"{model}_{field}_in_vocabulary",
        violation_error_message=f"{field}: choose one of {', '.join(filter(None, allowed))}.",
    )


def all_of(model: str, field: str, values: Iterable[str]) -> models.CheckConstraint:
    """The same for a list: every member must stand in the vocabulary."""
    allowed = [*values]
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__contained_by": allowed}),
        name=f"{model}_{field}_in_vocabulary",
        violation_error_message=f"{field}: choose from {', '.join(allowed)}.",
    )
