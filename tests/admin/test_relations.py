"""Relations: suggested on the page of a claim, confirmed or dropped by a second person."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.actions import relations
from articles.models import Claim, Relation
from tests import factories
from tests.admin.conftest import signed_in

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/relation/"


def page(thing: Claim | Relation) -> str:
    return reverse(f"admin:articles_{thing._meta.model_name}_change", args=[thing.pk])


def relate(claim: Claim) -> str:
    return reverse("admin:articles_claim_relate", args=[claim.pk])


def decide(relation: Relation) -> str:
    return reverse("admin:articles_relation_decide", args=[relation.pk])


def suggested(by: User, kind: str = "supports") -> Relation:
    pair = {"from_claim": factories.claim(), "to_claim": factories.claim()}
    return relations.relate(by=by, kind=kind, reason="Both report it.", **pair)


def state(relation: Relation) -> str:
    return Relation.objects.get(pk=relation.pk).state


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html))


def test_the_page_of_a_claim_offers_claims_with_what_tells_them_apart(as_curator: Client) -> None:
    claim = factories.claim(statement="The trial found fewer relapses.")
    other = factories.claim(
        factories.source(title="A second trial"), statement="The trial found fewer relapses.", effect="mixed"
    )
    html = plain(as_curator.get(page(claim)).content.decode())
    assert f"{other.public_id} The trial found fewer relapses. Mixed on Relapse" in html
    assert "A second trial · nearly the same words" in html


def test_a_curator_suggests_a_relation_in_either_direction(as_curator: Client, curator: User) -> None:
    claim, other = factories.claim(), factories.claim()
    answer = as_curator.post(
        relate(claim), {"stands": "to-supports", "other": other.public_id, "reason": "Both."}, follow=True
    )
    assert "Suggested:" in answer.content.decode()
    assert answer.redirect_chain[-1][0].endswith("#related")
    as_curator.post(relate(claim), {"stands": "from-qualifies", "other": f" {other.public_id.lower()} ", "reason": "b"})
    made = Relation.objects.order_by("pk").values_list("from_claim", "kind", "to_claim", "state", "created_by")
    assert list(made) == [
        (claim.pk, "supports", other.pk, "suggested", curator.pk),
        (other.pk, "qualifies", claim.pk, "suggested", curator.pk),
    ]
    html = plain(as_curator.get(page(claim)).content.decode())
    assert f"Supports {other.public_id}" in html
    assert f"Qualified by {other.public_id}" in html
    assert "None yet." not in html


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stands": ""}, "Say how the two stand"),
        ({"stands": "to-likes"}, "not one of the available choices"),
        ({"stands": "from-contrasts"}, "not one of the available choices"),
        ({"reason": "  "}, "Say why"),
        ({"reason": "x" * 2001}, "at most 2000 characters"),
        ({"other": "C-999999"}, "There is no claim"),
        ({"other": "<b>"}, "There is no claim “&lt;b&gt;”"),
        ({"other": ""}, "required"),
    ],
)
def test_what_cannot_be_a_relation_is_said(as_curator: Client, changes: dict[str, str], said: str) -> None:
    claim, other = factories.claim(), factories.claim()
    data = {"stands": "to-supports", "other": other.public_id, "reason": "Both."} | changes
    assert said in as_curator.post(relate(claim), data, follow=True).content.decode()
    assert not Relation.objects.exists()


def test_a_claim_is_not_related_to_itself_or_when_it_was_given_up(as_curator: Client) -> None:
    claim = factories.claim()
    data = {"stands": "to-supports", "other": claim.public_id, "reason": "Same."}
    assert "no relation to itself" in as_curator.post(relate(claim), data, follow=True).content.decode()
    gone = factories.claim(status="retired")
    assert "is retired" in as_curator.post(relate(gone), data, follow=True).content.decode()
    assert 'name="stands"' not in as_curator.get(page(gone)).content.decode()


@pytest.mark.parametrize("wrong", [{"other": "C-999999"}, {"stands": ""}, {"other": "itself"}])
def test_what_was_typed_is_still_there_after_a_refusal(as_curator: Client, wrong: dict[str, str]) -> None:
    claim, other = factories.claim(), factories.claim()
    typed = {"stands": "to-contrasts", "other": other.public_id, "reason": "The <b>second</b> trial is blinded."}
    typed |= {name: claim.public_id if value == "itself" else value for name, value in wrong.items()}
    answer = as_curator.post(relate(claim), typed)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "The &lt;b&gt;second&lt;/b&gt; trial is blinded.</textarea>" in html
    assert f'value="{typed["other"]}"' in html
    assert ('value="to-contrasts" selected' in html) == bool(typed["stands"])
    assert f'href="{page(claim)}#related"' in html
    assert html.count('class="errorlist') == 1
    again = as_curator.post(relate(claim), typed | {"stands": "to-contrasts", "other": other.public_id}, follow=True)
    assert "Suggested:" in again.content.decode()
    assert Relation.objects.get().reason == typed["reason"]


def test_the_desk_and_the_list_show_what_waits(as_reviewer: Client, curator: User, reviewer: User) -> None:
    done, waiting = suggested(curator), suggested(curator, "contrasts")
    relations.confirm(by=reviewer, relation=done)
    queues = {queue.label: queue for queue in as_reviewer.get("/admin/").context["queues"]}
    queue = queues["Relations to review"]
    assert queue.count == 1
    listed = as_reviewer.get(f"{LIST}?{queue.query}")
    assert [one.pk for one in listed.context["cl"].result_list] == [waiting.pk]
    assert "contrasts with" in listed.content.decode()
    everything = as_reviewer.get(LIST).context["cl"].result_list
    assert [one.pk for one in everything] == [waiting.pk, done.pk]


def test_a_reviewer_reads_both_claims_and_confirms(as_reviewer: Client, curator: User) -> None:
    relation = suggested(curator)
    html = plain(as_reviewer.get(page(relation)).content.decode())
    assert f"{relation.from_claim.public_id} supports {relation.to_claim.public_id}, because: Both report it." in html
    assert relation.from_claim.quote in html
    answer = as_reviewer.post(decide(relation), {"decision": "confirm"}, follow=True)
    assert answer.redirect_chain[-1][0].endswith("?state__exact=suggested")
    assert state(relation) == "confirmed"
    assert 'value="confirm"' not in as_reviewer.get(page(relation)).content.decode()
    again = as_reviewer.post(decide(relation), {"decision": "confirm"}, follow=True).content.decode()
    assert "decided before: confirmed" in again


def test_nobody_confirms_their_own(admin_user: User, admin_client: Client) -> None:
    relation = suggested(admin_user)
    html = admin_client.get(page(relation)).content.decode()
    assert 'value="confirm"' not in html
    assert 'value="drop"' in html
    refused = admin_client.post(decide(relation), {"decision": "confirm"}, follow=True).content.decode()
    assert "somebody else must confirm" in refused
    assert state(relation) == "suggested"


def test_a_curator_takes_back_only_what_they_suggested(
    as_curator: Client, curator: User, reviewer: User, member: Callable[[str, str], User]
) -> None:
    own, others, done = suggested(curator), suggested(member("olga", "Curator")), suggested(curator)
    relations.confirm(by=reviewer, relation=done)
    for relation in (others, done):
        assert 'value="drop"' not in as_curator.get(page(relation)).content.decode()
        assert as_curator.post(decide(relation), {"decision": "drop"}).status_code == 403
        assert as_curator.post(decide(relation), {"decision": "confirm"}).status_code == 403
    as_curator.post(decide(own), {"decision": "drop"})
    assert [state(relation) for relation in (own, others, done)] == ["dropped", "suggested", "confirmed"]


def test_a_reviewer_drops_also_what_was_confirmed(as_reviewer: Client, curator: User, client: Client) -> None:
    relation = suggested(curator)
    as_reviewer.post(decide(relation), {"decision": "confirm"})
    as_reviewer.post(decide(relation), {"decision": "drop"})
    assert state(relation) == "dropped"
    assert "Related claims" not in client.get(relation.from_claim.get_absolute_url()).content.decode()


def test_rights_are_asked_for_and_get_writes_nothing(
    as_reviewer: Client, as_curator: Client, client: Client, curator: User
) -> None:
    relation = suggested(curator)
    claim = relation.from_claim
    data = {"stands": "to-contrasts", "other": relation.to_claim.public_id, "reason": "x"}
    assert as_reviewer.post(relate(claim), data).status_code == 403
    assert 'name="stands"' not in as_reviewer.get(page(claim)).content.decode()
    assert as_curator.get(relate(claim)).status_code == 405
    assert as_reviewer.get(decide(relation)).status_code == 405
    assert as_reviewer.post(decide(relation), {"decision": "delete"}).status_code == 403
    nobody = signed_in(User.objects.create_user("nobody", is_staff=True))
    assert nobody.get(page(relation)).status_code == 403
    assert client.post(decide(relation), {"decision": "confirm"}).status_code == 302
    assert (Relation.objects.count(), state(relation)) == (1, "suggested")


def test_what_is_not_there_leads_to_the_list(as_curator: Client) -> None:
    for pk in ("999999", "9" * 30, "abc"):
        assert as_curator.get(f"{LIST}{pk}/change/").status_code == 302, pk


def test_the_history_of_a_relation_is_told(as_reviewer: Client, curator: User) -> None:
    relation = suggested(curator)
    as_reviewer.post(decide(relation), {"decision": "confirm"})
    html = as_reviewer.get(reverse("admin:articles_relation_history", args=[relation.pk])).content.decode()
    assert "relation confirmed" in html
    assert "<ins>Confirmed</ins>" in html


def test_markup_in_a_reason_is_shown_as_text(as_reviewer: Client, curator: User, client: Client) -> None:
    relation = suggested(curator)
    Relation.objects.filter(pk=relation.pk).update(reason="<script>alert(1)</script>")
    as_reviewer.post(decide(relation), {"decision": "confirm"})
    for address in (page(relation), page(relation.to_claim), LIST):
        assert "<script>alert(1)" not in as_reviewer.get(address).content.decode(), address
    assert "<script>alert(1)" not in client.get(relation.to_claim.get_absolute_url()).content.decode()


def test_pages_ask_no_more_queries_for_more_relations(
    as_curator: Client, curator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    claim = factories.claim()
    factories.claim()
    relations.relate(by=curator, from_claim=claim, to_claim=factories.claim(), kind="supports", reason="x")
    as_curator.get(page(claim))
    as_curator.get(LIST)
    with django_assert_num_queries(24) as before:
        as_curator.get(page(claim))
        as_curator.get(LIST)
    for _ in range(4):
        factories.claim()
        relations.relate(by=curator, from_claim=factories.claim(), to_claim=claim, kind="qualifies", reason="x")
    with django_assert_num_queries(len(before)):
        as_curator.get(page(claim))
        as_curator.get(LIST)
