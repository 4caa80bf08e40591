from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from articles.actions import vocabularies

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "vocabularies"


class Command(BaseCommand):
    """Bring the trees of therapies, conditions and outcomes to what the fixtures say."""

    help = "Load or update the trees of therapies, conditions and outcomes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER)

    def handle(self, *args: Any, **options: Any) -> None:
        changed = vocabularies.load(folder=options["folder"])
        if changed or options["verbosity"] > 1:
            self.stdout.write(f"Vocabularies: {changed} terms added or changed.")
