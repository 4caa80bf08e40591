"""Bringing records in, many at once: each becomes a new source, an addition to a known one, or nothing.

What is decided here about one record depends only on what came before it, never on how records are batched.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import DataError, IntegrityError, connection, transaction

from articles.actions import listings
from articles.actions.creating import create_all
from articles.actions.incoming import PAGES, Conflict, Item, Outcome, Result, find_sources, refusal, understood
from articles.actions.recording import recorded
from articles.actions.updating import update_all
from articles.lib import titles
from articles.models import ImportRun
from articles.queries.identity import read_before


def bring_in(*, items: Sequence[Item], by: User | None, origin: str, run: ImportRun | None = None) -> list[Outcome]:
    """Bring records in, in one transaction; a record that cannot be taken fails alone. One outcome for each."""
    details = {"origin": origin, **({"run": str(run.pk)} if run else {})}
    with recorded("import_source", by, **details), listings.at_the_end():
        _wait_for_other_imports()
        return [outcome for chunk in _independent(items) for outcome in _take(chunk, by, run)]


def _wait_for_other_imports() -> None:
    """One import at a time, to the end of its transaction: of two at once neither would find what the other brings."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import_source'))")


def _independent(items: Sequence[Item]) -> Iterator[list[Item]]:
    """The items in order, cut wherever one may be the same source as another that is not written yet."""
    chunk: list[Item] = []
    seen: set[Any] = set()
    for item in items:
        marks = _marks(item)
        if chunk and (not seen.isdisjoint(marks) or item.stands_alone or chunk[-1].stands_alone):
            yield chunk
            chunk, seen = [], set()
        chunk.append(item)
        seen |= marks
    if chunk:
        yield chunk


def _marks(item: Item) -> set[Any]:
    record, key = item.record, titles.key(item.record.title)
    marks: set[Any] = {item.fingerprint, *((scheme, value.lower()) for scheme, value in record.identifiers)}
    if record.document.text:
        marks.add((key, record.document.text))
    if record.text_basis in PAGES:
        marks.add((key, "page"))
    return marks


def _take(chunk: list[Item], by: User | None, run: ImportRun | None) -> list[Outcome]:
    """All of the chunk, or, where the database refuses something, each half by itself down to the culprit."""
    try:
        with transaction.atomic():
            return _take_all(chunk, by, run)
    except (DataError, IntegrityError, Conflict) as error:
        if len(chunk) == 1:
            return [Outcome(Result.FAILED, note=refusal(error))]
    half = len(chunk) // 2
    return _take(chunk[:half], by, run) + _take(chunk[half:], by, run)


def _take_all(chunk: list[Item], by: User | None, run: ImportRun | None) -> list[Outcome]:
    before = read_before([item.fingerprint for item in chunk])
    known = [understood(item, before) for item in chunk]
    fresh = [one for one in known if one.outcome is None]
    find_sources(fresh)
    create_all([one for one in fresh if one.outcome is None and one.source is None], by, run)
    update_all([one for one in fresh if one.outcome is None], run)
    return [one.outcome for one in known if one.outcome is not None]
