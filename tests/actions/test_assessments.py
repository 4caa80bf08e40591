"""A reviewer's judgement on a question."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from articles.actions import assessments
from articles.models import Assessment, Condition, Outcome, Therapy
from articles.queries import history, relations
from articles.queries.history import Entry
from tests import factories

pytestmark = pytest.mark.django_db


def question() -> dict[str, Any]:
    return {
        "therapy": factories.node(Therapy, "exosomes"),
        "condition": factories.node(Condition, "pain"),
        "outcome": factories.node(Outcome, "walking"),
    }


def assessed(**fields: str) -> Assessment:
    given = {"certainty": "low", "certainty_reasons": "One small trial."} | fields
    return assessments.save(by=factories.user("rene"), assessment=Assessment(**question(), **given))


def told(entries: list[Entry]) -> list[tuple[str, str]]:
    return [(entry.who, entry.action) for entry in entries]


def test_a_judgement_has_its_reviewer_and_its_day() -> None:
    made = assessed(certainty_reasons="  One small trial. ")
    assert (made.reviewer, made.certainty_reasons) == (factories.user("rene"), "One small trial.")
    assert relations.assessment_of(**question()) == made
    assert relations.assessment_of(**question() | {"outcome": factories.node(Outcome, "fatigue")}) is None


def test_whoever_changes_it_answers_for_it() -> None:
    made = assessed()
    seen, first = made.updated_at, made.assessed_at
    made.certainty = "very_low"
    assessments.save(by=factories.user("olga"), assessment=made, seen=seen)
    stored = Assessment.objects.get()
    assert (stored.certainty, stored.reviewer) == ("very_low", factories.user("olga"))
    assert stored.assessed_at > first
    assert told(history.of(stored)) == [("olga", "assessment changed"), ("rene", "question assessed")]
    with pytest.raises(ValidationError, match="Somebody changed this assessment"):
        assessments.save(by=factories.user("rene"), assessment=stored, seen=seen)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"certainty": "", "certainty_reasons": ""}, "Give a certainty"),
        ({"certainty_reasons": "  "}, "what the certainty rests on"),
        ({"seller_verdict": "overstated"}, "what the verdict on sellers rests on"),
        ({"certainty": "total"}, "not a valid choice"),
    ],
)
def test_what_is_refused_is_said_and_not_stored(fields: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        assessed(**fields)
    assert not Assessment.objects.exists()


def test_a_question_has_one() -> None:
    assessed()
    with pytest.raises(ValidationError, match="has an assessment already"):
        assessed()


def test_what_was_taken_back_is_gone_but_for_its_history() -> None:
    made = assessed()
    with pytest.raises(ValidationError, match="Somebody changed this assessment"):
        assessments.remove(by=factories.user("rene"), assessment=made, seen=made.assessed_at)
    copy = Assessment.objects.get()
    assessments.remove(by=factories.user("rene"), assessment=made, seen=made.updated_at)
    assert relations.assessment_of(**question()) is None
    assert ("rene", "assessment taken back") in told(history.recent())
    with pytest.raises(ValidationError, match="took this assessment back"):
        assessments.remove(by=factories.user("rene"), assessment=copy)
    assert assessed().pk
