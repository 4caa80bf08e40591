"""Publications that PubMed does not hold, from the register of DOIs that most publishers use, as CSL-JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from articles.outside import json_answer
from articles.outside.client import Answer, Client, Question
from articles.outside.errors import FetchError, NotFound
from articles.outside.result import Fetched, NotFetched
from articles.outside.settings import Settings
from articles.outside.wanted import Identifier

_TYPES = {
    "book": "book",
    "book-chapter": "chapter",
    "book-section": "chapter",
    "dataset": "dataset",
    "dissertation": "thesis",
    "edited-book": "book",
    "journal-article": "article-journal",
    "monograph": "book",
    "peer-review": "review",
    "posted-content": "article",
    "proceedings-article": "paper-conference",
    "reference-book": "book",
    "reference-entry": "entry",
    "report": "report",
    "standard": "standard",
}
# Crossref writes lists where CSL-JSON has one text.
_SINGLE = ("title", "short-title", "original-title", "container-title", "container-title-short")
_NAMES = ("author", "editor", "chair", "translator")
_DATES = ("issued", "published", "published-print", "published-online", "posted", "accepted")
# Of Crossref's own housekeeping: they differ from day to day while the publication stays what it is.
_HOUSEKEEPING = ("indexed", "score", "is-referenced-by-count")


def work(client: Client, settings: Settings, doi: str, wanted: Sequence[Identifier]) -> list[Fetched | NotFetched]:
    """The record of a DOI, or the reason why there is none for each of the identifiers wanted."""
    query = f"?{urlencode({'mailto': settings.contact})}" if settings.contact else ""
    question = Question(f"{settings.crossref}{quote(doi, safe='')}{query}", types=json_answer.TYPES, check=_message)
    try:
        answer = client.ask(question)
    except NotFound:
        reason = f"Neither PubMed nor Crossref knows the DOI {doi}; if it is right, give the address of its page."
        return [NotFetched(identifier, reason) for identifier in wanted]
    except FetchError as error:
        return [NotFetched(identifier, str(error)) for identifier in wanted]
    data = json.dumps([csl_item(_message(answer))], ensure_ascii=False).encode("utf-8", "replace")
    return [Fetched(f"Crossref {doi}", answer.final_address, data, answer.fetched_at, tuple(wanted))]


def csl_item(message: Mapping[str, Any]) -> dict[str, Any]:
    """A work of Crossref as an item of CSL-JSON; what CSL-JSON has no word for stays as it is."""
    item = {name: value for name, value in message.items() if name not in _HOUSEKEEPING}
    kind = str(message.get("type") or "")
    item |= {"type": _TYPES.get(kind, "document"), "custom": {"crossref-type": kind}}
    for name in _SINGLE:
        if isinstance(texts := item.get(name), list):
            item[name] = next((text for text in texts if isinstance(text, str)), "")
    for name in _NAMES:
        if isinstance(people := item.get(name), list):
            item[name] = [_person(person) for person in people if isinstance(person, dict)]
    for name in _DATES:
        if name in item and not _is_date(item[name]):
            del item[name]
    return item


def _message(answer: Answer) -> Mapping[str, Any]:
    message: Mapping[str, Any] = json_answer.part(answer, dict, "message")
    return message


def _person(person: Mapping[str, Any]) -> dict[str, Any]:
    """A group's name is called `literal` in CSL-JSON."""
    if "name" not in person or "family" in person:
        return dict(person)
    return {"literal": person["name"]} | {name: value for name, value in person.items() if name != "name"}


def _is_date(date: object) -> bool:
    """An unknown date is written as a list of nothing."""
    parts = date.get("date-parts") if isinstance(date, dict) else None
    return bool(isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0] and parts[0][0])
