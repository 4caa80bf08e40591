"""No host is asked more often than it likes."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass
class Pace:
    """The shortest time between two requests to one host: `intervals` in seconds by host, else `otherwise`."""

    intervals: Mapping[str, float] = field(default_factory=dict)
    otherwise: float = 1.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _free_at: dict[str, float] = field(default_factory=dict)

    def wait(self, host: str) -> None:
        """Return when the host may be asked; to be called before every request."""
        now = self.clock()
        free_at = self._free_at.get(host, now)
        if free_at > now:
            self.sleep(free_at - now)
        self._free_at[host] = max(free_at, now) + self.intervals.get(host, self.otherwise)
