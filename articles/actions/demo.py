"""Loads the demonstration corpus: every claim is drafted under one account and accepted under another."""

from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.models import User
from django.db import DataError, transaction

from articles import importers
from articles.actions import claims, listings, sources
from articles.actions.incoming import Conflict, Result
from articles.actions.recording import recorded
from articles.importers.record import ParseError
from articles.lib import vocabulary as vocab
from articles.models import Claim, Source

# Accounts of the corpus itself: no person, no password.
CURATION, REVIEW = "demonstration-curation", "demonstration-review"


class BadDemo(ValueError):
    """A file of the corpus is wrong; the message names it and the place."""


def load(*, folder: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Load every file of the folder, all or nothing. Returns how many sources came; known ones are left as they are."""
    files = sorted(folder.glob("*.md"))
    with transaction.atomic(), listings.at_the_end():
        curation, review = _account(CURATION), _account(REVIEW)
        created = 0
        for done, file in enumerate(files, start=1):
            created += _load_file(file, curation, review)
            progress(done, len(files))
    return created


def _account(name: str) -> User:
    account, is_new = User.objects.get_or_create(username=name)
    if is_new:
        account.set_unusable_password()
        account.save()
    return account


def _load_file(file: Path, curation: User, review: User) -> int:
    created = 0
    try:
        for record in importers.read(file.read_bytes(), format="digest"):
            done = sources.import_record(by=curation, record=record, origin_name=file.name)
            if done.result in (Result.CREATED, Result.DUPLICATE):
                _publish(done.source, curation, review)
                created += 1
    except (ParseError, Conflict) as error:
        raise BadDemo(f"{file.name}: {error}") from error
    except DataError as error:
        raise BadDemo(f"{file.name}: a value does not fit its field ({error})") from error
    return created


def _publish(source: Source, curation: User, review: User) -> None:
    for claim in Claim.objects.filter(source=source).order_by("pk"):
        claims.submit(by=curation, claim=claim)
        claims.accept(by=review, claim=claim)
    source.curation_state = vocab.CurationState.EXTRACTED.value
    with recorded("finish_source", curation):
        source.save(update_fields=["curation_state", "updated_at"])
