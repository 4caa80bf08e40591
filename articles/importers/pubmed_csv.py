"""PubMed's CSV exports, the present one and the one before 2020: a row for each citation, without abstracts."""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, BinaryIO

from articles.importers import stream
from articles.importers.format import Format, Raw, Unreadable
from articles.importers.record import Contributor, ParseError, Record
from articles.importers.shared import pubmed_citation, pubmed_dates, pubmed_record
from articles.importers.shared.pubmed_citation import Citation
from articles.importers.shared.tidying import tidy
from articles.lib.document import Document

NAME = "pubmed-csv"

_PRESENT = frozenset({"PMID", "Title", "Authors", "Citation", "Journal/Book"})
_LEGACY = frozenset({"Title", "URL", "Description", "Details", "Identifiers", "Db"})
_HISTORY = frozenset({"Search number", "Query"})
# Spreadsheets write the signs of their own country.
_DELIMITERS = (",", ";", "\t")
# A value has few line ends; a row that goes on for longer has lost a quotation mark.
_MOST_LINES = 10
_NUMBER = re.compile(r"\b(PMID|PMCID|DOI): ?([^\s|]+)")
_NO_AUTHORS = re.compile(r"\[?No authors listed\]?\.?", re.IGNORECASE)

Line = tuple[int, bytes]


def matches(text: str) -> bool:
    """The first line is the header of one of the exports, or of a search history, which is then refused."""
    names = set(_header(text.lstrip().partition("\n")[0])[0])
    return names >= _PRESENT or names >= _LEGACY or names >= _HISTORY


def split(file: BinaryIO) -> Iterator[Raw | Unreadable]:
    """The rows of a file. Raises `ParseError` where its first line is not the header of such an export."""
    lines = iter(enumerate(stream.lines(stream.utf8(file)), start=1))
    number, head = next(((number, line) for number, line in lines if line.strip()), (1, b""))
    names, delimiter = _header(head.decode("utf-8", "replace"))
    _check(set(names), number)
    for piece in _rows(lines, len(names), delimiter):
        if isinstance(piece, Unreadable):
            yield piece
        else:
            line, row = piece
            data = head + b"\n" + row
            yield Raw(data, partial(read, data, line), line)


def _header(line: str) -> tuple[list[str], str]:
    """The names of the columns, and what stands between them."""
    delimiter = max(_DELIMITERS, key=line.count)
    try:
        row = next(csv.reader([line[:2_000]], delimiter=delimiter), [])
    except csv.Error:
        row = []
    return [name.strip() for name in row], delimiter


def _check(names: set[str], line: int) -> None:
    if names >= _HISTORY:
        raise ParseError(
            "This is a search history of PubMed: it lists searches, not publications. "
            "Run the search in PubMed, choose Save, and import what that gives.",
            line,
        )
    if not (names >= _PRESENT or names >= _LEGACY):
        raise ParseError("The first line is not the header of a CSV export of PubMed's (PMID,Title,Authors,...).", line)


def _rows(lines: Iterator[Line], columns: int, delimiter: str) -> Iterator[Line | Unreadable]:
    """Whole rows, which may have several lines. Of a broken one, lines that are rows by themselves are not lost."""
    waiting: deque[Line] = deque()
    row: list[Line] = []
    while True:
        following = waiting.popleft() if waiting else next(lines, None)
        if following is None and not row:
            return
        if following is not None:
            if not row and not following[1].strip():
                continue
            row.append(following)
        problem = _problem([line for _number, line in row], columns, delimiter, is_end=following is None)
        if problem == "":
            yield row[0][0], b"\n".join(line for _number, line in row)
            row = []
        elif problem:
            yield Unreadable(problem, *row[0])
            waiting.extendleft(reversed(row[1:]))
            row = []


def _problem(lines: list[bytes], columns: int, delimiter: str, *, is_end: bool) -> str | None:
    """What is wrong with a row, empty where nothing is; None where it goes on below."""
    cells = _cells(b"\n".join(lines), delimiter)
    if cells:
        return (
            ""
            if _fits(cells, columns)
            else f"The row does not have the {columns} columns of the header but {len(cells)}."
        )
    last = _cells(lines[-1], delimiter) if len(lines) > 1 else None
    if cells is not None or is_end or _fits(last, columns) or len(lines) >= _MOST_LINES:
        return "In the row a quotation mark is missing, or there is one too many."
    return None


