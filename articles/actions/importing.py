"""Files in, outcomes out: what the import command and the upload page share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import DataError, transaction

from articles import importers
from articles.actions import sources
from articles.importers.record import ParseError, Record
from articles.models import Source

FAILED = "failed"


@dataclass(frozen=True)
class Choice:
    """What a person decided about one record: whether to take it, and facts that stand instead of guesses."""

    is_wanted: bool = True
    kind: str = ""
    interest: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one record: a `sources.Result` or `FAILED`; where a whole file failed, `record` is None."""

    file: str
    result: str
    note: str = ""
    line: int | None = None
    record: Record | None = None
    source: Source | None = None


TAKE_ALL: Callable[[int], Choice] = lambda number: Choice()  # noqa: E731


def import_file(
    *,
    by: User | None,
    data: bytes,
    name: str,
    format: str | None = None,
    choice: Callable[[int], Choice] = TAKE_ALL,
) -> list[Outcome]:
    """Bring every record of a file in, each in a transaction of its own: one that fails leaves the others."""
    try:
        records = importers.read(data, format=format)
    except ParseError as error:
        return [Outcome(name, FAILED, str(error), error.line)]
    chosen = ((record, choice(number)) for number, record in enumerate(records))
    return [_import(by, record, name, chosen) for record, chosen in chosen if chosen.is_wanted]


def _import(by: User | None, record: Record, name: str, choice: Choice) -> Outcome:
    try:
        done = sources.import_record(by=by, record=record, origin_name=name, kind=choice.kind, interest=choice.interest)
    except sources.Conflict as error:
        return Outcome(name, FAILED, f"{record.title[:80]}: {error}", record=record)
    except DataError as error:
        return Outcome(name, FAILED, f"{record.title[:80]}: a value does not fit its field ({error})", record=record)
    return Outcome(name, done.result, done.note, record=record, source=done.source)


@contextmanager
def rehearsal() -> Iterator[None]:
    """Everything written inside is taken back at the end, so that what would happen can be shown first."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
