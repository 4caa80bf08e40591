"""A time by which an answer must be whole, however slowly it drips in."""

import ssl
import time
from typing import Any

import httpcore


class Deadline:
    """So many seconds from now, all steps together."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds

    def bound(self, timeout: float | None) -> float:
        """How long the next step may take. Raises `httpcore.ReadTimeout` once the time is over."""
        left = self._ends_at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("The time is over.")
        return left if timeout is None else min(left, timeout)


class TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What came next, at most so many bytes."""
        return self._stream.read(max_bytes, self._deadline.bound(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        self._stream.write(buffer, self._deadline.bound(timeout))

    def close(self) -> None:
        """End the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted."""
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.bound(timeout))
        return TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the connection beneath knows of itself."""
        return self._stream.get_extra_info(info)
