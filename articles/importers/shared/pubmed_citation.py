"""Citations and lists of authors as PubMed prints them in its text and CSV exports."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from articles.importers.record import Contributor, LinkedRecord, Record
from articles.importers.shared import notices, pubmed_dates
from articles.importers.shared.names import family_first
from articles.lib import identifiers
from articles.lib.identifiers import InvalidIdentifier
from articles.lib.partial_date import PartialDate
from articles.lib.vocabulary import Kind

_YEAR_AND_MORE = r"\d{4}(?: [A-Z][A-Za-z]{2}[A-Za-z0-9 /-]{0,30})?"
_CITATION = re.compile(
    rf"(?P<container>[^.\n]{{1,200}})\. (?P<date>{_YEAR_AND_MORE})"
    r"(?:;(?P<volume>[^(:;.]{0,60}?)(?: ?\((?P<issue>[^)]{0,60})\))?)?(?::(?P<pages>.{0,200}?))?\.(?P<rest> .*|$)"
)
_CITATION_BEGINS = re.compile(rf"[^.\n]{{1,200}}\. {_YEAR_AND_MORE}[;:.]")
_IN_BOOK = re.compile(
    r"In: (?:(?P<editors>[^.]{1,300}), editors?\. )?(?P<container>[^.]{1,300}?)(?: \[Internet\])?\. "
    r"(?P<place>[^:.]{1,100}): (?P<publisher>[^;]{1,200}); (?P<year>\d{4})(?P<rest>.*)"
)
_DOI = re.compile(r"\bdoi: ?(?P<doi>10\.\S+)", re.IGNORECASE)
_PMID = re.compile(r"\bPMID: ?(?P<pmid>\d{1,9})\b")
_PMCID = re.compile(r"\bPMCID: ?(?P<pmcid>PMC\d{1,9})\b")
_OWN_NUMBERS = re.compile(
    r"(?:PubMed )?\bPMID: ?(?P<pmid>\d{1,9})\b(?:; ?(?:PubMed Central )?PMCID: ?(?P<pmcid>PMC\d{1,9})\b)?"
)
_NAMES_OF_NOTICES = {name.lower(): name for name in (*notices.RELATIONS, *notices.TAGS.values())}
_NOTICE = re.compile(
    r"\b((?:Comment|Corrected and republished|Erratum|Expression of concern|Original report|Partial retraction|Reprint"
    r"|Republished|Retracted and republished|Retraction|Summary for patients|Update) (?:in|on|of|for|from)): ?"
)
_PERSON = re.compile(
    r"(?P<name>[^\W\d_][^\d,;()]{0,100} [^\W\d_a-z]{1,6}(?:-[^\W\d_a-z]{1,3})?"
    r"(?: (?:Jr|Sr|2nd|3rd|[456]th|I{2,3}|IV))?)"
    r"(?P<marks>(?:\([^()\s]{1,4}\))*)"
)
_GROUP = re.compile(r"(?P<name>.{1,500}?)(?P<marks>(?:\([^()\s]{1,4}\))*)", re.DOTALL)
_NUMBERED = re.compile(r"\(([^()\s]{1,4})\)\s?")


@dataclass(frozen=True)
class Citation:
    """Where and when a document was published. `remarks` is what PubMed prints after it; `printed_date` is not blank
    where the date says less than what is printed.
    """

    container: str
    date: PartialDate | None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    remarks: str = ""
    printed_date: str = ""
    editors: str = ""

    @property
    def is_book(self) -> bool:
        """Whether it is that of a book or a chapter."""
        return bool(self.publisher)

    @property
    def types(self) -> tuple[str, ...]:
        """The one publication type that older exports print."""
        return ("Review",) if "Review" in self.remarks.rstrip(".").split(". ") else ()

    def fields(self) -> dict[str, Any]:
        """The fields of a record that it fills."""
        return {
            "container": self.container,
            "date": self.date,
            "volume": self.volume,
            "issue": self.issue,
            "pages": self.pages,
            "publisher": self.publisher,
        }

    def extra(self) -> dict[str, str]:
        """What it says beyond those and beside DOI and notices, such as "Epub 2012 Oct 2."."""
        own = _DOI.sub("", _NOTICE.split(self.remarks)[0])
        kept = {"remarks": own.strip(" ;."), "printed_date": self.printed_date, "editors": self.editors}
        return {name: value for name, value in kept.items() if value}


def begins(text: str) -> bool:
    """Whether a text begins with a citation, of which the end may be on the next line."""
    return text.startswith("In: ") or _CITATION_BEGINS.match(text) is not None


def read(text: str) -> Citation | None:
    """The citation with which a text begins, such as "J Sample. 2012 Oct 22;13(10):137-25. doi: ..."; None without."""
    if found := _CITATION.match(text):
        date, is_whole = pubmed_dates.read(found["date"])
        return Citation(
            found["container"].strip(),
            date,
            (found["volume"] or "").strip(),
            found["issue"] or "",
            (found["pages"] or "").strip(),
            remarks=found["rest"].strip(),
            printed_date="" if is_whole else found["date"],
        )
    return _in_book(text)


def _in_book(text: str) -> Citation | None:
    found = _IN_BOOK.match(text)
    if found is None:
        return None
    date, _is_whole = pubmed_dates.read(found["year"])
    remarks = found["rest"].lstrip("-\u2013. ")
    return Citation(
        found["container"], date, publisher=found["publisher"], remarks=remarks, editors=found["editors"] or ""
    )


def without_numbers(text: str) -> tuple[str, dict[str, str]]:
    """The text without the PMID and PMCID of the document itself, which come last; and these as PubMed prints them."""
    found = list(_OWN_NUMBERS.finditer(text))
    if not found:
        return text, {}
    own = found[-1]
    rest = f"{text[: own.start()].rstrip()} {text[own.end() :].lstrip('.; ')}".strip()
    return rest, {scheme: written for scheme, written in own.groupdict().items() if written}


def numbers(remarks: str, known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The identifiers of a document: those that are `known`, and the DOI behind its citation, not that of a notice."""
    doi = _DOI.search(_NOTICE.split(remarks)[0])
    given = {**known, **({"doi": doi["doi"].rstrip(".,;")} if doi else {})}
    return tuple(pair for scheme, written in given.items() if (pair := identifier(scheme, written)))


