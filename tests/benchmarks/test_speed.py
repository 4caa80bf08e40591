"""Speed as ratios of two things measured in the same run; `make bench` prints them and writes benchmarks.json.

- A page against the bare SQL it needs: the page's own queries, run again one after the other with nothing around them.
- The CSV against the database's COPY of the same rows, once with the same columns and once as plain as can be.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test import Client

from articles.filters import ClaimFilter
from articles.queries import export
from articles.queries.trees import Trees
from tests.benchmarks import corpus
from tests.benchmarks.measuring import in_turn, queries_of, run_again, seconds

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

SOURCES, CLAIMS_PER_SOURCE = int(os.environ.get("BENCH_SOURCES", "10000")), 5
PAGES = {
    "no filter": "/claims/",
    "one common therapy": "/claims/?therapy=cell-therapy",
    "three filters": "/claims/?therapy=cell-therapy&effect=beneficial&subject=human",
    "a common word": "/claims/?q=relapse",
    "sources, no filter": "/sources/",
    "compare": "/compare/?therapy=exosomes&therapy=mesenchymal-stem-cells",
    "a therapy": "/therapies/mesenchymal-stem-cells/",
    "home": "/",
}
PLAIN = """
    COPY (SELECT c.id, c.statement, c.effect, c.quote, s.id, s.title, s.kind FROM articles_claimlisting l
    JOIN articles_claim c ON c.id = l.claim_id JOIN articles_source s ON s.id = c.source_id
    ORDER BY l.year DESC, c.id DESC) TO STDOUT (FORMAT csv, HEADER)
"""


@pytest.fixture(scope="module")
def results() -> Iterator[dict[str, Any]]:
    """Collected, printed and written at the end."""
    collected: dict[str, Any] = {}
    yield collected
    file = Path(settings.BASE_DIR) / "benchmarks.json"
    file.write_text(json.dumps(collected, indent=2) + "\n", "utf-8")
    print(f"\nwritten: {file.name}")


def copied(statement: str, parameters: Any = None) -> int:
    with connection.cursor() as cursor, cursor.cursor.copy(statement, parameters) as blocks:
        return sum(len(block) for block in blocks)


def test_speed(results: dict[str, Any]) -> None:
    print(f"\nbuilding {SOURCES * CLAIMS_PER_SOURCE:,} claims over {SOURCES:,} sources ...", flush=True)
    results["built_in_seconds"] = round(seconds(lambda: corpus.build(SOURCES, CLAIMS_PER_SOURCE)), 1)
    results["claims"] = SOURCES * CLAIMS_PER_SOURCE
    client = Client()
    results["pages"] = {}
    print(f"{'page':<24}{'page ms':>9}{'SQL ms':>9}{'ratio':>8}{'queries':>9}")
    for name, path in PAGES.items():
        queries = queries_of(path)
        page, sql = in_turn(lambda path=path: client.get(path), lambda queries=queries: run_again(queries))
        figures = {"page_ms": page * 1000, "sql_ms": sql * 1000, "ratio": page / sql, "queries": len(queries)}
        results["pages"][name] = {key: round(value, 2) for key, value in figures.items()}
        print(f"{name:<24}{page * 1000:>9.1f}{sql * 1000:>9.1f}{page / sql:>8.2f}{len(queries):>9}")
    results["csv"] = csv_figures(client)


def csv_figures(client: Client) -> dict[str, Any]:
    rows = SOURCES * CLAIMS_PER_SOURCE
    select, parameters = export.select(ClaimFilter(QueryDict(), Trees.load()).ordered())
    statement = f"COPY ({select}) TO STDOUT (FORMAT csv)"

    def ours() -> int:
        return sum(len(block) for block in client.get("/claims.csv").streaming_content)

    csv_seconds, copy_seconds = in_turn(ours, lambda: copied(statement, parameters))
    again, plain_seconds = in_turn(ours, lambda: copied(PLAIN))
    figures = {
        "rows_per_second": rows / csv_seconds,
        "share_of_copy_of_the_same_columns": copy_seconds / csv_seconds,
        "share_of_copy_of_seven_plain_columns": plain_seconds / again,
    }
    print(f"CSV: {figures['rows_per_second']:,.0f} rows per second")
    print(f"CSV / COPY of the same columns: {figures['share_of_copy_of_the_same_columns']:.2f}")
    print(f"CSV / COPY of seven plain columns: {figures['share_of_copy_of_seven_plain_columns']:.2f}")
    return {key: round(value, 2) for key, value in figures.items()}
