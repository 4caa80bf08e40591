"""The background worker as a child of `make run`."""

import os
import subprocess
import sys
import time
from types import TracebackType
from typing import Self

from articles.lib.backoff import Backoff
from mskb.data_folder import PROJECT

COMMAND = (sys.executable, "manage.py", "worker")
# A worker that lived this long did not fail at its start.
STEADY_SECONDS = 60
# It stops after the batch it is at; one that is killed goes on there at the next start as well.
STOP_SECONDS = 10


class WorkerProcess:
    """`manage.py worker`: started, started again after a growing pause when it ended, and stopped.

    Pages do not depend on it: where it cannot start, this is said, and imports wait.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._pause = Backoff()
        self._started_at = 0.0
        self._owner = os.getpid()

    def look_after(self) -> None:
        """Start it where it does not run; to be called every second or so."""
        if self._process and self._process.poll() is not None:
            self._process = None
            self._note_end("ended")
        if self._process is None and self._pause.is_over:
            self._start()

    def ask_to_stop(self) -> None:
        """Let it finish its batch; does nothing in a forked child."""
        if self._process and self._owner == os.getpid():
            self._process.terminate()

    def stop(self) -> None:
        """Stop it, by force after a while; does nothing in a forked child."""
        if not self._process or self._owner != os.getpid():
            return
        self.ask_to_stop()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self) -> None:
        command = [*COMMAND, "--parent", str(os.getpid())]
        self._started_at = time.monotonic()
        try:
            self._process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.DEVNULL)
        except OSError as error:
            self._note_end(f"cannot be started ({error})")

    def _note_end(self, what: str) -> None:
        if time.monotonic() - self._started_at > STEADY_SECONDS:
            self._pause.reset()
        seconds = self._pause.lengthen()
        message = f"The background worker {what}; imports wait. Starting it again in {seconds:g} s."
        print(message, file=sys.stderr, flush=True)
