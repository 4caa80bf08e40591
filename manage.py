#!/usr/bin/env python3
"""Django's commands; without DATABASE_URL they share in the embedded server while they run."""

import os
import signal
import sys
from types import FrameType

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from mskb.data_folder import DataFolderError, data_folder
from mskb.embedded_postgres import PostgresError, SharedServer

# Commands that never ask the database.
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "version",
}


def main() -> None:
    """Run the command named in the arguments."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mskb.settings")
    # As Ctrl-C does, SIGTERM unwinds, so that the share in the server is given back.
    signal.signal(signal.SIGTERM, end)
    try:
        run(sys.argv)
    except (PostgresError, DataFolderError, ImproperlyConfigured) as error:
        sys.exit(f"Error: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def run(words: list[str]) -> None:
    """Run the command, with a share in the embedded server where it may need one."""
    if os.environ.get("DATABASE_URL") or not needs_database(words):
        execute_from_command_line(words)
        return
    with SharedServer(data_folder()) as server:
        os.environ["DATABASE_URL"] = server.url
        execute_from_command_line(words)


def needs_database(words: list[str]) -> bool:
    """True when the command may ask the database; help never does."""
    return len(words) > 1 and words[1] not in WITHOUT_DATABASE and not {"-h", "--help"} & set(words)


def end(number: int, frame: FrameType | None) -> None:
    """End with the exit code of a process that got the signal."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
