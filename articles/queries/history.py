"""What was changed, by whom, when and how, as the triggers of the database recorded it."""

# Django's Field takes parameters for the type checker only.
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Field, ForeignKey, Model, OuterRef, QuerySet, Subquery

from articles.models import (
    Assessment,
    CitedReference,
    Claim,
    ClaimTherapy,
    Condition,
    Contributor,
    Identifier,
    LinkedPublication,
    Outcome,
    Publisher,
    Relation,
    Source,
    SourceVersion,
    StudyGroup,
    Therapy,
)
from articles.models.source import SourceConditionTag, SourceTherapyTag

# What belongs to a whole, and the column that names it.
PARTS: Mapping[type[Model], tuple[str, tuple[type[Model], ...]]] = {
    Source: (
        "source",
        (
            Identifier,
            Contributor,
            CitedReference,
            LinkedPublication,
            SourceVersion,
            SourceTherapyTag,
            SourceConditionTag,
        ),
    ),
    Claim: ("claim", (ClaimTherapy,)),
}
WHOLES: tuple[type[Model], ...] = (
    Source,
    Claim,
    Relation,
    Assessment,
    Therapy,
    Condition,
    Outcome,
    Publisher,
    StudyGroup,
)
NAMES: Mapping[type[Model], str] = {
    SourceTherapyTag: "therapy tag",
    SourceConditionTag: "condition tag",
    SourceVersion: "text",
    ClaimTherapy: "therapy",
    CitedReference: "reference",
    LinkedPublication: "linked publication",
}
# Changes of these say nothing to a reader.
UNTOLD = frozenset(
    {"id", "title_key", "created_at", "updated_at", "prefix", "suffix", "sections", "normaliser_version"}
)
LONG_COLUMNS = ("text", "structure", "raw_record")
# The actions in the words of the pages; others are shown by their name.
ACTIONS = {
    "add_claim": "claim drafted",
    "edit_claim": "claim edited",
    "submit_claim": "claim submitted",
    "accept_claim": "claim accepted",
    "reject_claim": "claim rejected",
    "retire_claim": "claim retired",
    "add_source": "source added",
    "edit_source": "source edited",
    "import_source": "source imported",
    "confirm_guesses": "guesses confirmed",
    "finish_source": "source finished",
    "add_publisher": "publisher added",
    "edit_publisher": "publisher edited",
    "add_study_group": "study group added",
    "edit_study_group": "study group edited",
    "add_term": "term added",
    "edit_term": "term edited",
    "load_vocabularies": "vocabularies loaded",
    "undo_import": "import taken back",
    "take_imported": "value of an import taken",
    "merge_sources": "sources merged",
    "suspect_duplicate": "thought to be one document",
    "keep_apart": "found to be two documents",
    "keep_tag": "suggested tag kept",
    "drop_tag": "suggested tag dropped",
    "reopen_tag": "decision on a suggested tag taken back",
    "relate_claims": "relation suggested",
    "confirm_relation": "relation confirmed",
    "drop_relation": "relation dropped",
    "add_assessment": "question assessed",
    "edit_assessment": "assessment changed",
    "remove_assessment": "assessment taken back",
}
VERBS = {"insert": "added", "update": "changed", "delete": "removed"}
LONGEST_VALUE = 2_000


@dataclass(frozen=True)
class FieldChange:
    """One field before and after; blank before for what was added, blank after for what was removed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One thing added, changed or removed; `whole` is the model and the id of what it belongs to."""

    verb: str
    thing: str
    whole: tuple[type[Model], int]
    whole_name: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Entry:
    """What one person did in one step."""

    at: datetime
    who: str
    action: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class _Event:
    model: type[Model]
    row: Any
    before: Any


def of(whole: Model, limit: int = 200) -> list[Entry]:
    """The history of a thing and its parts, newest first; at most `limit` events of each kind."""
    model = type(whole)
    column, parts = PARTS.get(model, ("", ()))
    events = _events(model, _rows(model).filter(pgh_obj=whole.pk), limit)
    for part in parts:
        events += _events(part, _rows(part).filter(**{column: whole.pk}), limit)
    return _entries(events)


def recent(limit: int = 100) -> list[Entry]:
    """The newest changes of everything, newest first; the number of queries does not depend on how many there are."""
    events: list[_Event] = []
    for model in _tracked():
        events += _events(model, _rows(model), limit)
    events.sort(key=lambda event: event.row.pgh_created_at, reverse=True)
    return _entries(events[:limit])


def _tracked() -> Iterator[type[Model]]:
    for whole in WHOLES:
        yield whole
        yield from PARTS.get(whole, ("", ()))[1]


def _rows(model: type[Model]) -> QuerySet[Any]:
    events: QuerySet[Any] = model.pgh_event_model.objects.all()  # type: ignore[attr-defined]
    return events


def _events(model: type[Model], rows: QuerySet[Any], limit: int) -> list[_Event]:
    """The newest events, each with the event before it of the same object."""
    if any(field.name == "pgh_obj" for field in rows.model._meta.fields):
        older = rows.model.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
        rows = rows.annotate(before_id=Subquery(older.order_by("-pgh_id").values("pgh_id")[:1]))
    found = list(rows.select_related("pgh_context").order_by("-pgh_id")[:limit])
    wanted = {row.before_id for row in found if getattr(row, "before_id", None) and row.pgh_label != "insert"}
    before = rows.model.objects.in_bulk(wanted) if wanted else {}
    return [_Event(model, row, before.get(getattr(row, "before_id", None))) for row in found]


