"""The page of the evidence map, its file and its picture: what they say, where they lead, how they fail."""

import csv
import html
import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from articles.actions import listings
from articles.filters import ClaimFilter
from articles.models import Condition, Outcome, Therapy
from articles.queries.evidence_map import MOST_ROWS
from articles.queries.trees import Trees
from tests import factories

pytestmark = pytest.mark.django_db

CELL = re.compile(r"<td([^>]*)>(.*?)</td>", re.DOTALL)
LONG = "Extraordinarily " * 11 + "long name of it"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def cells(page: str) -> list[tuple[dict[str, str], str, str]]:
    """The attributes, the address it leads to and the text of each cell."""
    found = []
    for attributes, inner in CELL.findall(page):
        href = re.search(r'<a class="cell" href="([^"]*)"', inner)
        marks = dict(re.findall(r'data-(\w+)="([^"]*)"', attributes))
        found.append((marks, html.unescape(href.group(1)) if href else "", said(inner)))
    return found


def said(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page))).strip()


def length(address: str) -> int:
    """How many claims the list or the question at this address holds."""
    path, _, query = address.partition("?")
    data = QueryDict(query, mutable=True)
    for name, slug in resolve(path).kwargs.items():
        if slug != "any":
            data.appendlist(name, slug)
    filters = ClaimFilter(data, Trees.load())
    assert filters.problems() == []
    return int(filters.qs.count())


@pytest.fixture
def corpus() -> None:
    """Literature on two therapies and two outcomes, a seller on one of them, a promise nobody studied."""
    tree = factories.node(Therapy, "cells")
    stem, neural = factories.node(Therapy, "stem", tree), factories.node(Therapy, "neural", tree)
    safety = factories.node(Outcome, "safety")
    death, pain = factories.node(Outcome, "death", safety), factories.node(Outcome, "pain")
    relapsing = factories.node(Condition, "relapsing", factories.node(Condition, "sclerosis"))
    factories.claim(therapies=[stem], outcome=death, condition=relapsing)
    factories.claim(therapies=[stem, neural], outcome=safety, effect="harmful", design="case_series")
    factories.claim(factories.source(year=None, kind="review"), therapies=[neural], outcome=death, effect="unclear")
    clinic = factories.source(kind="clinic_page", year=2022)
    factories.claim(clinic, therapies=[stem], outcome=pain, quote_role="promotional", basis="none")
    factories.claim(clinic, therapies=[stem], outcome=death, quote_role="promotional", basis="none")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "gaps=1&depth=9",
        "domains=1",
        "condition=relapsing",
        "condition=sclerosis&condition=multiple-sclerosis",
        "therapy=stem",
        "therapy=stem&therapy=neural&not_outcome=death",
        "q=relapses&year_min=2000&not_kind=clinic_page",
        "rows=outcome",
        "rows=condition",
        "rows=therapy&columns=condition&outcome=death",
        "rows=therapy&columns=year&outcome=safety",
        "rows=kind&columns=year",
        "rows=design&columns=subject&effect=harmful&effect=beneficial",
        "rows=year&columns=design&year_min=2010&year_max=2021",
    ],
)
def test_each_cell_and_each_head_counts_its_list(client: Client, corpus: None, query: str) -> None:
    page = read(client, f"/map/?{query}")
    found = cells(page)
    assert any(href for _, href, _ in found)
    for marks, href, _ in found:
        if href:
            assert int(marks["claims"]) == length(href), href
    heads = re.findall(r'<a (?:class="row-name" )?href="([^"]*)">.*?</a>\s*<span class="margin">(\d+) claim', page)
    assert heads
    for href, n in heads:
        assert int(n) == length(html.unescape(href)), href


def test_a_cell_leads_to_its_question_with_the_filters_kept(client: Client, corpus: None) -> None:
    def leads(query: str) -> str:
        return next(
            href
            for marks, href, _ in cells(read(client, f"/map/?{query}"))
            if (marks.get("therapy"), marks.get("outcome")) == ("stem", "death")
        )

    assert leads("") == "/questions/stem/any/death/"
    assert leads("condition=relapsing&kind=abstract") == "/questions/stem/relapsing/death/?kind=abstract"
    assert leads("columns=therapy") == "/questions/stem/any/death/"


def test_a_cell_says_who_speaks_and_which_way(client: Client, corpus: None) -> None:
    found = {(marks["therapy"], marks["outcome"]): text for marks, _, text in cells(read(client, "/map/"))}
    assert found["stem", "death"] == (
        "Stem, Death Literature: 1 study ▲ beneficial 1 level 2 Sellers: 1 seller ▲ beneficial 1"
    )
    assert found["stem", "pain"] == "Stem, Pain promised, not studied here Sellers: 1 seller ▲ beneficial 1"
    assert found["neural", "safety"].endswith("no seller")
    assert found["neural", "pain"] == "none found: Neural, Pain"


def test_a_retracted_paper_is_shown_and_counts_for_nothing(client: Client) -> None:
    factories.claim(factories.source(publication_status="retracted"))
    (cell,) = cells(read(client, "/map/"))
    assert cell[0]["claims"] == "1"
    assert cell[2] == "Exosomes, Relapse 1 retracted claim"


