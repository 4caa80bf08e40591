"""Takes the pictures of the README again: `make pictures`.

Starts the site with the demonstration corpus in a data folder of its own and photographs four pages, light and dark.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import Page, sync_playwright

from mskb.data_folder import PROJECT
from tests import chromium
from tests.serving import served

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


def main() -> None:
    """Take them all; the old ones stay where a page fails."""
    with (
        TemporaryDirectory() as folder,
        served(Path(folder)) as (address, _),
        sync_playwright() as playwright,
    ):
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


if __name__ == "__main__":
    main()
