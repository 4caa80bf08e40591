"""The sums agree: a cell of the map, its question, its list and the list's file hold the same number of claims.

Over random corpora and random filters, read from the pages as a reader gets them. Hypothesis brings other corpora with
every run; so few examples a run keep the file within seconds.
"""

import csv
import re
from collections.abc import Mapping
from io import StringIO
from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils.http import urlencode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from tests.random_corpora import PLANS, Plan, written

pytestmark = pytest.mark.django_db

few = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])

State = dict[str, list[str]]
SPEAKERS = re.compile(r"(\d+) (?:other )?(stud|review|statement|seller|source)")


# The plans have at least two nodes in each tree.
FACETS: dict[str, list[str]] = {
    **{tree: [f"{tree}-0", f"{tree}-1"] for tree in ("therapy", "condition", "outcome")},
    "kind": ["abstract", "review", "clinic_page"],
    "effect": ["beneficial", "harmful", "not_stated"],
    "level": ["2", "4", "0", "blank"],
    "role": ["own_result", "background"],
    "publication_status": ["current", "retracted"],
}
FILTERS = {
    "q": ["relapses"],
    "year_min": ["2012"],
    "year_max": ["2016"],
    **FACETS,
    **{f"not_{name}": values for name, values in FACETS.items()},
}


# The condition stands in the path of a question, or “any” with the filter beside it.
NAMES = st.just("condition") | st.sampled_from(list(FILTERS))


@st.composite
def states(draw: st.DrawFn) -> State:
    """Up to two filters with one or two values each."""
    names = draw(st.lists(NAMES, max_size=2, unique=True))
    return {name: draw(st.lists(st.sampled_from(FILTERS[name]), min_size=1, max_size=2, unique=True)) for name in names}


OTHER_AXES = st.sampled_from([("condition", "kind"), ("therapy", "condition"), ("kind", "year"), ("outcome", "design")])


def got(path: str, state: Mapping[str, list[str]] | None = None) -> html.HtmlElement:
    response = Client().get(path + ("?" + urlencode(state, doseq=True) if state else ""))
    assert response.status_code == 200, (path, state, response.content[-2000:])
    return html.document_fromstring(response.content)