def _fits(cells: list[str] | None, columns: int) -> bool:
    """Whether these are all cells of a row; some programs add an empty one."""
    return cells is not None and (len(cells) == columns or (len(cells) == columns + 1 and not cells[-1]))


def _cells(row: bytes, delimiter: str) -> list[str] | None:
    """The cells of the row; None where a quotation mark is still open, and none where it is no row at all."""
    text = row.decode("utf-8", "replace")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return None if "unexpected end" in str(error) else []
    return rows[0] if len(rows) == 1 else []


def read(data: bytes, line: int) -> Record:
    """The record in a row below its header; the row begins at `line` of the file. Raises `ParseError`."""
    text, repairs = stream.text_of(data)
    head, _end, row = text.partition("\n")
    names, delimiter = _header(head)
    cells = _cells(row.encode(), delimiter) or []
    if not _fits(cells, len(names)):
        raise ParseError("The row is not one of the file's columns.", line)
    values = {name: tidy(cell) for name, cell in zip(names, cells, strict=False) if name}
    try:
        record = _present(values) if set(names) >= _PRESENT else _legacy(values)
    except ParseError as error:
        raise ParseError(str(error), line) from error
    return replace(record, repairs=tuple(repairs))


def _present(values: dict[str, str]) -> Record:
    numbers = {name.lower(): values.pop(name, "") for name in ("PMID", "PMCID", "DOI")}
    title, authors, printed = (values.pop(name, "") for name in ("Title", "Authors", "Citation"))
    journal, year = values.pop("Journal/Book", ""), values.pop("Publication Year", "")
    citation = pubmed_citation.read(printed) or _chapter(printed)
    if citation is None:
        date, _is_whole = pubmed_dates.read(year)
        citation = Citation(journal, date)
        values["Citation"] = printed
    if authors.startswith(values.get("First Author", "")):
        values.pop("First Author", "")
    return _record(title, authors, citation, numbers, values)


def _chapter(printed: str) -> Citation | None:
    """The citation of a chapter, before which its own dates are printed."""
    dates, mark, book = printed.partition("In: ")
    citation = pubmed_citation.read(mark + book)
    return replace(citation, remarks=f"{dates.strip()} {citation.remarks}") if citation else None


def _legacy(values: dict[str, str]) -> Record:
    numbers = {name.lower(): number for name, number in _NUMBER.findall(values.pop("Identifiers", ""))}
    numbers.setdefault("pmid", values.pop("EntrezUID", ""))
    title, authors, printed = (values.pop(name, "") for name in ("Title", "Description", "Details"))
    citation = pubmed_citation.read(printed)
    if citation is None:
        citation = Citation("", None)
        values["Details"] = printed
    for name in ("URL", "ShortDetails", "Resource", "Type", "Db"):
        values.pop(name, "")
    return _record(title, authors, citation, numbers, values)


def _record(title: str, authors: str, citation: Citation, given: Mapping[str, str], left: Mapping[str, str]) -> Record:
    """The record of these columns; `left` is what the others hold."""
    extra: dict[str, Any] = {**citation.extra(), **{name: value for name, value in left.items() if value}}
    valid = {}
    for scheme, written in given.items():
        if pair := pubmed_citation.identifier(scheme, written) if written else None:
            valid[scheme] = pair[1]
        elif written:
            extra[scheme.upper()] = written
    numbers = pubmed_citation.numbers(citation.remarks, valid)
    fields: dict[str, Any] = {
        **citation.fields(),
        "title": pubmed_record.titles(title, "")[0],
        "document": Document(""),
        "contributors": _contributors(authors),
        "identifiers": numbers,
        "links": pubmed_citation.told_notices(citation.remarks),
        "is_free_full_text": True if "pmcid" in valid else None,
    }
    record = pubmed_record.record(
        fields, citation.types, extra, format=NAME, of=given.get("pmid", ""), is_book=citation.is_book
    )
    return pubmed_citation.with_guess_of_kind(record)


def _contributors(authors: str) -> tuple[Contributor, ...]:
    """The column holds nothing but authors: what is no list of persons names bodies."""
    if not authors or _NO_AUTHORS.fullmatch(authors):
        return ()
    people = pubmed_citation.authors(authors)
    if people is not None:
        return people
    return tuple(Contributor(body, collective=body) for body in authors.removesuffix(".").split("; ") if body)


FORMAT = Format(NAME, "PubMed's CSV export", matches, split)
