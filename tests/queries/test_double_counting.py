"""Nothing counts twice: every cell against a slow and obvious reference, over random corpora, and what must not matter.

Hypothesis brings other corpora with every run; so few examples a run keep the file within seconds.
"""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from articles.actions import vocabularies
from articles.models import ClaimListing, Therapy
from articles.models.trees import Node
from articles.queries import independence
from articles.queries.independence import Axis, Cell, NoAxis, Said
from articles.queries.trees import Trees
from tests import factories
from tests.queries import reference
from tests.queries.reference import Counted
from tests.random_corpora import GROUPS, PLANS, ClaimPlan, Plan, SourcePlan, written

pytestmark = pytest.mark.django_db

TREES = ("therapy", "condition", "outcome")
PAIRS = [("", ""), *((name, "") for name in reference.AXES), *combinations(reference.AXES, 2)]
Counts = dict[tuple[str, str], dict[str, Counted]]

few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def axis(name: str, trees: Trees) -> Axis:
    if not name:
        return NoAxis()
    return Axis(name, tuple(trees.named(name).by_slug) if name in TREES else ())


def counted(rows: str, columns: str) -> Counts:
    """What the software counts in every cell, in the form of the reference."""
    trees = Trees.load()
    table = independence.table(ClaimListing.objects.all(), trees, axis(rows, trees), axis(columns, trees))
    return {place: by_voice(cell) for place, cell in table.cells.items()}


def by_voice(cell: Cell) -> dict[str, Counted]:
    voices = {voice: cell.of(voice) for voice in ("literature", "seller", "other")}
    return {voice: as_counted(said) for voice, said in voices.items() if said.claims}


def as_counted(said: Said) -> Counted:
    return Counted(
        claims=said.claims,
        retracted=said.uncounted,
        speakers=said.speakers,
        studies=said.studies,
        reviews=said.reviews,
        statements=said.statements,
        best_level=said.best_level,
        effects={effect.value: (count.claims, count.speakers) for effect, count in said.effects.items()},
    )


def counted_of(plan: Plan) -> list[Counts]:
    with written(plan):
        return [counted("therapy", "outcome"), counted("condition", "kind")]


def speaking(counts: Counts) -> dict[tuple[str, str], dict[str, Counted]]:
    """The counts without those of claims: who speaks, and for what."""
    return {
        place: {
            voice: replace(
                said, claims=0, retracted=0, effects={effect: (0, who) for effect, (_, who) in said.effects.items()}
            )
            for voice, said in voices.items()
        }
        for place, voices in counts.items()
    }


@few
@given(plan=PLANS, turned=st.booleans())
def test_every_cell_and_margin_is_what_the_reference_counts(plan: Plan, turned: bool) -> None:
    with written(plan):
        held = reference.records()
        for pair in PAIRS:
            rows, columns = reversed(pair) if turned else pair
            assert counted(rows, columns) == reference.table(held, rows, columns), (rows, columns)


@few
@given(plan=PLANS, shown=st.sets(st.integers(0, 6), max_size=3))
def test_a_cell_does_not_depend_on_which_others_are_shown(plan: Plan, shown: set[int]) -> None:
    with written(plan):
        trees = Trees.load()
        slugs = tuple(slug for i, slug in enumerate(trees.therapy.by_slug) if i in shown)
        table = independence.table(
            ClaimListing.objects.all(), trees, Axis("therapy", slugs), Axis("outcome", tuple(trees.outcome.by_slug))
        )
        expected = reference.table(reference.records(), "therapy", "outcome")
    assert {place: by_voice(cell) for place, cell in table.cells.items()} == {
        place: said for place, said in expected.items() if place[0] in (*slugs, reference.EVERYTHING)
    }


