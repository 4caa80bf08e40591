"""Imports in the real browser: a large upload is watched to its end and taken back."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import log_in
from tests.worker.pubmed import write

RECORDS = 400
SERIOUS = ("serious", "critical")


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """More records than anybody decides on one by one."""
    return write(tmp_path / "large.xml", RECORDS)


def bring_in(page: Page, file: Path) -> None:
    page.goto("/admin/articles/source/upload/")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Look at them").click()
    expect(page.get_by_text(f"{RECORDS} records")).to_be_visible()
    page.get_by_role("button", name="Bring them in").click()


def test_a_large_upload_is_watched_to_its_end_and_taken_back(page: Page, large: Path) -> None:
    log_in(page, "curator")
    bring_in(page, large)
    # The page itself notices the end.
    expect(page.locator(".run-state")).to_contain_text("Finished", timeout=60_000)
    counts = [int(page.locator(f"[data-count={name}]").inner_text()) for name in ("created", "duplicate")]
    assert sum(counts) == RECORDS
    assert page.locator("#progress").count() == 0
    page.get_by_role("link", name="Take it back").click()
    expect(page.get_by_text(f"{RECORDS} sources")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".messagelist .success")).to_be_visible(timeout=60_000)
    expect(page.locator(".run-state")).to_contain_text("Undone")


def test_what_would_be_fetched_is_shown_first_and_reads_well(context: BrowserContext) -> None:
    # Not the page that minds breaches of the policy: the checker tries some.
    page = context.new_page()
    log_in(page, "curator")
    page.goto("/admin/articles/importrun/fetch/")
    page.fill("textarea", "PMID 11, 10.1000/abc\nrubbish!")
    page.get_by_role("button", name="Look at them").click()
    expect(page.get_by_text("could not be understood")).to_be_visible()
    found = [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]
    assert found == []
    page.get_by_role("button", name="Change the list").click()
    expect(page.locator("textarea")).to_have_value("PMID 11, 10.1000/abc\nrubbish!")
