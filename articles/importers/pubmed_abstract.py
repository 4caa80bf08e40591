"""PubMed's "Abstract (text)" export: numbered records, each with its citation, title, authors, abstract and numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from articles.importers import stream
from articles.importers.format import Format, Raw, Unreadable
from articles.importers.record import LinkedRecord, ParseError, Record
from articles.importers.shared import labelled, languages, pubmed_citation, pubmed_numbered, pubmed_record
from articles.importers.shared.pubmed_citation import Citation
from articles.importers.shared.tidying import tidy

NAME = "pubmed-abstract"

_NUMBER = re.compile(r"\d{1,7}\. ")
_BYTES_NUMBER = re.compile(rb"\d{1,7}\. (?=\S)")
_CITATION = re.compile(rb"(?:In: |[^.]{1,200}\. (?:1[5-9]|20)\d\d\b)")
_LANGUAGE = re.compile(r"\[Article in (?P<first>[A-Z][a-z-]+)(?P<more>[^\]]*)\]")
_NUMBERS = re.compile(r"(?:DOI|PMCID|PMID):(?: |$)")
_COPYRIGHT = re.compile(r"(?:©|\(c\) ?\d|Copyright\b|Published by )", re.IGNORECASE)
_YEAR_WITHIN = re.compile(r"\. \d{4}\b")
_AUTHOR_INFORMATION = "Author information:"
_CONFLICT = "Conflict of interest statement:"
_COLLABORATORS = "Collaborators:"
_MEDLINE = "[Indexed for MEDLINE]"


def matches(text: str) -> bool:
    """The first line that is not blank is a number with a citation; numbers of PubMed have lines of their own."""
    start = text.lstrip()
    number = _NUMBER.match(start)
    if number is None or not re.search(r"^PMID: ?\d", text, re.MULTILINE):
        return False
    first, _gap, rest = start.partition("\n\n")
    citation = first[number.end() :]
    return "PMID:" not in first and (pubmed_citation.begins(citation) or "\n\nIn: " in rest[:5_000])


def split(file: BinaryIO) -> Iterator[Raw | Unreadable]:
    """The records of a file."""
    return pubmed_numbered.split(file, _begins, read, is_one_paragraph=False)


def _begins(line: bytes, blank_lines: int) -> bool:
    """PubMed puts two blank lines before a record. Where only one is left, a citation tells it from an abstract that
    numbers its sentences.
    """
    number = _BYTES_NUMBER.match(line)
    return number is not None and (blank_lines > 1 or _CITATION.match(line, number.end()) is not None)


def read(data: bytes, line: int) -> Record:
    """The record in these lines, of which the first is `line` of the file. Raises `ParseError`."""
    text, repairs = stream.text_of(data)
    citation, title, paragraphs = _head(text, line)
    body = _Body()
    for paragraph in paragraphs:
        body.add(paragraph)
    try:
        record = pubmed_record.record(
            body.fields(citation, title),
            (),
            body.extra | citation.extra(),
            format=NAME,
            of=title,
            is_book=citation.is_book,
        )
    except ParseError as error:
        raise ParseError(str(error), line) from error
    return replace(pubmed_citation.with_guess_of_kind(record), repairs=tuple(repairs))


def _head(text: str, line: int) -> tuple[Citation, str, list[list[str]]]:
    """Citation, title and the paragraphs below. The citation of a chapter may stand below its title."""
    paragraphs = [
        [tidied for line in paragraph.split("\n") if (tidied := tidy(line))]
        for paragraph in re.split(r"\n\s*\n", _NUMBER.sub("", text, count=1))
    ]
    joined = [" ".join(paragraph) for paragraph in paragraphs]
    place = 0 if pubmed_citation.begins(joined[0]) else _place_of_book(joined)
    citation = pubmed_citation.read(joined[place])
    if citation is None or len(joined) < 2:
        raise ParseError(
            "The record has no citation such as `J Name. 2012 Oct 22;13(10):137-25.` with a title below.", line
        )
    del paragraphs[place], joined[place]
    return citation, joined[0], paragraphs[1:]


def _place_of_book(paragraphs: list[str]) -> int:
    return next((number for number, text in enumerate(paragraphs[:5]) if text.startswith("In: ")), 0)


@dataclass
class _Body:
    """What stands below the title, sorted by the words with which each paragraph begins."""

    language: str = ""
    authors: str = ""
    affiliations: dict[str, str] = field(default_factory=dict)
    links: list[LinkedRecord] = field(default_factory=list)
    abstract: list[str] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    is_medline: bool | None = None
    conflict: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def add(self, paragraph: list[str]) -> None:
        """Takes the next paragraph."""
        if not paragraph:
            return
        first, joined = paragraph[0], " ".join(paragraph)
        if pubmed_citation.is_notice(first):
            self._add_notices(first, paragraph[1:])
        elif first.startswith(_AUTHOR_INFORMATION):
            own = first.removeprefix(_AUTHOR_INFORMATION).strip()
            self.affiliations |= pubmed_citation.numbered([own, *paragraph[1:]] if own else paragraph[1:])
        elif _NUMBERS.match(first):
            self._add_numbers(paragraph)
        elif first.startswith(_CONFLICT):
            self.conflict = joined.removeprefix(_CONFLICT).strip()
        else:
            self._add_words(joined)

    def _add_words(self, joined: str) -> None:
        """A paragraph that nothing introduces: its place and form tell what it is."""
        language = _LANGUAGE.match(joined)
        if language and not self.abstract:
            self.language = languages.code(language["first"])
            self._keep("article_in", joined if language["more"] else "")
        elif joined.startswith(_COLLABORATORS):
            self._keep("collaborators", joined.removeprefix(_COLLABORATORS).strip())
        elif self.numbers:
            self._keep("unread", joined)
        elif self.abstract and _COPYRIGHT.match(joined):
            self._keep("copyright", joined)
        elif self._are_authors(joined):
            self.authors = joined
        else:
            self.abstract.append(joined)

    def _are_authors(self, joined: str) -> bool:
        is_their_place = not (self.authors or self.affiliations or self.abstract or self.links)
        return is_their_place and pubmed_citation.authors(joined) is not None

    def _add_notices(self, kind: str, lines: list[str]) -> None:
        """Each begins a line; one with neither year nor words before it goes on with the line above."""
        told: list[str] = []
        for line in lines:
            if told and not _YEAR_WITHIN.search(line):
                told[-1] += f" {line}"
            else:
                told.append(line)
        for one in told:
            self.links += pubmed_citation.notice(kind.rstrip(":"), one)

    def _add_numbers(self, lines: list[str]) -> None:
        """DOI, PMCID and PMID, each on its line."""
        for line in lines:
            name, _colon, value = line.partition(": ")
            number = pubmed_citation.identifier(name.lower(), value.split(" ")[0]) if _NUMBERS.match(line) else None
            if number:
                self.numbers.setdefault(*number)
            elif value:
                self._keep("unread", line)
        self.is_medline = True if _MEDLINE in lines[-1] else self.is_medline

    def _keep(self, name: str, text: str) -> None:
        if text:
            self.extra.setdefault(name, []).append(text)

    def fields(self, citation: Citation, title: str) -> dict[str, Any]:
        """The fields of the record."""
        document, sections = labelled.document(self.abstract)
        title, _original = pubmed_record.titles(title, "")
        numbers = dict(pubmed_citation.numbers(citation.remarks, self.numbers))
        for mark, affiliation in self.affiliations.items():
            # A sign such as "(#)" stands for a note, not for a place.
            is_known = mark.isalnum() and f"({mark})" in self.authors
            self._keep("affiliations", "" if is_known else affiliation)
        return {
            **citation.fields(),
            "title": title,
            "document": document,
            "sections": sections,
            "language": self.language,
            "contributors": pubmed_citation.authors(self.authors, self.affiliations) or (),
            "identifiers": tuple(numbers.items()),
            "links": (*self.links, *pubmed_citation.told_notices(citation.remarks)),
            "conflict_of_interest": self.conflict,
            "is_medline": self.is_medline,
            "is_free_full_text": True if "pmcid" in numbers else None,
        }


FORMAT = Format(NAME, "PubMed's Abstract (text) export", matches, split)
