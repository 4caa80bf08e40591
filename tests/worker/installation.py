"""An installation of a test's own: a PostgreSQL that may be killed, workers, and what is in the tables."""

import os
import re
import subprocess
import sys
from itertools import repeat
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.db.models import DateTimeField, Field, Model
from psycopg import sql

from articles.models import Source
from mskb.data_folder import PROJECT
from mskb.embedded_postgres import SharedServer
from mskb.embedded_postgres.server import Server

UPLOAD = """
import sys
from articles.actions import background
from articles.lib.vocabulary import RunOrigin
with open(sys.argv[1], "rb") as content:
    background.start(by=None, origin=RunOrigin.UPLOAD.value, contents=[("set.xml", content)])
"""
Row = tuple[Any, ...]
# Texts may name a source by its number.
NAMED = re.compile(r"\b[Ss]ource (\d+)\b")


class Installation:
    """One database on a server, with its data folder, and the workers started on it."""

    def __init__(self, server: SharedServer, data_dir: Path, name: str) -> None:
        self.server, self.data_dir = server, data_dir
        self.url = server.url.rsplit("/", 1)[0] + f"/{name}"
        self.workers: list[subprocess.Popen] = []
        data_dir.mkdir(exist_ok=True)

    def make(self, template: str = "") -> None:
        """Make the database, migrated, or like another one that is."""
        name = sql.Identifier(self.url.rsplit("/", 1)[1])
        like = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        with psycopg.connect(self.server.url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name) + like)
        if not template:
            self.manage("migrate", "--verbosity=0")
            self.manage("load_vocabularies")

    def manage(self, *words: str) -> None:
        subprocess.run([sys.executable, "manage.py", *words], cwd=PROJECT, env=self.environment, check=True)

    @property
    def environment(self) -> dict[str, str]:
        settings = {"DATABASE_URL": self.url, "DATA_DIR": str(self.data_dir), "DJANGO_SETTINGS_MODULE": "mskb.settings"}
        return {**os.environ, **settings}

    def upload(self, file: Path) -> None:
        """Leave a file to the worker."""
        script = f"import django; django.setup()\n{UPLOAD}"
        subprocess.run([sys.executable, "-c", script, file], cwd=PROJECT, env=self.environment, check=True)

    def start_worker(self) -> subprocess.Popen:
        worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=PROJECT, env=self.environment)
        self.workers.append(worker)
        return worker

    def end_workers(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()

    def kill_server(self) -> None:
        process = Server(self.server.data_dir)._process()
        process.kill()
        process.wait()

    # --- How far, and what is there ------------------------------------------------------------------------------

    def ask(self, query: str) -> list[Row]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    def records_done(self) -> int:
        return self.ask("SELECT coalesce(sum(records_done), 0) FROM articles_importfile")[0][0]

    def state(self) -> str:
        return self.ask("SELECT state FROM articles_importrun")[0][0]

    def is_at_an_end(self) -> bool:
        return self.state() not in ("waiting", "running")

    def content(self) -> dict[str, list[Row]]:
        """The rows of every table of the application, with neither times nor the numbers the database gave out.

        A reference to a row becomes the place of that row among its kind.
        """
        models = list(apps.get_app_config("articles").get_models())
        places = {model: self._places(model) for model in models}
        return {model._meta.db_table: self._rows(model, places) for model in models}

    def _places(self, model: type[Model]) -> dict[Any, int]:
        key = model._meta.pk.column
        keys = self.ask(f'SELECT "{key}" FROM {model._meta.db_table} ORDER BY 1')
        return {row[0]: place for place, row in enumerate(keys)}

    def _rows(self, model: type[Model], places: dict[type[Model], dict[Any, int]]) -> list[Row]:
        fields = [field for field in model._meta.concrete_fields if _is_compared(field)]
        columns = ", ".join(f'"{field.column}"' for field in fields)
        found = self.ask(f"SELECT {columns} FROM {model._meta.db_table}")
        told = (map(_told, fields, row, repeat(model), repeat(places)) for row in found)
        return sorted(map(tuple, told), key=repr)


def _is_compared(field: Field) -> bool:
    return not isinstance(field, DateTimeField) and field.name not in ("pgh_id", "pgh_context")


def _told(field: Field, value: Any, model: type[Model], places: dict[type[Model], dict[Any, int]]) -> Any:
    if value is None:
        return None
    if isinstance(value, str):
        return NAMED.sub(lambda name: f"Source at {places[Source][int(name[1])]}", value)
    kind = _referred(field, model)
    return (kind.__name__, places[kind][value]) if kind in places else value


def _referred(field: Field, model: type[Model]) -> type[Model] | None:
    """The model whose key the field holds: its own, a reference, or the tracked one's in the history."""
    if field.primary_key:
        return model
    if field.related_model:
        return field.related_model
    return getattr(model, "pgh_tracked_model", None) if field.name == "id" else None
