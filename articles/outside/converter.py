"""The ID converter of PubMed Central, which knows the papers it holds by PMID, PMCID and DOI."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from articles.lib.identifiers import InvalidIdentifier, normalise
from articles.outside import batches, json_answer
from articles.outside.client import Answer, Client, Question
from articles.outside.errors import FetchError
from articles.outside.settings import Settings

# Of an address, which must not grow too long; the converter itself would take 200.
_BATCH = 50


@dataclass(frozen=True)
class Paper:
    """What the converter knows of a paper, blank where it does not know it."""

    pmid: str = ""
    doi: str = ""


def convert(
    client: Client, settings: Settings, scheme: str, values: Sequence[str]
) -> Iterator[tuple[str, Paper | FetchError]]:
    """For each value, all of one scheme, the paper; a blank one where PubMed Central does not hold it."""

    def question(batch: Sequence[str]) -> Answer:
        # Values of different schemes in one request are refused.
        query = {
            "ids": ",".join(batch),
            "idtype": scheme,
            "format": "json",
            "versions": "no",
            **settings.introduction(),
        }
        return client.ask(Question(f"{settings.converter}?{urlencode(query)}", types=json_answer.TYPES, check=_entries))

    for start in range(0, len(values), _BATCH):
        for batch, answer in batches.ask(values[start : start + _BATCH], question):
            if isinstance(answer, FetchError):
                yield from ((value, answer) for value in batch)
            else:
                papers = _papers(answer, scheme)
                yield from ((value, papers.get(value, Paper())) for value in batch)


def _entries(answer: Answer) -> list[Any]:
    entries: list[Any] = json_answer.part(answer, list, "records")
    return entries


def _papers(answer: Answer, scheme: str) -> Mapping[str, Paper]:
    papers = {}
    for entry in _entries(answer):
        if isinstance(entry, dict) and entry.get("status") != "error":
            requested = _normal(scheme, entry.get("requested-id") or entry.get(scheme))
            papers[requested] = Paper(_normal("pmid", entry.get("pmid")), _normal("doi", entry.get("doi")))
    return papers


def _normal(scheme: str, value: object) -> str:
    try:
        return normalise(scheme, str(value or ""))
    except InvalidIdentifier:
        return ""
