"""The history: triggers of the database record what was added, changed and removed, whatever wrote it."""

from collections.abc import Callable
from typing import Any

import pghistory
from django.db import models


def tracked(**options: Any) -> Callable[[type[models.Model]], type[models.Model]]:
    """A model whose every change is kept. One trigger a statement: thousands of imported rows go in at once."""
    events = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    return pghistory.track(*events, level=pghistory.Statement, **options)
