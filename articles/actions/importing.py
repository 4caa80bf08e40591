"""Importing as a rehearsal: everything happens, is told, and is taken back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def rehearsal() -> Iterator[None]:
    """Everything written inside is taken back at the end, so that what would happen can be shown first."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