@few
@given(plan=PLANS, chosen=st.integers(0, 11), relation=st.sampled_from(["same_trial", "republication"]))
def test_a_paper_that_reports_a_trial_again_adds_claims_and_no_speaker(plan: Plan, chosen: int, relation: str) -> None:
    papers = [i for i, source in enumerate(plan.sources) if not sells(source)]
    assume(papers)
    position = papers[chosen % len(papers)]
    for before, after in zip(counted_of(plan), counted_of(reported_again(plan, position, relation)), strict=True):
        assert speaking(after) == speaking(before)
        assert claims(after) == claims(before) + public_claims(plan.sources[position])


def sells(source: SourcePlan) -> bool:
    return source.kind == "clinic_page" or source.interest == "sells_therapy"


def claims(counts: Counts) -> int:
    everything = counts.get((reference.EVERYTHING, reference.EVERYTHING), {})
    return sum(said.claims for said in everything.values())


def public_claims(source: SourcePlan) -> int:
    is_public = not source.is_excluded and not source.is_merged
    return sum(claim.status == "accepted" for claim in source.claims) if is_public else 0


def reported_again(plan: Plan, position: int, relation: str) -> Plan:
    """The same corpus with the paper twice, both of one study group: the paper's own, or one of the two."""
    paper = plan.sources[position]
    group = GROUPS if paper.group is None else paper.group
    both = (replace(paper, group=group), replace(paper, group=group, relation=relation))
    return replace(plan, sources=(*plan.sources[:position], *both, *plan.sources[position + 1 :]))


@few
@given(plan=PLANS)
def test_a_claim_also_tagged_with_all_that_stands_above_counts_as_before(plan: Plan) -> None:
    assert counted_of(tagged_above(plan)) == counted_of(plan)


def tagged_above(plan: Plan) -> Plan:
    def tagged(claim: ClaimPlan) -> ClaimPlan:
        return replace(claim, therapies=tuple(up for node in claim.therapies for up in upward(plan.therapies, node)))

    return replace(
        plan,
        sources=tuple(replace(source, claims=tuple(map(tagged, source.claims))) for source in plan.sources),
    )


def upward(parents: tuple[int | None, ...], position: int) -> list[int]:
    """The node at this position and everything above it."""
    node: int | None = position % len(parents)
    path = []
    while node is not None:
        path.append(node)
        node = parents[node]
    return path


@few
@given(plan=PLANS)
def test_all_pages_of_one_seller_speak_with_one_voice(plan: Plan) -> None:
    one = replace(plan, sources=tuple(replace(source, publisher=0) for source in plan.sources))
    for before, after in zip(counted_of(plan), counted_of(one), strict=True):
        assert after.keys() == before.keys()
        for place, voices in after.items():
            apart = before[place]
            assert {voice: said for voice, said in voices.items() if voice != "seller"} == {
                voice: said for voice, said in apart.items() if voice != "seller"
            }
            if "seller" in voices:
                assert voices["seller"].speakers == min(1, apart["seller"].speakers), place
                assert voices["seller"].claims == apart["seller"].claims, place


@few
@given(plan=PLANS, chosen=st.integers(0, 6), goal=st.integers(0, 7))
def test_a_moved_branch_takes_its_claims_along(plan: Plan, chosen: int, goal: int) -> None:
    with written(plan):
        before = counted("therapy", "outcome")
        moved = move(chosen, goal)
        after = counted("therapy", "outcome")
        assert after == reference.table(reference.records(), "therapy", "outcome")
    for (row, column), said in before.items():
        if row in (moved.slug, reference.EVERYTHING):
            assert after[row, column] == said


def move(chosen: int, goal: int) -> Node:
    """Put a therapy below another one, or on top of the tree where that one stands below it."""
    nodes = list(Therapy.objects.order_by("pk"))
    node, parent = nodes[chosen % len(nodes)], nodes[goal % len(nodes)]
    below = Trees.load().therapy.descendants(node.pk)
    node.parent = None if parent.pk in below else parent
    return vocabularies.save_node(by=factories.user("curator"), node=node)
