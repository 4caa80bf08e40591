"""What the tags of RIS mean, in the dialects of EndNote, Zotero, Mendeley, Cochrane, Embase, Scopus and publishers."""

import re
from functools import partial

from articles.importers.record import OtherText, ParseError, Record
from articles.importers.shared import citations, languages, loose_dates, notices, trials
from articles.importers.shared.abstracts import abstract, is_translated, title
from articles.importers.shared.citations import UNKNOWN_INTEREST, Identifiers, author
from articles.importers.shared.fields import LONGEST_NAME
from articles.importers.shared.tagged import Tagged
from articles.lib.partial_date import PartialDate
from articles.lib.vocabulary import IdentifierScheme, Kind, PublisherInterest, TextBasis

_TITLES = ("TI", "T1", "CT")
_JOURNALS = ("JF", "T2", "JO", "JA", "J2", "J1")
_BOOK_TITLES = ("C3", "T2", "BT", "JF", "JO")
_NOTES = ("N1", "M1", "M2", "U1", "U2", "U3", "U4", "U5", "C1", "C2", "C3", "C4", "C5", "AN", "ID")
_ADDRESSES = ("UR", "L1", "L2", "L3", "LK")
_SUBMITTED_WITH = re.compile(r"\b(?:PubMed|MEDLINE|NLM)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:\s*;)?\s+(?=https?:)|;(?=https?:)")
_BETWEEN_NAMES = re.compile(r"; ?(?=\S)")
_DIGITS = re.compile(r"\d{4,9}", re.ASCII)

_PAPERS = frozenset({"JOUR", "JFULL", "EJOUR", "ABST", "INPR", "CONF", "CPAPER", "THES", "UNPB", "Journal Article"})
_NEWS = frozenset({"NEWS", "Newspaper Article"})
_BOOKS = frozenset({"BOOK", "EBOOK", "EDBOOK", "Book"})
_PARTS = frozenset({"CHAP", "ECHAP", "CONF", "CPAPER", "Book Section", "Conference Paper"})


def record(fields: Tagged, format: str, repairs: tuple[str, ...]) -> Record:
    """The record of these fields. Raises `ParseError` where there is no title."""
    shelf = " ".join(fields.peek("TY")[:1])
    numbers = _identifiers(fields, shelf)
    types = citations.types(fields.texts("M3", "PT"))
    kind, design, guesses = citations.kind(types, shelf, _otherwise(shelf))
    name, original, others, guessed = _titles(fields, shelf)
    text, parts = abstract(_abstract(fields))
    status, notice = notices.status((), types, name)
    return Record(
        title=name,
        original_title=original,
        other_texts=others,
        document=text,
        format=format,
        kind=kind,
        design=design,
        publisher_interest=PublisherInterest.UNKNOWN.value,
        text_basis=(TextBasis.ABSTRACT if text.text else TextBasis.METADATA_ONLY).value,
        container=fields.first(*_containers(shelf)),
        date=_date(fields),
        volume=fields.first("VL", "VO"),
        issue=fields.first("IS", "CP"),
        pages=_pages(fields),
        language=languages.code(fields.first("LA")),
        identifiers=numbers.pairs(),
        contributors=tuple(author(name) for text in fields.texts("AU", "A1") for name in _BETWEEN_NAMES.split(text)),
        publication_types=types,
        publication_status=status,
        status_notice=notice,
        trial_ids=trials.in_text(f"{name}\n{text.text}"),
        keywords=_keywords(fields),
        publisher=_publisher(fields),
        sections=parts,
        repairs=repairs,
        guesses={**guesses, **guessed, "publisher_interest": UNKNOWN_INTEREST},
        extra=fields.rest(),
    )


def _otherwise(shelf: str) -> Kind:
    """What a record of this type of reference mostly is."""
    if shelf in _NEWS:
        return Kind.NEWS
    return Kind.ABSTRACT if shelf in _PAPERS or not shelf else Kind.OTHER


def _containers(shelf: str) -> tuple[str, ...]:
    """Where the name of the journal or book stands. That of a whole book is its title; its series is no container."""
    if shelf in _BOOKS:
        return ()
    return _BOOK_TITLES if shelf in _PARTS else _JOURNALS


