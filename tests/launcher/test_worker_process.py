"""The background worker as a child process: kept running, never in the way, and stopped with its parent."""

import os
import signal
import sys
import time
from collections.abc import Iterator

import pytest

from articles.lib import backoff
from mskb import worker_process
from mskb.worker_process import WorkerProcess
from tests.waiting import until

SLEEP = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = time.monotonic()

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(backoff, "time", clock)
    monkeypatch.setattr(worker_process, "time", clock)
    return clock


@pytest.fixture
def worker() -> Iterator[WorkerProcess]:
    worker = WorkerProcess()
    yield worker
    if worker._process:
        worker._process.kill()
        worker._process.wait()


def runs(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr(worker_process, "COMMAND", words)


def pid(worker: WorkerProcess) -> int | None:
    return worker._process.pid if worker._process else None


def wait_for_end(worker: WorkerProcess) -> None:
    worker._process.wait(20)


def test_one_process_is_started_and_left_running(worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    runs(monkeypatch, sys.executable, "-c", SLEEP)
    worker.look_after()
    first = pid(worker)
    worker.look_after()
    assert first
    assert pid(worker) == first


def test_a_killed_one_is_started_again_after_a_pause_and_this_is_said(
    worker: WorkerProcess, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs(monkeypatch, sys.executable, "-c", SLEEP)
    worker.look_after()
    os.kill(pid(worker), signal.SIGKILL)
    wait_for_end(worker)
    worker.look_after()
    assert pid(worker) is None
    assert "imports wait" in capsys.readouterr().err
    clock.now += 1.1
    worker.look_after()
    assert worker._process.poll() is None


def pauses(worker: WorkerProcess, clock: Clock, lived: float, times: int) -> list[int]:
    """How many seconds passed between each end and the next start."""
    found = []
    for _ in range(times):
        worker.look_after()
        wait_for_end(worker)
        clock.now += lived
        worker.look_after()
        begin = clock.now
        while not worker._pause.is_over:
            clock.now += 1
        found.append(round(clock.now - begin))
    return found


@pytest.mark.parametrize(("lived", "expected"), [(0.5, [1, 2, 4]), (3600, [1, 1, 1])], ids=["at its start", "later"])
def test_one_that_fails_at_its_start_is_tried_less_and_less(
    worker: WorkerProcess, clock: Clock, monkeypatch: pytest.MonkeyPatch, lived: float, expected: list[int]
) -> None:
    runs(monkeypatch, sys.executable, "-c", "")
    assert pauses(worker, clock, lived, 3) == expected


def test_one_that_cannot_be_started_at_all_is_said_and_does_no_harm(
    worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    runs(monkeypatch, "/no/such/program")
    worker.look_after()
    assert pid(worker) is None
    assert "/no/such/program" in capsys.readouterr().err
    worker.stop()


def test_it_is_stopped_with_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    runs(monkeypatch, sys.executable, "-c", SLEEP)
    with WorkerProcess() as worker:
        worker.look_after()
        process = worker._process
    assert process.returncode == -signal.SIGTERM


def test_one_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(worker_process, "STOP_SECONDS", 0.2)
    runs(monkeypatch, sys.executable, "-c", DEAF)
    with WorkerProcess() as worker:
        worker.look_after()
        process = worker._process
        assert until(lambda: "deaf" in capfd.readouterr().out)
    assert process.returncode == -signal.SIGKILL


def test_a_forked_child_does_not_stop_its_parents_worker(
    worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs(monkeypatch, sys.executable, "-c", SLEEP)
    worker.look_after()
    monkeypatch.setattr(worker, "_owner", os.getpid() + 1)
    worker.ask_to_stop()
    worker.stop()
    time.sleep(0.1)
    assert worker._process.poll() is None
