"""Many new rows at once, by COPY: several times faster than INSERT, and triggers and constraints see every row."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Field, JSONField, Model


def new_keys(model: type[Model], number: int) -> list[int]:
    """Primary keys that nobody else gets, in ascending order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column if model._meta.pk else "id", number],
        )
        return sorted(key for (key,) in cursor.fetchall())


def copy_in(objects: Sequence[Model]) -> None:
    """Write new rows of one model. A missing primary key is taken from its sequence; nothing is read back.

    Raises DataError or IntegrityError as a save would.
    """
    if not objects:
        return
    model = type(objects[0])
    columns, row_of = _layout(model, objects[0].pk is not None)
    _copy(model, columns, (row_of(one) for one in objects))


def copy_rows(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write plain values into these columns of new rows, without the detour over objects. Raises as `copy_in`."""
    if rows:
        _copy(model, ", ".join(f'"{column}"' for column in columns), rows)


def _copy(model: type[Model], columns: str, rows: Iterable[Iterable[Any]]) -> None:
    table = model._meta.db_table
    with connection.wrap_database_errors, connection.cursor() as cursor:
        # Who changes what travels to the history with a statement, and COPY is none that it could travel with.
        cursor.execute(f'LOCK TABLE "{table}" IN ROW EXCLUSIVE MODE')
        with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


@cache
def _layout(model: type[Model], has_key: bool) -> tuple[str, Callable[[Model], Iterable[Any]]]:
    """The columns in their order, and what makes a row of an object."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if not getattr(field, "generated", False) and (has_key or not field.primary_key)
    ]
    values = attrgetter(*(field.attname for field in fields))
    special = [(place, prepare) for place, field in enumerate(fields) if (prepare := _preparation(field))]

    def row_of(one: Model) -> Iterable[Any]:
        row = list(values(one))
        for place, prepare in special:
            row[place] = prepare(row[place], one)
        return row

    return ", ".join(f'"{field.column}"' for field in fields), row_of


def _preparation(field: "Field[Any, Any]") -> Callable[[Any, Model], Any] | None:
    """What has to be done to a value before it is written; most are written as they are."""
    if isinstance(field, JSONField):
        return lambda value, one: field.get_db_prep_save(value, connection)
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return lambda value, one: field.pre_save(one, True)
    return None
