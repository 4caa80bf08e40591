import json
import os
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles import importers
from articles.actions import importing
from articles.actions.importing import FAILED, Choice, Outcome
from articles.actions.sources import Result
from articles.lib import vocabulary as vocab

STANDARD_INPUT = "-"
# The keys of the JSON object, and which results each counts.
TALLY = {
    "created": Result.CREATED,
    "updated": Result.UPDATED,
    "unchanged": Result.UNCHANGED,
    "duplicates": Result.DUPLICATE,
    "failed": FAILED,
}
SOME_FAILED, NOTHING_READ = 1, 2


@dataclass
class Report:
    """What became of all records; each problem is told as it comes up, beside the progress bar."""

    counted: Counter[str] = field(default_factory=Counter)
    problems: list[dict[str, Any]] = field(default_factory=list)
    has_read: bool = False

    def add(self, outcome: Outcome) -> None:
        self.counted[str(outcome.result)] += 1
        self.has_read |= outcome.record is not None
        if outcome.result == FAILED:
            self.problems.append({"file": outcome.file, "line": outcome.line, "message": outcome.note})
        if outcome.result in (FAILED, Result.DUPLICATE):
            tqdm.write(f"{outcome.file}: {outcome.note}", file=sys.stderr)


class Command(BaseCommand):
    """Bring files of sources in; doing it again changes nothing.

    Exit code 0: all fine; 1: some records failed; 2: nothing could be read.
    """

    help = "Import sources from files or folders."

    def add_arguments(self, parser: ArgumentParser) -> None:
        formats = [format.name for format in importers.FORMATS]
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or - for standard input")
        parser.add_argument("--format", choices=formats, help="read every file so, instead of recognising its content")
        parser.add_argument("--kind", choices=vocab.Kind.values(), default="", help="the kind of every new source")
        parser.add_argument(
            "--interest",
            choices=vocab.PublisherInterest.values(),
            default="",
            help="what the publisher of every new source stands to gain",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, store nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")

    def handle(self, *args: Any, **options: Any) -> None:
        report = self._import_all(options)
        self._print(report, options)
        if not report.has_read:
            sys.exit(NOTHING_READ)
        if report.counted[FAILED]:
            sys.exit(SOME_FAILED)

    def _import_all(self, options: dict[str, Any]) -> Report:
        files = [file for path in options["paths"] for file in _files(path)]
        if not files:
            tqdm.write("There is no file to import.", file=sys.stderr)
        choice = Choice(kind=options["kind"], interest=options["interest"])
        report = Report()
        with importing.rehearsal() if options["dry_run"] else nullcontext():
            # disable=None: a bar on a terminal, silence in a pipe.
            for file in tqdm(files, desc="Importing", unit=" files", disable=None):
                for outcome in _import(file, options["format"], choice):
                    report.add(outcome)
        return report

    def _print(self, report: Report, options: dict[str, Any]) -> None:
        tally = {name: report.counted[result] for name, result in TALLY.items()}
        if options["json"]:
            self.stdout.write(json.dumps({**tally, "problems": report.problems}, ensure_ascii=False))
            return
        rehearsed = " (dry run: nothing was stored)" if options["dry_run"] else ""
        self.stdout.write(", ".join(f"{n} {name}" for name, n in tally.items()) + rehearsed)


def _files(named: str) -> list[Path | None]:
    """The files a path stands for; None is standard input. What cannot be listed stands for itself."""
    if named == STANDARD_INPUT:
        return [None]
    path = Path(named)
    if path.is_dir():
        return list(_inside(path, path.resolve()))
    return [path]


def _inside(folder: Path, root: Path) -> Iterator[Path]:
    """The folder's files in the order of their names: hidden ones left out, links that lead out of the root too."""
    try:
        listed = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError:
        listed = [folder]
    for path in listed:
        if path.name.startswith(".") or not path.resolve().is_relative_to(root):
            continue
        if path.is_dir() and path != folder:
            # A link to a folder inside would be walked twice, or without end.
            if not path.is_symlink():
                yield from _inside(path, root)
        else:
            yield path


def _import(file: Path | None, format: str | None, choice: Choice) -> list[Outcome]:
    name, shown = (_printable(file.name), _printable(str(file))) if file else ("standard input", "standard input")
    try:
        data = _read(file)
    except (OSError, CommandError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return [Outcome(shown, FAILED, f"cannot be read: {reason}")]
    outcomes = importing.import_file(by=None, data=data, name=name, format=format, choice=lambda number: choice)
    return [replace(outcome, file=shown) for outcome in outcomes]


def _printable(name: str) -> str:
    """A file name may hold any bytes; what is no UTF-8 becomes a question mark in a box."""
    return os.fsencode(name).decode("utf-8", "replace")


def _read(file: Path | None) -> bytes:
    """The content; the size is looked at first. Raises OSError, or CommandError for what is too large or no file."""
    if file is None:
        data = sys.stdin.buffer.read(importers.MAX_BYTES + 1)
        _refuse_large(len(data))
        return data
    if not file.exists():
        raise CommandError("there is no such file or folder")
    if not file.is_file():
        raise CommandError("it is a folder that cannot be listed, or no ordinary file")
    _refuse_large(file.stat().st_size)
    return file.read_bytes()


def _refuse_large(size: int) -> None:
    if size > importers.MAX_BYTES:
        most = importers.MAX_BYTES // 1_000_000
        raise CommandError(f"it has more than {most} MB, the most that is read; split it or take out what is no text")