def test_what_sellers_say_without_promising_is_no_promise(client: Client) -> None:
    factories.claim(factories.source(kind="clinic_page"), effect="not_stated", quote_role="promotional")
    (cell,) = cells(read(client, "/map/"))
    assert "said by sellers only" in cell[2]


@pytest.mark.parametrize("query", ["kind=clinic_page", "not_kind=abstract", "q=relapses", "rows=kind", "columns=year"])
def test_a_selective_map_says_nothing_of_what_may_have_been_left_out(client: Client, query: str) -> None:
    factories.claim(factories.source(kind="clinic_page"), quote_role="promotional", basis="none")
    factories.claim(factories.source(kind="review", year=2010), outcome=factories.node(Outcome, "pain"))
    assert {"promised, not studied here", "no seller"} <= findings(read(client, "/map/?condition=multiple-sclerosis"))
    assert findings(read(client, f"/map/?{query}")) == set()
    assert "promised" in read(client, "/map.svg")
    assert "promised" not in read(client, f"/map.svg?{query}")


def findings(page: str) -> set[str]:
    """What the cells of a map say is missing."""
    said = ("promised, not studied here", "said by sellers only", "no seller")
    return {words for words in said for _, _, text in cells(page) if words in text}


def test_sources_without_a_date_have_no_list_to_lead_to(client: Client, corpus: None) -> None:
    undated = [href for marks, href, _ in cells(read(client, "/map/?rows=year")) if marks["row"] == "blank"]
    assert undated
    assert not any(undated)


def test_folding_keeps_the_place_and_the_filters(client: Client, corpus: None) -> None:
    def folds(query: str) -> list[str]:
        return [html.unescape(href) for href in re.findall(r'class="fold" href="([^"]*)"', read(client, query))]

    (fold,) = folds("/map/?kind=abstract")
    assert fold == "/map/?kind=abstract&shut=cells#row-cells"
    (unfold,) = folds(fold.partition("#")[0])
    assert unfold == "/map/?kind=abstract#row-cells"
    (unfold,) = folds("/map/?depth=1")
    assert unfold == "/map/?depth=1&open=cells#row-cells"


def test_gaps_are_counted_in_words_and_can_be_shown(client: Client, corpus: None) -> None:
    factories.node(Therapy, "snake-oil")
    page = read(client, "/map/")
    assert "Nobody claims anything here about 1 of the therapies (Snake oil)" in said(page)
    assert 'id="row-snake-oil"' not in page
    assert 'id="row-snake-oil"' in read(client, "/map/?gaps=1")


@pytest.mark.parametrize(
    ("query", "counted", "gaps"),
    [
        ("", "3 therapies by 3 outcomes", "none found in 1 of 3 outcomes"),
        ("outcome=pain", "2 therapies by 1 outcome", ""),
        ("therapy=stem&outcome=pain&gaps=1", "1 therapy by 1 outcome", ""),
        ("outcome=safety&domains=1&depth=1", "1 therapy by 1 domain of outcomes", ""),
        ("domains=1&depth=1", "1 therapy by 2 domains of outcomes", ""),
        ("columns=year", "3 therapies by 2 years and sources without a date", "none found in 1 of 2 years"),
        ("therapy=stem&columns=year", "1 therapy by 2 years", ""),
        ("rows=year", "2 years and sources without a date by 3 outcomes", "none found in 1 of 3 outcomes"),
        ("kind=review&rows=year", "Sources without a date by 2 outcomes", ""),
        ("kind=review&rows=subject", "1 kind of subject by 2 outcomes", ""),
    ],
)
def test_the_map_says_how_much_of_what_it_shows(
    client: Client, corpus: None, query: str, counted: str, gaps: str
) -> None:
    page = read(client, f"/map/?{query}")
    caption = re.search(r'<h2 id="map-caption">(.*?)</h2>', page)
    assert caption
    assert re.sub(r"<[^>]*>", "", caption.group(1)) == counted
    in_rows = re.findall(r'<span class="row-gaps">([^<]*)</span>', page)
    assert gaps in in_rows


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("nonsense=1", "“nonsense” is not a parameter"),
        ("rows=colour", "rows: “colour” cannot stand there. Choose one of therapy, outcome"),
        ("rows=kind&columns=kind", "both are “kind”. Choose two that differ"),
        ("rows=kind&rows=year", "rows: given more than once"),
        ("depth=0", "depth: “0” is not a number of levels. Give one from 1 to 9"),
        ("depth=²", "depth: “²” is not a number of levels"),
        ("open=snake-oil", "open: “snake-oil” is none of the rows, which are therapies"),
        ("rows=year&open=cells", "open: “cells” is none of the rows, which are years"),
        ("open=cells&shut=cells", "open and shut: “cells” is in both"),
        ("domains=yes", "domains: “yes” is not understood. Give 1"),
        ("page=2", "“page” is for lists"),
        ("sort=newest", "“sort” is for lists"),
        ("therapy=snake-oil", "therapy: “snake-oil” is not one of its values"),
        ("year_min=2020&year_max=2010", "2020 is later than year_max, 2010"),
    ],
)
@pytest.mark.parametrize("path", ["/map/", "/map.csv", "/map.svg"])
def test_what_is_not_understood_is_named(client: Client, corpus: None, path: str, query: str, message: str) -> None:
    response = client.get(f"{path}?{query}")
    assert response.status_code == 400
    assert message in said(response.content.decode())
    assert "this list" not in said(response.content.decode())
    assert 'href="/map/"' in response.content.decode()


