"""Claims side by side: what stands in which cell, and how the columns compare."""

import pytest
from django.db.models import Q

from articles.lib.vocabulary import Agreement
from articles.models import ClaimListing, Outcome
from articles.queries.grid import Cell, Row, grid
from articles.queries.trees import Trees
from articles.queries.voices import VOICES
from tests import factories

pytestmark = pytest.mark.django_db


def agreement(*columns: dict[str, int]) -> Agreement:
    outcome = Outcome(name="Relapse")
    return Row(outcome, outcome, [], {str(i): Cell(effects) for i, effects in enumerate(columns)}).agreement


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (({"beneficial": 2}, {"beneficial": 1}), Agreement.SAME),
        (({"beneficial": 2}, {"harmful": 1}), Agreement.DIFFER),
        (({"beneficial": 2}, {"beneficial": 1, "no_difference": 1}), Agreement.DIFFER),
        (({"beneficial": 2, "mixed": 1}, {"mixed": 1, "beneficial": 3}), Agreement.SAME_SEVERAL),
        (({"none_observed": 1}, {"none_observed": 1, "not_stated": 1}), Agreement.SAME),
        (({"not_stated": 1}, {"not_stated": 1}), Agreement.ONE_AT_MOST),
        (({"beneficial": 1}, {}), Agreement.ONE_AT_MOST),
        (({"beneficial": 1}, {}, {"harmful": 1}), Agreement.DIFFER),
    ],
)
def test_only_stated_directions_are_compared(columns: tuple[dict[str, int], ...], expected: Agreement) -> None:
    assert agreement(*columns) == expected


def test_each_voice_has_its_own_cell_and_the_strongest_evidence_stands_first() -> None:
    weak = factories.claim(design="case_series")
    strong = factories.claim(design="randomised_trial", effect="no_difference")
    promise = factories.claim(factories.source(kind="clinic_page"), quote_role="promotional", basis="none")
    (row,) = grid(ClaimListing.objects.all(), VOICES, Trees.load())
    assert row.cells["literature"].effects == {"beneficial": 1, "no_difference": 1}
    assert [claim.pk for claim in row.cells["literature"].claims] == [strong.pk, weak.pk]
    assert [claim.pk for claim in row.cells["seller"].claims] == [promise.pk]
    assert row.agreement == Agreement.DIFFER


def test_a_crowded_cell_shows_the_first_and_counts_the_rest() -> None:
    for _ in range(5):
        factories.claim()
    (row,) = grid(ClaimListing.objects.all(), {"all": Q()}, Trees.load(), shown=2)
    assert (len(row.cells["all"].claims), row.cells["all"].total, row.cells["all"].unshown) == (2, 5, 3)
