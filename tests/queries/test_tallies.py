"""The counts of the tree pages and of the small map: each is the length of the list it leads to."""

import pytest
from django.http import QueryDict

from articles.filters import ClaimFilter, SourceFilter
from articles.models import Outcome, Therapy
from articles.queries.tallies import corpus, small_map, tally
from articles.queries.trees import Trees
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def claims() -> None:
    cells = factories.node(Therapy, "cells")
    msc = factories.node(Therapy, "msc", cells)
    neural = factories.node(Therapy, "neural", cells)
    safety = factories.node(Outcome, "safety")
    death = factories.node(Outcome, "death", safety)
    # A combination of two kinds of cells is one claim of their parent.
    factories.claim(therapies=[msc, neural], outcome=death)
    factories.claim(therapies=[msc], outcome=safety)
    factories.claim(factories.source(kind="clinic_page"), therapies=[cells])


def length(filter_class: type[ClaimFilter] | type[SourceFilter], query: str) -> int:
    return filter_class(QueryDict(query), Trees.load()).qs.count()


def test_each_node_counts_as_its_list() -> None:
    trees = Trees.load()
    for name in ("therapy", "condition", "outcome"):
        for row in tally(name, trees):
            query = f"{name}={row.node.slug}"
            assert row.claims == length(ClaimFilter, query), row
            assert row.sources == length(SourceFilter, query), row
    assert {row.node.slug: (row.literature, row.sellers) for row in tally("therapy", trees)} == {
        "cells": (2, 1),
        "msc": (2, 0),
        "neural": (1, 0),
    }


def test_each_cell_of_the_small_map_counts_as_its_list() -> None:
    shown = small_map(Trees.load())
    assert [(depth, node.slug) for depth, node, _ in shown.rows] == [(0, "cells"), (1, "msc"), (1, "neural")]
    for _, therapy, cells in shown.rows:
        for domain, (literature, sellers) in zip(shown.domains, cells, strict=True):
            assert literature + sellers == length(ClaimFilter, f"therapy={therapy.slug}&outcome={domain.slug}")


def test_the_corpus_in_numbers() -> None:
    numbers = corpus()
    assert (numbers.sources, numbers.claims, numbers.therapies) == (3, 3, 3)
    assert {str(kind): n for kind, n in numbers.kinds} == {"abstract": 2, "clinic_page": 1}
