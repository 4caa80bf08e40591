"""The evidence map: which rows and columns stand there, in which order, and how they unfold."""

import pytest
from django.http import QueryDict

from articles.exporters import csv, table_csv
from articles.filters import ClaimFilter
from articles.models import Outcome, Therapy
from articles.queries import map_export
from articles.queries.evidence_map import MOST_ROWS, EvidenceMap, Shape, counts_by_condition, evidence_map
from articles.queries.trees import Trees
from tests import factories

pytestmark = pytest.mark.django_db


def shown(shape: Shape | None = None, query: str = "") -> EvidenceMap:
    filters = ClaimFilter(QueryDict(query), Trees.load())
    assert filters.problems() == []
    return evidence_map(filters.qs, filters.trees, shape or Shape(), filters.chosen, filters.excluded)


def rows(shape: Shape | None = None, query: str = "") -> list[str]:
    return [head.key for head in shown(shape, query).rows.shown]


def columns(shape: Shape | None = None, query: str = "") -> list[str]:
    return [head.key for head in shown(shape, query).columns.shown]


@pytest.fixture
def cells() -> Therapy:
    """Cells, with stem cells and neural cells below; below stem cells those of fat and those of marrow."""
    cells = factories.node(Therapy, "cells")
    stem = factories.node(Therapy, "stem", cells)
    fat = factories.node(Therapy, "fat", stem)
    factories.node(Therapy, "marrow", stem)
    factories.claim(therapies=[fat])
    factories.claim(therapies=[factories.node(Therapy, "neural", cells)])
    return cells


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (Shape(), ["cells", "stem", "neural"]),
        (Shape(depth=1), ["cells"]),
        (Shape(depth=3), ["cells", "stem", "fat", "neural"]),
        (Shape(opened=frozenset({"stem"})), ["cells", "stem", "fat", "neural"]),
        (Shape(depth=1, opened=frozenset({"cells"})), ["cells", "stem", "neural"]),
        (Shape(depth=3, shut=frozenset({"stem"})), ["cells", "stem", "neural"]),
        (Shape(shut=frozenset({"cells"})), ["cells"]),
        (Shape(depth=3, has_gaps=True), ["cells", "stem", "fat", "marrow", "neural"]),
    ],
)
def test_rows_unfold_by_depth_and_one_by_one(cells: Therapy, shape: Shape, expected: list[str]) -> None:
    assert rows(shape) == expected


def test_a_row_knows_what_can_be_unfolded_and_who_is_left_out(cells: Therapy) -> None:
    found = shown(Shape(depth=3))
    assert [(head.key, head.depth, head.narrower) for head in found.rows.shown] == [
        ("cells", 0, 2),
        ("stem", 1, 1),
        ("fat", 2, 0),
        ("neural", 1, 0),
    ]
    assert [head.key for head in found.rows.silent] == ["marrow"]


def test_a_filter_on_an_axis_is_where_the_axis_begins(cells: Therapy) -> None:
    # A claim about a combination: no list could name those about the one among those about the other.
    other = factories.node(Therapy, "drug")
    factories.claim(therapies=[other, Therapy.objects.get(slug="fat")])
    assert rows(query="therapy=stem") == ["stem", "fat"]
    assert rows(query="therapy=fat&therapy=cells") == ["cells", "stem", "neural"]
    assert rows(query="therapy=drug") == ["drug"]
    assert rows(query="not_therapy=stem") == ["cells", "neural"]
    assert shown(query="therapy=stem").whole.claims == 2


def test_columns_stand_below_their_domain_or_are_domains_only() -> None:
    safety, relief = factories.node(Outcome, "safety"), factories.node(Outcome, "relief")
    factories.claim(outcome=factories.node(Outcome, "death", safety))
    factories.claim(outcome=factories.node(Outcome, "pain", relief))
    factories.node(Outcome, "infection", safety)
    found = shown()
    assert [(top.key, [head.key for head in heads]) for top, heads in found.columns.groups] == [
        ("safety", ["safety", "death"]),
        ("relief", ["relief", "pain"]),
    ]
    assert [head.key for head in found.columns.silent] == ["infection"]
    assert columns(Shape(is_by_domain=True)) == ["safety", "relief"]
    assert columns(query="outcome=death") == ["death"]


