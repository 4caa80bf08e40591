"""A worker as `manage.py worker` is one, with toy imports that count to their end.

A step of an import is one row and one transaction. What is the worker's and what the import's own is divided as in the
program: the import takes an advisory lock and keeps its place, the worker finds it and calls it.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from articles import worker

TABLES = """
CREATE TABLE IF NOT EXISTS toy_import (id int PRIMARY KEY, steps int NOT NULL);
CREATE TABLE IF NOT EXISTS toy_step (import_id int, number int, worker int);
"""
STEP_SECONDS = 0.02


def waiting() -> list[int]:
    """The imports that lack steps."""
    done = "SELECT count(*) FROM toy_step WHERE import_id = i.id"
    return [row[0] for row in rows(f"SELECT id FROM toy_import i WHERE steps > ({done}) ORDER BY id")]


def carry_on(run_id: int, *, should_stop: Callable[[], bool]) -> None:
    """Add the missing steps, one by one."""
    with lock(run_id) as is_ours:
        while is_ours and run_id in waiting() and not should_stop():
            time.sleep(STEP_SECONDS)
            done = rows("SELECT count(*) FROM toy_step WHERE import_id = %s", run_id)[0][0]
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO toy_step VALUES (%s, %s, %s)", [run_id, done + 1, os.getpid()])


@contextmanager
def lock(run_id: int) -> Iterator[bool]:
    """Whether this session got the import for itself."""
    is_ours = rows("SELECT pg_try_advisory_lock(%s)", run_id)[0][0]
    try:
        yield is_ours
    finally:
        if is_ours and connection.is_usable():
            rows("SELECT pg_advisory_unlock(%s)", run_id)


def rows(query: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def main() -> None:
    """Work until told to stop."""
    worker.use_one_session()
    worker.Worker(waiting=waiting, carry_on=carry_on, should_stop=worker.StopRequest()).run()
