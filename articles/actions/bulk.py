"""Many new rows at once, by COPY: several times faster than INSERT, and triggers and constraints see every row."""

# Django's Field takes parameters for the type checker only.
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def new_keys(model: type[Model], number: int) -> list[int]:
    """Primary keys that nobody else gets, in ascending order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column if model._meta.pk else "id", number],
        )
        return sorted(key for (key,) in cursor.fetchall())


def copy_in(objects: Sequence[Model]) -> None:
    """Write new rows of one model. A missing primary key is taken from its sequence; nothing is read back."""
    if not objects:
        return
    model = type(objects[0])
    has_key = objects[0].pk is not None
    fields = [field for field in _written(model) if has_key or not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.wrap_database_errors, connection.cursor() as cursor:
        # Who changes what travels to the history with a statement, and COPY is none that it could travel with.
        cursor.execute(f'LOCK TABLE "{model._meta.db_table}" IN ROW EXCLUSIVE MODE')
        with cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as copy:
            for row in _rows(objects, fields):
                copy.write_row(row)


def _written(model: type[Model]) -> list[Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


def _rows(objects: Iterable[Model], fields: Sequence[Field[Any, Any]]) -> Iterable[list[Any]]:
    for one in objects:
        yield [field.get_db_prep_save(field.pre_save(one, True), connection) for field in fields]
