import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from articles import worker
from articles.actions import runs

# Pages come first.
NICENESS = 5


class Command(BaseCommand):
    help = "Carries on the imports that wait, one after the other, until SIGTERM or Ctrl-C; make run starts one."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parent", type=int, metavar="PID", help="end as soon as this parent process has ended")

    def handle(self, *args: Any, **options: Any) -> None:
        os.nice(NICENESS)
        worker.use_one_session()
        should_stop = worker.StopRequest(options["parent"])
        worker.Worker(waiting=worker.waiting, carry_on=runs.carry_on, should_stop=should_stop).run()