def test_values_stand_in_the_order_of_their_vocabulary() -> None:
    for design in ("case_series", "randomised_trial", ""):
        factories.claim(design=design)
    assert rows(Shape("design")) == ["randomised_trial", "case_series", "blank"]
    assert rows(Shape("design"), "not_design=case_series") == ["randomised_trial", "blank"]
    assert rows(Shape("design"), "design=blank") == ["blank"]
    assert "cohort" in rows(Shape("design", has_gaps=True))


def test_years_stand_in_order_and_sources_without_one_at_the_end() -> None:
    for year in (None, 2021, 1998):
        factories.claim(factories.source(year=year))
    found = shown(Shape("year", "kind"))
    assert [(head.key, head.name) for head in found.rows.shown] == [
        ("1998", "1998"),
        ("2021", "2021"),
        ("blank", "Without a date"),
    ]
    assert found.cell(found.rows.shown[2], found.columns.shown[0]).claims == 1


def test_more_rows_than_a_page_holds_are_folded_unless_asked_for(cells: Therapy) -> None:
    Therapy.objects.bulk_create(
        Therapy(slug=f"cell-{number}", name=f"Cell {number}", parent=cells) for number in range(MOST_ROWS)
    )
    assert shown(Shape(has_gaps=True)).depth == 1
    assert rows(Shape(has_gaps=True)) == ["cells"]
    assert len(rows(Shape(has_gaps=True, depth=2))) == MOST_ROWS + 3


def test_an_empty_corpus_has_an_empty_map() -> None:
    factories.node(Therapy, "cells")
    found = shown()
    assert (found.rows.shown, found.columns.shown, found.whole.claims) == ([], [], 0)


def test_conditions_count_what_stands_below_them() -> None:
    factories.claim()
    filters = ClaimFilter(QueryDict(""), Trees.load())
    assert counts_by_condition(filters.qs, filters.trees) == {"multiple-sclerosis": 1}


def test_the_file_has_a_row_for_each_cell_with_its_domain(cells: Therapy) -> None:
    safety = factories.node(Outcome, "safety")
    factories.claim(
        factories.source(kind="clinic_page"),
        therapies=[cells],
        outcome=factories.node(Outcome, "death", safety),
        quote_role="promotional",
    )
    found = [dict(zip(map_export.COLUMNS, row, strict=True)) for row in map_export.records(shown())]
    assert len(found) == 3 * 3
    promise = next(row for row in found if (row["row_slug"], row["column_slug"]) == ("cells", "death"))
    assert (promise["domain"], promise["claims"], promise["sellers"], promise["studies"]) == ("Safety", 1, 1, 0)
    assert (promise["seller_beneficial"], promise["literature_beneficial"]) == (1, 0)
    gap = next(row for row in found if (row["row_slug"], row["column_slug"]) == ("neural", "death"))
    assert (gap["claims"], gap["sellers"], gap["best_level"]) == (0, 0, "")


def test_both_csv_writers_take_the_same_for_a_formula() -> None:
    in_sql = {part.strip().removeprefix("E").strip("'") for part in csv.FORMULA_STARTS.split(",")}
    escapes = {"\\t": "\t", "\\r": "\r", "\\n": "\n"}
    assert {escapes.get(start, start) for start in in_sql} == set(table_csv.FORMULA_STARTS)


def test_formulas_are_defused_and_numbers_stay() -> None:
    lines = b"".join(table_csv.blocks(["name", "n"], [["=1+1", -1], ["a, b", 0]]))
    assert lines == b'\xef\xbb\xbfname,n\n\'=1+1,-1\n"a, b",0\n'
