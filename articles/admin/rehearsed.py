"""What a small upload would do: its records as the page shows them, and what is decided about each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.utils.text import capfirst

from articles import importers
from articles.actions.incoming import Result
from articles.actions.runs import Done
from articles.admin import changed, fact_words
from articles.importers.record import Record
from articles.lib import vocabulary as vocab
from articles.models import Source

NEW = (Result.CREATED, Result.DUPLICATE)
# What asks for a decision comes first.
RESULTS = {
    Result.FAILED: "cannot be taken",
    Result.DUPLICATE: "new source, perhaps a duplicate",
    Result.UPDATED: "known source, updated",
    Result.CREATED: "new source",
    Result.UNCHANGED: "known source, unchanged",
}
AUTHORS_SHOWN = 3
FORMAT_LABELS = {known.name: known.label for known in importers.FORMATS}


class OptionsForm(forms.Form):
    """What stands for new sources instead of what is read or guessed."""

    kind = forms.ChoiceField(label="Kind", choices=[("", "as read"), *vocab.Kind.choices()], required=False)
    interest = forms.ChoiceField(
        label="Publisher's interest", choices=[("", "as read"), *vocab.PublisherInterest.choices()], required=False
    )


class RecordForm(OptionsForm):
    """What the curator decides about one record."""

    take = forms.BooleanField(label="Take it", required=False)
    field_order = ("take",)


@dataclass(frozen=True)
class Row:
    """One record of the rehearsal as the page shows it."""

    done: Done
    source: Source | None
    form: RecordForm | None

    @property
    def title(self) -> str:
        """Of the record; where it was not read again, of its source; else the name of the file."""
        if self.done.record:
            return self.done.record.title
        return self.source.title if self.source else self.done.file.name

    @property
    def cited(self) -> str:
        """Authors, journal or site, and year, as far as the record says them."""
        record = self.done.record
        if record is None:
            return ""
        names = [person.as_written for person in record.contributors]
        more = " and others" if len(names) > AUTHORS_SHOWN else ""
        told = ("; ".join(names[:AUTHORS_SHOWN]) + more, record.container, str(record.date.year) if record.date else "")
        return " · ".join(part for part in told if part)

    @property
    def place(self) -> str:
        """Where in the upload it stands."""
        found = self.done.found
        told = (self.done.file.name, found.member, f"record {found.number}", FORMAT_LABELS.get(found.format, ""))
        return ", ".join(part for part in told if part)

    @property
    def changed(self) -> str:
        """What an update changes, in words."""
        return changed.in_words(self.done.outcome.changed)

    @property
    def is_new(self) -> bool:
        """Whether it makes a new source."""
        return self.done.result in NEW

    @property
    def guesses(self) -> list[tuple[str, str]]:
        """(field, reason)."""
        record = self.done.record
        if record is None or not self.is_new:
            return []
        guessed = ((name, reason) for name, reason in record.guesses.items() if not _is_left_open(name, record))
        return [(fact_words.label(name), reason) for name, reason in guessed]


@dataclass(frozen=True)
class Group:
    """The records of which the same would become."""

    result: Result
    rows: list[Row]

    @property
    def label(self) -> str:
        """What becomes of them."""
        return capfirst(RESULTS[self.result])

    @property
    def is_folded(self) -> bool:
        """Whether there is nothing to decide."""
        return self.result == Result.UNCHANGED


def row(done: Done, source: Source | None) -> Row:
    """The record as the page shows it, with a form where there is something to decide."""
    if done.result in (Result.FAILED, Result.UNCHANGED):
        return Row(done, source, None)
    form = RecordForm(prefix=f"{done.file.position}-{done.found.number}", initial={"take": True})
    if done.result in NEW and source and done.record:
        _name_what_was_read(form, source, done.record)
    else:
        del form.fields["kind"], form.fields["interest"]
    return Row(done, source, form)


def _name_what_was_read(form: RecordForm, source: Source, record: Record) -> None:
    for name, field, label in (
        ("kind", "kind", source.get_kind_display()),
        ("interest", "publisher_interest", source.get_publisher_interest_display()),
    ):
        how = "as guessed" if field in record.guesses else "as read"
        if _is_left_open(field, record):
            how = "the record does not say"
        form.fields[name].choices = [("", f"{label}, {how}"), *form.fields[name].choices[1:]]


def grouped(rows: Iterable[Row]) -> list[Group]:
    """The records by what would become of them, what asks for a decision first."""
    by_result: dict[Result, list[Row]] = defaultdict(list)
    for one in rows:
        by_result[one.done.result].append(one)
    return [Group(result, by_result[result]) for result in RESULTS if result in by_result]


def _is_left_open(field: str, record: Record) -> bool:
    """Whether nothing is guessed, only left open: then there is nothing to confirm."""
    return field == "publisher_interest" and record.publisher_interest == vocab.PublisherInterest.UNKNOWN
