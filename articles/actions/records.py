"""Bringing records in, many at once: each becomes a new source, an addition to a known one, or nothing.

What is decided here about one record depends only on what came before it, never on how records are batched.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from articles.actions import listings
from articles.actions.creating import create_all
from articles.actions.holding import hold_imports
from articles.actions.incoming import (
    PAGES,
    REFUSALS,
    Item,
    Known,
    Outcome,
    Result,
    find_sources,
    refusal,
    understood,
)
from articles.actions.recording import recorded
from articles.actions.updating import update_all
from articles.lib import titles
from articles.models import ImportRun
from articles.queries.identity import read_before

# A source is known again by these: after a change of one the records that follow are looked up anew.
IDENTIFYING = frozenset({"title", "text"})


def bring_in(*, items: Sequence[Item], by: User | None, origin: str, run: ImportRun | None = None) -> list[Outcome]:
    """Bring records in, in one transaction; a record that cannot be taken fails alone. One outcome for each."""
    details = {"origin": origin, **({"run": str(run.pk)} if run else {})}
    with recorded("import_source", by, **details), listings.at_the_end():
        hold_imports()
        return [outcome for chunk in _independent(items) for outcome in _take(chunk, by, run)]


def _independent(items: Sequence[Item]) -> Iterator[list[Item]]:
    """The items in order, cut wherever one may be the same source as another that is not written yet."""
    chunk: list[Item] = []
    seen: set[Any] = set()
    for item in items:
        marks = _marks(item)
        if chunk and (not seen.isdisjoint(_sought(item) | marks) or item.stands_alone or chunk[-1].stands_alone):
            yield chunk
            chunk, seen = [], set()
        chunk.append(item)
        seen |= marks | {_titled(item)}
    if chunk:
        yield chunk


def _marks(item: Item) -> set[Any]:
    record, key = item.record, titles.key(item.record.title)
    marks: set[Any] = {item.fingerprint, *((scheme, value.lower()) for scheme, value in record.identifiers)}
    if record.document.text:
        marks.add((key, record.document.text))
    return marks


def _sought(item: Item) -> set[Any]:
    """A page may be any source of its title."""
    return {_titled(item)} if item.record.text_basis in PAGES else set()


def _titled(item: Item) -> tuple[str, str]:
    return ("titled", titles.key(item.record.title))


def _take(chunk: list[Item], by: User | None, run: ImportRun | None) -> list[Outcome]:
    """All of the chunk, or, where the database refuses something, each half by itself down to the culprit."""
    try:
        with transaction.atomic():
            return _take_all(chunk, by, run)
    except REFUSALS as error:
        if len(chunk) == 1:
            return [Outcome(Result.FAILED, note=refusal(error))]
    half = len(chunk) // 2
    return _take(chunk[:half], by, run) + _take(chunk[half:], by, run)


def _take_all(chunk: list[Item], by: User | None, run: ImportRun | None) -> list[Outcome]:
    before = read_before([item.fingerprint for item in chunk])
    known = [understood(item, before) for item in chunk]
    waiting = [one for one in known if one.outcome is None]
    find_sources(waiting)
    while waiting:
        some = _first_of_a_kind(waiting)
        waiting = waiting[len(some) :]
        if some[0].is_new:
            create_all(some, by, run)
        else:
            update_all(some, run)
        if any(one.outcome and not IDENTIFYING.isdisjoint(one.outcome.changed) for one in some):
            find_sources(waiting)
    return [one.outcome for one in known if one.outcome is not None]


def _first_of_a_kind(waiting: list[Known]) -> list[Known]:
    """The first record and those after it that can be written with it: all new, or each of another known source.

    What is new bears on what is known, and the other way round: so they are written in their order.
    """
    sources: set[int] = set()
    for number, one in enumerate(waiting):
        if one.is_new != waiting[0].is_new or one.source in sources:
            return waiting[:number]
        if one.source is not None:
            sources.add(one.source)
    return waiting
