"""`make run`: start the database, prepare it, serve; end all of it on Ctrl-C or SIGTERM.

The server is gunicorn: pure Python, widely known, and its workers end by themselves when their parent is killed.
Two processes use both cores of a small machine; four threads in each let a slow download or a waiting query not hold up
the pages of others, which is what eight connections of the pool are for. Its main process looks after the database and
the background worker once a second; no thread and no further process has to watch over them.
"""

import contextlib
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer
from gunicorn.http import message
from gunicorn.util import import_app

from mskb.data_folder import DataFolderError, data_folder
from mskb.embedded_postgres import PostgresError, SharedServer
from mskb.worker_process import WorkerProcess

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108

# The state of a list is its address, and a pasted query may be long: the application answers these with a page that
# says what is wrong. Gunicorn's own ceiling, which its setting cannot pass, is an eighth of this.
LONGEST_REQUEST_LINE = message.MAX_REQUEST_LINE = 64 * 1024


class AddressError(Exception):
    """HOST and PORT cannot be served on; the message says why."""


def main() -> None:
    """Run until told to stop; the exit code is 0 after a clean stop, and not 0 with a message after a failure."""
    signal.signal(signal.SIGTERM, end)
    try:
        host, port = address()
        with database() as postgres:
            prepare()
            with WorkerProcess() as worker:
                Server(host, port, postgres, worker).run()
    except (AddressError, DataFolderError, PostgresError) as error:
        sys.exit(f"Error: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def data_dir_prefix() -> str:
    """What a command must begin with to reach the same data: nothing where the data folder is the usual one."""
    given = os.environ.get("DATA_DIR")
    return f"DATA_DIR={shlex.quote(given)} " if given else ""


def address() -> tuple[str, int]:
    """HOST and PORT, tried out. Raises AddressError when they are wrong or taken."""
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise AddressError(f"PORT is {port!r}; it must be a number from 1 to 65535.")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        raise AddressError(
            f"Cannot serve on {host}:{port}: {error.strerror}. Choose another: make run HOST=127.0.0.1 PORT=8001"
        ) from error
    return host, int(port)


@contextlib.contextmanager
def database() -> Iterator[SharedServer | None]:
    """DATABASE_URL for the processes started from here: the given one, or the embedded server's; gives that server."""
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    with SharedServer(data_folder()) as server:
        os.environ["DATABASE_URL"] = server.url
        yield server


def prepare() -> None:
    """Migrate and fill the database, in a process of its own. Ends with its exit code when it fails."""
    result = subprocess.run([sys.executable, "-m", "mskb.bootstrap"], check=False)
    if result.returncode != 0:
        sys.exit(result.returncode)


class Server(BaseApplication):
    """Gunicorn with the settings of this project; its command line and environment do not count."""

    def __init__(self, host: str, port: int, postgres: SharedServer | None, worker: WorkerProcess) -> None:
        self.place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.postgres = postgres
        self.worker = worker
        super().__init__()

    def run(self) -> None:
        """Serve until told to stop; ends the process."""
        Caretaker(self).run()

    def load_config(self) -> None:
        """Set what differs from gunicorn's own values."""
        options: dict[str, Any] = {
            "bind": self.place,
            "worker_class": "gthread",
            "workers": 2,
            "threads": 4,
            "timeout": 60,
            "graceful_timeout": 10,
            "limit_request_line": LONGEST_REQUEST_LINE,
            # Its warnings are about every HEAD request; a worker that fails is an error.
            "loglevel": "error",
            "control_socket_disable": True,
            # The heartbeat of the workers must not wait for a disk.
            "worker_tmp_dir": str(SHARED_MEMORY) if os.access(SHARED_MEMORY, os.W_OK) else None,
            "when_ready": self.announce,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, loaded in each worker: connections and threads are not shared between processes."""
        return import_app("mskb.wsgi:application")

    def announce(self, arbiter: Arbiter) -> None:
        """Say where it is, once the address answers."""
        print(f"Ready: http://{self.place}/   (Ctrl-C stops it, the data stay)")
        manage = f"{data_dir_prefix()}.venv/bin/python manage.py"
        print(f"Admin: http://{self.place}/admin/   New administrator: {manage} createsuperuser;")
        print(f"       forgotten password: {manage} changepassword admin", flush=True)

    def look_after(self) -> None:
        """Start again what was killed beside the server. Raises PostgresError where the database cannot be."""
        if self.postgres and self.postgres.heal():
            print("PostgreSQL was killed and has been started again.", file=sys.stderr, flush=True)
        self.worker.look_after()


class Caretaker(Arbiter):
    """Gunicorn's main process, which also looks after the database and the background worker."""

    def manage_workers(self) -> None:
        """Called by gunicorn once a second, and whenever a child has ended."""
        super().manage_workers()
        try:
            self.app.look_after()
        except PostgresError as error:
            raise HaltServer(str(error)) from error

    def stop(self, graceful: bool = True) -> None:
        """Stop the pages' workers, and let the background worker finish its batch meanwhile."""
        self.app.worker.ask_to_stop()
        super().stop(graceful)


def end(number: int, frame: FrameType | None) -> None:
    """Unwind on SIGTERM as on Ctrl-C, so that everything started is stopped."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