def with_guess_of_kind(record: Record) -> Record:
    """The record with the reason of its kind, where that is a guess about a paper."""
    if "kind" not in record.guesses or record.kind != Kind.ABSTRACT:
        return record
    reason = "This export does not tell publication types; it may also be a review."
    return replace(record, guesses={**record.guesses, "kind": reason})


def identifier(scheme: str, written: str) -> tuple[str, str] | None:
    """The identifier, normalised; None where it is none."""
    try:
        return scheme, identifiers.normalise(scheme, written)
    except InvalidIdentifier:
        return None


def told_notices(remarks: str) -> tuple[LinkedRecord, ...]:
    """The comments and corrections among the remarks: "Erratum in: J Sample. 2013;1:2." """
    pieces = _NOTICE.split(remarks)
    return tuple(link for kind, told in zip(pieces[1::2], pieces[2::2], strict=True) for link in notice(kind, told))


def notice(kind: str, told: str) -> tuple[LinkedRecord, ...]:
    """A comment or correction by the words that PubMed puts before it, such as "Erratum in"."""
    name = _NAMES_OF_NOTICES.get(kind.replace(" ", "").lower(), "")
    pmid, doi = _PMID.search(told), _DOI.search(told)
    given = [("pmid", pmid["pmid"] if pmid else ""), ("doi", doi["doi"].rstrip(".,;)") if doi else "")]
    valid = tuple(pair for scheme, written in given if written and (pair := identifier(scheme, written)))
    citation = _PMCID.sub("", _PMID.sub("", told)).strip(" ;.")
    return tuple(LinkedRecord(relation, citation, valid) for relation in notices.relations(name))


def is_notice(words: str) -> bool:
    """Whether these words stand before comments or corrections."""
    return words.replace(" ", "").rstrip(":").lower() in _NAMES_OF_NOTICES


def authors(text: str, affiliations: Mapping[str, str] | None = None) -> tuple[Contributor, ...] | None:
    """The authors of a list such as "Alpha A(1), Beta B(1)(2); Gamma Group."; None where it is no such list.

    Bodies stand between semicolons. `affiliations` are those that the marks behind the names stand for.
    """
    found: list[Contributor] = []
    is_list = False
    for part in text.strip().removesuffix(".").split("; "):
        people = [_PERSON.fullmatch(name.strip()) for name in part.split(", ")]
        if all(people):
            is_list = True
            found += [_marked(family_first(one["name"]), one["marks"], affiliations) for one in people if one]
        elif group := _GROUP.fullmatch(part.strip()):
            body = group["name"].strip()
            found.append(_marked(Contributor(body, collective=body), group["marks"], affiliations))
    return tuple(found) if is_list else None


def _marked(author: Contributor, marks: str, affiliations: Mapping[str, str] | None) -> Contributor:
    known = affiliations or {}
    named = [known[mark] for mark in _NUMBERED.findall(marks) if mark.isalnum() and mark in known]
    return replace(author, affiliation="; ".join(named))


def numbered(lines: Iterable[str]) -> dict[str, str]:
    """Affiliations by their marks: each begins a line with it, as in "(1)Department of Samples."."""
    found: dict[str, str] = {}
    mark = ""
    for line in lines:
        begun = _NUMBERED.match(line)
        if begun:
            mark = begun[1]
            found[mark] = line[begun.end() :]
        else:
            found[mark] = f"{found.get(mark, '')} {line}".strip()
    return found
