"""Imports that are left to the worker."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from articles.actions import fetching, run_files, runs
from articles.actions.runs import Given
from articles.lib import vocabulary as vocab
from articles.models import ImportRun

State = vocab.RunState
Contents = Sequence[tuple[str, BinaryIO]]


def start(*, by: User | None, origin: str, contents: Contents = (), **options: Any) -> ImportRun:
    """A new import that the worker carries out; its files (name, content) are stored for it. Options as `runs.start`.

    Raises OSError where the files cannot be stored; nothing is left behind then.
    """
    with transaction.atomic():
        run = runs.start(by=by, origin=origin, files=[Given(name) for name, _content in contents], **options)
        try:
            _store(run, contents)
        except BaseException:
            run_files.discard(run)
            raise
        runs.hand_over(run)
    return run


def _store(run: ImportRun, contents: Contents) -> None:
    for file, (_name, content) in zip(run.files.order_by("position"), contents, strict=True):
        file.stored_as, file.size, file.sha256 = run_files.keep(run=run, position=file.position, content=content)
        file.save()


def can_go_on(run: ImportRun) -> bool:
    """Whether something is left of an import that was stopped or broke off."""
    if not run.is_background or run.state not in (State.STOPPED, State.FAILED):
        return False
    return run.files.filter(is_done=False).exists() or bool(fetching.left(run))


def go_on(*, run: ImportRun) -> None:
    """Let the worker go on with an import where it stands. Raises ValidationError where nothing is left of it."""
    with transaction.atomic():
        held = ImportRun.objects.select_for_update().get(pk=run.pk)
        if not can_go_on(held):
            raise ValidationError("Nothing of this import is left to be carried on.")
        held.state, held.is_stop_wanted, held.message, held.ended_at = State.WAITING.value, False, "", None
        held.save()
