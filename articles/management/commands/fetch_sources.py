from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from articles.actions import run_files, runs
from articles.actions.runs import Done
from articles.lib import vocabulary as vocab
from articles.management.report import ImportingCommand, Report
from articles.models import ImportRun
from articles.outside import wanted


class Command(ImportingCommand):
    help = "Fetch sources by PMID, PMCID, DOI or web address, and import them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "identifiers",
            nargs="+",
            metavar="IDENTIFIER",
            help="such as 31452104, PMC6710000, 10.1000/182, https://clinic.example/page; digits alone are a PMID",
        )
        super().add_arguments(parser)

    def bring_in(self, report: Report, options: dict[str, Any]) -> None:
        understood = wanted.read("\n".join(options["identifiers"]))
        for piece in understood.unclear:
            report.add_problem(piece.text, piece.reason)
        if not understood.identifiers:
            return
        runs.heal()
        run = runs.start(
            by=None,
            origin=vocab.RunOrigin.IDENTIFIER.value,
            kind=options["kind"],
            interest=options["interest"],
            wanted=[(one.scheme, one.value) for one in understood.identifiers],
        )
        # disable=None: only on a terminal. How many records come is not known before they are there.
        with _stored_files(run), tqdm(desc="Fetching", unit=" records", disable=None) as bar:
            for done in _carried_out(run):
                report.add(done, done.file.name)
                bar.update()


def _carried_out(run: ImportRun) -> Iterator[Done]:
    return runs.carry_out(run, open_file=run_files.open_stored)


@contextmanager
def _stored_files(run: ImportRun) -> Iterator[None]:
    """What was fetched goes when the command ends, however it ends: the same command fetches it again."""
    try:
        yield
    finally:
        run_files.discard(run)
