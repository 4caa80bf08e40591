"""Waiting for what other processes, threads and sessions do."""

import time
from collections.abc import Callable


def until(condition: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait for the condition; what it says at the end."""
    deadline = time.monotonic() + seconds
    while not (holds := condition()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds
