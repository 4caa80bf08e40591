"""Which imports the worker carries on, and what neither a failure nor a wish to stop may do to the others."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import psutil
import pytest
from django.db import OperationalError

from articles import worker
from articles.lib import vocabulary as vocab
from articles.models import ImportRun
from articles.worker import Worker

REASON = "the network is not there"


class Imports:
    """Stand-ins that fail as told, and note each call."""

    def __init__(self, *numbers: int, failing: tuple[int, ...] = (), last: int | None = None) -> None:
        self.numbers, self.failing, self.last = numbers, failing, last
        self.called: list[int] = []

    def carry_on(self, run_id: int, *, should_stop: Callable[[], bool]) -> None:
        self.called.append(run_id)
        if run_id in self.failing:
            raise OSError(REASON)

    def should_stop(self) -> bool:
        return self.last in self.called

    def worker(self) -> Worker:
        return Worker(waiting=lambda: self.numbers, carry_on=self.carry_on, should_stop=self.should_stop)


def test_every_waiting_import_is_carried_on_in_order() -> None:
    imports = Imports(3, 5, 8)
    imports.worker().look()
    assert imports.called == [3, 5, 8]


def test_one_that_fails_holds_up_no_other_and_is_let_alone_for_a_while(caplog: pytest.LogCaptureFixture) -> None:
    imports = Imports(3, 5, failing=(3,))
    worker = imports.worker()
    worker.look()
    worker.look()
    assert imports.called == [3, 5, 5]
    assert "Import 3" in caplog.text
    assert REASON in caplog.text


def test_after_the_pause_it_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LONGEST_WITHOUT_IMPORT", 0)
    imports = Imports(3, failing=(3,))
    working = imports.worker()
    working.look()
    working.look()
    assert imports.called == [3, 3]


def test_told_to_stop_it_begins_no_other() -> None:
    imports = Imports(3, 5, 8, last=5)
    imports.worker().run()
    assert imports.called == [3, 5]


def test_a_database_that_is_away_is_said_in_a_line_and_asked_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "LONGEST_WITHOUT_DATABASE", 0)
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0)
    answers = iter([OperationalError("connection\nrefused"), [7]])

    def waiting() -> list[int]:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    imports = Imports(last=7)
    Worker(waiting=waiting, carry_on=imports.carry_on, should_stop=imports.should_stop).run()
    assert imports.called == [7]
    assert [record.exc_info for record in caplog.records] == [False]
    assert "connection refused" in caplog.text


@pytest.mark.django_db
def test_open_imports_left_to_the_worker_wait_and_no_others() -> None:
    def made(state: str, *, is_background: bool = True) -> int:
        return ImportRun.objects.create(origin=vocab.RunOrigin.values()[0], state=state, is_background=is_background).pk

    by_state = {state: made(state) for state in vocab.RunState.values()}
    made("waiting", is_background=False)
    made("running", is_background=False)
    assert worker.waiting() == [by_state["waiting"], by_state["running"]]


PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE, text=True)
print(child.stdout.readline(), end="", flush=True)
sys.stdin.read()
"""
CHILD = """
import os, time
from articles.worker import StopRequest
should_stop = StopRequest(os.getppid())
print(os.getpid(), should_stop(), flush=True)
while not should_stop():
    time.sleep(0.02)
"""


def test_the_end_of_the_parent_is_a_wish_to_stop() -> None:
    child = f"import django; django.setup()\n{CHILD}"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "mskb.settings"}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, child],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    pid, is_asked = parent.stdout.readline().split()
    assert is_asked == "False"
    parent.kill()
    parent.wait()
    with suppress(psutil.NoSuchProcess):
        psutil.Process(int(pid)).wait(10)
