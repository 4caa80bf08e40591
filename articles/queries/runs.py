"""An import as its page shows it: how far it is, and what became of each record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from articles.exporters import csv
from articles.exporters.csv import Column
from articles.lib import vocabulary as vocab
from articles.models import ImportEntry, ImportFile, ImportRun

State = vocab.RunState
# The name under which the worker's session is known to the database.
WORKER = "mskb worker"
# The first half of the key of the lock that an import holds while somebody carries it on.
LOCK = 7_203
UNDER_WAY = Q(state__in=(State.WAITING.value, State.RUNNING.value))
# What stopped longer ago is no longer waited for.
RECENT = timedelta(days=30)

HELD = """
    SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s),
        EXISTS (
            SELECT 1 FROM pg_locks
            WHERE locktype = 'advisory' AND classid = %s AND objid = %s
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        )
"""

ENTRIES = """
    SELECT file.name, entry.member, entry.number, entry.line, entry.result, entry.title, entry.source_id,
        array_to_string(entry.changed_fields, '; '), entry.note
    FROM articles_importentry entry JOIN articles_importfile file ON file.id = entry.file_id
    WHERE file.run_id = %s AND (%s = '' OR entry.result = %s)
    ORDER BY file.position, entry.number
"""
COLUMNS = (
    Column("file"),
    Column("path_in_archive"),
    Column("record", is_text=False),
    Column("line", is_text=False),
    Column("result", is_text=False),
    Column("title"),
    Column("source_id", is_text=False),
    Column("changed_fields"),
    Column("reason"),
)


def broken_off() -> Q:
    """Imports that stopped or failed lately."""
    return Q(state__in=(State.STOPPED.value, State.FAILED.value), created_at__gte=timezone.now() - RECENT)


def listed(runs: QuerySet[ImportRun]) -> QuerySet[ImportRun]:
    """What the list of imports shows: with `file_total` and `first_file`."""
    first = ImportFile.objects.filter(run=OuterRef("pk")).order_by("position").values("name")[:1]
    total = ImportFile.objects.filter(run=OuterRef("pk")).order_by().values("run").annotate(n=Count("pk")).values("n")
    return runs.select_related("started_by").annotate(file_total=Subquery(total), first_file=Subquery(first))


@dataclass(frozen=True)
class Progress:
    """How far an import is. `size` is None where it is not known; `trouble` says why nothing happens, if so."""

    records: int
    bytes_read: int
    size: int | None
    fetched: int
    wanted: int
    trouble: str = ""

    @property
    def is_fetching(self) -> bool:
        """Whether something is still to be fetched: only then is it known how much there is to read."""
        return self.fetched < self.wanted

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where it cannot be told."""
        if self.is_fetching:
            return self.fetched / self.wanted
        return min(self.bytes_read / self.size, 1.0) if self.size else None


def progress(run: ImportRun) -> Progress:
    """How far the import is now, in two queries; in one where it has ended."""
    settled = Func(F("settles"), function="jsonb_array_length", output_field=IntegerField())
    sums = run.files.aggregate(
        read=Sum("bytes_read"), all=Sum("size"), unknown=Count("pk", filter=Q(size=None)), settled=Sum(settled)
    )
    return Progress(
        records=run.total,
        bytes_read=int(sums["read"] or 0),
        size=None if sums["unknown"] and not run.wanted else int(sums["all"] or 0),
        fetched=sums["settled"] or 0,
        wanted=len(run.wanted),
        trouble=_trouble(run) if run.is_open else "",
    )


def _trouble(run: ImportRun) -> str:
    with connection.cursor() as cursor:
        cursor.execute(HELD, [WORKER, LOCK, run.pk])
        has_worker, is_held = cursor.fetchone()
    if is_held:
        return ""
    if not run.is_background:
        return "Nobody carries this import on: the process that did has ended. Stop it, and start it again."
    if not has_worker:
        return (
            "The worker is not running, so nothing happens here. Whoever looks after this site starts it with "
            "“make run”; the import then goes on by itself."
        )
    return ""


def entries(run: ImportRun, result: str = "") -> QuerySet[ImportEntry]:
    """What became of the records, in their order; of one result only where that is given."""
    found = ImportEntry.objects.filter(file__run=run, **({"result": result} if result else {}))
    return (
        found.select_related("file", "source__merged_into")
        .only(
            "number", "member", "line", "result", "title", "note", "changed_fields", "file__name", "file__settles",
            "file__stored_as", "source__title", "source__merged_into__title",
        )
        .order_by("file__position", "number")
    )  # fmt: skip


def csv_blocks(run: ImportRun, result: str = "") -> Iterator[bytes]:
    """The same entries as a CSV file, in blocks."""
    yield csv.BOM
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(csv.copy_statement(ENTRIES, COLUMNS), (run.pk, result, result)) as copied,
    ):
        for block in copied:
            yield bytes(block)
