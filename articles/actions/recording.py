"""What every write has in common: it goes into the history, and what the database refuses is said in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model


@contextmanager
def recorded(action: str, by: User | None, **details: str) -> Iterator[None]:
    """One transaction whose changes the history shows under this action and person."""
    with pghistory.context(action=action, user=by.pk if by else None, **details), transaction.atomic():
        yield


@contextmanager
def explained(model: type[Model]) -> Iterator[None]:
    """Turn the database's refusal by a constraint of the model into the ValidationError that the constraint words."""
    try:
        yield
    except IntegrityError as error:
        refused = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        for constraint in model._meta.constraints:
            if constraint.name == refused:
                raise ValidationError(constraint.violation_error_message or constraint.name) from error
        raise
