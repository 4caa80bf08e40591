"""Worker processes that are killed, stopped, doubled, and robbed of their database: every step is done once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
import pytest

from articles.queries.runs import WORKER as SESSION
from mskb.data_folder import PROJECT
from mskb.embedded_postgres import SharedServer
from mskb.embedded_postgres.server import Server
from tests.waiting import until
from tests.worker import toy

WORKER = "import django; django.setup(); from tests.worker import toy; toy.main()"
STEPS = 60


class Place:
    """A server of the test's own with toy imports, and the workers started on it."""

    def __init__(self, server: SharedServer) -> None:
        self.server = server
        self.workers: list[subprocess.Popen] = []
        self.ask(f"{toy.TABLES} TRUNCATE toy_import, toy_step")

    def ask(self, query: str, *values: object) -> list[tuple]:
        with psycopg.connect(self.server.url) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def add_import(self, number: int, steps: int = STEPS) -> None:
        self.ask("INSERT INTO toy_import VALUES (%s, %s)", number, steps)

    def start_worker(self) -> subprocess.Popen:
        environment = {
            **os.environ,
            "DATABASE_URL": self.server.url,
            "DATA_DIR": str(self.server.data_dir),
            "DJANGO_SETTINGS_MODULE": "mskb.settings",
        }
        started = subprocess.Popen([sys.executable, "-c", WORKER], cwd=PROJECT, env=environment)
        self.workers.append(started)
        return started

    def steps(self, number: int = 1) -> list[int]:
        return [row[0] for row in self.ask("SELECT number FROM toy_step WHERE import_id = %s ORDER BY 1", number)]

    def sessions(self) -> int:
        """How many workers have reached the database."""
        return self.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", SESSION)[0][0]

    def is_in_the_middle(self) -> bool:
        return 5 < len(self.steps()) < STEPS - 5

    def kill_server(self) -> None:
        process = Server(self.server.data_dir)._process()
        process.kill()
        process.wait()

    def is_done(self, number: int = 1) -> bool:
        return len(self.steps(number)) >= STEPS


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedServer]:
    with SharedServer(tmp_path_factory.mktemp("kill"), durable=False) as server:
        yield server


@pytest.fixture
def place(server: SharedServer) -> Iterator[Place]:
    server.heal()
    place = Place(server)
    yield place
    for worker in place.workers:
        worker.kill()
        worker.wait()


EACH_ONCE = list(range(1, STEPS + 1))


def test_what_a_killed_worker_left_is_finished_by_the_next(place: Place) -> None:
    place.add_import(1)
    killed = place.start_worker()
    assert until(place.is_in_the_middle)
    killed.kill()
    killed.wait()
    assert not place.is_done()
    place.start_worker()
    assert until(place.is_done)
    assert place.steps() == EACH_ONCE


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_after_its_batch_and_the_next_goes_on(place: Place, number: int) -> None:
    place.add_import(1)
    stopped = place.start_worker()
    assert until(place.is_in_the_middle)
    stopped.send_signal(number)
    assert stopped.wait(5) == 0
    assert not place.is_done()
    place.start_worker()
    assert until(place.is_done)
    assert place.steps() == EACH_ONCE


def test_two_workers_share_the_imports_and_do_each_once(place: Place) -> None:
    place.start_worker()
    place.start_worker()
    assert until(lambda: place.sessions() == 2)
    place.add_import(1)
    place.add_import(2)
    assert until(lambda: place.is_done(1) and place.is_done(2))
    assert place.steps(1) == EACH_ONCE
    assert place.steps(2) == EACH_ONCE
    each = place.ask("SELECT count(DISTINCT worker) FROM toy_step GROUP BY import_id")
    assert each == [(1,), (1,)]


def test_a_worker_outlives_a_killed_server_and_goes_on_when_it_is_back(place: Place) -> None:
    place.add_import(1)
    worker = place.start_worker()
    assert until(place.is_in_the_middle)
    place.kill_server()
    time.sleep(1)
    assert place.server.heal()
    assert until(place.is_done)
    assert worker.poll() is None
    assert place.steps() == EACH_ONCE


def test_it_ends_when_told_so_while_the_server_is_away(place: Place) -> None:
    place.add_import(1)
    worker = place.start_worker()
    assert until(place.is_in_the_middle)
    place.kill_server()
    time.sleep(0.5)
    worker.terminate()
    assert worker.wait(8) == 0
