"""Several people write at once."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from articles.actions import claims, sources
from articles.importers.record import Record
from articles.lib.document import Document
from articles.models import Claim, Source, SourceListing, Therapy
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def together(first: Callable[[], object], second: Callable[[], object]) -> list[Exception]:
    """Do the first in a transaction that stays open for a second while the second begins. What the second raised."""
    failures: list[Exception] = []

    def run() -> None:
        try:
            second()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        # What waits for this transaction is still there after a second; what does not wait would be done by now.
        thread.join(1)
    thread.join(20)
    return failures


def test_two_decisions_at_once_on_claims_of_one_source_both_count() -> None:
    source, reviewer = factories.source(), factories.user("reviewer")
    one, other = (factories.claim(source, status="submitted", accepted_by=None) for _ in range(2))
    failures = together(
        lambda: claims.accept(by=reviewer, claim=one),
        lambda: claims.accept(by=reviewer, claim=other),
    )
    assert failures == []
    assert SourceListing.objects.get(source=source).claim_count == 2


def test_one_record_brought_in_twice_at_once_is_one_source() -> None:
    record = Record(
        title="T", kind="abstract", document=Document("Words."), format="test", identifiers=(("pmid", "5"),)
    )

    def bring_in() -> None:
        sources.import_record(by=None, record=record, origin_name="test")

    assert together(bring_in, bring_in) == []
    assert Source.objects.count() == 1


def test_a_decision_is_about_the_claim_as_it_is_now() -> None:
    claim = factories.claim(status="submitted", submitted_by=factories.user("a"), accepted_by=None)
    seen_before = Claim.objects.get(pk=claim.pk)
    editor = factories.user("editor")
    edited = {"quote": claim.quote, "therapies": list(Therapy.objects.all()), "fields": {"statement": "Changed."}}
    claims.edit_claim(by=editor, claim=claim, **edited)
    with pytest.raises(ValidationError, match="You submitted"):
        claims.accept(by=editor, claim=seen_before)
    claims.accept(by=factories.user("reviewer"), claim=Claim.objects.get(pk=claim.pk))
    with pytest.raises(ValidationError, match="cannot be rejected"):
        claims.reject(by=factories.user("reviewer"), claim=seen_before, reason="So.")
    claim.refresh_from_db()
    assert (claim.status, claim.statement) == ("accepted", "Changed.")
