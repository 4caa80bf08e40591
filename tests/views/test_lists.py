"""What the list pages say to what they cannot mean, and what they cost."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.actions import listings
from articles.models import Condition, Identifier, Outcome, Therapy
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["/claims/", "/sources/"])
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def said(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("nonsense=1", "“nonsense” is not a parameter"),
        ("effect=wonderful", "effect: “wonderful” is not one of its values"),
        ("not_kind=poem", "not_kind: “poem” is not one of its values"),
        ("therapy=&therapy=snake-oil", "“snake-oil” is not one of its values"),
        ("year_min=soon", "year_min: Give a year in four digits"),
        ("year_min=20000", "year_min: Give a year in four digits"),
        ("year_min=2020&year_max=2010", "2020 is later than year_max, 2010"),
        ("sort=colour", "sort: “colour” is not an order. Choose one of newest"),
        ("page=zero", "page: “zero” is not the number of a page"),
        ("page=0", "page:"),
        ("page=-1", "page:"),
        ("page=%C2%B2", "page:"),
        ("q=pain&q=walking", "q: given more than once"),
        ("year_min=1990&year_min=2020", "year_min: given more than once"),
        ("sort=newest&sort=oldest", "sort: given more than once"),
        ("page=1&page=2", "page: given more than once"),
        ("q=" + "x" * 501, "q:"),
        ("q=" + "x" * 10_000, "at most 4000 are allowed"),
        ("q=a%00b", "NUL"),
        ("q=%ff%fe", "not UTF-8"),
        ("&".join(f"q{i}=1" for i in range(300)), "parameters"),
    ],
)
def test_what_cannot_be_meant_is_named(client: Client, path: str, query: str, message: str) -> None:
    response = client.get(f"{path}?{query}")
    assert response.status_code == 400
    assert message in said(response)
    assert "Traceback" not in said(response)


def test_markup_in_a_bad_value_is_shown_as_text(client: Client, path: str) -> None:
    response = client.get(path, {"effect": "<script>alert(1)</script>"})
    assert response.status_code == 400
    assert "<script>alert" not in said(response)


@pytest.mark.parametrize("file", ["/claims.csv", "/sources.csv"])
def test_a_file_refuses_what_the_list_refuses(client: Client, file: str) -> None:
    assert client.get(file, {"nonsense": "1"}).status_code == 400
    assert client.get(file, {"effect": "wonderful"}).status_code == 400


def test_a_page_past_the_end_says_how_many_there_are(client: Client, path: str) -> None:
    factories.claim()
    response = client.get(path, {"page": "7", "effect": "beneficial"})
    assert response.status_code == 404
    assert "Page 7 does not exist: the list has 1 page." in said(response)
    assert f"{path}?effect=beneficial&amp;page=1" in said(response)


def test_raw_bytes_that_are_no_utf8_are_named(client: Client, path: str) -> None:
    response = client.get(path, QUERY_STRING="q=\xff\xfe")
    assert response.status_code == 400
    assert "not UTF-8" in said(response)


def test_the_chip_of_a_search_takes_it_away_with_its_blanks(client: Client, path: str) -> None:
    response = client.get(f"{path}?q=+pain+&effect=harmful")
    assert response.status_code == 200
    assert f'href="{path}?effect=harmful"' in said(response)


def test_a_value_left_out_promises_no_count(client: Client) -> None:
    factories.claim()
    text = said(client.get("/claims/?not_therapy=exosomes"))
    assert "Stop leaving out Exosomes" in text
    assert 'data-value="exosomes"' not in text


def test_values_below_a_chosen_one_stay_in_the_rail(client: Client) -> None:
    cells = factories.node(Therapy, "cells")
    factories.claim(therapies=[factories.node(Therapy, "msc", cells)])
    factories.claim(therapies=[cells])
    assert 'data-value="msc" data-count="2"' in said(client.get("/claims/?therapy=cells"))


def test_tracking_parameters_are_dropped(client: Client, path: str) -> None:
    response = client.get(path, {"utm_source": "x", "fbclid": "y", "effect": "harmful"})
    assert response.status_code == 200
    assert "utm_source" not in said(response)


def test_blank_parameters_of_an_empty_form_mean_nothing(client: Client, path: str) -> None:
    factories.claim()
    response = client.get(path, {"q": "", "year_min": "", "year_max": "", "sort": ""})
    assert response.status_code == 200
    assert 'data-total="1"' in said(response)


def test_drafts_and_excluded_sources_are_not_public(client: Client) -> None:
    draft = factories.claim(status="draft")
    hidden = factories.source(curation_state="excluded", exclusion_reason="off topic")
    claim = factories.claim(hidden)
    assert 'data-total="0"' in said(client.get("/claims/"))
    never_accepted = factories.claim(status="retired", accepted_by=None, accepted_at=None)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get(never_accepted.get_absolute_url()).status_code == 404
    assert client.get(claim.get_absolute_url()).status_code == 404
    assert client.get(hidden.get_absolute_url()).status_code == 404


def test_a_search_match_is_marked_and_the_rest_escaped(client: Client) -> None:
    factories.claim(statement="Relapses <b>fell</b> & stayed low.")
    text = said(client.get("/claims/", {"q": "relapse"}))
    assert "<mark>Relapses</mark> &lt;b&gt;fell&lt;/b&gt; &amp; stayed low." in text


def test_a_synonym_of_a_term_above_finds_the_claim(client: Client) -> None:
    cells = factories.node(Therapy, "cells", synonyms=["Zellentherapie naïve"])
    factories.claim(therapies=[factories.node(Therapy, "msc", cells)])
    assert 'data-total="1"' in said(client.get("/claims/", {"q": "zellentherapie naive"}))


def test_a_claim_is_found_by_its_number_and_by_its_sources_identifiers(client: Client) -> None:
    claim, other = factories.claim(), factories.claim()
    Identifier.objects.create(source=claim.source, scheme="pmid", value="34119672")
    Identifier.objects.create(source=claim.source, scheme="doi", value="10.3390/ijms131013713")
    listings.refresh_all()
    for words in (claim.public_id, claim.public_id.lower(), "34119672", "10.3390/ijms131013713"):
        text = said(client.get("/claims/", {"q": words}))
        assert 'data-total="1"' in text, words
        assert claim.get_absolute_url() in text
        assert other.get_absolute_url() not in text


def crowd(more: int) -> None:
    for i in range(more):
        therapy = factories.node(Therapy, f"therapy-{factories.Therapy.objects.count()}")
        source = factories.source(kind=("abstract", "clinic_page")[i % 2])
        outcome = factories.node(Outcome, f"outcome-{factories.Outcome.objects.count()}")
        condition = factories.node(Condition, f"condition-{factories.Condition.objects.count()}")
        both = [therapy, factories.node(Therapy, "exosomes")]
        factories.claim(source, therapies=both, outcome=outcome, condition=condition)


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/claims/",
        "/claims/?q=relapses&effect=beneficial",
        "/sources/",
        "/sources/?q=relapses",
        "/therapies/",
        "/outcomes/",
        "/therapies/exosomes/",
        "/compare/",
        "/compare/?therapy=exosomes&therapy=therapy-1",
        "/compare/?source=1&source=2",
    ],
)
def test_more_rows_ask_no_more_queries(client: Client, page: str) -> None:
    factories.node(Therapy, "exosomes")
    crowd(4)
    first, second = factories.Source.objects.order_by("pk").values_list("pk", flat=True)[:2]
    page = page.replace("source=1&source=2", f"source={first}&source={second}")
    few = queries_of(client, page)
    crowd(8)
    assert queries_of(client, page) == few


def queries_of(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)
