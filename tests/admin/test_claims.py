"""Claims beside their text, and their way through review."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from articles.actions import claims as actions
from articles.models import Claim, ClaimListing, Source, Therapy
from tests import factories
from tests.admin.conftest import signed_in
from tests.admin.forms import claim_data, opened

pytestmark = pytest.mark.django_db


def add(source: Source) -> str:
    return f"/admin/articles/claim/add/?source={source.pk}"


def change(claim: Claim) -> str:
    return reverse("admin:articles_claim_change", args=[claim.pk])


def decide(claim: Claim) -> str:
    return reverse("admin:articles_claim_decide", args=[claim.pk])


def seen(claim: Claim, decision: str, **more: str) -> dict[str, str]:
    """A decision taken on the page of the claim as it is in memory."""
    return {"decision": decision, "seen": claim.updated_at.isoformat(), **more}


def submitted(by: User) -> Claim:
    return factories.claim(status="submitted", submitted_by=by, accepted_by=None, accepted_at=None)


def test_a_pasted_quote_is_found_and_anchored(as_curator: Client) -> None:
    source = factories.source()
    answer = as_curator.post(add(source), claim_data(quote="Fewer   relapses\nwere seen"))
    claim = Claim.objects.get()
    assert answer["Location"] == change(claim)
    assert source.current_version is not None
    assert source.current_version.text[claim.start : claim.end] == claim.quote == "Fewer relapses were seen"
    assert (claim.status, claim.evidence_level) == ("draft", 2)
    assert not ClaimListing.objects.exists()


def test_a_quote_that_is_not_in_the_text_is_refused_with_what_is_near(as_curator: Client) -> None:
    page = as_curator.post(add(factories.source()), claim_data(quote="Fewer relapses was seen after treatments"))
    assert page.status_code == 200
    html = page.content.decode()
    assert "does not stand in the text" in html
    assert "Near it: “Fewer relapses were seen after treatment.”" in html
    assert not Claim.objects.exists()


def test_a_quote_that_stands_twice_needs_its_surroundings(as_curator: Client) -> None:
    source = factories.source("First: pain fell. Second: pain fell.")
    page = as_curator.post(add(source), claim_data(quote="pain fell"))
    assert "stands 2 times" in page.content.decode()
    as_curator.post(add(source), claim_data(quote="pain fell", prefix="Second: ", suffix="."))
    assert Claim.objects.get().start == 26


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tagged": []}, "This field is required"),
        ({"effect": "none_observed"}, "for claims about harm or safety"),
        ({"n_not_reported": "on"}, "n is either given or not reported"),
        ({"evidence_level_override": "1"}, "Say why the level is set by hand"),
        ({"effect": ""}, "This field is required"),
        ({"wording": "nonsense"}, "not one of the available choices"),
        ({"quote": "x" * 10_000}, "does not stand in the text"),
        ({"tagged": ["999999"]}, "not one of the available choices"),
        ({"statement": "NUL \x00"}, "Null characters are not allowed"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_stored(as_curator: Client, changes: dict[str, Any], message: str) -> None:
    page = as_curator.post(add(factories.source()), claim_data(**changes))
    assert page.status_code == 200
    assert message in page.content.decode()
    assert not Claim.objects.exists()


def test_not_reported_is_kept_apart_from_blank(as_curator: Client) -> None:
    as_curator.post(add(factories.source()), claim_data(n="", n_not_reported="on"))
    claim = Claim.objects.get()
    assert (claim.n, claim.not_reported, claim.follow_up) == (None, ["n"], "")


def test_therapies_keep_the_order_in_which_they_were_chosen(as_curator: Client) -> None:
    last, first = factories.node(Therapy, "a-therapy"), factories.node(Therapy, "b-therapy")
    as_curator.post(add(factories.source()), claim_data(tagged=[first.pk, last.pk], therapy_relation="combination"))
    assert [tag.therapy for tag in Claim.objects.get().claim_therapies.order_by("position")] == [first, last]


def test_without_a_source_the_list_of_sources_comes_first(as_curator: Client) -> None:
    for query in ("", "?source=999999", "?source=x", "?source=" + "9" * 30):
        answer = as_curator.get(f"/admin/articles/claim/add/{query}")
        assert answer.status_code == 302
        assert answer["Location"] == "/admin/articles/source/"


def test_a_retracted_source_asks_for_a_reason(as_curator: Client) -> None:
    source = factories.source(publication_status="retracted")
    assert "say why a claim is taken" in as_curator.post(add(source), claim_data()).content.decode()
    reason = {"retracted_source_reason": "The retraction itself cites it."}
    assert as_curator.post(add(source), claim_data(**reason)).status_code == 302


def test_the_page_shows_the_text_with_the_claims_marked(as_curator: Client) -> None:
    claim = factories.claim()
    html = as_curator.get(change(claim)).content.decode()
    assert f'<mark data-claims="{claim.public_id}"' in html
    assert "Level 2" in html
    assert "Own result of a randomised trial in people" in html
    other = as_curator.get(add(claim.source)).content.decode()
    assert claim.public_id in other


def test_from_draft_to_accepted_takes_two_people(
    as_curator: Client, as_reviewer: Client, curator: User, reviewer: User
) -> None:
    as_curator.post(add(factories.source()), claim_data(_submit="1"))
    claim = Claim.objects.get()
    assert (claim.status, claim.submitted_by) == ("submitted", curator)
    page = as_reviewer.get(change(claim)).content.decode()
    assert 'value="accept"' in page
    as_reviewer.post(decide(claim), seen(claim, "accept"))
    claim.refresh_from_db()
    assert (claim.status, claim.accepted_by) == ("accepted", reviewer)
    assert ClaimListing.objects.filter(claim=claim).exists()


def test_a_curator_cannot_accept(as_curator: Client, reviewer: User) -> None:
    claim = submitted(reviewer)
    assert 'value="accept"' not in as_curator.get(change(claim)).content.decode()
    assert as_curator.post(decide(claim), seen(claim, "accept")).status_code == 403
    claim.refresh_from_db()
    assert claim.status == "submitted"


def test_a_reviewer_cannot_decide_on_an_own_claim(as_reviewer: Client, reviewer: User) -> None:
    claim = submitted(reviewer)
    page = as_reviewer.get(change(claim)).content.decode()
    assert 'value="accept"' not in page
    assert "somebody else decides" in page
    for decision in ("accept", "reject"):
        answer = as_reviewer.post(decide(claim), seen(claim, decision, reason="No."), follow=True)
        assert "You submitted this claim" in answer.content.decode()
    claim.refresh_from_db()
    assert claim.status == "submitted"
    with pytest.raises(ValidationError):
        actions.accept(by=reviewer, claim=claim)


def test_not_even_an_administrator_accepts_what_they_submitted(admin_client: Client, admin_user: User) -> None:
    claim = submitted(admin_user)
    admin_client.post(decide(claim), seen(claim, "accept"))
    claim.refresh_from_db()
    assert claim.status == "submitted"


def test_a_rejection_needs_a_reason(as_reviewer: Client, curator: User) -> None:
    claim = submitted(curator)
    answer = as_reviewer.post(decide(claim), seen(claim, "reject", reason=" "), follow=True)
    assert "Say why" in answer.content.decode()
    as_reviewer.post(decide(claim), seen(claim, "reject", reason="The words say less."))
    claim.refresh_from_db()
    assert (claim.status, claim.rejection_reason) == ("rejected", "The words say less.")
    assert "The words say less." in as_reviewer.get(change(claim)).content.decode()


def test_a_retired_claim_leaves_the_list_and_stays_as_it_was(as_reviewer: Client, as_curator: Client) -> None:
    claim, successor = factories.claim(), factories.claim()
    assert as_curator.post(decide(claim), seen(claim, "retire")).status_code == 403
    wrong = as_reviewer.post(decide(claim), seen(claim, "retire", superseded_by="C-999999"), follow=True)
    assert "no other claim" in wrong.content.decode()
    as_reviewer.post(decide(claim), seen(claim, "retire", superseded_by=successor.public_id))
    claim.refresh_from_db()
    assert (claim.status, claim.superseded_by) == ("retired", successor)
    assert not ClaimListing.objects.filter(claim=claim).exists()
    assert as_curator.post(change(claim), claim_data(claim)).status_code == 403
    with pytest.raises(ValidationError):
        actions.edit_claim(by=factories.user("x"), claim=claim, quote=claim.quote, therapies=[], fields={})


@pytest.mark.parametrize("decision", ["", "publish", "__class__"])
def test_other_decisions_are_refused(as_reviewer: Client, curator: User, decision: str) -> None:
    claim = submitted(curator)
    assert as_reviewer.post(decide(claim), seen(claim, decision)).status_code == 403
    assert as_reviewer.get(decide(claim)).status_code == 405


def test_an_edited_claim_is_read_again(as_curator: Client, curator: User) -> None:
    claim = factories.claim()
    assert as_curator.post(change(claim), claim_data(claim, statement="Changed.")).status_code == 302
    claim.refresh_from_db()
    assert (claim.status, claim.submitted_by, claim.accepted_by) == ("submitted", curator, None)
    assert not ClaimListing.objects.filter(claim=claim).exists()


def test_a_claim_whose_words_are_gone_is_anchored_anew(as_curator: Client) -> None:
    claim = factories.claim()
    source = claim.source
    source.current_version = factories.version(source, "Relapses were rarer after treatment.")
    source.save()
    Claim.objects.filter(pk=claim.pk).update(anchor_state="missing")
    page = as_curator.get(change(claim)).content.decode()
    assert "Check the anchor: missing" in page
    assert "does not stand" in as_curator.post(change(claim), claim_data(claim)).content.decode()
    as_curator.post(change(claim), claim_data(claim, quote="Relapses were rarer"))
    claim = Claim.objects.get(pk=claim.pk)
    assert (claim.anchor_state, claim.version, claim.start) == ("exact", source.current_version, 0)


@pytest.mark.parametrize(
    ("waiting", "status", "anchor"),
    [("review", "submitted", "exact"), ("anchor", "accepted", "moved"), ("unfinished", "draft", "exact")],
)
def test_queues_are_filters_of_the_list(as_curator: Client, waiting: str, status: str, anchor: str) -> None:
    factories.claim()
    wanted = factories.claim(status=status, anchor_state=anchor)
    listed = as_curator.get(f"/admin/articles/claim/?waiting={waiting}").context["cl"].queryset
    assert [claim.pk for claim in listed] == [wanted.pk]


def test_a_claim_is_found_by_its_number(as_curator: Client) -> None:
    wanted, _other = factories.claim(), factories.claim()
    listed = as_curator.get(f"/admin/articles/claim/?q={wanted.public_id.lower()}").context["cl"].queryset
    assert [claim.pk for claim in listed] == [wanted.pk]


def test_whoever_changes_a_submitted_claim_answers_for_it(
    member: Callable[[str, str], User], curator: User, reviewer: User
) -> None:
    claim = submitted(curator)
    signed_in(reviewer).post(change(claim), claim_data(claim, statement="Put better."))
    claim.refresh_from_db()
    assert claim.submitted_by == reviewer
    signed_in(reviewer).post(decide(claim), seen(claim, "accept"))
    claim.refresh_from_db()
    assert claim.status == "submitted"
    signed_in(member("rita", "Reviewer")).post(decide(claim), seen(claim, "accept"))
    claim.refresh_from_db()
    assert claim.status == "accepted"


def test_a_decision_is_about_what_was_seen(as_reviewer: Client, as_curator: Client, curator: User) -> None:
    claim = submitted(curator)
    before = opened(as_reviewer, change(claim))["seen"]
    as_curator.post(change(claim), claim_data(claim, statement="Changed meanwhile."))
    for decision in ("accept", "reject", "retire"):
        sent = {"decision": decision, "seen": before, "reason": "So."}
        html = as_reviewer.post(decide(claim), sent, follow=True).content.decode()
        assert "Somebody changed this claim after you opened it. Read it again, then decide." in html
    claim.refresh_from_db()
    assert (claim.status, claim.statement) == ("submitted", "Changed meanwhile.")
    as_reviewer.post(decide(claim), {"decision": "accept", "seen": opened(as_reviewer, change(claim))["seen"]})
    claim.refresh_from_db()
    assert claim.status == "accepted"


@pytest.mark.parametrize("before", ["", "yesterday", "NUL \x00"])
def test_who_does_not_say_what_was_seen_does_not_decide(as_reviewer: Client, curator: User, before: str) -> None:
    claim = submitted(curator)
    html = as_reviewer.post(decide(claim), {"decision": "accept", "seen": before}, follow=True).content.decode()
    assert "Open the page again" in html
    html = as_reviewer.post(change(claim), claim_data(claim, seen=before, statement="Changed.")).content.decode()
    assert "Open the page again" in html
    claim.refresh_from_db()
    assert (claim.status, claim.statement) == ("submitted", "The source reports fewer relapses.")


def test_an_edit_of_what_somebody_changed_meanwhile_is_refused_and_kept_on_the_page(
    as_reviewer: Client, as_curator: Client, curator: User
) -> None:
    claim = submitted(curator)
    late = claim_data(claim, statement="Typed too late.")
    as_curator.post(change(claim), claim_data(claim, statement="Changed first."))
    html = as_reviewer.post(change(claim), late).content.decode()
    assert "Somebody changed this claim after you opened it" in html
    assert "Typed too late." in html
    claim.refresh_from_db()
    assert (claim.statement, claim.submitted_by) == ("Changed first.", curator)


@pytest.mark.parametrize("status", ["accepted", "submitted", "draft"])
def test_saving_a_claim_unchanged_writes_nothing(as_reviewer: Client, curator: User, status: str) -> None:
    accepted_by = factories.user("reader") if status == "accepted" else None
    claim = factories.claim(
        status=status,
        submitted_by=curator,
        accepted_by=accepted_by,
        statement="First line.\nSecond line.",
        disclosures=["regulatory_status", "limited_evidence"],
        not_reported=["effect_text", "n"],
    )
    sent = opened(as_reviewer, change(claim))
    assert as_reviewer.post(change(claim), sent | {"statement": "First line.\r\nSecond line."}).status_code == 302
    stored = Claim.objects.get(pk=claim.pk)
    assert stored.updated_at == claim.updated_at
    assert (stored.status, stored.submitted_by, stored.accepted_by) == (status, curator, accepted_by)
    assert as_reviewer.post(change(claim), sent | {"statement": "Another line."}).status_code == 302
    assert Claim.objects.get(pk=claim.pk).statement == "Another line."


def test_other_therapies_or_another_order_is_a_change(as_curator: Client) -> None:
    first, last = factories.node(Therapy, "a-therapy"), factories.node(Therapy, "b-therapy")
    claim = factories.claim(therapies=[first, last], therapy_relation="combination")
    as_curator.post(change(claim), opened(as_curator, change(claim)) | {"tagged": [last.pk, first.pk]})
    claim.refresh_from_db()
    assert claim.status == "submitted"
    assert [tag.therapy for tag in claim.claim_therapies.order_by("position")] == [last, first]


def test_an_edited_claim_keeps_when_it_was_public_but_nobody_stands_for_it(as_curator: Client) -> None:
    claim = factories.claim()
    as_curator.post(change(claim), claim_data(claim, statement="Changed."))
    stored = Claim.objects.get(pk=claim.pk)
    assert (stored.accepted_at, stored.accepted_by) == (claim.accepted_at, None)
    assert "accepted by" not in as_curator.get(change(claim)).content.decode()


def test_a_moved_anchor_is_confirmed_by_saving(as_curator: Client) -> None:
    claim = factories.claim(anchor_state="moved")
    as_curator.post(change(claim), opened(as_curator, change(claim)))
    claim.refresh_from_db()
    assert claim.anchor_state == "exact"
