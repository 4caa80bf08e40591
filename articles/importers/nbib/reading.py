"""One record of MEDLINE's tagged text understood."""

import re
from collections.abc import Iterable
from typing import Any

from articles.importers import stream
from articles.importers.nbib import authors, cutting
from articles.importers.nbib.cutting import Tagged
from articles.importers.record import LinkedRecord, OtherText, ParseError, Record
from articles.importers.shared import labelled, languages, notices, pubmed_dates, pubmed_record, trials
from articles.lib import identifiers
from articles.lib.identifiers import InvalidIdentifier
from articles.lib.partial_date import PartialDate

NAME = "nbib"

_NUMBERS = ("PMID", "PMC", "LID", "AID")
_TAGGED_DOI = re.compile(r"(\S+) \[doi\]", re.IGNORECASE)
_PII = re.compile(r"(\S+) \[pii\]", re.IGNORECASE)
_DOI_ADDRESS = re.compile(r"https?://(?:dx\.)?doi\.org/10\.\S+", re.IGNORECASE)
_TOLD_DOI = re.compile(r"\bdoi: ?(10\.\S+)", re.IGNORECASE)
_ERIC_ADDRESS = re.compile(r"https?://eric\.ed\.gov/\?id=\w+", re.IGNORECASE)
_TOLD_PMID = re.compile(r"\.? *\bPMID: ?(\d{1,9})\.?$")
_ISBN = re.compile(r"(?:E?ISBN-)?([\dXx-]{10,17})(?: \(.*\))?")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9}) (\d{4})")
_ARTICLE_NUMBER = re.compile(r"[A-Za-z]{0,4}\d[\w-]{0,20}")
_ABSTRACT_FOR = re.compile(r"(AAMC|AIDS|KIE|NASA|PIP|Publisher|plain-language-summary): ", re.IGNORECASE)


def read(data: bytes, line: int) -> Record:
    """The record in these lines, of which the first is `line` of the file. Raises `ParseError`."""
    text, repairs = stream.text_of(data)
    contributors, left = authors.divide(cutting.tagged(text))
    tags = _Tags(left)
    pmid, is_book = " ".join(tags.peek("PMID")), bool(tags.peek("BTI"))
    fields = {
        **_texts(tags),
        **_citation(tags),
        **_subjects(tags),
        **_other_facts(tags),
        "contributors": contributors,
        "repairs": tuple(repairs),
    }
    types = tuple(tags.take("PT"))
    try:
        return pubmed_record.record(fields, types, tags.rest(), format=NAME, of=pmid, is_book=is_book)
    except ParseError as error:
        raise ParseError(str(error), line) from error


class _Tags:
    """The values by their tags. What is not taken is the rest."""

    def __init__(self, tags: Tagged) -> None:
        self._values: dict[str, list[str]] = {}
        for tag, value in tags:
            self.leave(tag, value)

    def take(self, tag: str) -> list[str]:
        """All values of a tag."""
        return self._values.pop(tag, [])

    def first(self, tag: str) -> str:
        """The first value of a tag, blank where there is none; others are left."""
        first, *others = self.take(tag) or [""]
        for other in others:
            self.leave(tag, other)
        return first

    def peek(self, tag: str) -> list[str]:
        """All values of a tag, which are left."""
        return self._values.get(tag, [])

    def leave(self, tag: str, value: str) -> None:
        """Puts a value among those that are left."""
        if value:
            self._values.setdefault(tag, []).append(value)

    def rest(self) -> dict[str, list[str]]:
        """What nobody took."""
        return self._values


def _texts(tags: _Tags) -> dict[str, Any]:
    title, original = pubmed_record.titles(tags.first("TI") or tags.first("BTI"), tags.first("TT"))
    document, sections = labelled.document(tags.take("AB"))
    return {
        "title": title,
        "original_title": original,
        "document": document,
        "sections": sections,
        "other_texts": _other_abstracts(tags),
    }


def _citation(tags: _Tags) -> dict[str, Any]:
    # The number of a book is not that of its chapter.
    numbers = _identifiers(tags, (*_NUMBERS, "ISBN") if not tags.peek("BTI") else _NUMBERS)
    container, publisher = _container(tags)
    volume = tags.first("VI")
    return {
        "container": container,
        "publisher": publisher,
        "date": _date(tags),
        "volume": volume,
        "issue": tags.first("IP"),
        "pages": tags.first("PG") or _article_number(tags) or _numbered(tags, volume),
        "language": _language(tags),
        "identifiers": numbers,
        "is_free_full_text": True if "pmcid" in dict(numbers) else None,
    }


def _container(tags: _Tags) -> tuple[str, str]:
    """The journal or book, and the publisher. ERIC names the publisher of a report where journals stand."""
    publisher = tags.first("PB")
    book = tags.first("BTI")
    journal = tags.first("JT") or tags.first("TA")
    is_report = any(value.startswith("ED") for value in tags.peek("OID")) and "ERIC" in tags.peek("OWN")
    if is_report and not publisher:
        return book, journal
    if journal:
        tags.leave("BTI", book)
    return journal or book, publisher


