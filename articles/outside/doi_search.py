"""PMIDs of DOIs by a search of PubMed, which holds many more papers than PubMed Central."""

from collections.abc import Mapping, Sequence
from typing import Any

from articles.lib.identifiers import InvalidIdentifier, normalise
from articles.outside import eutils, json_answer
from articles.outside.client import Answer, Client
from articles.outside.errors import Unreachable
from articles.outside.settings import Settings

BATCH = 100
# A search may find more than it was asked for, as it takes punctuation lightly.
_MOST_FOUND = 500


def pmids(client: Client, settings: Settings, dois: Sequence[str]) -> Mapping[str, str]:
    """The PMIDs of at most 100 DOIs, as far as PubMed has a record that names the very DOI. Raises `FetchError`."""
    term = " OR ".join(f'"{doi.replace(chr(34), "")}"[doi]' for doi in dois)
    form = {"term": term, "retmode": "json", "retmax": str(_MOST_FOUND)}
    found = _numbers(eutils.ask(client, settings, "esearch", form, _numbers))
    if not found:
        return {}
    form = {"id": ",".join(found), "retmode": "json"}
    answer = eutils.ask(client, settings, "esummary", form, _summaries)
    if eutils.is_empty(answer):
        return {}
    named = {doi: pmid for pmid, summary in _summaries(answer).items() for doi in _dois(summary)}
    return {doi: named[doi] for doi in dois if doi in named}


def _numbers(answer: Answer) -> list[str]:
    if eutils.is_empty(answer):
        return []
    if said := json_answer.part(answer, dict, "esearchresult").get("ERROR"):
        raise Unreachable(f"PubMed cannot search now: {str(said)[:200]}")
    numbers = json_answer.part(answer, list, "esearchresult", "idlist")
    return [number for number in numbers if isinstance(number, str) and number.isdecimal()]


def _summaries(answer: Answer) -> dict[str, Any]:
    summaries: dict[str, Any] = json_answer.part(answer, dict, "result")
    return {pmid: summary for pmid, summary in summaries.items() if pmid.isdecimal()}


def _dois(summary: object) -> list[str]:
    entries = summary.get("articleids") if isinstance(summary, dict) else None
    dois = []
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and entry.get("idtype") == "doi":
            try:
                dois.append(normalise("doi", str(entry.get("value"))))
            except InvalidIdentifier:
                continue
    return dois
