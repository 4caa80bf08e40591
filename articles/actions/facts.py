"""What a record says of its source, field by field, and how it goes together with what is held.

A value is plain JSON: text, a list, true or false. Blank is "not said": it never overwrites anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from articles.actions.bulk import copy_rows
from articles.importers.record import Record
from articles.lib import vocabulary as vocab
from articles.models import CitedReference, Contributor, LinkedPublication, Reading, Source

PLAIN = (
    "title",
    "original_title",
    "container",
    "volume",
    "issue",
    "pages",
    "language",
    "licence",
    "description",
    "design",
    "conflict_of_interest",
    "publication_status",
    "status_notice",
    "is_medline",
    "is_free_full_text",
)
LISTS = ("publication_types", "mesh_headings", "keywords", "grants", "full_text_providers", "trial_ids")
DATE = ("year", "month", "day", "season")
CONTRIBUTOR = ("as_written", "family", "given", "collective", "orcid", "affiliation")
LINK = ("relation", "citation", "pmid", "doi")
# Lists whose members are rows: the model of each, and its columns.
PARTS: Mapping[str, tuple[type[Model], tuple[str, ...]]] = {
    "contributors": (Contributor, CONTRIBUTOR),
    "references": (CitedReference, ("text",)),
    "links": (LinkedPublication, LINK),
}
NAMES = (*PLAIN, *LISTS, "date", "contributors", "references", "links")

Values = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """A field in which a curator's value stands and the record says another; `reading` is the one that says it."""

    field: str
    held: Any
    said: Any
    reading: Reading


def of_record(record: Record) -> Values:
    """What the record says."""
    date = record.date
    values = {
        **{name: getattr(record, name) for name in PLAIN},
        **{name: list(getattr(record, name)) for name in LISTS if name != "trial_ids"},
        "trial_ids": [f"{scheme}:{value}" for scheme, value in record.trial_ids],
        "date": [date.year, date.month, date.day, date.season or ""] if date else [],
        "contributors": [[getattr(one, name) for name in CONTRIBUTOR] for one in record.contributors],
        "references": list(record.references),
        "links": [_link(one.relation, one.citation, dict(one.identifiers)) for one in record.links],
    }
    return {name: value for name, value in values.items() if _says(name, value)}


def of_source(source: Source) -> Values:
    """What is held. Parts are read from the database unless they were fetched before."""
    values = {
        **{name: getattr(source, name) for name in (*PLAIN, *LISTS)},
        "date": [source.year, source.month, source.day, source.season] if source.year else [],
        "contributors": _parts(source.contributors.all(), CONTRIBUTOR),
        "references": [text for (text,) in _parts(source.references.all(), ("text",))],
        "links": _parts(source.links.all(), LINK),
    }
    return {name: value for name, value in values.items() if _says(name, value)}


def news(held: Values, record: Values, standing: int, readings: Sequence[Reading]) -> Values:
    """Of what the record says, what is to be written over what is held.

    A curator's value stays, and so does the blank where a curator emptied the field: anything but what the readings
    so far made of it. Of two imported values the one of the higher standing stays, of two equal ones the newer.
    `readings` are all earlier ones of the source.
    """
    return {
        name: value
        for name, value in record.items()
        if held.get(name) != value and _may_replace(name, held.get(name), standing, readings)
    }


def differences(source: Source, readings: Sequence[Reading]) -> list[Difference]:
    """Fields in which a curator's value stands against that of the last reading of the highest standing."""
    held = of_source(source)
    told = {name: said for name in NAMES if (said := _last(name, readings)) is not None}
    return [
        Difference(name, held.get(name), reading.values[name], reading)
        for name, reading in told.items()
        if held.get(name) != reading.values[name]
    ]


def fill(source: Source, values: Values) -> None:
    """Set the fields of a source that is not stored yet, or stored by the caller afterwards. Parts are not touched."""
    for name in (*PLAIN, *LISTS):
        if name in values:
            setattr(source, name, values[name])
    if "date" in values:
        for name, value in zip(DATE, values["date"] or [None, None, None, ""], strict=True):
            setattr(source, name, value)


def write_parts(sources: Iterable[tuple[int, Values]]) -> None:
    """Write the lists among the values of each source as its rows; it has none yet."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in PARTS}
    for source, values in sources:
        for name in PARTS:
            listed = values.get(name, ())
            rows[name] += [(source, place, *_row(one)) for place, one in enumerate(listed, start=1)]
    for name, (model, columns) in PARTS.items():
        copy_rows(model, ("source_id", "position", *columns), rows[name])


def replace_parts(source: Source, values: Values) -> None:
    """Write the lists among the values in place of those held; the others stay."""
    for name, (model, _columns) in PARTS.items():
        if name in values:
            model._default_manager.filter(source=source).delete()
    write_parts([(source.pk, values)])


def _row(one: Any) -> Sequence[Any]:
    return (one,) if isinstance(one, str) else one


def blank(name: str) -> Any:
    """The value of a field of which nothing is known."""
    if name in LISTS or name in ("date", *PARTS):
        return []
    if name in ("is_medline", "is_free_full_text"):
        return None
    return vocab.PublicationStatus.CURRENT.value if name == "publication_status" else ""


def _says(name: str, value: Any) -> bool:
    return value not in ("", None, []) and value != blank(name)


def _link(relation: str, citation: str, identifiers: Mapping[str, str]) -> list[str]:
    return [relation, citation, identifiers.get("pmid", ""), identifiers.get("doi", "")]


def _parts(rows: Iterable[Any], names: Sequence[str]) -> list[list[Any]]:
    ordered = sorted(rows, key=lambda row: row.position)
    return [[getattr(row, name) for name in names] for row in ordered]


def _may_replace(name: str, held: Any, standing: int, readings: Sequence[Reading]) -> bool:
    last = _last(name, readings)
    if last is None:
        return held is None
    return standing >= last.standing and held == last.values[name]


def _last(name: str, readings: Sequence[Reading]) -> Reading | None:
    """The newest reading of the highest standing that says something of the field."""
    telling = [reading for reading in readings if name in reading.values]
    return max(telling, key=lambda reading: (reading.standing, reading.pk), default=None)