def words(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", "".join(map(str, element.itertext())))


def listed(href: str) -> int:
    """How many claims the list at this address says it holds."""
    return int(got(href).xpath("//@data-total")[0])


def filed(href: str) -> list[dict[str, str]]:
    """The rows of the file at this address."""
    response = Client().get(href)
    assert response.status_code == 200
    return list(csv.DictReader(StringIO(b"".join(response).decode("utf-8-sig"), newline="")))


def speakers(text: str) -> dict[str, int]:
    """The numbers of studies, reviews, statements, sellers and other sources that are named and not 0."""
    return {who: int(n) for n, who in SPEAKERS.findall(text) if n != "0"}


def asked(href: str) -> dict[str, set[str]]:
    return {name: set(values) for name, values in parse_qs(urlsplit(href).query).items()}


def narrowed(state: State, **axes: str) -> State:
    """The filters with the values of a row and a column in place of their own."""
    for axis, value in axes.items():
        names = ("year_min", "year_max") if axis == "year" else (axis,)
        state = state | {name: [value] for name in names}
    return state


def as_sets(state: State) -> dict[str, set[str]]:
    return {name: set(values) for name, values in state.items()}


@few
@given(plan=PLANS, state=states(), rng=st.randoms())
def test_cell_question_list_and_file_agree(plan: Plan, state: State, rng: Random) -> None:
    with written(plan):
        page = got("/map/", state | {"depth": ["9"], "gaps": ["1"]})
        total = listed("/claims/?" + urlencode(state, doseq=True))
        cells = page.xpath("//td[@data-claims]")
        assert bool(cells) == bool(total)
        filled = [cell for cell in cells if cell.get("data-claims") != "0"]
        for cell in chosen(filled, rng, most=3):
            assert_cell_agrees(cell, state)
        for cell in chosen([cell for cell in cells if cell not in filled], rng, most=1):
            state_here = narrowed(state, therapy=cell.get("data-therapy"), outcome=cell.get("data-outcome"))
            assert listed("/claims/?" + urlencode(state_here, doseq=True)) == 0


def chosen(cells: list[html.HtmlElement], rng: Random, most: int) -> list[html.HtmlElement]:
    return rng.sample(cells, min(most, len(cells)))


def assert_cell_agrees(cell: html.HtmlElement, state: State) -> None:
    """The cell leads to a question, the question to a list, and all count the same claims and the same speakers."""
    n = int(cell.get("data-claims"))
    href = cell.xpath(".//a/@href")[0]
    assert href.startswith("/questions/")
    question = got(href)
    (link,) = question.xpath("//a[@data-claims]")
    assert int(link.get("data-claims")) == n
    here = narrowed(state, therapy=cell.get("data-therapy"), outcome=cell.get("data-outcome"))
    assert asked(link.get("href")) == as_sets(here)
    rows = filed(link.get("href").replace("/claims/", "/claims.csv"))
    assert listed(link.get("href")) == len(rows) == len({row["claim_id"] for row in rows}) == n
    voices = question.xpath("//p[contains(concat(' ', @class, ' '), ' voice-counts ')]")
    assert speakers(" ".join(map(words, voices))) == speakers(words(cell))


@few
@given(plan=PLANS, state=states())
def test_the_file_of_the_map_holds_its_cells(plan: Plan, state: State) -> None:
    with written(plan):
        shown = state | {"depth": ["9"], "gaps": ["1"]}
        cells = {
            (cell.get("data-therapy"), cell.get("data-outcome")): (cell.get("data-claims"), speakers(words(cell)))
            for cell in got("/map/", shown).xpath("//td[@data-claims]")
        }
        rows = filed("/map.csv?" + urlencode(shown, doseq=True))
    in_file = {(row["row_slug"], row["column_slug"]): (row["claims"], speakers_of(row)) for row in rows}
    assert len(rows) == len(in_file)
    # Where no claim is left the page says so in words, and the file holds the gaps.
    assert in_file == (cells or dict.fromkeys(in_file, ("0", {})))


def speakers_of(row: dict[str, str]) -> dict[str, int]:
    """The same as `speakers`, from a row of the map's file."""
    columns = ("studies", "reviews", "other_statements", "sellers", "other_speakers")
    counts = zip(("stud", "review", "statement", "seller", "source"), (int(row[name]) for name in columns), strict=True)
    return {who: n for who, n in counts if n}


@few
@given(plan=PLANS, state=states(), axes=OTHER_AXES, rng=st.randoms())
def test_on_other_axes_too_each_cell_is_the_length_of_its_list(
    plan: Plan, state: State, axes: tuple[str, str], rng: Random
) -> None:
    rows, columns = axes
    with written(plan):
        page = got("/map/", state | {"rows": [rows], "columns": [columns], "depth": ["9"]})
        cells = [cell for cell in page.xpath("//td[@data-claims]") if cell.xpath(".//a")]
        for cell in chosen(cells, rng, most=3):
            places = {rows: placed(cell, rows, "row"), columns: placed(cell, columns, "column")}
            here = narrowed(state, **places)
            assert listed("/claims/?" + urlencode(here, doseq=True)) == int(cell.get("data-claims"))
            href = cell.xpath(".//a/@href")[0]
            assert href.startswith("/questions/") or asked(href) == as_sets(here)


def placed(cell: html.HtmlElement, axis: str, side: str) -> str:
    return str(cell.get(f"data-{axis if axis in ('therapy', 'outcome') else side}"))


@few
@given(plan=PLANS, state=states(), rng=st.randoms())
def test_rows_columns_and_the_whole_say_how_long_their_lists_are(plan: Plan, state: State, rng: Random) -> None:
    with written(plan):
        page = got("/map/", state | {"depth": ["9"]})
        heads = [head for head in page.xpath("//th") if head.xpath(".//span[@class='margin']") and head.xpath(".//a")]
        for head in [*chosen(heads, rng, most=3), *page.xpath("//p[@class='map-whole']")]:
            n = re.search(r"(\d+) claim", words(head))
            assert n is not None
            assert listed(head.xpath(".//a/@href")[0]) == int(n[1])
