"""Imports from their start to their end: batch by batch, each a transaction that also writes how far it came.

Whatever stops an import, whole batches are there and nothing else: it is carried on where it stood, or done again
without doubling anything.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from articles import importers
from articles.actions import batches, fetching, records, run_files, suggesting
from articles.actions.batches import Batch
from articles.actions.bulk import copy_in
from articles.actions.incoming import Item, Outcome, Result
from articles.importers import Found
from articles.importers.record import ParseError, Record
from articles.lib import vocabulary as vocab
from articles.models import ImportEntry, ImportFile, ImportRun, Source
from articles.queries.runs import LOCK

State = vocab.RunState
Open = Callable[[ImportFile], BinaryIO]

LONGEST_NAME = 500
_LONGEST_TITLE = 300
ENDING = ("state", "message", "ended_at")


@dataclass(frozen=True)
class Choice:
    """What a person decided about one record: whether to take it, and facts that stand instead of guesses."""

    is_wanted: bool = True
    kind: str = ""
    interest: str = ""


@dataclass(frozen=True)
class Given:
    """A file of an import: its name, and its size in bytes and SHA-256 where they are known already."""

    name: str
    size: int | None = None
    sha256: str = ""
    stored_as: str = ""


@dataclass(frozen=True)
class Done:
    """What became of one record, and where it stood; `record` is None where it could not be read."""

    file: ImportFile
    found: Found
    outcome: Outcome
    record: Record | None = None

    @property
    def result(self) -> Result:
        """Created, updated and so on."""
        return self.outcome.result


class Busy(Exception):
    """Somebody else is carrying this import on."""


def start(
    *,
    by: User | None,
    origin: str,
    files: Sequence[Given] = (),
    format: str = "",
    kind: str = "",
    interest: str = "",
    choices: Mapping[str, Mapping[str, Any]] | None = None,
    wanted: Sequence[tuple[str, str]] = (),
) -> ImportRun:
    """A new import that has not begun. `choices`: {position of the file: {number of the record: {...}}}."""
    with transaction.atomic():
        run = ImportRun.objects.create(
            origin=origin,
            started_by=by,
            format=format,
            kind=kind,
            interest=interest,
            choices=choices or {},
            wanted=[list(one) for one in wanted],
        )
        ImportFile.objects.bulk_create(
            ImportFile(
                run=run,
                position=position,
                name=given.name[-LONGEST_NAME:],
                size=given.size,
                sha256=given.sha256,
                stored_as=given.stored_as,
            )
            for position, given in enumerate(files)
        )
    return run


def hand_over(run: ImportRun) -> None:
    """Let the worker carry the import on, as soon as this transaction ends: it looks for such rows."""
    run.is_background = True
    run.save(update_fields=["is_background"])


def want_stop(*, run: ImportRun) -> None:
    """Ask whoever carries the import on to stop after the batch at hand. Raises ValidationError where it has ended."""
    with transaction.atomic():
        held = ImportRun.objects.select_for_update().get(pk=run.pk)
        if not held.is_open:
            raise ValidationError("This import has ended already.")
        held.is_stop_wanted = True
        if held.state == State.WAITING:
            _end(held, State.STOPPED, "Stopped before it began or went on.")
        held.save()


def carry_on(run_id: int, *, should_stop: Callable[[], bool] = lambda: False) -> None:
    """What the worker does with an import that was handed over; returns at once where it has ended or is in hand."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None or not run.is_open:
        return
    try:
        for _done in carry_out(run, open_file=run_files.open_stored, should_stop=should_stop):
            pass
    except Busy:
        return


def carry_out(run: ImportRun, *, open_file: Open, should_stop: Callable[[], bool] = lambda: False) -> Iterator[Done]:
    """Bring in what is not yet; each record is told when its batch is stored.

    Raises Busy. An error or Ctrl-C leaves the import stopped where a person waits for it, else waiting for the worker.
    """
    with _held(run):
        # Somebody else may have carried it on, or to its end, since it was read.
        run.refresh_from_db()
        if not run.is_open:
            return
        run.state, run.started_at = State.RUNNING.value, run.started_at or timezone.now()
        run.save(update_fields=["state", "started_at"])
        try:
            yield from _fetch(run, should_stop)
            for file in run.files.filter(is_done=False).order_by("position"):
                if _is_to_stop(run, should_stop):
                    break
                yield from _carry_out_file(run, file, open_file, should_stop)
        except BaseException as error:
            _interrupted(run, error)
            raise
        _conclude(run, should_stop)


