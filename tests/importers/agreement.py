"""Comparing what an importer reads with the items that Zotero's own tests expect of the same files."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from articles.importers.record import Contributor, Record
from articles.lib import partial_date
from articles.lib.identifiers import InvalidIdentifier, normalise
from articles.lib.partial_date import InvalidDate
from articles.lib.text import normalise as tidy

FIELDS = ("title", "authors", "date", "container", "volume", "issue", "pages", "identifiers", "abstract")

_CONTAINERS = ("publicationTitle", "bookTitle", "proceedingsTitle", "repository", "websiteTitle")
_EXTRA = re.compile(r"^(PMID|PMCID|DOI): *(\S+)", re.MULTILINE)
_MARKUP = re.compile(r"</?(?:i|b|sub|sup|span)\b[^>]*>")


@dataclass(frozen=True)
class Difference:
    """A field of which the two say something else."""

    field: str
    ours: str
    theirs: str


def compare(record: Record, expected: Mapping[str, Any]) -> list[Difference]:
    """Where a record differs from an item of Zotero's.

    Not counted as differences, since both mean the same: white space, typographic quotes and dashes, the capitals of a
    container, the full stop at the end of a title and after initials, markup of letters, and pages written in full
    ("132-42" and "132-142"). Trial numbers and ISSN are no identifiers of a document; Zotero's web addresses are not
    compared.
    """
    ours, theirs = _of_record(record), _of_item(expected)
    return [Difference(name, ours[name], theirs[name]) for name in FIELDS if ours[name] != theirs[name]]


def _of_record(record: Record) -> dict[str, str]:
    return {
        "title": _title(record.title),
        "authors": "; ".join(_author(author) for author in record.contributors),
        "date": str(record.date or ""),
        "container": record.container.casefold(),
        "volume": record.volume,
        "issue": record.issue,
        "pages": _pages(record.pages),
        "identifiers": _numbers(dict(record.identifiers)),
        "abstract": _text(record.document.text),
    }


def _of_item(item: Mapping[str, Any]) -> dict[str, str]:
    containers = (str(item[name]) for name in _CONTAINERS if item.get(name))
    return {
        "title": _title(str(item.get("title", ""))),
        "authors": "; ".join(_creators(item)),
        "date": _date(str(item.get("date", ""))),
        "container": _text(next(containers, "")).casefold(),
        "volume": str(item.get("volume", "")),
        "issue": str(item.get("issue", "")),
        "pages": _pages(str(item.get("pages", ""))),
        "identifiers": _numbers(dict(_identifiers(item))),
        "abstract": _text(str(item.get("abstractNote", ""))),
    }


def _text(text: str) -> str:
    return " ".join(tidy(_MARKUP.sub("", text)).split())


def _title(title: str) -> str:
    return _text(title).removesuffix(".")


def _author(author: Contributor) -> str:
    return _name(author.collective or author.family, author.given)


def _creators(item: Mapping[str, Any]) -> Iterator[str]:
    for creator in item.get("creators", []):
        if creator.get("creatorType") == "author":
            yield _name(creator.get("lastName") or creator.get("name", ""), creator.get("firstName", ""))


def _name(family: str, given: str) -> str:
    initials = " ".join(given.replace(".", " ").split())
    return _text(f"{family}, {initials}" if initials else family)


def _date(written: str) -> str:
    """In the form of a `PartialDate` where it can be read; Zotero often leaves it as printed."""
    month_first = re.fullmatch(r"([A-Za-z]{3,9}) (\d{4})", written.strip())
    try:
        return str(partial_date.parse(f"{month_first[2]} {month_first[1]}" if month_first else written))
    except InvalidDate:
        return written


def _pages(written: str) -> str:
    pages = re.sub(r"[\u2010-\u2015-]+", "-", written)
    whole = re.fullmatch(r"(\D*)(\d+)-(\D*)(\d+)", pages)
    if whole is None or len(whole[4]) >= len(whole[2]):
        return pages
    return f"{whole[1]}{whole[2]}-{whole[1]}{whole[2][: -len(whole[4])]}{whole[4]}"


def _identifiers(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    named = [(name.lower(), str(item[name])) for name in ("PMID", "PMCID", "DOI", "ISBN") if item.get(name)]
    named += [(name.lower(), value) for name, value in _EXTRA.findall(str(item.get("extra", "")))]
    for scheme, value in named:
        try:
            yield scheme, normalise(scheme, value)
        except InvalidIdentifier:
            yield scheme, value


def _numbers(identifiers: Mapping[str, str]) -> str:
    return ", ".join(
        f"{scheme} {identifiers[scheme]}" for scheme in ("pmid", "pmcid", "doi", "isbn") if scheme in identifiers
    )