def _article_number(tags: _Tags) -> str:
    """What journals without pages print in their place: a location that is not marked as DOI or PII."""
    found = next(filter(_ARTICLE_NUMBER.fullmatch, tags.peek("LID")), "")
    for value in tags.take("LID") if found else ():
        tags.leave("LID", "" if value == found else value)
    return found


def _numbered(tags: _Tags, volume: str) -> str:
    located = (_PII.fullmatch(value) for value in tags.peek("LID"))
    return pubmed_record.article_number((found[1] for found in located if found), volume)


def _date(tags: _Tags) -> PartialDate | None:
    printed = tags.first("DP")
    # ERIC writes the month before the year.
    date, is_whole = pubmed_dates.read(_MONTH_FIRST.sub(r"\2 \1", printed))
    if not is_whole:
        tags.leave("DP", printed)
    return date


def _language(tags: _Tags) -> str:
    """The first language; all of them are left where there are several."""
    written = tags.take("LA")
    if len(written) > 1:
        for language in written:
            tags.leave("LA", language)
    return languages.code(written[0]) if written else ""


def _identifiers(tags: _Tags, named: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The first valid identifier of each scheme; others are left."""
    found: dict[str, str] = {}
    for tag in named:
        for value in tags.take(tag):
            scheme, written = _scheme(tag, value)
            number = _normalised(scheme, written)
            if not number or found.setdefault(scheme, number) != number:
                tags.leave(tag, value)
    if "doi" not in found and (told := _TOLD_DOI.search(" ".join(tags.peek("SO")))):
        found["doi"] = _normalised("doi", told[1].rstrip(".,;"))
    return tuple((scheme, value) for scheme, value in found.items() if value)


def _scheme(tag: str, value: str) -> tuple[str, str]:
    """Which identifier a value is, and that identifier; blank where it is none of those known."""
    if tag == "PMID":
        return "pmid", value
    if tag == "PMC":
        return "pmcid", value
    if tag == "ISBN":
        isbn = _ISBN.fullmatch(value)
        return "isbn", isbn[1] if isbn else ""
    if doi := _TAGGED_DOI.fullmatch(value) or _DOI_ADDRESS.fullmatch(value):
        return "doi", doi[doi.lastindex or 0]
    return "url", value if _ERIC_ADDRESS.fullmatch(value) else ""


def _normalised(scheme: str, written: str) -> str:
    try:
        return identifiers.normalise(scheme, written)
    except InvalidIdentifier:
        return ""


def _subjects(tags: _Tags) -> dict[str, Any]:
    """Headings and keywords; which keywords are the main ones is left."""
    written = tags.take("OT")
    for word in written:
        if word.startswith("*"):
            tags.leave("OT", word)
    return {
        "mesh_headings": tuple(tags.take("MH")),
        "keywords": tuple(dict.fromkeys(word.removeprefix("*") for word in written)),
    }


def _other_facts(tags: _Tags) -> dict[str, Any]:
    stage = tags.first("STAT")
    if stage != "MEDLINE":
        tags.leave("STAT", stage)
    return {
        "grants": tuple(dict.fromkeys(tags.take("GR"))),
        "conflict_of_interest": "\n".join(tags.take("COIS")),
        "links": _links(tags),
        "trial_ids": _trials(tags),
        "is_medline": stage == "MEDLINE" if stage else None,
    }


def _other_abstracts(tags: _Tags) -> tuple[OtherText, ...]:
    """Abstracts in other languages or for other readers, each with its language where as many are named."""
    texts, codes = tags.take("OAB"), tags.take("OABL")
    if len(codes) != len(texts):
        for code in codes:
            tags.leave("OABL", code)
        codes = [""] * len(texts)
    return tuple(_other_abstract(text, code) for text, code in zip(texts, codes, strict=True))


def _other_abstract(text: str, language: str) -> OtherText:
    label = _ABSTRACT_FOR.match(text)
    document, _sections = labelled.document([text[label.end() :] if label else text])
    return OtherText("abstract", document.text, languages.code(language), label[1] if label else "")


def _links(tags: _Tags) -> tuple[LinkedRecord, ...]:
    """Comments and corrections. Those of a sort that has no name of its own here are left too."""
    linked: list[LinkedRecord] = []
    for tag, kind in notices.TAGS.items():
        relations = notices.relations(kind)
        for value in tags.take(tag):
            linked += [_linked(relation, value) for relation in relations]
            if relations == ("other",):
                tags.leave(tag, value)
    return tuple(linked)


def _linked(relation: str, value: str) -> LinkedRecord:
    pmid, doi = _TOLD_PMID.search(value), _TOLD_DOI.search(value)
    numbers = (("pmid", pmid[1] if pmid else ""), ("doi", doi[1].rstrip(".,;)") if doi else ""))
    valid = tuple((scheme, number) for scheme, written in numbers if (number := _normalised(scheme, written)))
    return LinkedRecord(relation, _TOLD_PMID.sub("", value), valid)


def _trials(tags: _Tags) -> tuple[tuple[str, str], ...]:
    """The trials of the registers that the record lists; other data banks are left."""
    listed: list[tuple[str, str]] = []
    for value in tags.take("SI"):
        bank, _stroke, number = value.partition("/")
        known = trials.in_registers([(bank, number)])
        listed += known
        if not known:
            tags.leave("SI", value)
    return tuple(dict.fromkeys(listed))
