"""The file of a comparison: the rows of the file of claims, each with the column of the table it stands in."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import IntegerField, Q, QuerySet, Value

from articles.exporters import csv
from articles.exporters.csv import Column
from articles.models import ClaimListing
from articles.queries.export import CLAIM_ROWS, CLAIMS
from articles.queries.grid import EFFECTS, STRENGTH, Row

COLUMNS = (
    Column("compared", is_text=False),
    Column("compared_name"),
    Column("agreement", is_text=False),
    *(cell.column for cell in CLAIMS),
)


def csv_blocks(
    base: QuerySet[ClaimListing], columns: Sequence[tuple[str, str, Q]], rows: Sequence[Row]
) -> Iterator[bytes]:
    """The file in blocks as the server sends them.

    `columns` are (key, name, condition), `rows` those of the table in its order. A claim in two columns stands twice.
    """
    listed, parameters = _listed(base, [condition for _, _, condition in columns])
    given: list[Any] = [
        [key for key, _, _ in columns],
        [name for _, name, _ in columns],
        [row.outcome.pk for row in rows],
        [row.agreement.value for row in rows],
        [effect.value for effect in EFFECTS],
    ]
    statement = csv.copy_statement(_select(listed), COLUMNS)
    yield csv.BOM
    with connection.cursor() as cursor, cursor.cursor.copy(statement, [*parameters, *given]) as copied:
        for block in copied:
            yield bytes(block)


def _select(listed: str) -> str:
    """The rows in the order of the table: its rows, its columns, in each cell the effects, strongest evidence first."""
    cells = ", ".join(cell.sql for cell in CLAIMS)
    # Constants of the modules and the compiled query; every value is a parameter.
    return f"""
        SELECT compared.key, compared.name, said.agreement, {cells}
        FROM ({listed}) AS listed(pk, outcome_id, effect, strength, year, number)
        JOIN unnest(%s::text[], %s::text[]) WITH ORDINALITY AS compared(key, name, number) USING (number)
        JOIN unnest(%s::bigint[], %s::text[]) WITH ORDINALITY AS said(outcome_id, agreement, place) USING (outcome_id)
        {CLAIM_ROWS}
        ORDER BY said.place, compared.number, array_position(%s::text[], listed.effect::text), listed.strength,
            listed.year DESC NULLS LAST, listed.pk
    """  # noqa: S608


def _listed(base: QuerySet[ClaimListing], conditions: Sequence[Q]) -> tuple[str, tuple[Any, ...]]:
    """Every claim of every column with the number of the column, from 1."""
    parts = [
        base.filter(condition)
        .order_by()
        .annotate(strength=STRENGTH, number=Value(i, IntegerField()))
        .values_list("pk", "outcome_id", "effect", "strength", "year", "number")
        for i, condition in enumerate(conditions, start=1)
    ]
    return parts[0].union(*parts[1:], all=True).query.sql_with_params()
