"""An import of 30,000 records against reading them alone, a second import against the first, and its memory.

Each is a process of its own on a server with the settings of a real installation. "Parse alone" is `scan` and `read`:
the file cut, and every record understood. For comparison lxml goes once through the same file and keeps nothing.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mskb.data_folder import PROJECT
from mskb.embedded_postgres import SharedServer
from tests.benchmarks import pubmed_file
from tests.worker.installation import Installation

RECORDS = int(os.environ.get("BENCH_RECORDS", "30000"))
MOST_MB = 300
MEASURE = """
import json, sys, time
from pathlib import Path
import django
django.setup()
from lxml import etree
from articles import importers
from articles.actions import runs
from tests.benchmarks import peak

path, step = Path(sys.argv[1]), sys.argv[2]

def lxml_alone():
    with path.open("rb") as file:
        for _event, element in etree.iterparse(file, tag="PubmedArticle", resolve_entities=False, no_network=True):
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]

def parse_alone():
    with path.open("rb") as file:
        for found in importers.scan(file):
            found.read()

def whole_import():
    run = runs.start(by=None, origin="command", files=[runs.Given(path.name)])
    for _done in runs.carry_out(run, open_file=lambda file: path.open("rb")):
        pass
    return {name: getattr(run, f"{name}_total") for name in ("created", "unchanged", "duplicate", "failed")}

begun = time.perf_counter()
told = globals()[step]()
seconds = time.perf_counter() - begun
print(json.dumps({"seconds": seconds, "megabytes": peak.megabytes(), "counts": told}))
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    with SharedServer(tmp_path) as server:
        made = Installation(server, tmp_path / "data", "speed")
        made.make()
        yield made


def measured(place: Installation, file: Path, step: str) -> dict[str, Any]:
    words = [sys.executable, "-c", MEASURE, str(file), step]
    done = subprocess.run(words, cwd=PROJECT, env=place.environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.bench
def test_a_large_import(place: Installation, tmp_path: Path) -> None:
    file = tmp_path / "made-up.xml"
    pubmed_file.write(file, RECORDS)
    lxml = measured(place, file, "lxml_alone")
    parse = measured(place, file, "parse_alone")
    first = measured(place, file, "whole_import")
    second = measured(place, file, "whole_import")
    rates = {name: RECORDS / step["seconds"] for name, step in (("lxml", lxml), ("parse", parse), ("import", first))}
    print(
        f"\n{RECORDS:,} records, {file.stat().st_size / RECORDS / 1000:.1f} kB each; per second: "
        f"lxml alone {rates['lxml']:,.0f}, parse alone {rates['parse']:,.0f}, whole import {rates['import']:,.0f}, "
        f"again {RECORDS / second['seconds']:,.0f}\n"
        f"whole import / parse alone: {rates['import'] / rates['parse']:.2f} (aim: at least 0.33)\n"
        f"second import: {first['seconds'] / second['seconds']:.1f} times as fast (aim: at least 5)\n"
        f"memory at most {first['megabytes']} MB (aim: under {MOST_MB})"
    )
    assert first["counts"]["failed"] == 0
    assert first["counts"]["created"] + first["counts"]["duplicate"] == RECORDS
    assert second["counts"]["unchanged"] == RECORDS
    assert first["megabytes"] < MOST_MB
