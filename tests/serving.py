"""The real site, as `python -m mskb.run` serves it, with data of its own."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mskb.data_folder import PROJECT
from tests.waiting import until

START_SECONDS = 240
# What the site is told by us alone, whatever the tests were told.
OURS = ("DATABASE_URL", "DATA_DIR", "HOST", "DEMO")


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Its address and its environment; data and log stay in the folder. Raises RuntimeError where it does not start."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    environment = kept | {"DATA_DIR": str(folder / "data"), "PORT": str(port)}
    log = folder / "run.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "mskb.run"], cwd=PROJECT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(address) or server.poll() is not None, START_SECONDS)
        if not answers(address):
            raise RuntimeError(f"The site did not start:\n{log.read_text()}")
        yield address, environment
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    with suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(f"{address}/healthz") as response:
        return bool(response.status == 200)
    return False
