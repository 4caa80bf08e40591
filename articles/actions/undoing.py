"""Taking a whole import back, as long as nobody worked on what it brought."""

from collections.abc import Iterable, Sequence
from itertools import islice

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from articles.actions import facts, listings, notices, run_files
from articles.actions.holding import hold_imports
from articles.actions.incoming import Result
from articles.actions.recording import recorded
from articles.actions.versions import make_current
from articles.lib import vocabulary as vocab
from articles.models import (
    CitedReference,
    Claim,
    ClaimListing,
    ClaimTherapy,
    Contributor,
    Identifier,
    ImportEntry,
    ImportRun,
    LinkedPublication,
    Reading,
    Source,
    SourceListing,
    SourceVersion,
)
from articles.queries import imports

State = vocab.RunState
MOST_NAMED = 20
CHUNK = 1_000
# What belongs to a source, in the order in which it can go.
PARTS: tuple[type[Model], ...] = (
    SourceListing,
    Reading,
    Identifier,
    Contributor,
    CitedReference,
    LinkedPublication,
    SourceVersion,
)


def undo(*, by: User, run: ImportRun) -> ImportRun:
    """Take back what the import created and changed; its page stays, and says so.

    Raises ValidationError, naming the sources, where somebody worked on one of them since; nothing is changed then.
    """
    with recorded("undo_import", by, undone=str(run.pk)), listings.at_the_end():
        hold_imports()
        held = ImportRun.objects.select_for_update().get(pk=run.pk)
        if held.is_open or held.state == State.UNDONE:
            raise ValidationError("Only an import that has ended, and was not taken back before, can be taken back.")
        _refuse_worked_on(held)
        _restore(held)
        _remove(held)
        held.state, held.undone_by, held.undone_at = State.UNDONE.value, by, timezone.now()
        held.save()
    run_files.discard(held)
    return held


def _refuse_worked_on(run: ImportRun) -> None:
    obstacles = imports.worked_on_since(run)
    if not obstacles:
        return
    named = "; ".join(f"source {pk}: {reason}" for pk, reason in islice(obstacles.items(), MOST_NAMED))
    more = f"; and {len(obstacles) - MOST_NAMED} more" if len(obstacles) > MOST_NAMED else ""
    raise ValidationError(f"Somebody worked on what this import brought, so it stays as it is: {named}{more}.")


def _restore(run: ImportRun) -> None:
    """Give updated sources back what the import replaced, the last update first."""
    entries = ImportEntry.objects.filter(file__run=run, result=Result.UPDATED, source__isnull=False)
    linking: set[int] = set()
    for entry in entries.select_related("source__current_version").order_by("-pk").iterator(CHUNK):
        source = Source.objects.get(import_entries=entry)
        before = entry.before
        for scheme, value in before.get("identifiers", ()):
            Identifier.objects.filter(source=source, scheme=scheme, value=value).delete()
        if before.get("version") is not None:
            _restore_text(source, before["version"], before.get("text_basis", source.text_basis))
        facts.fill(source, before["values"])
        if before.get("kind"):
            source.kind, source.publisher_interest, source.guesses = before["kind"]
        source.save()
        facts.replace_parts(source, before["values"])
        listings.refresh([source.pk])
        if "links" in before["values"]:
            linking.add(source.pk)
    # Also those that changed nothing: what they said counts no longer.
    Reading.objects.filter(run=run).delete()
    _say_anew(linking)


def _say_anew(notices_changed: set[int]) -> None:
    """What notices said of others before their links were changed back counts no longer; what they say now does."""
    if notices_changed:
        notices.apply([*notices_changed, *notices.take_back(notices_changed)])


def _restore_text(source: Source, version: int, basis: str) -> None:
    """The text before (0: none) becomes the current one again, and the one the import brought goes."""
    brought = source.current_version
    if version:
        make_current(source=source, version=SourceVersion.objects.get(pk=version))
    else:
        source.current_version, source.text_basis = None, basis
        source.save(update_fields=["current_version", "text_basis", "updated_at"])
    stuck = source.claims.filter(version=brought).first()
    if stuck is not None:
        raise ValidationError(f"{stuck.public_id} cannot be put back into the text before; look at it, then try again.")
    if brought is not None:
        brought.delete()


def _remove(run: ImportRun) -> None:
    """Created sources go, with everything that belongs to them; the history keeps what they were."""
    created = ImportEntry.objects.filter(
        file__run=run, result__in=(Result.CREATED, Result.DUPLICATE), source__isnull=False
    )
    keys = list(created.values_list("source", flat=True))
    changed = set(notices.take_back(set(keys))) - set(keys)
    for some in _chunks(keys):
        _remove_sources(some)
    notices.apply(sorted(changed))


def _remove_sources(keys: Sequence[int]) -> None:
    ClaimListing.objects.filter(source__in=keys).delete()
    ClaimTherapy.objects.filter(claim__source__in=keys).delete()
    Claim.objects.filter(source__in=keys).delete()
    Source.objects.filter(pk__in=keys).update(current_version=None)
    for model in PARTS:
        model._default_manager.filter(source__in=keys).delete()
    Source.objects.filter(pk__in=keys).delete()


def _chunks(keys: Iterable[int]) -> Iterable[list[int]]:
    rest = iter(keys)
    return iter(lambda: list(islice(rest, CHUNK)), [])
