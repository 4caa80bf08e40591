"""Claims side by side: what stands in which cell, and how the columns compare."""

import random
from collections import Counter

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from articles.lib.vocabulary import Agreement, Effect, EvidenceLevel, Wording
from articles.models import Claim, ClaimListing, Outcome, Therapy
from articles.queries.facets import BY_NAME
from articles.queries.grid import Cell, Row, Said, count, grid, show
from articles.queries.trees import Trees
from articles.queries.voices import VOICES
from tests import factories

pytestmark = pytest.mark.django_db


def agreement(*columns: dict[str, int]) -> Agreement:
    outcome = Outcome(name="Relapse")
    return Row(
        outcome,
        outcome,
        [],
        {
            str(i): Cell(Counter({Said(effect): n for effect, n in effects.items()}))
            for i, effects in enumerate(columns)
        },
    ).agreement


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
    (row,) = grid(ClaimListing.objects.all(), {"all": Q(pk__gt=0)}, Trees.load(), shown=2)
    assert (len(row.cells["all"].claims), row.cells["all"].total, row.cells["all"].unshown) == (2, 5, 3)


def cell(*said: tuple[str, str]) -> Cell:
    """A cell with one claim for each (wording, level)."""
    return Cell(Counter(Said("beneficial", wording, level) for wording, level in said))


def test_the_ladder_goes_from_speculative_to_guaranteed_and_marks_the_highest_step_reached() -> None:
    steps = cell(("qualified", ""), ("definite", "2"), ("definite", "0")).ladder
    assert [(step.wording, step.n) for step in steps] == [
        (Wording.SPECULATIVE, 0),
        (Wording.QUALIFIED, 1),
        (Wording.DEFINITE, 2),
        (Wording.GUARANTEED, 0),
    ]
    assert [step.wording for step in steps if step.is_highest] == [Wording.DEFINITE]


def test_what_sellers_say_is_counted_apart_on_the_ladder() -> None:
    both = Cell(Counter({Said("beneficial", "definite", "", True, True): 2, Said("beneficial", "definite"): 3}))
    assert [(step.n, step.sellers) for step in both.ladder] == [(0, 0), (0, 0), (5, 2), (0, 0)]


@pytest.mark.parametrize(
    ("said", "best", "sure"),
    [
        ([("definite", "5")], EvidenceLevel.FIVE, Wording.DEFINITE),
        ([("guaranteed", "0"), ("definite", "5")], EvidenceLevel.FIVE, Wording.GUARANTEED),
        ([("guaranteed", "0")], EvidenceLevel.NONE_OFFERED, Wording.GUARANTEED),
        ([("definite", "0"), ("qualified", "4")], EvidenceLevel.FOUR, None),
        ([("qualified", "5"), ("speculative", "0")], EvidenceLevel.FIVE, None),
        # The sure one has no level that can be derived: nothing is said of it.
        ([("definite", ""), ("qualified", "5")], EvidenceLevel.FIVE, None),
        ([("definite", "")], None, None),
        ([("definite", "5"), ("definite", "")], EvidenceLevel.FIVE, None),
        # Who cites a study offers evidence, though no level can be derived from that.
        ([("definite", "0"), ("definite", "")], None, None),
        ([("guaranteed", "0"), ("qualified", "")], None, Wording.GUARANTEED),
        ([("qualified", "0"), ("speculative", "")], None, None),
        ([], None, None),
    ],
)
def test_sure_words_without_evidence_from_people_follow_from_the_counts(
    said: list[tuple[str, str]], best: EvidenceLevel | None, sure: Wording | None
) -> None:
    assert (cell(*said).best_level, cell(*said).sure_without_people) == (best, sure)


def test_a_retracted_source_gives_no_evidence_and_stands_last() -> None:
    gone = factories.claim(factories.source(publication_status="retracted"))
    weak = factories.claim(design="animal_experiment", subject="animal")
    (row,) = grid(ClaimListing.objects.all(), {"all": Q(pk__gt=0)}, Trees.load())
    assert (row.cells["all"].total, row.cells["all"].best_level) == (2, EvidenceLevel.FIVE)
    assert [claim.pk for claim in row.cells["all"].claims] == [weak.pk, gone.pk]


