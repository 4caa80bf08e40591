"""Related claims on the page of a claim."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles.actions import claims, relations
from articles.models import Claim
from tests import factories

pytestmark = pytest.mark.django_db


def confirmed(from_claim: Claim, to_claim: Claim, kind: str = "supports") -> None:
    pair = {"from_claim": from_claim, "to_claim": to_claim}
    made = relations.relate(by=factories.user("cora"), kind=kind, reason="Same trial & same dose.", **pair)
    relations.confirm(by=factories.user("rene"), relation=made)


def shown(client: Client, claim: Claim) -> str:
    return client.get(claim.get_absolute_url()).content.decode()


def test_each_side_reads_the_relation_in_its_own_words(client: Client) -> None:
    one = factories.claim(statement="The trial found fewer relapses.")
    other = factories.claim(factories.source(kind="clinic_page"), statement="The clinic promises a cure.")
    confirmed(one, other, "qualifies")
    for claim, words, to in ((one, "Qualifies", other), (other, "Qualified by", one)):
        html = shown(client, claim)
        assert "Related claims" in html
        assert f'#relation-qualifies">{words}</a>' in html
        assert f'href="{to.get_absolute_url()}">{to.statement}</a>' in html
        assert "Same trial &amp; same dose." in html
        assert to.source.title in html


def test_nothing_is_said_where_there_is_no_relation_to_see(client: Client) -> None:
    claim, retired = factories.claim(), factories.claim()
    assert "Related claims" not in shown(client, claim)
    relations.relate(
        by=factories.user("cora"), from_claim=claim, to_claim=factories.claim(), kind="supports", reason="Not yet."
    )
    confirmed(retired, claim)
    assert "Supported by" in shown(client, claim)
    claims.retire(by=factories.user("rene"), claim=retired)
    assert "Related claims" not in shown(client, claim)
    assert "Related claims" not in shown(client, retired)


def test_a_retracted_source_is_marked_with_its_related_claim(client: Client) -> None:
    claim = factories.claim()
    assert "<strong>Retracted.</strong>" not in shown(client, claim)
    confirmed(factories.claim(factories.source(publication_status="retracted")), claim)
    assert "<strong>Retracted.</strong>" in shown(client, claim)


def test_more_relations_ask_no_more_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    claim = factories.claim()
    confirmed(claim, factories.claim())
    shown(client, claim)
    with django_assert_num_queries(3):
        shown(client, claim)
    for _ in range(4):
        confirmed(factories.claim(factories.source(kind="clinic_page")), claim)
    with django_assert_num_queries(3):
        assert shown(client, claim).count("related-statement") == 5
