"""Map, question and comparison at two sizes of the corpus: against their bare SQL, and how they grow.

- anew: nothing is kept, as after a change of the corpus; the page against its own queries, run again one by one.
- kept: what a reader meets between two changes.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.benchmarks import corpus
from tests.benchmarks.measuring import in_turn, queries_of, run_again, seconds

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "10000,100000").split(","))
CLAIMS_PER_SOURCE = 5
ROUNDS = 3
PAGES = {
    "map": "/map/",
    "map, one condition": "/map/?condition=multiple-sclerosis",
    "crowded question": "/questions/cell-therapy/multiple-sclerosis/disability/",
    "compare two": "/compare/?therapy=exosomes&therapy=mesenchymal-stem-cells",
    "therapy": "/therapies/mesenchymal-stem-cells/",
}


def emptied() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE articles_source, articles_publisher, articles_studygroup CASCADE")


def measured(path: str) -> dict[str, float]:
    client = Client()

    def anew() -> None:
        cache.clear()
        assert client.get(path).status_code == 200

    cache.clear()
    queries = queries_of(path)
    page, sql = in_turn(anew, lambda: run_again(queries), ROUNDS)
    kept, _ = in_turn(lambda: client.get(path), lambda: None)
    figures = {"anew_ms": page * 1000, "sql_ms": sql * 1000, "ratio": page / sql, "kept_ms": kept * 1000}
    return {name: round(value, 2) for name, value in figures.items()} | {"queries": len(queries)}


def test_comparing() -> None:
    results: dict[str, Any] = {}
    for size in SIZES:
        emptied()
        claims = size * CLAIMS_PER_SOURCE
        print(f"\nbuilding {claims:,} claims: {seconds(lambda size=size: corpus.build(size, CLAIMS_PER_SOURCE)):.0f} s")
        print(f"{'page':<24}{'anew ms':>10}{'SQL ms':>10}{'ratio':>8}{'kept ms':>10}{'queries':>9}")
        results[str(claims)] = {name: measured(path) for name, path in PAGES.items()}
        for name, figures in results[str(claims)].items():
            print(
                f"{name:<24}{figures['anew_ms']:>10.1f}{figures['sql_ms']:>10.1f}{figures['ratio']:>8.2f}"
                f"{figures['kept_ms']:>10.1f}{figures['queries']:>9}"
            )
    small, large = (results[str(size * CLAIMS_PER_SOURCE)] for size in (SIZES[0], SIZES[-1]))
    print(f"\n{'growth':<24}{'anew':>10}{'kept':>10}")
    for name in PAGES:
        growth = {key: large[name][f"{key}_ms"] / small[name][f"{key}_ms"] for key in ("anew", "kept")}
        results.setdefault("growth", {})[name] = {key: round(value, 2) for key, value in growth.items()}
        print(f"{name:<24}{growth['anew']:>10.1f}{growth['kept']:>10.1f}")
    (Path(settings.BASE_DIR) / "benchmarks-comparing.json").write_text(json.dumps(results, indent=2) + "\n", "utf-8")