def _titles(fields: Tagged, shelf: str) -> tuple[str, str, tuple[OtherText, ...], dict[str, str]]:
    """The title, the original one of a translation, other titles, and why the title is a guess."""
    tags = (*_TITLES, "BT", "T2") if shelf in _BOOKS else _TITLES
    written, guesses = fields.first(*tags), dict[str, str]()
    if not written:
        written = fields.first("ST")
        guesses = {"title": "The record gives only a short title."}
    name, translation = title(written), title(fields.first("TT"))
    if not any(character.isalnum() for character in name):
        raise ParseError("the record has no title (TI or T1).")
    if is_translated(written):
        return name, translation, (), guesses
    others = (OtherText("title", translation, label="translated title"),) if translation else ()
    return name, "", others, guesses if guesses and written else {}


def _abstract(fields: Tagged) -> list[str]:
    """The paragraphs of AB, or of N2 where there is no AB; the other stays unread unless it says the same."""
    main, other = ("AB", "N2") if fields.peek("AB") else ("N2", "AB")
    if fields.peek(main) == fields.peek(other):
        fields.texts(other)
    return fields.paragraphs(main)


def _date(fields: Tagged) -> PartialDate | None:
    """The date of publication; the more exact of two that agree on the year. What cannot be read stays unread."""
    best: PartialDate | None = None

    def accept(written: str) -> bool:
        nonlocal best
        date, is_whole = loose_dates.read(written)
        if date is None and best is not None:
            # EndNote writes the day without its year.
            date, is_whole = loose_dates.of(str(best.year), written)
        best = _finer(best, date)
        return is_whole and date is not None and best is not None and date.year == best.year

    fields.accepted(accept, "PY", "Y1", "DA")
    return best


def _finer(one: PartialDate | None, other: PartialDate | None) -> PartialDate | None:
    if one is None or other is None:
        return one or other
    is_finer = len(other.isoformat()) + bool(other.season) > len(one.isoformat()) + bool(one.season)
    return other if other.year == one.year and is_finer else one


def _pages(fields: Tagged) -> str:
    """First and last page; the number of an article that has no pages."""
    first, last = fields.first("SP"), fields.first("EP")
    if not first:
        return last or fields.first("C7")
    known = re.split("[-\u2013]+", first)
    return first if not last or len(known) > 1 or known[0] == last else f"{first}-{last}"


def _identifiers(fields: Tagged, shelf: str) -> Identifiers:
    """The numbers of the document; some publishers write its DOI in M3. An ISBN is shared by the chapters of a book."""
    found = Identifiers()
    fields.accepted(partial(found.add, IdentifierScheme.DOI), "DO", "DI", "M3")
    fields.accepted(partial(found.add, IdentifierScheme.PMID), *_tags_of_pmid(fields))
    if shelf in _BOOKS:
        fields.accepted(partial(found.add, IdentifierScheme.ISBN), "SN")
    for written in fields.peek(*_NOTES):
        found.add_from_note(written)
    addresses = {one: tag for tag in _ADDRESSES for text in fields.texts(tag) for one in _BETWEEN.split(text)}
    for address in found.add_addresses(addresses):
        fields.keep(addresses[address], address)
    return found


def _tags_of_pmid(fields: Tagged) -> list[str]:
    """Where the PMID stands: in AN of records from PubMed or MEDLINE, in C2 of records from Scopus."""
    sources = fields.peek("DB", "DP")
    digits = [tag for tag in ("AN", "C2") if all(map(_DIGITS.fullmatch, fields.peek(tag)))]
    told = {
        "AN": any(_SUBMITTED_WITH.search(source) for source in sources),
        "C2": any(source.lower().startswith("scopus") for source in sources),
    }
    return [tag for tag in digits if told[tag]]


def _keywords(fields: Tagged) -> tuple[str, ...]:
    """One in each line, or several with semicolons between them."""
    return tuple(
        dict.fromkeys(word.strip() for entry in fields.lines("KW") for word in entry.split(";") if word.strip())
    )


def _publisher(fields: Tagged) -> str:
    name = fields.first("PB")
    if len(name) <= LONGEST_NAME:
        return name
    fields.keep("PB", name)
    return ""
