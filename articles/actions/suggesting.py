"""Tags that a record's words suggest: a curator keeps or drops each."""

from collections.abc import Sequence

from articles.importers.record import Record
from articles.models import Source


def suggest(sources: Sequence[tuple[Source, Record]]) -> None:
    """Store the suggested tags of new sources."""
