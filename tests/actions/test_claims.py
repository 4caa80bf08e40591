"""The life of a claim, as the actions allow it."""

import pytest
from django.core.exceptions import ValidationError

from articles.actions import claims
from articles.models import Claim, ClaimListing, Therapy
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_ambiguous_or_missing_quote_stores_nothing() -> None:
    source = factories.source("Pain fell. Later pain fell again, and pain fell for good.")
    assert source.current_version is not None
    with pytest.raises(ValidationError, match="2 times"):
        claims.anchor(version=source.current_version, quote="pain fell")
    with pytest.raises(ValidationError, match="does not stand"):
        claims.anchor(version=source.current_version, quote="pain rose")
    found = claims.anchor(version=source.current_version, quote="pain fell", prefix="Later ")
    assert source.current_version.text[found.start :].startswith("pain fell again")


def test_words_found_in_an_older_text_only_still_wait_for_a_person() -> None:
    claim = factories.claim(anchor_state="missing")
    claim.source.current_version = factories.version(claim.source, "Other words.")
    claim.source.save()
    therapies = list(Therapy.objects.all())
    edited = claims.edit_claim(
        by=factories.user("x"), claim=claim, quote=claim.quote, therapies=therapies, fields={"statement": "Changed."}
    )
    assert edited.anchor_state == "missing"


@pytest.mark.parametrize("status", ["accepted", "rejected", "retired", "suggested", "draft"])
def test_only_what_was_submitted_is_accepted(status: str) -> None:
    claim = factories.claim(status=status, rejection_reason="So.")
    with pytest.raises(ValidationError, match="cannot be accepted"):
        claims.accept(by=factories.user("other"), claim=claim)


def test_a_claim_without_a_therapy_is_refused() -> None:
    claim = factories.claim()
    with pytest.raises(ValidationError, match="at least one therapy"):
        claims.edit_claim(by=factories.user("x"), claim=claim, quote=claim.quote, therapies=[], fields={})
    claim.refresh_from_db()
    assert claim.status == "accepted"


def test_the_public_list_follows_each_decision() -> None:
    claim = factories.claim(status="submitted", submitted_by=factories.user("a"), accepted_by=None)

    def is_public() -> bool:
        return ClaimListing.objects.filter(claim=claim).exists()

    assert not is_public()
    claims.accept(by=factories.user("b"), claim=claim)
    assert is_public()
    claims.retire(by=factories.user("b"), claim=claim)
    assert not is_public()
    assert Claim.objects.filter(pk=claim.pk).exists()
