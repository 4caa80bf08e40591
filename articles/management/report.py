"""What commands that import tell: each problem as it comes up, the counts at the end, and an exit code."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from articles.actions.importing import rehearsal
from articles.actions.incoming import Result
from articles.actions.runs import Done
from articles.lib import vocabulary as vocab

# The keys of the JSON object, and which results each counts.
TALLY = {
    "created": Result.CREATED,
    "updated": Result.UPDATED,
    "unchanged": Result.UNCHANGED,
    "duplicates": Result.DUPLICATE,
    "failed": Result.FAILED,
}
SOME_FAILED, NOTHING_READ, INTERRUPTED = 1, 2, 130


@dataclass
class Report:
    """What became of all records; each problem is told as it comes up, beside the progress bar."""

    counted: Counter[str] = field(default_factory=Counter)
    problems: list[dict[str, Any]] = field(default_factory=list)

    def add(self, done: Done, name: str) -> None:
        """Count a record; `name` is what people call its file."""
        place, message = _place(done, name), f"{_record(done)}{done.outcome.note}"
        if done.result == Result.FAILED:
            self._fail(place, done.found.number, done.found.line, done.outcome.note)
        else:
            self.counted[done.result] += 1
        if done.result in (Result.FAILED, Result.DUPLICATE):
            tell(f"{place}: {message}")

    def add_problem(self, place: str, reason: str) -> None:
        """Count something that is no record at all."""
        self._fail(place, None, None, reason)
        tell(reason)

    def _fail(self, place: str, record: int | None, line: int | None, message: str) -> None:
        self.counted[Result.FAILED] += 1
        self.problems.append({"file": place, "record": record, "line": line, "message": message})

    @property
    def exit_code(self) -> int:
        """0: all fine; 1: some records failed; 2: nothing could be read."""
        if not any(number for result, number in self.counted.items() if result != Result.FAILED):
            return NOTHING_READ
        return SOME_FAILED if self.counted[Result.FAILED] else 0

    def summary(self, *, as_json: bool, is_rehearsal: bool) -> str:
        """The counts: one JSON object, problems included, or one line."""
        tally = {name: self.counted[result] for name, result in TALLY.items()}
        if as_json:
            return json.dumps({**tally, "problems": self.problems}, ensure_ascii=False)
        rehearsed = " (dry run: nothing was stored)" if is_rehearsal else ""
        return ", ".join(f"{number} {name}" for name, number in tally.items()) + rehearsed


class ImportingCommand(BaseCommand):
    """A command that brings sources in; doing it again changes nothing.

    Exit code 0: all fine; 1: some records failed; 2: nothing could be read; 130: stopped by Ctrl-C.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", choices=vocab.Kind.values(), default="", help="the kind of every new source")
        parser.add_argument(
            "--interest",
            choices=vocab.PublisherInterest.values(),
            default="",
            help="what the publisher of every new source stands to gain",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, store nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of sentences")

    def bring_in(self, report: Report, options: dict[str, Any]) -> None:
        """Bring everything in, and add what became of it to the report."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        report = Report()
        code = None
        try:
            with rehearsal() if options["dry_run"] else nullcontext():
                self.bring_in(report, options)
        except KeyboardInterrupt:
            tell("Stopped. Whole batches are stored; the same command goes on from there.")
            code = INTERRUPTED
        self.stdout.write(report.summary(as_json=options["json"], is_rehearsal=options["dry_run"]))
        if code := code or report.exit_code:
            sys.exit(code)


def tell(message: str) -> None:
    """One line on standard error, above the progress bar."""
    tqdm.write(message, file=sys.stderr)


def _place(done: Done, name: str) -> str:
    if done.file.is_of_missing:
        return done.found.member
    return f"{name}, {done.found.member}" if done.found.member else name


def _record(done: Done) -> str:
    """Which record and where it begins; what could not be read says its line itself."""
    if done.file.is_of_missing:
        return ""
    line = f", line {done.found.line}" if done.record and done.found.line else ""
    place = f"record {done.found.number}{line}: " if done.found.number > 1 or line else ""
    return f"{place}“{done.record.title[:80]}”: " if done.record else place
