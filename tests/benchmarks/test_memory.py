"""Memory while a file of a gigabyte is cut into records and every record is understood."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import pubmed_file

MOST_MB = 300
RECORDS = 100_000
SCAN = """
import sys
from articles import importers
from tests.benchmarks import peak
count = 0
with open(sys.argv[1], "rb") as file:
    for found in importers.scan(file):
        assert not found.problem, found.problem
        found.read()
        count += 1
print(count, peak.megabytes())
"""


@pytest.mark.bench
def test_a_gigabyte_is_read_in_little_memory(tmp_path: Path):
    path = tmp_path / "made-up.xml"
    pubmed_file.write(path, RECORDS)
    try:
        assert path.stat().st_size > 1_000_000_000
        done = subprocess.run(
            [sys.executable, "-c", SCAN, str(path)], capture_output=True, text=True, check=True, cwd=Path.cwd()
        )
    finally:
        path.unlink()
    count, megabytes = map(int, done.stdout.split())
    print(f"\n{count:,} records, {megabytes} MB at most")
    assert count == RECORDS
    assert megabytes < MOST_MB