def heal() -> None:
    """Imports that the process of a person left behind when it was killed are stopped, not running."""
    for run in ImportRun.objects.filter(state=State.RUNNING, is_background=False):
        try:
            with _held(run):
                run.refresh_from_db()
                if run.is_open:
                    _end(run, State.STOPPED, "The process that carried it out ended. Start it again: nothing doubles.")
                    run.save(update_fields=ENDING)
        except Busy:
            continue


@contextmanager
def _held(run: ImportRun) -> Iterator[None]:
    """A lock of this connection: the database gives it back when the process dies, however it dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK, run.pk])
        (is_ours,) = cursor.fetchone()
        if not is_ours:
            raise Busy
        try:
            yield
        finally:
            if connection.connection and not connection.connection.broken:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, run.pk])


def _fetch(run: ImportRun, should_stop: Callable[[], bool]) -> Iterator[Done]:
    """What the import wants from outside becomes files of it; what does not come is told and entered."""
    for missing in fetching.fetch_into(run, should_stop=lambda: _is_to_stop(run, should_stop)):
        place = [missing.identifier.scheme, missing.identifier.value]
        found = Found(missing.number, str(missing.identifier), problem=missing.reason)
        with transaction.atomic():
            file = fetching.file_of_missing(run)
            done = Done(file, found, Outcome(Result.FAILED, note=missing.reason))
            copy_in([_entry(file, done)])
            file.settles.append(place)
            file.save()
            _count(run, [done])
        yield done


def _carry_out_file(
    run: ImportRun, file: ImportFile, open_file: Open, should_stop: Callable[[], bool]
) -> Iterator[Done]:
    try:
        with open_file(file) as stream:
            if not file.sha256:
                file.sha256 = _digest(stream)
                stream.seek(0)
            found = importers.scan(stream, format=run.format or None)
            for batch in batches.understood(_after(file, found), stream, _understanding(run, file)):
                yield from _bring_in(run, file, batch)
                if _is_to_stop(run, should_stop):
                    return
    except (ParseError, OSError, run_files.FileGone) as error:
        yield _whole_file_failed(run, file, error)
    file.is_done, file.bytes_read = True, file.size or file.bytes_read
    file.save()


def _digest(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _after(file: ImportFile, found: Iterable[Found]) -> Iterator[Found]:
    """What was not brought in before the import was interrupted."""
    return (one for one in found if one.number > file.records_done)


def _bring_in(run: ImportRun, file: ImportFile, batch: Batch) -> list[Done]:
    """One batch, with its entries and the place reached, in one transaction."""
    with transaction.atomic():
        done = _outcomes(run, file, batch)
        copy_in([_entry(file, one) for one in done])
        file.records_done, file.bytes_read = batch.found[-1].number, batch.bytes_read
        file.format = file.format or next((one.format for one in batch.found if one.format), "")
        file.save()
        _count(run, done)
    return done


def _outcomes(run: ImportRun, file: ImportFile, batch: Batch) -> list[Done]:
    outcomes = {number: Outcome(Result.UNCHANGED, source) for number, source in batch.known.items()}
    outcomes |= {number: Outcome(Result.FAILED, note=reason) for number, reason in batch.failed.items()}
    items = list(batch.items.values())
    brought = records.bring_in(items=items, by=run.started_by, origin=file.name, run=run) if items else []
    outcomes |= dict(zip(batch.items, brought, strict=True))
    return [
        Done(file, one, outcomes[one.number], item.record if (item := batch.items.get(one.number)) else None)
        for one in batch.found
        if one.number in outcomes
    ]


def _choice(run: ImportRun, file: ImportFile, found: Found) -> Choice:
    chosen = run.choices.get(str(file.position), {}).get(str(found.number), {})
    return Choice(chosen.get("take", True), chosen.get("kind") or run.kind, chosen.get("interest") or run.interest)


def _understanding(run: ImportRun, file: ImportFile) -> Callable[[Found], Item | None]:
    """What makes an item of a record, None of one that the person does not want."""
    suggested = suggesting.suggester()

    def understand(found: Found) -> Item | None:
        choice = _choice(run, file, found)
        if not choice.is_wanted:
            return None
        record = _placed(found.read(), file)
        return Item(
            record=record,
            fingerprint=found.fingerprint,
            origin_name=f"{file.name}/{found.member}"[-LONGEST_NAME:] if found.member else file.name,
            data=found.data,
            standing=importers.standing(found.format),
            kind=choice.kind,
            interest=choice.interest,
            fetched_at=file.fetched_at,
            suggested=suggested(record),
        )

    return understand


def _placed(record: Record, file: ImportFile) -> Record:
    """The record of a page that was fetched has the address of that page, whatever else the page says of itself."""
    if not file.address:
        return record
    return replace(record, identifiers=tuple(dict.fromkeys((*record.identifiers, ("url", file.address)))))


def _entry(file: ImportFile, done: Done) -> ImportEntry:
    title = done.record.title if done.record else ""
    return ImportEntry(
        file=file,
        number=done.found.number,
        member=_storable(done.found.member)[-LONGEST_NAME:],
        line=done.found.line,
        result=done.outcome.result.value,
        source_id=done.outcome.source,
        title=_storable(title)[:_LONGEST_TITLE],
        note=_storable(done.outcome.note),
        changed_fields=list(done.outcome.changed),
        before=done.outcome.before,
    )


def _storable(said: str) -> str:
    """What a record says, also where the database did not take it: no NUL, no half characters."""
    return said.encode("utf-8", "replace").decode().replace("\0", "?")


def _count(run: ImportRun, done: Iterable[Done]) -> None:
    for result, number in Counter(one.outcome.result.value for one in done).items():
        setattr(run, f"{result}_total", getattr(run, f"{result}_total") + number)
    run.save(update_fields=[f"{result}_total" for result in Result.values()])


def _whole_file_failed(run: ImportRun, file: ImportFile, error: Exception) -> Done:
    line = error.line if isinstance(error, ParseError) else None
    if isinstance(error, run_files.FileGone):
        message = "The file is no longer there: choose it again."
    else:
        message = (
            str(error) if isinstance(error, ParseError) else f"cannot be read: {getattr(error, 'strerror', error)}"
        )
    found = Found(file.records_done + 1, line=line, problem=message)
    done = Done(file, found, Outcome(Result.FAILED, note=message))
    with transaction.atomic():
        copy_in([_entry(file, done)])
        file.message, file.records_done = message, found.number
        file.save()
        _count(run, [done])
    return done


def _is_to_stop(run: ImportRun, should_stop: Callable[[], bool]) -> bool:
    run.refresh_from_db(fields=["is_stop_wanted"])
    return run.is_stop_wanted or should_stop()


def _interrupted(run: ImportRun, error: BaseException) -> None:
    """Say so where that is still possible; where the database is gone the lock goes with it, and `heal` says it."""
    if not connection.is_usable():
        return
    is_passing = isinstance(error, (OperationalError, InterfaceError)) or not isinstance(error, Exception)
    if run.is_background and is_passing:
        run.state = State.WAITING.value
    elif isinstance(error, (KeyboardInterrupt, GeneratorExit)):
        _end(run, State.STOPPED, "Stopped by the person who started it. Start it again: nothing is doubled.")
    else:
        _end(run, State.FAILED, f"It broke off: {error}")
    run.save(update_fields=ENDING)


def _conclude(run: ImportRun, should_stop: Callable[[], bool]) -> None:
    is_over = not (run.files.filter(is_done=False).exists() or fetching.left(run))
    if is_over:
        read_none = run.total == run.failed_total
        _end(run, State.FAILED if read_none else State.FINISHED, "Nothing of it could be read." if read_none else "")
    elif run.is_stop_wanted or not run.is_background:
        _end(run, State.STOPPED, f"Stopped. What had come in stays; {_how_to_go_on(run)}")
    else:
        run.state = State.WAITING.value
    run.save(update_fields=ENDING)
    if is_over:
        run_files.discard(run)


def _how_to_go_on(run: ImportRun) -> str:
    return "it can be carried on." if run.is_background else "start it again for the rest: nothing is doubled."


def _end(run: ImportRun, state: State, message: str) -> None:
    run.state, run.message, run.ended_at = state.value, message, timezone.now()


def source_of(done: Done) -> Source | None:
    """The source a record became or belongs to."""
    return Source.objects.filter(pk=done.outcome.source).first() if done.outcome.source else None
