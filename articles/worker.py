"""The background worker: carries on, one after the other, the imports that were left to it.

An import's own row is its place in the queue. It is there exactly when the import is, it says how far the import got,
and whoever carries it on holds an advisory lock that ends with their session. So nothing has to be healed after a kill,
of a worker or of PostgreSQL: the row is still open, nobody holds the lock, and the next worker that looks goes on. A
queue beside that row would be a second opinion about the same thing, to be kept in agreement with the first.
"""

import logging
import os
import signal
import time
from collections.abc import Callable, Iterable
from functools import partial
from types import FrameType
from typing import Protocol

from django.db import DatabaseError, InterfaceError, connections

from articles.lib import vocabulary as vocab
from articles.lib.backoff import Backoff
from articles.models import ImportRun
from articles.queries.runs import WORKER

logger = logging.getLogger(__name__)

# How soon a new import begins, at the latest.
LOOK_SECONDS = 1.0
# A database that is back is wanted soon; an import that fails by itself will hardly do better in a minute.
LONGEST_WITHOUT_DATABASE, LONGEST_WITHOUT_IMPORT = 5, 300


class CarryOn(Protocol):
    """Carries one import on to its end, or until `should_stop` says so after a batch; returns at once where it is done
    or somebody else carries it on."""

    def __call__(self, run_id: int, *, should_stop: Callable[[], bool]) -> None: ...


class Worker:
    """Looks for waiting imports and carries them on, until `should_stop`; no failure ends it."""

    def __init__(
        self, *, waiting: Callable[[], Iterable[int]], carry_on: CarryOn, should_stop: Callable[[], bool]
    ) -> None:
        self._waiting = waiting
        self._carry_on = carry_on
        self._should_stop = should_stop
        self._looking = Backoff(longest=LONGEST_WITHOUT_DATABASE)
        self._pauses: dict[int, Backoff] = {}

    def run(self) -> None:
        """Work until told to stop."""
        while not self._should_stop():
            self.look()
            if not self._should_stop():
                time.sleep(LOOK_SECONDS)

    def look(self) -> None:
        """Carry every waiting import on, once; what failed is let alone for a while, longer each time."""
        found: list[int] = []
        self._try("The worker cannot look for imports", self._looking, lambda: found.extend(self._waiting()))
        for run_id in found:
            if self._should_stop():
                return
            pause = self._pauses.setdefault(run_id, Backoff(longest=LONGEST_WITHOUT_IMPORT))
            work = partial(self._carry_on, run_id, should_stop=self._should_stop)
            self._try(f"Import {run_id} cannot go on", pause, work)

    def _try(self, failure: str, pause: Backoff, work: Callable[[], object]) -> None:
        if not pause.is_over:
            return
        try:
            work()
        except Exception as error:
            # The session may be broken, or hold a lock that nobody would free.
            connections.close_all()
            is_expected = isinstance(error, DatabaseError | InterfaceError)
            logger.error(
                "%s: %s Next try in %g s.", failure, _sentence(error), pause.lengthen(), exc_info=not is_expected
            )
        else:
            pause.reset()


class StopRequest:
    """True once SIGTERM or SIGINT came, or once the process `parent` is no longer the one above this."""

    def __init__(self, parent: int | None = None) -> None:
        self._is_asked = False
        self._parent = parent
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def __call__(self) -> bool:
        return self._is_asked or (self._parent is not None and os.getppid() != self._parent)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._is_asked = True


def waiting() -> list[int]:
    """The imports left to the worker that have not ended, oldest first: new ones and those that were broken off."""
    open_states = [vocab.RunState.WAITING.value, vocab.RunState.RUNNING.value]
    runs = ImportRun.objects.filter(is_background=True, state__in=open_states)
    return list(runs.order_by("pk").values_list("pk", flat=True))


def use_one_session() -> None:
    """Without a pool a lost server is noticed at once, and a session's locks end where it is closed.

    By the session's name pages tell that there is a worker.
    """
    options = connections.settings["default"]["OPTIONS"]
    options.pop("pool", None)
    options["application_name"] = WORKER


def _sentence(error: Exception) -> str:
    told = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return told if told.endswith((".", "?", "!")) else f"{told}."
