"""Two things measured in the same run, and the bare SQL behind a page."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

ROUNDS = 9


def seconds(run: Callable[[], Any]) -> float:
    started = perf_counter()
    run()
    return perf_counter() - started


def in_turn(first: Callable[[], Any], second: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, float]:
    """Medians of two things run in turn, so that a slow moment of the machine hits both."""
    first(), second()
    pairs = [(seconds(first), seconds(second)) for _ in range(rounds)]
    return median(a for a, _ in pairs), median(b for _, b in pairs)


def queries_of(path: str) -> list[str]:
    """The SELECTs that a page asks, its WITH queries among them."""
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(path).status_code == 200
    return [query["sql"] for query in captured if query["sql"].lstrip().startswith(("SELECT", "WITH"))]


def run_again(queries: list[str]) -> None:
    with connection.cursor() as cursor:
        for query in queries:
            cursor.cursor.execute(query)
            cursor.cursor.fetchall()
