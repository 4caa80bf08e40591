"""An import whose worker and PostgreSQL are killed in the middle ends with the database of an undisturbed one."""

from pathlib import Path

from mskb.embedded_postgres import SharedServer
from tests.worker import killing

# Three batches: one before the first kill, one between the two, one after them. `make bench` imports thirty thousand.
RECORDS = 1_200


def test_kills_in_the_middle_leave_no_trace(tmp_path: Path) -> None:
    # What the server wrote outlives a kill in any case, as the system under it still runs.
    with SharedServer(tmp_path, durable=False) as server:
        assert killing.differences(server, tmp_path, RECORDS) == []
