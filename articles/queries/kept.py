"""Answers that are kept until the corpus changes.

Counting independent studies over the whole corpus takes time in step with its size; between two changes the answer is
the same. What is kept carries the state of the corpus in its key, so nothing old is ever given out.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.db import connection

# A change that commits late has a lower number than the newest, and may forget an old one: as many as before, but their
# numbers add up to more, for those that come are higher than those that go.
STATE = "SELECT count(*), coalesce(sum(id), 0) FROM articles_listingchange"
KEPT_FOR = 24 * 60 * 60
Rows = list[tuple[Any, ...]]


def state() -> str:
    """Names the state of the rows that the lists read; another one after each change of them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        return "{}-{}".format(*cursor.fetchone())


def answer(sql: str, parameters: Sequence[Any], at: str) -> Rows:
    """The rows of a SELECT over the listing rows and the trees: kept from before, else asked for.

    `at` is the `state` from before anything was read.
    """
    key = hashlib.sha256(repr((at, sql, parameters)).encode()).hexdigest()
    rows: Rows | None = cache.get(key)
    if rows is None:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            rows = cursor.fetchall()
        cache.set(key, rows, KEPT_FOR)
    return rows
