"""The rows of the lists, written by several people at once."""

from threading import Thread

import pytest
from django.db import connection, transaction

from articles.actions import claims
from articles.models import Claim, SourceListing
from tests import factories


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_on_claims_of_one_source_both_count() -> None:
    source, reviewer = factories.source(), factories.user("reviewer")
    one, other = (factories.claim(source, status="submitted", accepted_by=None) for _ in range(2))
    failures: list[Exception] = []

    def accept(claim: Claim) -> None:
        try:
            claims.accept(by=reviewer, claim=claim)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    second = Thread(target=accept, args=[other])
    with transaction.atomic():
        claims.accept(by=reviewer, claim=one)
        second.start()
        # It waits for this transaction; one that did not wait would be done by now.
        second.join(1)
    second.join(20)
    assert failures == []
    assert SourceListing.objects.get(source=source).claim_count == 2
