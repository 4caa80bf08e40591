from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from articles.actions import demo, vocabularies
from articles.management.commands.load_vocabularies import FOLDER as VOCABULARIES
from articles.models import Source

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"


class Command(BaseCommand):
    """Load the vocabularies and the demonstration corpus; doing it again doubles nothing."""

    help = "Load the vocabularies and the demonstration corpus."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER)
        parser.add_argument("--if-empty", action="store_true", help="Do nothing where there is a source already.")

    def handle(self, *args: Any, **options: Any) -> None:
        vocabularies.load(folder=VOCABULARIES)
        if options["if_empty"] and Source.objects.exists():
            return
        # disable=None: a bar on a terminal, silence in a pipe.
        with tqdm(desc="Demonstration corpus", unit=" sources", disable=None) as bar:
            try:
                created = demo.load(folder=options["folder"], progress=lambda done, total: _show(bar, done, total))
            except demo.BadDemo as error:
                raise CommandError(str(error)) from error
        self.stdout.write(f"Demonstration corpus: {created} sources added.")


def _show(bar: tqdm, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)
