"""What the fields of a BibTeX entry mean, in the dialects of BibLaTeX, JabRef, Mendeley, Zotero and publishers."""

import re
from dataclasses import replace
from functools import partial

from articles.importers.bibtex.entry import Entry
from articles.importers.bibtex.people import authors
from articles.importers.bibtex.tex import plain
from articles.importers.record import Contributor, ParseError, Record
from articles.importers.shared import citations, languages, loose_dates, notices, trials
from articles.importers.shared.abstracts import abstract, title
from articles.importers.shared.citations import UNKNOWN_INTEREST, Identifiers
from articles.importers.shared.fields import LONGEST_NAME
from articles.importers.shared.tagged import Tagged
from articles.lib.partial_date import PartialDate
from articles.lib.vocabulary import IdentifierScheme, Kind, PublisherInterest, TextBasis

_JOURNALS = ("fjournal", "journaltitle", "journal", "booktitle", "maintitle")
_PUBLISHERS = ("publisher", "institution", "school", "organization")
_PAPERS = frozenset(
    {"article", "inproceedings", "conference", "unpublished", "phdthesis", "mastersthesis", "thesis", "preprint"}
)
_BOOKS = frozenset({"book", "mvbook", "booklet", "collection", "proceedings", "manual", "reference"})
_WITH_ISSUES = frozenset({"article", "periodical", "inproceedings", "conference", "misc"})
_INHERITED = ("journal", "year", "month", "date", "publisher", "volume", "number", "series", "address", "editor")
# Fields whose signs are not TeX, whatever they look like.
_ADDRESSES = ("url", "doi", "eprint", "pmid", "pmcid", "file", "isbn", "howpublished", "bdsk-url-1", "bdsk-url-2")
_ESCAPED = re.compile(r"\\([_%&#$~{}^-])|\{\\textasciitilde\}|\\url|[{}]")


def record(entry: Entry, parent: Entry | None, format: str, repairs: tuple[str, ...]) -> Record:
    """The record of an entry. Raises `ParseError` where it has no title.

    `parent` is the entry that it refers to, such as the proceedings a paper stands in.
    """
    fields = _fields(_complete(entry, parent))
    name = _title(fields, entry)
    people, more = authors(entry.get("author"))
    types = citations.types(fields.texts("type", "document_type"))
    kind, design, guesses = citations.kind(types, f"@{entry.type}", _otherwise(entry))
    text, parts = abstract(fields.paragraphs("abstract"))
    status, notice = notices.status((), types, name)
    return Record(
        title=name,
        document=text,
        format=format,
        kind=kind,
        design=design,
        publisher_interest=PublisherInterest.UNKNOWN.value,
        text_basis=(TextBasis.ABSTRACT if text.text else TextBasis.METADATA_ONLY).value,
        container=_container(fields, name),
        date=_date(fields),
        volume=fields.first("volume"),
        issue=fields.first("number", "issue") if entry.type in _WITH_ISSUES else fields.first("issue"),
        pages=_pages(fields),
        language=languages.code(fields.first("language", "langid")),
        identifiers=_identifiers(fields, entry).pairs(),
        contributors=_with_orcids(fields, people),
        publication_types=types,
        publication_status=status,
        status_notice=notice,
        trial_ids=trials.in_text(f"{name}\n{text.text}"),
        keywords=_keywords(fields),
        publisher=_publisher(fields),
        sections=parts,
        repairs=(*repairs, *entry.notes),
        guesses={**guesses, "publisher_interest": UNKNOWN_INTEREST},
        extra=_extra(fields, entry, more=more),
    )


def _complete(entry: Entry, parent: Entry | None) -> Entry:
    """The entry with what it has from its parent; the parent's title is that of the book."""
    if parent is None:
        return entry
    given = {"booktitle": parent.get("booktitle") or parent.get("title")}
    given |= {name: parent.get(name) for name in _INHERITED}
    if entry.get("date") or entry.get("year"):
        given = {name: value for name, value in given.items() if name not in ("date", "year", "month")}
    missing = [(name, value) for name, value in given.items() if value and not entry.get(name)]
    return replace(entry, fields=[*entry.fields, *missing])


