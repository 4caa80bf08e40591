"""Assessments: given, changed and taken back by reviewers."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from articles.models import Assessment, Condition, Outcome, Therapy
from articles.queries import history
from tests import factories
from tests.admin.forms import opened

pytestmark = pytest.mark.django_db
ADD, LIST = "/admin/articles/assessment/add/", "/admin/articles/assessment/"


def filled_in(**changes: Any) -> dict[str, Any]:
    return {
        "therapy": factories.node(Therapy, "exosomes").pk,
        "condition": factories.node(Condition, "pain").pk,
        "outcome": factories.node(Outcome, "walking").pk,
        "certainty": "low",
        "certainty_reasons": "One small trial.",
        "seller_verdict": "",
        "verdict_reasons": "",
    } | changes


def page(assessment: Assessment) -> str:
    return reverse("admin:articles_assessment_change", args=[assessment.pk])


@pytest.fixture
def assessment(as_reviewer: Client) -> Assessment:
    as_reviewer.post(ADD, filled_in())
    return Assessment.objects.get()


def test_the_form_defines_what_it_asks_for(as_reviewer: Client) -> None:
    html = as_reviewer.get(ADD).content.decode()
    for shown in ("Sellers promise no more than the evidence shows.", "No judgement", 'class="searchable"'):
        assert shown in html, shown


def test_a_reviewer_assesses_a_question_and_sees_its_counts(
    as_reviewer: Client, reviewer: User, assessment: Assessment
) -> None:
    assert (assessment.reviewer, assessment.certainty, str(assessment)) == (reviewer, "low", "Exosomes, Pain: Walking")
    html = as_reviewer.get(page(assessment)).content.decode()
    assert "/questions/exosomes/pain/walking/" in html
    assert 'name="therapy"' not in html, "the question is chosen once"
    assert "Exosomes" in as_reviewer.get(LIST).content.decode()


def test_a_change_keeps_the_question(as_reviewer: Client, assessment: Assessment) -> None:
    other = factories.node(Therapy, "cells")
    data = opened(as_reviewer, page(assessment)) | {
        "seller_verdict": "overstated",
        "verdict_reasons": "Two clinics promise a cure.",
        "therapy": other.pk,
    }
    as_reviewer.post(page(assessment), data)
    stored = Assessment.objects.get()
    assert (stored.seller_verdict, stored.certainty, stored.therapy.slug) == ("overstated", "low", "exosomes")
    assert [entry.action for entry in history.of(stored)] == ["assessment changed", "question assessed"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"certainty": "", "certainty_reasons": ""}, "Give a certainty, a verdict on sellers, or both."),
        ({"certainty_reasons": " "}, "Say what the certainty rests on."),
        ({"seller_verdict": "contradicted"}, "Say what the verdict on sellers rests on."),
        ({"certainty": "sure"}, "not one of the available choices"),
        ({"therapy": ""}, "This field is required."),
        ({"outcome": "999999"}, "not one of the available choices"),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(
    as_reviewer: Client, changes: dict[str, str], said: str
) -> None:
    html = as_reviewer.post(ADD, filled_in(**changes)).content.decode()
    assert said in html
    assert changes.get("certainty_reasons", "One small trial.") in html
    assert not Assessment.objects.exists()


def test_a_second_one_for_the_same_question_is_refused(as_reviewer: Client, assessment: Assessment) -> None:
    html = as_reviewer.post(ADD, filled_in(certainty="high")).content.decode()
    assert "has an assessment already" in html
    assert Assessment.objects.get().certainty == "low"


def test_who_saw_an_older_state_reads_again(as_reviewer: Client, assessment: Assessment) -> None:
    late = opened(as_reviewer, page(assessment))
    as_reviewer.post(page(assessment), late | {"certainty": "moderate"})
    html = as_reviewer.post(page(assessment), late | {"certainty": "high"}).content.decode()
    assert "Somebody changed this assessment" in html
    refused = as_reviewer.post(page(assessment).replace("change", "remove"), late, follow=True).content.decode()
    assert "Somebody changed this assessment" in refused
    assert Assessment.objects.get().certainty == "moderate"


def test_it_is_taken_back_by_a_button_and_kept_in_the_history(as_reviewer: Client, assessment: Assessment) -> None:
    remove = reverse("admin:articles_assessment_remove", args=[assessment.pk])
    assert as_reviewer.get(remove).status_code == 405
    assert "does not say which state" in as_reviewer.post(remove, follow=True).content.decode()
    answer = as_reviewer.post(remove, opened(as_reviewer, page(assessment)), follow=True)
    assert "The assessment of “Exosomes, Pain: Walking” is taken back." in answer.content.decode()
    assert not Assessment.objects.exists()
    assert "assessment taken back" in as_reviewer.get("/admin/changes/").content.decode()


def test_curators_look_and_do_not_assess(as_curator: Client, assessment: Assessment) -> None:
    html = as_curator.get(page(assessment)).content.decode()
    assert "One small trial." in html
    assert 'name="certainty"' not in html
    assert "Take the assessment back" not in html
    assert as_curator.get(ADD).status_code == 403
    assert as_curator.post(page(assessment), filled_in(certainty="high")).status_code == 403
    remove = reverse("admin:articles_assessment_remove", args=[assessment.pk])
    assert as_curator.post(remove, {"seen": assessment.updated_at.isoformat()}).status_code == 403
    assert Assessment.objects.get().certainty == "low"


def test_the_question_may_come_with_the_address(as_reviewer: Client) -> None:
    given = {name: value for name, value in filled_in().items() if name in ("therapy", "condition", "outcome")}
    form = as_reviewer.get(ADD, given).context["adminform"].form
    assert {name: int(form[name].value()) for name in given} == given
