"""What all tests share: how they are spread over processes, the database they run on, plain static files.

Tests come in any order and beside others: each leaves the database and its process as it found them.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dj_database_url
import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connections
from django.db.models.signals import post_migrate
from django.test import override_settings
from pytest_django import DjangoDbBlocker
from xdist import is_xdist_controller
from xdist.scheduler import LoadFileScheduling

from mskb.data_folder import PROJECT, data_folder
from mskb.embedded_postgres import PostgresError, SharedServer

# Ours alone and made again at will, so its server may run without waiting for the disk.
TEST_DATA = PROJECT / ".test-data"

BROWSER = "tests/browser/"
# They start servers and wait for them; begun last, they would leave one process with nothing to do.
SLOW = (BROWSER, "tests/launcher/", "tests/worker/")


class Spreading(LoadFileScheduling):
    """Each file is run by one process; all of the browser's by the same, as they share a site and its data."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Spreading:
    return Spreading(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW))


def pytest_sessionstart(session: pytest.Session) -> None:
    """The process that spreads the tests over others holds the server: it outlives them, and stops it in any case."""
    if is_xdist_controller(session):
        held = ExitStack()
        session.config.add_cleanup(held.close)
        try:
            held.enter_context(running_server())
        except PostgresError as error:
            raise pytest.UsageError(str(error)) from error


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    with running_server() as url:
        yield url


@contextmanager
def running_server() -> Iterator[str]:
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


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Groups, which migrations made, are made again after a test that commits: Django empties all tables then."""
    with django_db_blocker.unblock():
        codes = {
            group.name: list(group.permissions.values_list("codename", flat=True)) for group in Group.objects.all()
        }

    def make_groups(**_: object) -> None:
        for name, of_group in codes.items():
            permissions = Permission.objects.filter(content_type__app_label="articles", codename__in=of_group)
            Group.objects.get_or_create(name=name)[0].permissions.set(permissions)

    # Emptying the tables ends with this signal, as a migration does; the permissions are there by then.
    articles = apps.get_app_config("articles")
    post_migrate.connect(make_groups, sender=articles)
    yield
    post_migrate.disconnect(make_groups, sender=articles)


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


# --- Fixtures of the tests of the application go below this line -----------------------------------------------------
