"""The server process of one data folder: found, started, healed, stopped. The caller holds the start lock."""

import contextlib
import os
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from psycopg import pq
from psycopg.conninfo import make_conninfo

from mskb.embedded_postgres.account import (
    ENVIRONMENT,
    Account,
    make_private_folder,
    programs,
    run_as,
    server_account,
)
from mskb.embedded_postgres.cluster import DATABASE, ROLE, make_cluster
from mskb.embedded_postgres.errors import PostgresError

SOCKET = ".s.PGSQL.5432"
# The shortest limit of the systems served is macOS's, 104 bytes with the closing NUL.
LONGEST_SOCKET_PATH = 103
LARGEST_LOG = 10_000_000

START_SECONDS = 60
STOP_SECONDS = 60
STRAY_SECONDS = 15

NOT_DURABLE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


@dataclass(frozen=True)
class Server:
    """The PostgreSQL server of `data_dir`; `durable` false gives up safety in a power cut for speed, for tests."""

    data_dir: Path
    durable: bool = True

    @property
    def cluster(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def log(self) -> Path:
        return self.data_dir / "postgres.log"

    def ensure_running(self, password: str) -> Path:
        """The folder of the socket of the running server, started where it was not. Raises PostgresError."""
        account = server_account(self.cluster)
        if not self.cluster.exists():
            make_cluster(self.cluster, account, password, durable=self.durable)
        folder = self._socket_folder()
        if folder and self._answers(folder):
            return folder
        self._stop_unreachable()
        folder = folder or self._make_socket_folder(account)
        self._start(folder, account)
        return folder

    def is_running(self) -> bool:
        """True while its process lives, which is cheap to ask, or else the socket answers."""
        folder = self._socket_folder()
        return self._process() is not None or bool(folder and ping(folder) == pq.Ping.OK)

    def stop(self) -> None:
        """Stop the server, open sessions included, and leave nothing outside the data folder. Raises PostgresError."""
        self._end_process()
        folder = self._socket_folder()
        if folder and folder.parent != self.data_dir:
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _end_process(self) -> None:
        process = self._process()
        if not process:
            return
        # SIGINT is PostgreSQL's "fast" shutdown.
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_SECONDS)
            except psutil.TimeoutExpired:
                raise PostgresError(f"PostgreSQL (process {process.pid}) does not stop. See {self.log}") from None

    # --- Found ---------------------------------------------------------------------------------------------------

    def _answers(self, folder: Path) -> bool:
        """True when the server accepts sessions; one that is just starting or stopping is waited for."""
        deadline = time.monotonic() + START_SECONDS
        while (state := ping(folder)) == pq.Ping.REJECT and time.monotonic() < deadline:
            time.sleep(0.02)
        return state == pq.Ping.OK

    def _process(self) -> psutil.Process | None:
        """This cluster's server process, or None; a stranger that got its number is not taken for it."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            words = process.cmdline()
        except (OSError, ValueError, psutil.Error):
            return None
        is_ours = process.name().startswith("postgres") and str(self.cluster) in words
        return process if is_ours and process.status() != psutil.STATUS_ZOMBIE else None

    # --- Healed --------------------------------------------------------------------------------------------------

    def _stop_unreachable(self) -> None:
        """Stop a server whose socket is gone, then remove what a killed one left behind.

        PostgreSQL would take any living process with the number in these files for its own old server, and not start.
        """
        self._end_process()
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        if folder := self._socket_folder():
            for name in (SOCKET, f"{SOCKET}.lock"):
                (folder / name).unlink(missing_ok=True)

    # --- Started -------------------------------------------------------------------------------------------------

    def _start(self, folder: Path, account: Account | None) -> None:
        """Start and wait until sessions are accepted; sessions of a killed server get a while to end first."""
        command = [*run_as(account, self.cluster), programs() / "postgres", *self._options(folder)]
        deadline = time.monotonic() + STRAY_SECONDS
        while failure := self._start_once(command, folder):
            if "pre-existing shared memory block" not in failure or time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL did not start; the end of {self.log}:\n{failure}")
            time.sleep(0.2)

    def _start_once(self, command: list[str | Path], folder: Path) -> str:
        """Start the server; the end of its log when it failed, else nothing."""
        self._cut_log()
        with self.log.open("ab") as log:
            begin = log.tell()
            # A session of its own: Ctrl-C in the terminal must not reach the server before its users have ended.
            process = subprocess.Popen(
                command,
                cwd="/",
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        STARTED.append(process)
        if wait_until(lambda: process.poll() is not None or ping(folder) == pq.Ping.OK, START_SECONDS):
            return "" if process.poll() is None else self._log_since(begin)
        process.send_signal(signal.SIGINT)
        raise PostgresError(f"PostgreSQL did not accept sessions within {START_SECONDS} s. See {self.log}")

    def _options(self, folder: Path) -> list[str | Path]:
        quoted = '"' + str(folder).replace('"', '""') + '"'
        values = ["listen_addresses=", f"unix_socket_directories={quoted}", "unix_socket_permissions=0700", "port=5432"]
        values += ["timezone=UTC", "log_timezone=UTC", *([] if self.durable else NOT_DURABLE)]
        return ["-D", self.cluster, *(word for value in values for word in ("-c", value))]

    def _cut_log(self) -> None:
        """Keep one old log, so that the log does not grow without end."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(mode=0o600)

    def _log_since(self, begin: int) -> str:
        text = self.log.read_bytes()[begin:].decode("utf-8", "replace")
        return "\n".join(text.strip().splitlines()[-8:])

    # --- The socket's folder -------------------------------------------------------------------------------------

    def _socket_folder(self) -> Path | None:
        """Where the socket is or was, None before the first start and after the system cleaned it away."""
        usual = self.data_dir / "run"
        if fits_socket(usual):
            return usual if usual.is_dir() else None
        try:
            recorded = Path((self.data_dir / "socket_folder").read_text().rstrip("\n"))
        except FileNotFoundError:
            return None
        return recorded if self._is_private(recorded) else None

    def _make_socket_folder(self, account: Account | None) -> Path:
        folder = self.data_dir / "run"
        if not fits_socket(folder):
            folder = Path(tempfile.mkdtemp(prefix="mskb-"))
            (self.data_dir / "socket_folder").write_text(f"{folder}\n")
        make_private_folder(folder, account)
        return folder

    def _is_private(self, folder: Path) -> bool:
        """True for a real folder, closed to others, of the cluster's owner: anybody may write where it was made."""
        try:
            found = folder.lstat()
        except OSError:
            return False
        owner = self.cluster.stat().st_uid
        return stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700 and found.st_uid == owner


# Kept so that a server started by this process is reaped when it ends.
STARTED: list[subprocess.Popen[bytes]] = []


def fits_socket(folder: Path) -> bool:
    """True when the socket's path is short enough and libpq does not read it as a list of hosts."""
    return len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET_PATH and "," not in str(folder)


def ping(folder: Path) -> pq.Ping:
    """Whether the server behind the socket accepts sessions; needs no password."""
    conninfo = make_conninfo(host=str(folder), port=5432, user=ROLE, dbname=DATABASE, connect_timeout=5)
    return pq.Ping(pq.PGconn.ping(conninfo.encode()))


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until the condition holds; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
