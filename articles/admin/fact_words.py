"""The facts of a source, as `actions.facts` keeps them, in the words of the pages."""

from collections.abc import Callable, Mapping
from typing import Any

from articles.lib import identifiers
from articles.lib import vocabulary as vocab
from articles.lib.partial_date import PartialDate
from articles.models import Source

LABELS = {
    "identifiers": "Identifiers",
    "date": "Date",
    "contributors": "Authors",
    "references": "References it makes",
    "links": "Linked publications",
    "mesh_headings": "MeSH headings",
    "trial_ids": "Registered studies",
}


def label(name: str) -> str:
    """What the fact is called on the form."""
    found = LABELS.get(name) or str(Source._meta.get_field(name).verbose_name)
    return found[:1].upper() + found[1:]


def in_words(name: str, value: Any) -> str:
    """The value; of a list one member on each line; blank where nothing is known."""
    if value in ("", None, []):
        return ""
    if name in _WORDS:
        return _WORDS[name](value)
    return "\n".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _date(value: list[Any]) -> str:
    year, month, day, season = value
    return PartialDate(year, month, day, season or None).display()


def _contributor(one: list[str]) -> str:
    as_written, family, given, collective, orcid, affiliation = one
    name = as_written or collective or f"{given} {family}".strip()
    parts = (
        f"family name {family}" if family else "",
        f"given name {given}" if given else "",
        f"ORCID {orcid}" if orcid else "",
        affiliation,
    )
    details = "; ".join(part for part in parts if part)
    return f"{name} ({details})" if details else name


def _link(one: list[str]) -> str:
    relation, citation, pmid, doi = one
    numbers = ", ".join(part for part in (f"PMID {pmid}" if pmid else "", f"DOI {doi}" if doi else "") if part)
    return " ".join(part for part in (f"{vocab.LinkRelation(relation).label}:", citation, numbers) if part)


def _trial(written: str) -> str:
    found = identifiers.trial(written)
    return f"{found.register} {found.number}".strip()


def _lines(word: Callable[[Any], str]) -> Callable[[list[Any]], str]:
    return lambda values: "\n".join(word(value) for value in values)


def _yes_or_no(value: bool) -> str:
    return "yes" if value else "no"


_WORDS: Mapping[str, Callable[[Any], str]] = {
    "date": _date,
    "contributors": _lines(_contributor),
    "links": _lines(_link),
    "trial_ids": _lines(_trial),
    "design": lambda value: vocab.Design(value).label,
    "publication_status": lambda value: vocab.PublicationStatus(value).label,
    "is_medline": _yes_or_no,
    "is_free_full_text": _yes_or_no,
}