def _fields(entry: Entry) -> Tagged:
    """The values as text, by the names of their fields. Authors are divided in TeX, where braces count."""
    fields = Tagged()
    for name, value in entry.fields:
        if name != "author":
            written = _unescaped(value) if name in _ADDRESSES else plain(value)
            first, *more = written.split("\n")
            fields.begin(name, first)
            for one in more:
                fields.go_on(one)
    return fields


def _unescaped(value: str) -> str:
    """An address or a number, in which TeX only escapes signs."""
    return _ESCAPED.sub(lambda found: found[1] or ("~" if "tilde" in found[0] else ""), value)


def _title(fields: Tagged, entry: Entry) -> str:
    main = title(fields.first("title"))
    if not any(character.isalnum() for character in main):
        raise ParseError(f"the entry {entry.key!r} has no title.")
    subtitle = title(fields.first("subtitle"))
    return f"{main}: {subtitle}" if subtitle else main


def _otherwise(entry: Entry) -> Kind:
    is_paper = entry.type in _PAPERS or (entry.type == "misc" and bool(entry.get("doi")))
    return Kind.ABSTRACT if is_paper else Kind.OTHER


def _container(fields: Tagged, name: str) -> str:
    """The journal or book it stands in; proceedings often repeat their own title."""
    found = fields.first(*_JOURNALS)
    return "" if found == name else found


def _date(fields: Tagged) -> PartialDate | None:
    """The date, or the year with its month and day. What cannot be read of it stays unread."""
    date: PartialDate | None = None

    def accept(written: str) -> bool:
        nonlocal date
        read, is_whole = loose_dates.read(written)
        date = date or read
        return is_whole

    fields.accepted(accept, "date")
    if date is not None:
        return date
    year, month, day = ("".join(fields.peek(name)[:1]) for name in ("year", "month", "day"))
    date, is_whole = loose_dates.of(year, month, day)
    if is_whole:
        fields.texts("year", "month", "day")
    return date


def _pages(fields: Tagged) -> str:
    """The pages with one hyphen between; the number of an article that has none."""
    return re.sub(r" ?[-\u2013\u2014]+ ?", "-", fields.first("pages")) or fields.first("eid", "articleno")


def _identifiers(fields: Tagged, entry: Entry) -> Identifiers:
    """The numbers of the document. An ISBN is that of a whole book only: the papers in it share it."""
    found = Identifiers()
    schemes = {"doi": IdentifierScheme.DOI, "pmid": IdentifierScheme.PMID, "pmcid": IdentifierScheme.PMCID}
    if entry.type in _BOOKS:
        schemes["isbn"] = IdentifierScheme.ISBN
    archive = f"{entry.get('eprinttype')}{entry.get('archiveprefix')}".lower()
    if archive in ("pubmed", "pmid", "medline"):
        schemes["eprint"] = IdentifierScheme.PMID
    for name, scheme in schemes.items():
        fields.accepted(partial(found.add, scheme), name)
    for written in fields.peek("note", "annote", "annotation"):
        found.add_from_note(written)
    addresses = {address: None for written in fields.texts("url") for address in written.split()}
    for address in found.add_addresses(addresses):
        fields.keep("url", address)
    return found


def _with_orcids(fields: Tagged, people: tuple[Contributor, ...]) -> tuple[Contributor, ...]:
    """The authors with their ORCIDs, of which files of the Web of Science have a list."""
    found = citations.orcids(fields.peek("orcid-numbers"))
    return tuple(citations.with_facts(person, found) for person in people)


def _keywords(fields: Tagged) -> tuple[str, ...]:
    given = fields.texts("keywords", "keyword", "keywords-plus")
    divided = (word for text in given for word in text.split(";" if ";" in text else ","))
    return tuple(dict.fromkeys(word.strip() for word in divided if word.strip()))


def _publisher(fields: Tagged) -> str:
    found = fields.first(*_PUBLISHERS)
    if len(found) > LONGEST_NAME:
        fields.keep("publisher", found)
        return ""
    return found


def _extra(fields: Tagged, entry: Entry, *, more: bool) -> dict[str, object]:
    kept: dict[str, object] = {"ENTRYTYPE": entry.type, "key": entry.key, **fields.rest()}
    if entry.unread:
        kept["unread"] = entry.unread
    if more:
        kept["author"] = ["... and others"]
    return kept
