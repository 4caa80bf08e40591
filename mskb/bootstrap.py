"""Bring the database and the collected files to what this version of the program needs, before it serves.

A process of its own (`python -m mskb.bootstrap`), so that the server forks its workers from a process without
connections or threads. Prints only what it does; a second start prints nothing.
"""

import os
import secrets
import sys

import django
import psycopg
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from mskb import static_files
from mskb.data_folder import DataFolderError

ADMINISTRATOR = "admin"


def main() -> None:
    """Prepare everything; end with a message and exit code 1 when a step fails."""
    try:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mskb.settings")
        django.setup()
        check_database()
        static_files.collect()
        migrate()
        load_content()
        make_first_administrator()
    except (BootstrapError, CommandError, DataFolderError, ImproperlyConfigured) as error:
        sys.exit(f"Error: {error}")
    except Error as error:
        sys.exit(f"Error: the database refused: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


class BootstrapError(Exception):
    """A step before serving failed; the message says which and what to do."""


def check_database() -> None:
    """Raise BootstrapError when the server of DATABASE_URL does not answer: the pool alone would only say it waited."""
    try:
        psycopg.connect(os.environ.get("DATABASE_URL", ""), connect_timeout=5).close()
    except psycopg.Error as error:
        raise BootstrapError(f"Cannot reach the database that DATABASE_URL names: {error}".rstrip()) from error


def migrate() -> None:
    """Apply the migrations still missing."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        say(f"Preparing the database: {len(missing)} migrations ...")
        call_command("migrate", interactive=False, verbosity=0)


def load_content() -> None:
    """Load the vocabularies, and the demonstration corpus into an empty database unless DEMO=0."""
    if settings.DEMO:
        call_command("load_demo", if_empty=True)
    else:
        call_command("load_vocabularies")


def make_first_administrator() -> None:
    """Where nobody may enter the admin, make an account; its password is random, shown once and kept nowhere."""
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return
    name = ADMINISTRATOR if not users.filter(username=ADMINISTRATOR).exists() else f"admin-{secrets.token_hex(3)}"
    password = secrets.token_urlsafe(12)
    users.create_superuser(username=name, password=password)
    say(f"Administrator made: user {name}, password {password}")
    say("This password is shown once. Change it at /admin/password_change/")


def say(text: str) -> None:
    """Tell whoever waits."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
