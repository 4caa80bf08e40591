"""The real site for browser tests: `python -m mskb.run` in a data folder of its own, and a real Chromium."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from mskb.data_folder import PROJECT
from tests import chromium
from tests.serving import served

PASSWORD = "only-for-tests-9Qx"
PEOPLE = """
from django.contrib.auth.models import Group, User
for name, group in (("curator", "Curator"), ("reviewer", "Reviewer")):
    user = User.objects.create_user(name, password={password!r}, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Site:
    """A running site with the demonstration corpus, a curator and a reviewer."""

    url: str
    environment: dict[str, str]

    def manage(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py against the same database."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=check)

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page, fetched without a browser."""
        try:
            with urllib.request.urlopen(self.url + path) as response:
                return response.status, response.read().decode("utf-8-sig")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The production server; it stops with the tests and takes its data along."""
    with served(tmp_path_factory.mktemp("site")) as (address, environment):
        running = Site(address, environment)
        running.manage("shell", "-c", PEOPLE.format(password=PASSWORD))
        yield running


@pytest.fixture(scope="session")
def browser_path() -> str:
    with sync_playwright() as playwright:
        path = chromium.find(playwright)
    if path is None:
        pytest.fail(chromium.NONE_FOUND, pytrace=False)
    return path


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """No longer than a file: its loop runs in this thread, where Django would open other connections meanwhile."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright, browser_path: str) -> Iterator[Browser]:
    options = [*chromium.OPTIONS, "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    # Chromium's sandbox refuses root; the pages are our own.
    launched = playwright.chromium.launch(
        executable_path=browser_path, args=options, chromium_sandbox=os.geteuid() != 0
    )
    yield launched
    launched.close()


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 900}, accept_downloads=True)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test where the browser reported an error, a breach of the security policy included."""
    opened = context.new_page()
    problems: list[str] = []
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    assert problems == []


def log_in(page: Page, name: str) -> None:
    page.goto("/admin/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url("**/admin/")


def let_transitions_end(page: Page) -> None:
    """Wait until every colour and place is the final one."""
    page.evaluate("Promise.allSettled(document.getAnimations().map((animation) => animation.finished))")
