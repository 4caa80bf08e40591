"""The life of a claim: anchored, submitted, accepted by somebody else."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from articles.actions import claims
from articles.models import Claim, ClaimListing, Condition, Outcome, Source, Therapy
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return factories.source("Fewer relapses were seen. Relapses were fewer with cells. Two patients had an infection.")


def fields(**changed: Any) -> dict[str, Any]:
    return {
        "statement": "The source reports fewer relapses.",
        "claim_type": "benefit",
        "quote_role": "own_result",
        "condition": factories.node(Condition, "multiple-sclerosis"),
        "outcome": factories.node(Outcome, "relapse"),
        "effect": "beneficial",
        "wording": "definite",
        "basis": "own_data",
        **changed,
    }


def add(source: Source, quote: str = "Fewer relapses were seen", **changed: Any) -> Claim:
    return claims.add_claim(
        by=factories.user("writer"),
        version=source.current_version,
        quote=quote,
        therapies=[factories.node(Therapy, "exosomes")],
        fields=fields(**changed),
    )


def test_a_quote_is_found_with_its_surroundings(source: Source) -> None:
    claim = add(source, "Relapses  were\nfewer")
    assert (claim.quote, claim.start, claim.end) == ("Relapses were fewer", 26, 45)
    assert claim.prefix.endswith("seen. ")
    assert claim.suffix.startswith(" with cells")
    assert claim.status == "draft"


def test_a_quote_that_is_not_there_is_refused_with_what_is_near(source: Source) -> None:
    with pytest.raises(ValidationError, match="does not stand in the text") as error:
        add(source, "Two patients had an infarction")
    assert "Two patients had an infection" in str(error.value)
    assert not Claim.objects.exists()


def test_a_quote_that_stands_twice_is_refused(source: Source) -> None:
    with pytest.raises(ValidationError, match="stands 2 times"):
        add(source, "elapses were")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"effect": "none_observed"}, "for claims about harm or safety"),
        ({"evidence_level_override": 2}, "needs a reason"),
        ({"evidence_level_override": 9, "evidence_level_reason": "x"}, "0 to 5"),
        ({"n": 3, "not_reported": ["n"]}, "either given or not reported"),
        ({"effect": "wonderful"}, "wonderful"),
    ],
)
def test_what_the_database_refuses_is_said_in_plain_words(
    source: Source, changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        add(source, **changed)
    assert not Claim.objects.exists()


def test_a_retracted_source_takes_a_claim_only_with_a_reason() -> None:
    source = factories.source(publication_status="retracted")
    with pytest.raises(ValidationError, match="retracted or withdrawn"):
        add(source)
    assert add(source, retracted_source_reason="To show what was claimed.").pk


def test_the_submitter_cannot_accept(source: Source) -> None:
    writer, reader = factories.user("writer"), factories.user("reader")
    claim = claims.submit(by=writer, claim=add(source))
    with pytest.raises(ValidationError, match="somebody else"):
        claims.accept(by=writer, claim=claim)
    with pytest.raises(ValidationError, match="somebody else"):
        claims.reject(by=writer, claim=claim, reason="no")
    claim.refresh_from_db()
    assert claim.status == "submitted"
    assert not ClaimListing.objects.exists()
    claims.accept(by=reader, claim=claim)
    assert ClaimListing.objects.get().claim == claim


def test_a_draft_cannot_be_accepted(source: Source) -> None:
    with pytest.raises(ValidationError, match="draft cannot be accepted"):
        claims.accept(by=factories.user("reader"), claim=add(source))


def test_a_rejection_needs_a_reason(source: Source) -> None:
    claim = claims.submit(by=factories.user("writer"), claim=add(source))
    with pytest.raises(ValidationError, match="Say why"):
        claims.reject(by=factories.user("reader"), claim=claim, reason="  ")
    rejected = claims.reject(by=factories.user("reader"), claim=claim, reason="The quote says less.")
    assert (rejected.status, rejected.rejection_reason) == ("rejected", "The quote says less.")


def test_an_edit_of_an_accepted_claim_waits_for_a_second_person_again() -> None:
    claim = factories.claim()
    editor = factories.user("editor")
    claims.edit_claim(
        by=editor,
        claim=claim,
        quote=claim.quote,
        therapies=[factories.node(Therapy, "cells")],
        fields={"effect": "mixed"},
    )
    claim.refresh_from_db()
    assert (claim.status, claim.submitted_by, claim.accepted_by) == ("submitted", editor, None)
    assert not ClaimListing.objects.exists()


def test_a_retired_claim_leaves_the_lists_and_keeps_its_page(client: Any) -> None:
    claim = factories.claim()
    claims.retire(by=factories.user("reader"), claim=claim)
    assert not ClaimListing.objects.exists()
    assert client.get(claim.get_absolute_url()).status_code == 200
