"""Which relations the public sees, and which claims are offered to a curator."""

import pytest
from pytest_django import DjangoAssertNumQueries

from articles.actions import relations as actions
from articles.models import Claim, Condition, Outcome, Therapy
from articles.queries import relations
from tests import factories

pytestmark = pytest.mark.django_db


def relate(from_claim: Claim, to_claim: Claim, kind: str = "supports", *, is_confirmed: bool = True) -> None:
    made = actions.relate(
        by=factories.user("cora"), from_claim=from_claim, to_claim=to_claim, kind=kind, reason="Both say so."
    )
    if is_confirmed:
        actions.confirm(by=factories.user("rene"), relation=made)


def seen(claim: Claim) -> list[tuple[str, Claim]]:
    return [(one.words, one.other) for one in relations.of_claim(claim)]


@pytest.mark.parametrize(
    ("kind", "forwards", "backwards"),
    [
        ("supports", "supports", "supported by"),
        ("contrasts", "contrasts with", "contrasts with"),
        ("qualifies", "qualifies", "qualified by"),
        ("same_finding", "same finding as", "same finding as"),
        ("supersedes", "supersedes", "superseded by"),
    ],
)
def test_the_words_fit_the_direction(kind: str, forwards: str, backwards: str) -> None:
    one, other = factories.claim(), factories.claim()
    relate(one, other, kind)
    assert seen(one) == [(forwards, other)]
    assert seen(other) == [(backwards, one)]


def test_the_public_sees_what_a_second_person_confirmed() -> None:
    claim, waiting, dropped = factories.claim(), factories.claim(), factories.claim()
    relate(claim, waiting, is_confirmed=False)
    relate(claim, dropped)
    actions.drop(by=factories.user("rene"), relation=relations.of_claim(dropped)[0].relation)
    assert seen(claim) == []
    assert {one.relation.state for one in relations.all_of(claim)} == {"suggested", "dropped"}


def test_the_public_sees_no_relation_to_a_draft() -> None:
    claim, draft = factories.claim(), factories.claim(status="draft", submitted_by=None)
    relate(claim, draft)
    assert seen(claim) == []


def test_relations_cost_one_query_however_many(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    claim = factories.claim()
    for number in range(1, 4):
        relate(claim, factories.claim(), "contrasts" if number == 1 else "supports")
        with django_assert_num_queries(1):
            found = relations.of_claim(claim)
            assert [one.other.source.title for one in found]
        assert len(found) == number
    assert [one.relation.kind for one in found] == ["supports", "supports", "contrasts"]


def test_candidates_share_the_outcome_and_the_therapy_up_and_down_the_trees() -> None:
    domain = factories.node(Outcome, "disability")
    edss = factories.node(Outcome, "edss", domain)
    change = factories.node(Outcome, "edss-change", edss)
    cells = factories.node(Therapy, "cells")
    stem = factories.node(Therapy, "stem-cells", cells)
    cord = factories.node(Therapy, "cord-cells", stem)
    claim = factories.claim(outcome=edss, therapies=[stem])
    found = [factories.claim(outcome=outcome, therapies=[stem]) for outcome in (domain, edss, change)]
    found += [factories.claim(outcome=edss, therapies=[therapy]) for therapy in (cells, cord)]
    found.append(factories.claim(outcome=edss, therapies=[factories.node(Therapy, "plasma"), stem]))
    found.append(factories.claim(outcome=edss, therapies=[stem], condition=factories.node(Condition, "pain")))
    factories.claim(outcome=factories.node(Outcome, "walking", domain), therapies=[stem])
    factories.claim(outcome=edss, therapies=[factories.node(Therapy, "fat-cells", cells)])
    assert {one.claim for one in relations.candidates(claim)} == set(found)


def test_candidates_are_ordered_by_their_words() -> None:
    claim = factories.claim(statement="The trial found fewer relapses after two years.")
    far = factories.claim(statement="Zoology.")
    same = factories.claim(statement="The trial found fewer relapses after two years.")
    near = factories.claim(statement="The cohort found more relapses after two years.")
    found = relations.candidates(claim)
    assert [one.claim for one in found] == [same, near, far]
    assert [one.alike for one in found] == ["nearly the same words", "similar words", "other words"]
    assert [one.claim for one in relations.candidates(claim, limit=1)] == [same]


def test_claims_of_two_branches_meet_only_where_they_cross() -> None:
    """Two lines through one ancestor are no shared therapy."""
    cells = factories.node(Therapy, "cells")
    one, other = (factories.node(Therapy, slug, cells) for slug in ("fat-cells", "cord-cells"))
    claim = factories.claim(therapies=[one])
    factories.claim(therapies=[other])
    assert relations.candidates(claim) == []


def test_what_cannot_or_need_not_be_related_is_not_offered() -> None:
    claim = factories.claim()
    related, dropped, offered = factories.claim(), factories.claim(), factories.claim(status="draft")
    relate(related, claim, is_confirmed=False)
    relate(claim, dropped)
    actions.drop(by=factories.user("rene"), relation=relations.of_claim(dropped)[0].relation)
    for status, fields in (("rejected", {"rejection_reason": "No."}), ("retired", {}), ("suggested", {})):
        factories.claim(status=status, **fields)
    factories.claim(factories.source(curation_state="excluded", exclusion_reason="Not about it."))
    assert [one.claim for one in relations.candidates(claim)] == [offered]


def test_candidates_cost_two_queries_however_many(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    claim = factories.claim()
    for more in (1, 11):
        for _ in range(more):
            factories.claim()
        with django_assert_num_queries(2):
            found = relations.candidates(claim)
            assert [one.claim.source.title + one.claim.outcome.name for one in found]
    assert len(found) == 10
