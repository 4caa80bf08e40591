"""A first look at files, cheap whatever their size: what they are, how many records, the first titles."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from articles import importers
from articles.importers import Found
from articles.importers.record import ParseError

FIRST = 5
# So much is read of all files together to count their records; of the rest there are many.
COUNTED_BYTES = 20_000_000


@dataclass
class Glance:
    """What was seen of a file. `records` is None where counting would take long; `problem`: why nothing can be read."""

    name: str
    size: int
    format: str = ""
    records: int | None = 0
    titles: list[str] = field(default_factory=list)
    problem: str = ""
    bytes_seen: int = 0

    @property
    def records_shown(self) -> str:
        return f"{self.records:,}" if self.records is not None else "many"


def at(files: Iterable[tuple[str, Path, int]]) -> list[Glance]:
    """A look at each file (name, path, size); files that come late in a large upload are only looked into."""
    seen: list[Glance] = []
    budget = COUNTED_BYTES
    for name, path, size in files:
        glance = Glance(name, size)
        _look(glance, path, budget)
        budget -= glance.bytes_seen
        seen.append(glance)
    return seen


def _look(glance: Glance, path: Path, budget: int) -> None:
    labels = {known.name: known.label for known in importers.FORMATS}
    number = 0
    try:
        with path.open("rb") as file:
            for number, found in enumerate(importers.scan(file), 1):
                glance.format = glance.format or labels.get(found.format, "")
                glance.bytes_seen += len(found.data)
                if number <= FIRST:
                    glance.titles.append(_title(found))
                elif glance.bytes_seen > budget:
                    glance.records = None
                    return
    except (ParseError, OSError) as error:
        glance.problem = str(error)
    glance.records = number


def _title(found: Found) -> str:
    try:
        return found.read().title
    except ParseError as error:
        return f"cannot be read: {error}"
