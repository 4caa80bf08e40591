"""Waiting longer after each failure."""

import time


class Backoff:
    """A pause that doubles with every failure in a row, from `first` to `longest` seconds; over at the beginning."""

    def __init__(self, *, first: float = 1, longest: float = 60) -> None:
        self.first, self.longest = first, longest
        self.reset()

    def reset(self) -> None:
        """Forget the failures: it went well."""
        self.seconds = 0.0
        self._over_at = 0.0

    def lengthen(self) -> float:
        """Begin the pause after a failure; its length in seconds."""
        self.seconds = min(self.longest, 2 * self.seconds or self.first)
        self._over_at = time.monotonic() + self.seconds
        return self.seconds

    @property
    def is_over(self) -> bool:
        """True when it may be tried again."""
        return time.monotonic() >= self._over_at
