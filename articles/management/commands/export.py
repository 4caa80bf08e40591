import os
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict

from articles.filters import ClaimFilter, ListFilter, SourceFilter
from articles.lib import querystring
from articles.queries.export import csv_blocks
from articles.queries.trees import Trees

KINDS: dict[str, type[ListFilter]] = {"sources": SourceFilter, "claims": ClaimFilter}
FORMATS = {"csv": csv_blocks}
WRONG_USE = 2


class Command(BaseCommand):
    """Write the file that the web page with the same query string offers, byte for byte."""

    help = "Export sources or claims, all of them or those of a query string."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=tuple(KINDS), metavar="KIND", help=" or ".join(KINDS))
        parser.add_argument("--format", choices=tuple(FORMATS), default="csv")
        parser.add_argument("--query", default="", help='as in the address: "therapy=exosomes&kind=review"')
        parser.add_argument("--output", type=Path, help="a file, replaced only once the new one is whole")

    def handle(self, *args: Any, **options: Any) -> None:
        filters = _filters(KINDS[options["kind"]], options["query"])
        blocks = FORMATS[options["format"]](filters.ordered())
        if options["output"] is None:
            _print(blocks)
        else:
            _replace(options["output"], blocks)


def _filters(filter_class: type[ListFilter], query: str) -> ListFilter:
    try:
        given = querystring.parse(query.removeprefix("?"))
    except querystring.BadQuery as error:
        raise CommandError(str(error), returncode=WRONG_USE) from error
    data = QueryDict(mutable=True)
    for name, values in given.items():
        data.setlist(name, values)
    filters = filter_class(data, Trees.load())
    problems = filters.problems()
    if problems:
        raise CommandError("\n".join(problems), returncode=WRONG_USE)
    return filters


def _print(blocks: Iterable[bytes]) -> None:
    output = sys.stdout.buffer
    try:
        for block in blocks:
            output.write(block)
        output.flush()
    except BrokenPipeError:
        # Whoever read has enough (as `head` does). Nothing may be flushed into the closed pipe at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _replace(path: Path, blocks: Iterable[bytes]) -> None:
    """Write beside the file first: who reads it sees the old one or the new one, never a half."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
            _write(file.name, file, blocks)
        Path(file.name).replace(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error


def _write(name: str, file: Any, blocks: Iterable[bytes]) -> None:
    try:
        os.fchmod(file.fileno(), 0o666 & ~_umask())
        for block in blocks:
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current
