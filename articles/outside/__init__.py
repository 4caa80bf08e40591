"""Fetching from outside: identifiers and addresses become files for the importers. No database here.

`wanted.read` turns what a person typed into identifiers; `fetch` brings what answers them.
"""

from collections.abc import Iterable, Iterator

from articles.outside import crossref, pubmed
from articles.outside.client import Client
from articles.outside.page import page
from articles.outside.resolving import Resolved
from articles.outside.result import Fetched, NotFetched
from articles.outside.robots import Robots
from articles.outside.settings import Settings
from articles.outside.wanted import Identifier

__all__ = ["Fetched", "Identifier", "NotFetched", "Settings", "fetch"]


def fetch(
    wanted: Iterable[Identifier], *, settings: Settings, client: Client | None = None
) -> Iterator[Fetched | NotFetched]:
    """What answers the wanted identifiers, as it arrives: a file for up to 200 records of PubMed, for a record of
    Crossref, for a page.

    Every identifier is named, either in a file's `for_identifiers` or in a `NotFetched`; nothing is raised for what
    fails outside. `client` is made from the settings unless given.
    """
    client = client or settings.client()
    robots = Robots(client)
    identifiers = list(dict.fromkeys(wanted))
    for start in range(0, len(identifiers), pubmed.BATCH):
        yield from _fetch_batch(identifiers[start : start + pubmed.BATCH], settings, client, robots)


def _fetch_batch(
    wanted: list[Identifier], settings: Settings, client: Client, robots: Robots
) -> Iterator[Fetched | NotFetched]:
    resolved = Resolved(client, settings, wanted)
    yield from resolved.failed
    yield from pubmed.records(client, settings, resolved.by_pmid)
    for doi, identifiers in resolved.by_doi.items():
        yield from crossref.work(client, settings, doi, identifiers)
    for identifier in wanted:
        if identifier.scheme == "url":
            yield page(client, identifier, robots.check)
