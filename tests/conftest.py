"""What all tests share: the database they run on, plain static files, and below the line the fixtures of everybody."""

import os
from collections.abc import Iterator
from pathlib import Path

import dj_database_url
import pytest
from django.db import connections
from django.test import override_settings
from playwright.sync_api import Browser, sync_playwright

from mskb.data_folder import PROJECT, data_folder
from mskb.embedded_postgres import SharedServer
from tests import chromium

# Ours alone and made again at will, so its server may run without waiting for the disk.
TEST_DATA = PROJECT / ".test-data"


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The server the tests run on: DATABASE_URL, else an embedded one shared with other test runs."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    os.environ.setdefault("DATA_DIR", str(TEST_DATA))
    folder = data_folder()
    with SharedServer(folder, durable=folder != TEST_DATA) as server:
        # For commands that tests start as processes.
        os.environ["DATABASE_URL"] = server.url
        yield server.url
        del os.environ["DATABASE_URL"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_url: str) -> None:
    """Point Django at the server; only now, so that tests without a database start none."""
    connections.settings["default"].update(dj_database_url.parse(database_url))
    # A name of this run's own, so that two runs at the same time do not drop each other's database.
    connections.settings["default"]["TEST"]["NAME"] = f"test_mskb_{os.getpid()}"


@pytest.fixture(scope="session", autouse=True)
def plain_static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Static files straight from their folders: tests need no collectstatic. Gives the empty STATIC_ROOT."""
    backends = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    root = tmp_path_factory.mktemp("static")
    with override_settings(STORAGES=backends, STATIC_ROOT=root):
        yield root


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium; the test fails where none can be had."""
    # Playwright's loop runs in this thread, and Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        path = chromium.find(playwright)
        if path is None:
            pytest.fail(chromium.NONE_FOUND, pytrace=False)
        yield playwright.chromium.launch(executable_path=path, args=chromium.OPTIONS)


# --- Fixtures of the tests of the application go below this line -----------------------------------------------------
