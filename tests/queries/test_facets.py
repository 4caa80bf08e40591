"""The counts beside facet values against a slow and obvious reference, over random corpora and random filters."""

import random
from collections.abc import Iterable
from typing import Any

import pytest
from django.http import QueryDict

from articles.actions import listings
from articles.filters import ClaimFilter, ListFilter, SourceFilter
from articles.models import Condition, Outcome, Source, Therapy
from articles.queries.trees import Trees
from tests import factories

pytestmark = pytest.mark.django_db

CHOICES: dict[str, list[str]] = {
    "kind": ["abstract", "review", "clinic_page"],
    "interest": ["unknown", "sells_therapy"],
    "therapy": ["cells", "msc", "bone-marrow-msc", "exosomes"],
    "condition": ["ms", "rrms", "pain"],
    "outcome": ["symptoms", "fatigue", "safety"],
    "effect": ["beneficial", "no_difference", "harmful"],
    "level": ["2", "0", "blank"],
    "wording": ["definite", "qualified"],
    "subject": ["human", "animal", "blank"],
}


@pytest.fixture
def corpus() -> None:
    """Thirty sources with zero to four claims each; the seed makes it the same every time."""
    rng = random.Random(20)
    cells = factories.node(Therapy, "cells")
    msc = factories.node(Therapy, "msc", cells)
    therapies = [cells, msc, factories.node(Therapy, "bone-marrow-msc", msc), factories.node(Therapy, "exosomes")]
    ms = factories.node(Condition, "ms")
    conditions = [ms, factories.node(Condition, "rrms", ms), factories.node(Condition, "pain")]
    symptoms = factories.node(Outcome, "symptoms")
    outcomes = [symptoms, factories.node(Outcome, "fatigue", symptoms), factories.node(Outcome, "safety")]
    for _ in range(30):
        source = factories.source(
            kind=rng.choice(CHOICES["kind"]),
            publisher_interest=rng.choice(CHOICES["interest"]),
            year=rng.choice([None, 2010, 2015, 2020]),
        )
        source.therapies.set(rng.sample(therapies, rng.randint(0, 1)))
        for _ in range(rng.randint(0, 4)):
            factories.claim(
                source,
                listed=False,
                therapies=rng.sample(therapies, rng.randint(1, 2)),
                condition=rng.choice(conditions),
                outcome=rng.choice(outcomes),
                effect=rng.choice(CHOICES["effect"]),
                wording=rng.choice(CHOICES["wording"]),
                subject=rng.choice(["human", "animal", ""]),
                quote_role=rng.choice(["own_result", "background"]),
                status=rng.choice(["accepted", "accepted", "draft"]),
            )
    listings.refresh(Source.objects.values_list("pk", flat=True))


def random_state(rng: random.Random) -> dict[str, list[str]]:
    state: dict[str, list[str]] = {}
    for name in rng.sample(sorted(CHOICES), rng.randint(0, 3)):
        state[name] = rng.sample(CHOICES[name], rng.randint(1, 2))
    if rng.random() < 0.3:
        name = rng.choice(sorted(CHOICES))
        state[f"not_{name}"] = [rng.choice(CHOICES[name])]
    if rng.random() < 0.2:
        state["year_min"] = ["2012"]
    if rng.random() < 0.2:
        state["q"] = ["relapses"]
    return state


def filtered(filter_class: type[ListFilter], state: dict[str, list[str]], trees: Trees) -> ListFilter:
    data = QueryDict(mutable=True)
    for name, values in state.items():
        data.setlist(name, values)
    filters = filter_class(data, trees)
    assert filters.problems() == []
    return filters


@pytest.mark.parametrize("filter_class", [ClaimFilter, SourceFilter])
def test_each_count_is_the_length_of_the_list_after_the_choice(filter_class: type[ListFilter], corpus: None) -> None:
    trees = Trees.load()
    rng = random.Random(7)
    nonzero = 0
    for _ in range(40):
        state = random_state(rng)
        filters = filtered(filter_class, state, trees)
        counts = filters.counts()
        assert counts.total == filters.qs.count(), state
        for name, values in CHOICES.items():
            for value in values:
                chosen = state | {name: [*dict.fromkeys([*state.get(name, []), value])]}
                expected = filtered(filter_class, chosen, trees).qs.count()
                counted = counts.counts[name].get(value, counts.total if state.get(name) else 0)
                assert counted == expected, (state, name, value)
                nonzero += expected > 0
    assert nonzero > 500


def reference(rows: Iterable[dict[str, Any]], trees: Trees, slug: str) -> int:
    below = trees.therapy.descendants(trees.therapy.by_slug[slug].pk)
    return sum(1 for row in rows if below & set(row["therapies"]))


def test_a_node_counts_everything_below_it_once(corpus: None) -> None:
    trees = Trees.load()
    from_records = [
        {"therapies": [tag.therapy_id for tag in claim.claim_therapies.all()]}
        for source in Source.objects.all()
        for claim in source.claims.filter(status="accepted")
    ]
    counts = filtered(ClaimFilter, {}, trees).counts()
    for slug in CHOICES["therapy"]:
        assert counts.counts["therapy"].get(slug, 0) == reference(from_records, trees, slug), slug


@pytest.mark.parametrize(
    "state", [{}, {"therapy": ["msc"]}, {"therapy": ["msc"], "effect": ["harmful"], "level": ["blank"]}]
)
def test_counting_takes_one_query_and_one_per_chosen_facet(
    corpus: None, django_assert_num_queries: Any, state: dict[str, list[str]]
) -> None:
    filters = filtered(ClaimFilter, state, Trees.load())
    with django_assert_num_queries(1 + len(state)):
        filters.counts()
