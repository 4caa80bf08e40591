"""Bringing what an import wants from outside: each answer becomes a stored file, read like any other afterwards."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from articles import outside
from articles.actions import run_files
from articles.lib import identifiers
from articles.models import ImportFile, ImportRun

# The file that stands for everything that did not come.
MISSING = "Not fetched"


@dataclass(frozen=True)
class Missing:
    """Something that did not come, and why; `number` is its place among all that is wanted, from 1."""

    number: int
    identifier: outside.Identifier
    reason: str


def outside_settings() -> outside.Settings:
    """Who this installation is to the sites it asks. Raises ValueError where the environment says nonsense."""
    return outside.Settings(
        version=settings.VERSION, contact=settings.CONTACT_EMAIL, ncbi_api_key=settings.NCBI_API_KEY
    )


def wanted(run: ImportRun) -> list[outside.Identifier]:
    """All that the import wants."""
    return [outside.Identifier(scheme, value) for scheme, value in run.wanted]


def left(run: ImportRun) -> list[outside.Identifier]:
    """What of it is neither fetched nor known not to come."""
    if not run.wanted:
        return []
    settled = {(scheme, value) for file in run.files.all() for scheme, value in file.settles}
    return [one for one in wanted(run) if (one.scheme, one.value) not in settled]


def fetch_into(run: ImportRun, *, should_stop: Callable[[], bool]) -> Iterator[Missing]:
    """Fetch what is left, and store each answer at once as a file of the import; what does not come is told.

    It may be broken off at any time and called again: then it goes on.
    """
    remaining = left(run)
    if not remaining:
        return
    places = {identifier: number for number, identifier in enumerate(wanted(run), 1)}
    for result in outside.fetch(remaining, settings=outside_settings()):
        if isinstance(result, outside.Fetched):
            _keep(run, result)
        else:
            yield Missing(places[result.identifier], result.identifier, result.reason)
        if should_stop():
            return


def file_of_missing(run: ImportRun) -> ImportFile:
    """Where entries of things that did not come belong."""
    found = run.files.filter(name=MISSING, stored_as="").first()
    return found or ImportFile.objects.create(run=run, position=_next_position(run), name=MISSING, is_done=True)


def _keep(run: ImportRun, fetched: outside.Fetched) -> None:
    with transaction.atomic():
        position = _next_position(run)
        stored_as, size, sha256 = run_files.keep(run=run, position=position, content=io.BytesIO(fetched.data))
        ImportFile.objects.create(
            run=run,
            position=position,
            name=fetched.name,
            stored_as=stored_as,
            size=size,
            sha256=sha256,
            settles=[[one.scheme, one.value] for one in fetched.for_identifiers],
            address=_page_address(fetched),
            fetched_at=fetched.fetched_at,
        )


def _next_position(run: ImportRun) -> int:
    last = run.files.order_by("-position").first()
    return last.position + 1 if last else 0


def _page_address(fetched: outside.Fetched) -> str:
    """Where a page was found in the end; blank for the records of registers."""
    if any(one.scheme != "url" for one in fetched.for_identifiers):
        return ""
    try:
        return identifiers.normalise("url", fetched.address)
    except identifiers.InvalidIdentifier:
        return fetched.for_identifiers[0].value
