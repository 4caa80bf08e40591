"""Questions: bars by evidence level, papers and the trials behind them, the claims to show, what is around."""

import pytest
from django.http import QueryDict
from hypothesis import given, settings

from articles.filters import ClaimFilter
from articles.lib.vocabulary import Effect
from articles.models import ClaimListing, Condition, Outcome, Publisher, StudyGroup, Therapy
from articles.queries import kept, questions
from articles.queries.independence import ALL, table
from articles.queries.questions import ANY, SHOWN, Question
from articles.queries.trees import Trees
from articles.queries.voices import VOICES
from tests import factories, random_corpora

pytestmark = pytest.mark.django_db

EVERYTHING = ClaimListing.objects.all()


def levels(voice: str = "literature") -> dict[str, dict[str, int]]:
    bars = questions.agreement(EVERYTHING, kept.state())[voice]
    return {effect.value: dict(bar.by_level) for effect, bar in bars.effects.items()}


def test_a_speaker_has_its_strongest_level_for_each_effect() -> None:
    paper = factories.source()
    factories.claim(paper, design="case_series")
    factories.claim(paper, design="randomised_trial")
    factories.claim(paper, design="cohort", effect="no_difference")
    factories.claim(quote_role="background")
    assert levels() == {"beneficial": {"2": 1, "": 1}, "no_difference": {"3": 1}}
    everything = questions.agreement(EVERYTHING, kept.state())["literature"].all
    assert (everything.by_level, everything.with_level, everything.claims) == (
        {"2": 1, "": 1},
        {"2": 1, "3": 1, "4": 1, "": 1},
        4,
    )


def test_results_in_people_are_told_apart_by_all_that_a_speaker_states() -> None:
    trial = factories.source()
    factories.claim(trial)
    factories.claim(trial, effect="no_difference")
    factories.claim(trial, effect="harmful", design="animal_experiment", subject="animal")
    factories.claim(effect="unclear")
    factories.claim(factories.source(publication_status="retracted"), effect="harmful")
    everything = questions.agreement(EVERYTHING, kept.state())["literature"].all
    assert everything.in_people == {frozenset({"beneficial", "no_difference"}): 1, frozenset({"unclear"}): 1}


@pytest.mark.parametrize("comparator", ["active", "dose_or_route"])
def test_results_against_another_treatment_are_told_apart(comparator: str) -> None:
    trial = factories.source()
    factories.claim(trial, effect="no_difference", comparator=comparator)
    factories.claim(trial, effect="no_difference", comparator="placebo_or_sham", design="case_series")
    factories.claim(effect="no_difference", comparator=comparator)
    factories.claim(effect="no_difference", comparator="")
    said = questions.agreement(EVERYTHING, kept.state())["literature"]
    assert said.of(Effect.NO_DIFFERENCE).by_level == {"2": 3}
    assert said.telling.of(Effect.NO_DIFFERENCE).by_level == {"4": 1, "2": 1}
    assert said.all.in_people == {frozenset({"no_difference"}): 2}


def test_where_every_result_is_telling_nothing_is_told_apart() -> None:
    factories.claim(comparator="placebo_or_sham")
    factories.claim(factories.source(publication_status="retracted"), comparator="active")
    said = questions.agreement(EVERYTHING, kept.state())["literature"]
    assert said.telling is said


def test_a_trial_is_one_speaker_in_the_bars_and_several_papers() -> None:
    trial = StudyGroup.objects.create(name="A trial")
    for design in ("case_series", "randomised_trial"):
        factories.claim(factories.source(study_group=trial, study_group_relation="same_trial"), design=design)
    factories.claim()
    alone = StudyGroup.objects.create(name="Reported once")
    factories.claim(factories.source(study_group=alone, study_group_relation="same_trial"))
    assert levels() == {"beneficial": {"2": 3}}
    assert questions.papers(EVERYTHING, kept.state()) == questions.Papers({"literature": 4}, {trial.pk: 2})


def test_pages_of_sellers_are_no_papers_of_a_trial() -> None:
    clinic, group = Publisher.objects.create(name="A clinic", slug="a-clinic"), StudyGroup.objects.create(name="Trial")
    for _ in range(2):
        page = factories.source(
            kind="clinic_page", publisher=clinic, study_group=group, study_group_relation="same_trial"
        )
        factories.claim(page, quote_role="promotional", basis="none")
    assert levels("seller") == {"beneficial": {"0": 1}}
    assert questions.papers(EVERYTHING, kept.state()) == questions.Papers({"seller": 2}, {})