def test_what_was_taken_back_states_no_direction() -> None:
    seller = factories.claim(factories.source(kind="clinic_page"), quote_role="promotional", basis="none")
    factories.claim(factories.source(publication_status="retracted"), effect="harmful")
    base, trees = ClaimListing.objects.all(), Trees.load()
    (row,) = count(base, VOICES, trees).rows
    assert (row.cells["literature"].effects, row.agreement) == ({"harmful": 1}, Agreement.ONE_AT_MOST)
    factories.claim(effect=seller.effect)
    assert count(base, VOICES, trees).rows[0].agreement == Agreement.SAME


def test_each_effect_has_its_strongest_claims_in_the_order_of_the_effects() -> None:
    columns = {"all": Q(pk__gt=0)}
    for _ in range(2):
        factories.claim(effect="harmful", design="case_series")
    strong = factories.claim(effect="harmful")
    better = factories.claim(effect="beneficial", design="case_series")
    rows = count(ClaimListing.objects.all(), columns, Trees.load()).rows
    show(rows, ClaimListing.objects.all(), columns, 1, each_effect=True)
    assert [claim.pk for claim in rows[0].cells["all"].claims] == [better.pk, strong.pk]


def test_columns_and_rows_ask_no_more_queries() -> None:
    def asked(n: int) -> int:
        columns = {str(i): Q(pk__gte=i) for i in range(n)}
        trees = Trees.load()
        with CaptureQueriesContext(connection) as captured:
            grid(ClaimListing.objects.all(), columns, trees)
        return len(captured)

    factories.claim()
    few = asked(2)
    for i in range(10):
        factories.claim(outcome=factories.node(Outcome, f"outcome-{i}"))
    assert (asked(2), asked(5)) == (few, few)


@pytest.mark.parametrize("seed", [random.randrange(10**6) for _ in range(3)], ids=["one", "another", "a third"])
def test_columns_overlaps_and_total_agree_with_a_slow_reference(seed: int) -> None:
    chance = random.Random(seed)
    nodes = [factories.node(Therapy, "therapy-0")]
    for i in range(1, 8):
        nodes.append(factories.node(Therapy, f"therapy-{i}", chance.choice([*nodes, None])))
    outcomes = [factories.node(Outcome, f"outcome-{i}") for i in range(3)]
    made = [
        factories.claim(
            therapies=chance.sample(nodes, chance.randint(1, 3)),
            outcome=chance.choice(outcomes),
            effect=chance.choice(list(Effect)[:4]),
            wording=chance.choice(list(Wording)),
        )
        for _ in range(25)
    ]
    trees = Trees.load()
    chosen = chance.sample(nodes, chance.randint(2, 5))
    columns = {node.slug: BY_NAME["therapy"].condition(ClaimListing, [node.slug], trees) for node in chosen}
    table = count(ClaimListing.objects.all(), columns, trees)
    held = {node.slug: {claim.pk for claim in made if _is_about(claim, node)} for node in chosen}
    assert table.distinct == len(set().union(*held.values())), seed
    for one in held:
        for other in held:
            assert table.shared(one, other) == len(held[one] & held[other]), (seed, one, other)
        for row in table.rows:
            here = [claim for claim in made if claim.pk in held[one] and claim.outcome_id == row.outcome.pk]
            assert row.cells[one].effects == Counter(claim.effect for claim in here), (seed, one)
            assert {step.wording: step.n for step in row.cells[one].ladder if step.n} == Counter(
                claim.wording for claim in here
            ), (seed, one)


def _is_about(claim: Claim, node: Therapy) -> bool:
    """Whether a therapy of the claim is the node or stands somewhere below it; one step up at a time."""
    for therapy in [tagged.therapy for tagged in claim.claim_therapies.select_related("therapy")]:
        above: Therapy | None = therapy
        while above is not None:
            if above.pk == node.pk:
                return True
            above = above.parent
    return False
