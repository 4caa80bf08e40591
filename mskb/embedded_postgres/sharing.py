"""One server for several processes: the first one in starts it, the last one out stops it."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

from mskb.data_folder import DataFolderError, secret
from mskb.embedded_postgres.cluster import DATABASE, ROLE
from mskb.embedded_postgres.errors import PostgresError
from mskb.embedded_postgres.server import Server


class SharedServer:
    """This process's share in the server of a data folder.

    `with SharedServer(folder) as server: server.url` or `join()` and `leave()`. The kernel frees the share of a process
    that was killed; the server then runs on until the next user leaves.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        """`durable` false gives up safety in a power cut for speed: for tests."""
        self.data_dir = data_dir
        self.url = ""
        self._server = Server(data_dir, durable)
        self._share: int | None = None
        self._owner = 0

    def join(self) -> str:
        """Join the server, starting it if needed; the DATABASE_URL to use. Raises PostgresError."""
        try:
            with self._said_in_words(), self._starting_or_stopping():
                self._share = _open_lock(self.data_dir / "users.lock")
                fcntl.flock(self._share, fcntl.LOCK_SH)
                self._owner = os.getpid()
                self.url = self._running_url()
        except BaseException:
            self.leave()
            raise
        return self.url

    def leave(self) -> None:
        """Leave the server; the last one stops it. Does nothing twice, nor in a forked child. Raises PostgresError."""
        if self._share is None or self._owner != os.getpid():
            return
        share, self._share = self._share, None
        try:
            with self._starting_or_stopping():
                if _is_last(share):
                    self._server.stop()
        finally:
            os.close(share)

    def heal(self) -> bool:
        """Start the server again where it was killed while we use it; True when that was so. Raises PostgresError."""
        if self._server.is_running():
            return False
        with self._said_in_words(), self._starting_or_stopping():
            if self._running_url() != self.url:
                raise PostgresError("PostgreSQL was killed and has another address now: start the command again.")
        return True

    def __enter__(self) -> Self:
        self.join()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def _running_url(self) -> str:
        password = secret(self.data_dir / "database_password")
        folder = self._server.ensure_running(password)
        try:
            psycopg.connect(host=str(folder), user=ROLE, password=password, dbname=DATABASE).close()
        except psycopg.OperationalError as error:
            raise PostgresError(
                f"PostgreSQL runs, but {self.data_dir / 'database_password'} does not open it: {error}"
            ) from error
        return f"postgres://{ROLE}:{password}@{quote(os.fsencode(folder), safe='')}/{DATABASE}"

    @contextlib.contextmanager
    def _said_in_words(self) -> Iterator[None]:
        """What the system refuses becomes a PostgresError that says what to do."""
        try:
            yield
        except OSError as error:
            raise PostgresError(f"Cannot use the data folder {self.data_dir}: {error}. Set DATA_DIR.") from error
        except DataFolderError as error:
            raise PostgresError(str(error)) from error

    @contextlib.contextmanager
    def _starting_or_stopping(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        lock = _open_lock(self.data_dir / "start.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _is_last(share: int) -> bool:
    try:
        fcntl.flock(share, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
