"""Who counts once: what stands in a cell when one trial has several papers and one seller several pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.lib.vocabulary import Effect
from articles.models import ClaimListing, Outcome, Publisher, StudyGroup, Therapy
from articles.queries.independence import ALL, Axis, EffectCount, table
from articles.queries.trees import Trees
from tests import factories

pytestmark = pytest.mark.django_db


def everything():
    return table(ClaimListing.objects.all(), Trees.load()).cell()


def test_one_trial_in_three_papers_counts_once() -> None:
    trial = StudyGroup.objects.create(name="A trial")
    for relation in ("same_trial", "extended_follow_up", "republication"):
        factories.claim(factories.source(study_group=trial, study_group_relation=relation))
    factories.claim()
    said = everything().literature
    assert (said.claims, said.speakers, said.studies) == (4, 2, 2)
    assert said.effects == {Effect.BENEFICIAL: EffectCount(claims=4, speakers=2)}


def test_two_pages_of_one_clinic_are_one_seller() -> None:
    clinic = Publisher.objects.create(name="A clinic", slug="a-clinic")
    for publisher in (clinic, clinic, None):
        page = factories.source(kind="clinic_page", publisher=publisher)
        factories.claim(page, quote_role="promotional", basis="none")
    said = everything()
    assert (said.seller.claims, said.seller.speakers, said.literature.claims) == (3, 2, 0)
    assert said.seller.best_level == "0"


def test_a_retracted_paper_is_listed_and_speaks_for_nothing() -> None:
    factories.claim(factories.source(publication_status="retracted"), design="randomised_trial")
    factories.claim(design="case_series", effect="no_difference")
    said = everything().literature
    assert (said.claims, said.uncounted, said.speakers, said.best_level) == (2, 1, 1, "4")
    assert said.effects[Effect.BENEFICIAL] == EffectCount(claims=1, speakers=0)


def test_a_speaker_is_a_study_else_a_review_else_a_statement() -> None:
    paper = factories.source()
    factories.claim(paper, quote_role="background")
    factories.claim(paper, quote_role="own_result")
    factories.claim(quote_role="review_synthesis")
    factories.claim(quote_role="background")
    said = everything().literature
    assert (said.speakers, said.studies, said.reviews, said.statements) == (3, 1, 1, 1)


def test_a_claim_on_two_therapies_below_one_counts_once_there() -> None:
    cells = factories.node(Therapy, "cells")
    both = [factories.node(Therapy, "stem-cells", cells), factories.node(Therapy, "other-cells", cells)]
    factories.claim(therapies=both)
    counted = table(
        ClaimListing.objects.all(),
        Trees.load(),
        Axis("therapy", ("cells", "stem-cells", "other-cells")),
        Axis("outcome", ("relapse",)),
    )
    assert {row: cell.claims for (row, column), cell in counted.cells.items() if column == "relapse"} == {
        "cells": 1,
        "stem-cells": 1,
        "other-cells": 1,
        ALL: 1,
    }


def test_outcomes_hold_what_stands_below_them_and_years_may_be_blank() -> None:
    safety = factories.node(Outcome, "safety")
    factories.claim(outcome=factories.node(Outcome, "infection", safety))
    factories.claim(factories.source(year=None), outcome=safety)
    counted = table(ClaimListing.objects.all(), Trees.load(), Axis("year"), Axis("outcome", ("safety", "infection")))
    assert counted.cell(column="safety").claims == 2
    assert counted.cell(column="infection").claims == 1
    assert counted.cell("blank", "safety").claims == 1
    assert counted.cell("2020").claims == 1


def test_the_answer_is_kept_until_the_corpus_changes() -> None:
    factories.claim()
    rows, trees = ClaimListing.objects.all(), Trees.load()
    table(rows, trees)
    with CaptureQueriesContext(
        connection,
    ) as again:
        assert table(rows, trees).cell().claims == 1
    assert len(again) == 1
    factories.claim()
    assert table(rows, Trees.load()).cell().claims == 2