def _entries(events: Iterable[_Event]) -> list[Entry]:
    """Events of one step make one entry. Steps of one transaction carry the same time: their numbers order them."""
    found = list(events)
    last: dict[Any, int] = {}
    for event in found:
        if event.model in WHOLES:
            context = event.row.pgh_context_id
            last[context] = max(event.row.pgh_id, last.get(context, 0))

    def step(event: _Event) -> tuple[datetime, int, str]:
        row = event.row
        return row.pgh_created_at, last.get(row.pgh_context_id, 0), str(row.pgh_context_id)

    ordered = sorted(found, key=step, reverse=True)
    names = _Names(ordered)
    groups = groupby(ordered, key=step)
    entries = (_entry(list(together), names) for _key, together in groups)
    return [entry for entry in entries if entry.changes]


def _entry(events: Sequence[_Event], names: _Names) -> Entry:
    row = events[0].row
    metadata = row.pgh_context.metadata if row.pgh_context else {}
    in_order = sorted(events, key=lambda event: ([*_tracked()].index(event.model), event.row.pgh_id))
    changes = (_change(event, names) for event in in_order)
    told = tuple(change for change in changes if change.fields or change.verb != "changed")
    return Entry(row.pgh_created_at, names.user(metadata.get("user")), _action(metadata), told)


def _action(metadata: Mapping[str, Any]) -> str:
    name = str(metadata.get("action", ""))
    return ACTIONS.get(name, name.replace("_", " "))


def _change(event: _Event, names: _Names) -> Change:
    whole = _whole(event)
    thing = NAMES.get(event.model, str(event.model._meta.verbose_name))
    return Change(VERBS[event.row.pgh_label], thing, whole, names.of(*whole), tuple(_fields(event, names)))


def _whole(event: _Event) -> tuple[type[Model], int]:
    for model, (column, parts) in PARTS.items():
        if event.model in parts:
            return model, getattr(event.row, f"{column}_id")
    return event.model, event.row.pgh_obj_id


def _fields(event: _Event, names: _Names) -> Iterator[FieldChange]:
    column = next((column for column, parts in PARTS.values() if event.model in parts), "")
    row, label = event.row, event.row.pgh_label
    for field in _told_fields(row, column):
        now = names.value(field, getattr(row, field.attname))
        then = names.value(field, getattr(event.before, field.attname)) if event.before else ""
        before, after = {"insert": ("", now), "delete": (now, "")}.get(label, (then, now))
        if before != after:
            yield FieldChange(_label(event.model, field), before, after)


def _told_fields(row: Any, whole_column: str) -> list[Field[Any, Any]]:
    skipped = UNTOLD | {whole_column}
    return [field for field in row._meta.fields if not field.name.startswith("pgh_") and field.name not in skipped]


def _label(model: type[Model], field: Field[Any, Any]) -> str:
    label = str(model._meta.get_field(field.name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


class _Names:
    """The names of everything the events point to, one query for each kind of thing."""

    def __init__(self, events: Sequence[_Event]) -> None:
        wanted: dict[type[Model], set[Any]] = {}
        for event in events:
            whole, pk = _whole(event)
            wanted.setdefault(whole, set()).add(pk)
            for row in filter(None, (event.row, event.before)):
                self._gather(row, wanted)
        self._users = _Names._who(events)
        self._found = {model: self._fetch(model, ids) for model, ids in wanted.items()}

    @staticmethod
    def _gather(row: Any, wanted: dict[type[Model], set[Any]]) -> None:
        for field in row._meta.fields:
            if isinstance(field, ForeignKey) and not field.name.startswith("pgh_") and getattr(row, field.attname):
                wanted.setdefault(field.related_model, set()).add(getattr(row, field.attname))

    @staticmethod
    def _who(events: Sequence[_Event]) -> dict[Any, str]:
        contexts = (event.row.pgh_context for event in events if event.row.pgh_context)
        ids = {context.metadata.get("user") for context in contexts} - {None}
        return dict(get_user_model().objects.filter(pk__in=ids).values_list("pk", "username"))

    @staticmethod
    def _fetch(model: type[Model], ids: set[Any]) -> dict[Any, str]:
        held = {field.name for field in model._meta.fields}
        rows = model._default_manager.defer(*(column for column in LONG_COLUMNS if column in held))
        return {pk: str(found) for pk, found in rows.in_bulk(ids).items()}

    def user(self, pk: int | None) -> str:
        return self._users.get(pk, f"account {pk}, removed" if pk else "the system")

    def of(self, model: type[Model], pk: int) -> str:
        return self._found.get(model, {}).get(pk, f"{model._meta.verbose_name} {pk}, removed")

    def value(self, field: Field[Any, Any], value: Any) -> str:
        """A value in the words of the forms."""
        if value is None or value in ("", [], {}):
            return ""
        if isinstance(field, ForeignKey):
            return self.of(field.related_model, value)
        return _shortened(_plain(value, dict(field.flatchoices)))


def _plain(value: Any, choices: Mapping[Any, Any]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {item}" for key, item in value.items())
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(choices.get(value, value))


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]} ..."
