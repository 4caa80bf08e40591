"""PubMed's "Summary (text)" export: numbered citations, each one paragraph with authors, title and numbers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from articles.importers import stream
from articles.importers.format import Format, Raw, Unreadable
from articles.importers.record import Contributor, ParseError, Record
from articles.importers.shared import languages, pubmed_citation, pubmed_dates, pubmed_numbered, pubmed_record
from articles.importers.shared.pubmed_citation import Citation
from articles.importers.shared.tidying import tidy
from articles.lib.document import Document

NAME = "pubmed-summary"

_NUMBER = re.compile(r"\d{1,7}[:.] ")
_BYTES_NUMBER = re.compile(rb"\d{1,7}[:.] (?=\S)")
_PMID = re.compile(r"\bPMID: ?\d")
_DATED = re.compile(r"\. (?=\d{4}\b[^;:.]{0,40}[;:.])")
_ENDS_OF_SENTENCES = (". ", "? ", "! ", "] ", '." ', '?" ')
_MOST_TRIED = 20
# What comes after the citation and may hold citations of its own.
_REMARK = re.compile(
    r"\b(?:doi: |(?:Comment|Erratum|Retraction|Update|Republished|republished|Expression of concern|Partial retraction"
    r"|Summary for patients) (?:in|on|of|for|from): )"
)
_CHAPTER = re.compile(r"(?P<before>.{1,3000}?)(?:\. (?P<dates>\d{4}[^.]{0,80}))?\. (?P<citation>In: .*)")
_BOOK = re.compile(r"(?: \[Internet\])?\. [^:.;]{1,100}: (?P<publisher>[^;:.]{1,200}); (?P<year>\d{4})(?P<rest>.*)")
# A body alone cannot be told from a title but by its name.
_BODY = re.compile(
    r"[A-Z].{2,120}\b(?:Group|Consortium|Investigators|Committee|Collaboration|Collaborators|Network|Organi[sz]ation"
    r"|Society|Association|Team)"
)


def matches(text: str) -> bool:
    """The first paragraph begins with a number and holds a PMID."""
    first = text.lstrip().partition("\n\n")[0]
    return _NUMBER.match(first) is not None and _PMID.search(first) is not None


def split(file: BinaryIO) -> Iterator[Raw | Unreadable]:
    """The records of a file."""
    return pubmed_numbered.split(file, lambda line, _blank: _BYTES_NUMBER.match(line), read, is_one_paragraph=True)


def read(data: bytes, line: int) -> Record:
    """The record in this paragraph, which begins at `line` of the file. Raises `ParseError`."""
    text, repairs = stream.text_of(data)
    written, known = pubmed_citation.without_numbers(tidy(_NUMBER.sub("", text, count=1)))
    citation, before = _chapter(written) or _article(written) or _book(written) or (None, "")
    if citation is None:
        raise ParseError("The record has no citation such as `J Name. 2012 Oct 22;13(10):137-25.`", line)
    contributors, title, guesses = _authors_and_title(before)
    numbers = pubmed_citation.numbers(citation.remarks, known)
    fields: dict[str, Any] = {
        **citation.fields(),
        "title": pubmed_record.titles(title, "")[0],
        "document": Document(""),
        "contributors": contributors,
        "identifiers": numbers,
        "language": _language(citation),
        "links": pubmed_citation.told_notices(citation.remarks),
        "is_free_full_text": True if "pmcid" in dict(numbers) else None,
    }
    try:
        record = pubmed_record.record(
            fields, citation.types, citation.extra(), format=NAME, of=known.get("pmid", ""), is_book=citation.is_book
        )
    except ParseError as error:
        raise ParseError(str(error), line) from error
    record = pubmed_citation.with_guess_of_kind(record)
    return replace(record, guesses={**record.guesses, **guesses}, repairs=tuple(repairs))


def _article(written: str) -> tuple[Citation, str] | None:
    """The citation in a journal, and what stands before it: authors and title."""
    remark = _REMARK.search(written)
    head = written[: remark.start()] if remark else written
    places = [found.start() for found in _DATED.finditer(head)]
    for place in reversed(places[-_MOST_TRIED:]):
        ends = [found + len(end) for end in _ENDS_OF_SENTENCES if (found := head.rfind(end, 0, place)) >= 0]
        start = max(ends, default=0)
        citation = pubmed_citation.read(written[start:]) if start else None
        if citation:
            return citation, written[:start].strip()
    return None


def _chapter(written: str) -> tuple[Citation, str] | None:
    """The same of a chapter."""
    chapter = _CHAPTER.match(written)
    citation = pubmed_citation.read(chapter["citation"]) if chapter else None
    if chapter is None or citation is None:
        return None
    remarks = f"{chapter['dates'] or ''}. {citation.remarks}".strip(". ")
    return replace(citation, remarks=remarks), f"{chapter['before']}."


def _book(written: str) -> tuple[Citation, str] | None:
    """The same of a book, which has no container."""
    book = _BOOK.search(written)
    if book is None:
        return None
    date, _is_whole = pubmed_dates.read(book["year"])
    citation = Citation("", date, publisher=book["publisher"], remarks=book["rest"].lstrip("-. "))
    return citation, f"{written[: book.start()]}."


def _authors_and_title(before: str) -> tuple[tuple[Contributor, ...], str, dict[str, str]]:
    """The authors stand in the first sentence, if that is a list of names; and the reason of a guess."""
    first, _stop, rest = before.partition(". ")
    first = first.removesuffix(", editor").removesuffix(", editors").removesuffix(", et al")
    people = pubmed_citation.authors(first) if rest else None
    if people:
        return people, rest, {}
    if rest and _BODY.fullmatch(first):
        reason = f'The record begins with "{first}", which is read as the name of a body.'
        return (Contributor(first, collective=first),), rest, {"contributors": reason}
    return (), before, {}


def _language(citation: Citation) -> str:
    """The language, which is printed as a remark, such as "German.", where it is not English."""
    codes = (languages.code(word) for word in citation.remarks.rstrip(".").split(". ") if word.isalpha())
    return next((code for code in codes if len(code) == 2), "")


FORMAT = Format(NAME, "PubMed's Summary (text) export", matches, split)
