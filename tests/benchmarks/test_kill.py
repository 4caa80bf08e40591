"""Imports of full size that are killed in the middle, on a server with the settings of a real installation."""

import os
from pathlib import Path

import pytest

from mskb.embedded_postgres import SharedServer
from tests.worker import killing

RECORDS = int(os.environ.get("BENCH_RECORDS", "30000"))


@pytest.mark.bench
def test_kills_in_the_middle_of_a_large_import_leave_no_trace(tmp_path: Path) -> None:
    with SharedServer(tmp_path) as server:
        assert killing.differences(server, tmp_path, RECORDS) == []
    print(f"\n{RECORDS:,} records, worker and PostgreSQL killed in the middle: no difference")
