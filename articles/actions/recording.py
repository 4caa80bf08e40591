"""Who did what: every write of an action carries it into the history."""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.contrib.auth.models import User
from django.db import transaction


@contextmanager
def recorded(action: str, by: User | None, **details: str) -> Iterator[None]:
    """One transaction whose changes the history shows under this action and person."""
    with pghistory.context(action=action, user=by.pk if by else None, **details), transaction.atomic():
        yield
