"""What the tags of the Web of Science mean; its files look like RIS, and nearly every tag means something else."""

import re
from dataclasses import replace
from functools import partial
from itertools import zip_longest

from articles.importers.record import Contributor, ParseError, Record
from articles.importers.shared import citations, languages, loose_dates, notices, trials
from articles.importers.shared.abstracts import abstract, line, title
from articles.importers.shared.citations import UNKNOWN_INTEREST, Identifiers, author
from articles.importers.shared.fields import LONGEST_NAME
from articles.importers.shared.tagged import Tagged
from articles.lib.partial_date import PartialDate
from articles.lib.vocabulary import IdentifierScheme, Kind, PublisherInterest, TextBasis

_BRACKETED = re.compile(r"\[([^\[\]]{1,20000})\] ?(.+)")


def record(fields: Tagged, format: str, repairs: tuple[str, ...]) -> Record:
    """The record of these fields. Raises `ParseError` where there is no title."""
    name = title(fields.first("TI"))
    if not any(character.isalnum() for character in name):
        raise ParseError("the record has no title (TI).")
    shelf = " ".join(fields.texts("PT")[:1])
    types = citations.types(fields.texts("DT"))
    kind, design, guesses = citations.kind(types, "; ".join(types), Kind.OTHER if shelf in "BP" else Kind.ABSTRACT)
    text, parts = abstract(fields.paragraphs("AB"))
    status, notice = notices.status((), types, name)
    return Record(
        title=name,
        document=text,
        format=format,
        kind=kind,
        design=design,
        publisher_interest=PublisherInterest.UNKNOWN.value,
        text_basis=(TextBasis.ABSTRACT if text.text else TextBasis.METADATA_ONLY).value,
        container=fields.first("SO"),
        date=_date(fields),
        volume=fields.first("VL"),
        issue=fields.first("IS"),
        pages=_pages(fields),
        language=languages.code(fields.first("LA")),
        identifiers=_identifiers(fields, shelf).pairs(),
        contributors=_contributors(fields),
        publication_types=types,
        publication_status=status,
        status_notice=notice,
        trial_ids=trials.in_text(f"{name}\n{text.text}"),
        keywords=_listed(fields, "DE", "ID"),
        grants=_listed(fields, "FU"),
        publisher=_publisher(fields),
        references=tuple(fields.lines("CR")),
        sections=parts,
        repairs=repairs,
        guesses={**guesses, "publisher_interest": UNKNOWN_INTEREST},
        extra=fields.rest() | {"PT": [shelf]},
    )


def _date(fields: Tagged) -> PartialDate | None:
    """The year and what is printed beside it, such as "JUN 8" or "JAN-FEB"; DA is the day of the export."""
    year, rest = fields.first("PY"), fields.first("PD")
    date, is_whole = loose_dates.of(year, rest)
    for tag, written in (("PY", year), ("PD", rest)):
        if written and not is_whole:
            fields.keep(tag, written)
    return date


def _pages(fields: Tagged) -> str:
    first, last = fields.first("BP"), fields.first("EP")
    return f"{first}-{last}" if first and last and first != last else first or last or fields.first("AR")


def _identifiers(fields: Tagged, shelf: str) -> Identifiers:
    found = Identifiers()
    schemes = {"DI": IdentifierScheme.DOI, "PM": IdentifierScheme.PMID}
    for tag, scheme in (schemes | ({"BN": IdentifierScheme.ISBN} if shelf == "B" else {})).items():
        fields.accepted(partial(found.add, scheme), tag)
    return found


def _contributors(fields: Tagged) -> tuple[Contributor, ...]:
    """The authors as cited (AU) with the names they have in full (AF), their ORCIDs and addresses; then bodies (CA)."""
    cited, full = fields.lines("AU"), fields.lines("AF")
    listed = fields.lines("OI")
    orcids = citations.orcids(listed)
    addresses = _addresses(fields)
    people = [
        citations.with_facts(replace(author(name or short), as_written=short or name), orcids)
        for short, name in zip_longest(cited, full, fillvalue="")
    ]
    if citations.names_others(listed, people):
        fields.keep("OI", "; ".join(listed))
    bodies = [Contributor(name, collective=name) for name in fields.texts("CA")]
    return (*(replace(one, affiliation="; ".join(addresses.pop(_key(one), ()))) for one in people), *bodies)


def _addresses(fields: Tagged) -> dict[str, list[str]]:
    """The addresses before which authors stand in brackets, by author; an address of nobody in particular is kept."""
    found: dict[str, list[str]] = {}
    for written in fields.lines("C1"):
        match = _BRACKETED.fullmatch(written)
        if match is None:
            fields.keep("C1", written)
            continue
        for name in match[1].split(";"):
            found.setdefault(_key(author(name)), []).append(match[2].rstrip("."))
    return found


def _key(person: Contributor) -> str:
    return f"{person.family}, {person.given or person.collective}".casefold()


def _listed(fields: Tagged, *tags: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for text in fields.texts(*tags) for one in text.split(";") if (part := line(one))))


def _publisher(fields: Tagged) -> str:
    name = fields.first("PU")
    if len(name) <= LONGEST_NAME:
        return name
    fields.keep("PU", name)
    return ""