def test_empty_fields_of_the_form_and_trackers_mean_nothing(client: Client, corpus: None) -> None:
    query = "rows=&columns=&depth=&condition=&kind=&year_min=&q=&utm_source=x"
    assert cells(read(client, f"/map/?{query}")) == cells(read(client, "/map/"))


def test_a_map_without_rows_says_why_and_how_to_widen(client: Client, corpus: None) -> None:
    page = read(client, "/map/?kind=news&rows=outcome&columns=kind")
    assert "No claim meets all of these filters" in said(page)
    assert 'href="/map/?columns=kind&amp;rows=outcome"' in page
    assert "<table" not in page


def test_an_empty_corpus_says_so(client: Client) -> None:
    assert "There are no claims yet." in said(read(client, "/map/"))


def test_a_long_map_shows_what_fits_and_its_file_has_all(client: Client) -> None:
    for number in range(MOST_ROWS + 20):
        factories.claim(therapies=[factories.node(Therapy, f"therapy-{number:03}")], listed=False)
    listings.refresh([pk for (pk,) in factories.Source.objects.values_list("pk")])
    page = read(client, "/map/")
    assert len(cells(page)) == MOST_ROWS
    assert f"Only the first {MOST_ROWS} of {MOST_ROWS + 20} rows are shown." in said(page)
    assert len(records(client, "/map.csv")) == MOST_ROWS + 20
    assert "30 of 170 rows are shown." in read(client, "/map.svg")


def records(client: Client, address: str) -> list[dict[str, str]]:
    response: Any = client.get(address)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_the_cells_of_the_page(client: Client, corpus: None) -> None:
    Therapy.objects.filter(slug="stem").update(name="=1+1")
    query = "depth=9&gaps=1&condition=sclerosis"
    on_page = [
        (marks["therapy"], marks["outcome"], marks["claims"]) for marks, _, _ in cells(read(client, f"/map/?{query}"))
    ]
    found = records(client, f"/map.csv?{query}")
    assert [(row["row_slug"], row["column_slug"], row["claims"]) for row in found] == on_page
    assert {row["row"] for row in found if row["row_slug"] == "stem"} == {"'=1+1"}


@pytest.mark.parametrize("query", ["", "depth=9&gaps=1", "rows=year&columns=kind", "kind=news"])
def test_the_picture_is_plain_svg(client: Client, corpus: None, query: str) -> None:
    Therapy.objects.filter(slug="stem").update(name=('<script>"&\x0b' + LONG)[:200])
    response = client.get(f"/map.svg?{query}")
    assert response.headers["Content-Type"] == "image/svg+xml"
    root = ElementTree.fromstring(response.content)
    elements = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert elements <= {"svg", "title", "defs", "pattern", "rect", "text", "g"}
    for element in root.iter():
        assert not {"style", "onload", "href"} & set(element.attrib)
        if element.tag.endswith("text"):
            assert len(element.text or "") < 220
    assert "not medical advice" in said(response.content.decode())


def test_the_picture_says_its_filters_and_full_names(client: Client, corpus: None) -> None:
    Therapy.objects.filter(slug="stem").update(name=LONG)
    picture = read(client, "/map.svg?condition=sclerosis&year_min=2001")
    assert "Condition is Sclerosis; From 2001" in picture
    assert f"<title>{LONG}</title>" in picture


def test_long_names_stand_on_the_page_in_full_and_escaped(client: Client, corpus: None) -> None:
    name = ("<b>" + LONG)[:200]
    Therapy.objects.filter(slug="stem").update(name=name)
    page = read(client, "/map/")
    assert html.escape(name) in page
    assert name not in page


def test_the_conditions_of_the_form_count_the_map_they_lead_to(client: Client, corpus: None) -> None:
    page = read(client, "/map/?kind=abstract&condition=multiple-sclerosis")
    form = page.partition("<form")[2].partition("</form")[0]
    offered = re.findall(r'<option value="([\w-]+)"(?: selected)?>[^<(]*\((\d+)\)', form)
    assert [slug for slug, _ in offered] == ["sclerosis", "relapsing", "multiple-sclerosis"]
    for slug, n in offered:
        assert int(n) == length(f"/claims/?kind=abstract&condition={slug}")


def test_more_rows_ask_no_more_queries(client: Client, corpus: None) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client, "/map/?condition=sclerosis")
        return len(queries)

    few = asked()
    sources = [
        factories.claim(therapies=[factories.node(Therapy, f"therapy-{number}")], listed=False).source_id
        for number in range(50)
    ]
    listings.refresh(sources)
    # Asked anew: what is kept belongs to another state of the corpus.
    assert asked() == few == 7
    assert asked() == 5
