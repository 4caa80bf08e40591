"""A source as a curator writes it, and a single record brought in."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from articles.actions import facts, listings, records, suggesting
from articles.actions.holding import hold_source
from articles.actions.incoming import Conflict, Item, Result, sha256
from articles.actions.recording import explained, recorded
from articles.actions.versions import TYPED, add_version
from articles.importers.record import Record
from articles.models import CitedReference, Contributor, Identifier, Node, Source
from articles.queries import identity


@dataclass(frozen=True)
class Imported:
    """The result, its source, and a sentence where there is something to say."""

    result: Result
    source: Source
    note: str = ""


def import_record(*, by: User | None, record: Record, origin_name: str, kind: str = "", interest: str = "") -> Imported:
    """Bring one record in. `kind` and `interest`, where given, stand instead of what the record says or was guessed.

    Raises Conflict where the record contradicts what is already held.
    """
    fingerprint = hashlib.sha256(repr(record).encode("utf-8", "replace")).hexdigest()
    suggested = suggesting.suggester()(record)
    item = Item(record, fingerprint, origin_name, kind=kind, interest=interest, suggested=suggested)
    (outcome,) = records.bring_in(items=[item], by=by, origin=origin_name)
    if outcome.source is None:
        raise Conflict(outcome.note)
    return Imported(outcome.result, Source.objects.get(pk=outcome.source), outcome.note)


def save_source(
    *,
    by: User,
    source: Source,
    tags: Mapping[str, Iterable[Node]],
    parts: Iterable[Identifier | Contributor | CitedReference] = (),
    removed: Iterable[Identifier | Contributor | CitedReference] = (),
    record: Record | None = None,
    seen: datetime | None = None,
) -> Source:
    """Store a source as a curator wrote it: its fields, its tags by field, the parts changed and those taken away.

    The record carries a new text: it becomes the next version unless it says the same as the current one. Raises
    ValidationError where the stored source is not the one `seen` (its `updated_at`), or where an identifier belongs
    to another source.
    """
    is_known = source.pk is not None
    action = "edit_source" if is_known else "add_source"
    with explained(Identifier), recorded(action, by), listings.at_the_end():
        if is_known:
            hold_source(source.pk, seen)
        source.save()
        for part in removed:
            part.delete()
        for part in parts:
            part.source = source
            part.save()
        for name, nodes in tags.items():
            getattr(source, name).set(nodes)
        suggesting.settle(by=by, source=source)
        if record is not None and not _holds(source, record):
            add_version(source=source, record=record, origin_name=TYPED, text_basis=source.text_basis)
        listings.refresh([source.pk])
    return source


def twin(*, source: Source) -> Source | None:
    """Another source with the same title, which may be the same document."""
    return next((other for other in identity.titled(source.title) if other.pk != source.pk), None)


def confirm_guesses(*, by: User, source: Source) -> Source:
    """A person looked at what the import guessed: the guesses become facts."""
    source.guesses = {}
    with recorded("confirm_guesses", by):
        source.save(update_fields=["guesses", "updated_at"])
    return source


def take_imported(*, by: User, source: Source, field: str, seen: datetime | None = None) -> Source:
    """What an import says of this field (see `facts.NAMES`) replaces the curator's value.

    `seen` is the source's `updated_at` as the person saw it. Raises ValidationError where it is another by now, or
    where no import says otherwise.
    """
    with explained(Source), recorded("take_imported", by, field=field):
        hold_source(source.pk, seen)
        source.refresh_from_db()
        otherwise = facts.differences(source, list(source.readings.defer("data")))
        said = {one.field: one.said for one in otherwise if one.field == field}
        if not said:
            raise ValidationError("No import says otherwise of this field any more.")
        facts.fill(source, said)
        source.save()
        facts.replace_parts(source, said)
        listings.refresh([source.pk])
    return source


def _holds(source: Source, record: Record) -> bool:
    return source.current_version is not None and source.current_version.sha256 == sha256(record.document.text)
