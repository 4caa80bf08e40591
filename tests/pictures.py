"""Takes the pictures of the README again: `make pictures`.

Starts the site with the demonstration corpus in a data folder of its own and photographs four pages, light and dark.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, sync_playwright

from tests import chromium
from tests.waiting import until

PROJECT = Path(__file__).resolve().parents[1]
FOLDER = PROJECT / "static" / "pictures"
# Name of the picture -> the page, and the element that stands at its top.
PAGES = {
    "map": ("/map/?condition=multiple-sclerosis&domains=1", "#map-caption"),
    "question": ("/questions/cell-therapy/multiple-sclerosis/safety/", "main"),
    "compare": ("/compare/?therapy=exosomes&therapy=mesenchymal-stem-cells", "caption"),
    "therapy": ("/therapies/mesenchymal-stem-cells/", "#promises"),
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTH, HEIGHT = 1280, 1000
START_SECONDS = 180


def main() -> None:
    """Take them all; the old ones stay where a page fails."""
    with running_site() as address, sync_playwright() as playwright:
        path = chromium.find(playwright)
        if path is None:
            sys.exit(chromium.NONE_FOUND)
        browser = playwright.chromium.launch(executable_path=path, args=chromium.OPTIONS)
        FOLDER.mkdir(exist_ok=True)
        for scheme in SCHEMES:
            context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme=scheme)
            for name, (page, top) in PAGES.items():
                take(context.new_page(), address + page, top, FOLDER / f"{name}-{scheme}.png")


def take(page: Page, address: str, top: str, file: Path) -> None:
    """One picture of a page, from the element `top` down. Raises RuntimeError where the page is not there."""
    answer = page.goto(address, wait_until="networkidle")
    if answer is None or not answer.ok:
        raise RuntimeError(f"{address} answered {answer.status if answer else 'nothing'}.")
    page.evaluate("top => scrollTo(0, document.querySelector(top).getBoundingClientRect().top - 16)", top)
    page.screenshot(path=file)
    page.close()
    print(f"{file.relative_to(PROJECT)}: {file.stat().st_size // 1024} kB")


@contextmanager
def running_site() -> Iterator[str]:
    """The address of a fresh site; it is gone afterwards, data and all."""
    folder = Path(tempfile.mkdtemp())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HOST", "DEMO")}
    environment = kept | {"DATA_DIR": str(folder / "data"), "PORT": str(port)}
    server = subprocess.Popen(
        [sys.executable, "-m", "mskb.run"], cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return once the site can serve. Raises RuntimeError where it ends or takes too long."""

    def answers() -> bool:
        with suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(f"{address}/readyz"):
            return True
        return False

    until(lambda: answers() or server.poll() is not None, START_SECONDS)
    if not answers():
        raise RuntimeError("The site did not start.")


if __name__ == "__main__":
    main()