def test_retracted_claims_are_listed_last_and_counted_by_nobody() -> None:
    retracted = factories.claim(factories.source(publication_status="retracted"), design="randomised_trial")
    weak = factories.claim(design="case_series")
    assert levels() == {"beneficial": {"4": 1}}
    assert questions.papers(EVERYTHING, kept.state()).by_voice == {"literature": 1}
    shown = questions.first_claims(EVERYTHING, kept.state())
    assert shown == {("literature", "beneficial"): [weak, retracted]}


def test_an_effect_that_only_retracted_papers_state_is_a_bar_without_speakers() -> None:
    factories.claim(factories.source(publication_status="withdrawn"))
    bar = questions.agreement(EVERYTHING, kept.state())["literature"].of(Effect.BENEFICIAL)
    assert (bar.claims, bar.speakers) == (1, 0)


def test_the_strongest_then_the_newest_claims_are_shown() -> None:
    old, new = (factories.claim(factories.source(year=year), design="cohort") for year in (2010, 2021))
    undated = factories.claim(factories.source(year=None), design="cohort")
    promised = factories.claim(factories.source(kind="clinic_page"), quote_role="promotional", basis="none")
    strong = factories.claim(factories.source(year=1999), design="randomised_trial")
    factories.claim(effect="harmful")
    shown = questions.first_claims(EVERYTHING, kept.state())
    assert shown["literature", "beneficial"] == [strong, new, old, undated]
    assert shown["seller", "beneficial"] == [promised]
    assert len(shown["literature", "harmful"]) == 1


def test_a_crowded_effect_shows_the_first() -> None:
    for _ in range(SHOWN + 2):
        factories.claim()
    assert len(questions.first_claims(EVERYTHING, kept.state())["literature", "beneficial"]) == SHOWN


def test_claims_around_a_question_are_counted_once_at_each_node() -> None:
    cells = factories.node(Therapy, "cells")
    both = [factories.node(Therapy, "stem-cells", cells), factories.node(Therapy, "other-cells", cells)]
    factories.claim(therapies=both)
    factories.claim(therapies=[cells])
    counts = questions.by_node("therapy", EVERYTHING, Trees.load(), kept.state())
    assert counts == {cells.pk: 2, both[0].pk: 1, both[1].pk: 1, 0: 2}


def test_harms_are_found_whatever_the_outcome() -> None:
    safety = factories.node(Outcome, "safety")
    factories.claim(outcome=factories.node(Outcome, "infection", safety), claim_type="harm_or_safety", effect="harmful")
    factories.claim()
    counted = questions.harms(EVERYTHING, Trees.load())
    assert {outcome: cell.claims for (outcome, _), cell in counted.cells.items()} == {
        "safety": 1,
        "infection": 1,
        ALL: 1,
    }


def test_a_benefit_that_turned_out_to_be_harm_is_among_the_harms() -> None:
    worse = factories.claim(claim_type="benefit", effect="harmful")
    counted = questions.harms(EVERYTHING, Trees.load())
    assert counted.cell(worse.outcome.slug).literature.effects[Effect.HARMFUL].speakers == 1


def test_a_question_in_words_and_in_addresses() -> None:
    for model, slug, name in (
        (Therapy, "hsct", "HSCT"),
        (Condition, "multiple-sclerosis", "Multiple sclerosis"),
        (Outcome, "mri-lesions", "MRI lesions"),
    ):
        factories.node(model, slug, name=name)
    trees = Trees.load()
    asked = Question.named("hsct", "multiple-sclerosis", "mri-lesions", trees)
    assert asked.in_words == "HSCT for multiple sclerosis: MRI lesions"
    anything = Question.named("hsct", ANY, "mri-lesions", trees)
    assert anything.in_words == "HSCT for any condition: MRI lesions"
    assert (anything.slugs, list(anything.parts)) == (("hsct", ANY, "mri-lesions"), ["therapy", "outcome"])
    with pytest.raises(KeyError):
        Question.named(ANY, ANY, "mri-lesions", trees)


@settings(max_examples=5, deadline=None)
@given(random_corpora.PLANS)
def test_bars_add_up_to_the_counts_of_the_core(plan: random_corpora.Plan) -> None:
    with random_corpora.written(plan):
        trees = Trees.load()
        asked = Question.named("therapy-0", "condition-0", "outcome-0", trees)
        rows = questions.rows(EVERYTHING, asked.parts, trees)
        listed = ClaimFilter(QueryDict("therapy=therapy-0&condition=condition-0&outcome=outcome-0"), trees).qs
        assert set(rows) == set(listed)
        cell, bars = table(rows, trees).cell(), questions.agreement(rows, kept.state())
        for voice in VOICES:
            said = cell.of(voice)
            counts = {effect: (bar.claims, bar.speakers) for effect, bar in bars[voice].effects.items()}
            assert counts == {effect: (counted.claims, counted.speakers) for effect, counted in said.balance}
            assert (bars[voice].all.claims, bars[voice].all.speakers) == (said.claims, said.speakers)
