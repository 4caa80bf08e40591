"""What the database refuses of relations and assessments, whichever way they come in."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from articles.models import Assessment, Condition, Outcome, Relation, Therapy
from tests import factories

pytestmark = pytest.mark.django_db


def refused(make: Any) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        make()
    return str(error.value)


def relation(**fields: Any) -> Relation:
    given = {"kind": "supports", "reason": "Both are trials.", "created_by": factories.user("cora"), **fields}
    return Relation.objects.create(**given)


@pytest.fixture
def pair() -> dict[str, Any]:
    return {"from_claim": factories.claim(), "to_claim": factories.claim()}


def reverse(pair: dict[str, Any]) -> dict[str, Any]:
    return {"from_claim": pair["to_claim"], "to_claim": pair["from_claim"]}


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"reason": ""}, "relation_with_reason"),
        ({"kind": "likes"}, "relation_kind_in_vocabulary"),
        ({"state": "perhaps"}, "relation_state_in_vocabulary"),
        ({"state": "confirmed"}, "relation_confirmed_by_second_person"),
    ],
)
def test_what_a_relation_may_not_be(pair: dict[str, Any], fields: dict[str, Any], constraint: str) -> None:
    assert constraint in refused(lambda: relation(**pair, **fields))


def test_a_claim_has_no_relation_to_itself() -> None:
    claim = factories.claim()
    assert "relation_of_two_claims" in refused(lambda: relation(from_claim=claim, to_claim=claim))


def test_nobody_confirms_their_own_relation(pair: dict[str, Any]) -> None:
    cora = factories.user("cora")
    decided = {"state": "confirmed", "reviewed_at": timezone.now()}
    own = refused(lambda: relation(**pair, **decided, created_by=cora, reviewed_by=cora))
    assert "relation_confirmed_by_second_person" in own
    assert relation(**pair, **decided, created_by=cora, reviewed_by=factories.user("rene")).pk


def test_the_same_relation_stands_once(pair: dict[str, Any]) -> None:
    relation(**pair)
    assert "relation_once" in refused(lambda: relation(**pair, reason="Another one."))
    assert relation(**pair, kind="qualifies").pk


@pytest.mark.parametrize("kind", ["contrasts", "same_finding", "supersedes"])
def test_some_relations_stand_once_in_either_direction(pair: dict[str, Any], kind: str) -> None:
    relation(**pair, kind=kind)
    assert "relation_once_either_way" in refused(lambda: relation(**reverse(pair), kind=kind))


@pytest.mark.parametrize("kind", ["supports", "qualifies"])
def test_others_may_go_both_ways(pair: dict[str, Any], kind: str) -> None:
    relation(**pair, kind=kind)
    assert relation(**reverse(pair), kind=kind).pk


def assessment(**fields: Any) -> Assessment:
    given = {
        "therapy": factories.node(Therapy, "exosomes"),
        "condition": factories.node(Condition, "pain"),
        "outcome": factories.node(Outcome, "walking"),
        "certainty": "low",
        "certainty_reasons": "One small trial.",
        "reviewer": factories.user("rene"),
        "assessed_at": timezone.now(),
        **fields,
    }
    return Assessment.objects.create(**given)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"certainty": "certain"}, "assessment_certainty_in_vocabulary"),
        ({"seller_verdict": "lies", "verdict_reasons": "All."}, "assessment_seller_verdict_in_vocabulary"),
        ({"certainty_reasons": ""}, "assessment_certainty_with_reasons"),
        ({"seller_verdict": "overstated"}, "assessment_verdict_with_reasons"),
        ({"certainty": "", "certainty_reasons": ""}, "assessment_of_something"),
    ],
)
def test_what_an_assessment_may_not_be(fields: dict[str, Any], constraint: str) -> None:
    assert constraint in refused(lambda: assessment(**fields))


def test_one_judgement_is_enough_and_a_question_has_one_assessment() -> None:
    assert assessment(certainty="", certainty_reasons="", seller_verdict="contradicted", verdict_reasons="Both.").pk
    assert "assessment_once" in refused(assessment)
    assert assessment(outcome=factories.node(Outcome, "fatigue")).pk
