"""The chart of claims by year as it is printed."""

import re
from collections import Counter

import html5lib
from django.template.loader import render_to_string

from articles.lib.year_bars import WIDTHS
from articles.queries.years import Years
from mskb.settings import BASE_DIR

USUAL = {("literature", 2019): 2, ("literature", 2021): 1200, ("seller", 2022): 3, ("seller", None): 1}


def printed(counts: dict[tuple[str, int | None], int], **more: str) -> str:
    return render_to_string("_parts/years.html", {"years": Years(Counter(counts)), **more})


def test_every_count_stands_in_the_table_and_leads_to_its_list() -> None:
    table = printed(USUAL, years_query="therapy=exosomes&condition=pain").split("<table")[1]
    found = re.findall(r'href="([^"]+)">([\d,]+)</a>', table)
    assert [n for _, n in found] == ["2", "1200", "3", "1202", "4"]
    assert all(href.startswith("/claims/?condition=pain&amp;") and "&amp;therapy=exosomes" in href for href, _ in found)
    assert found[1][0].endswith("&amp;year_max=2021&amp;year_min=2021")
    assert "&amp;kind=abstract&amp;" in found[1][0]
    assert "year_min" not in found[-1][0]
    assert "No date" in table


def test_without_a_list_the_numbers_are_plain() -> None:
    assert "href" not in printed(USUAL)


def test_the_chart_has_a_name_and_its_bars_say_what_they_count() -> None:
    text = printed(USUAL)
    (svg,) = re.findall(r'<svg class="years-chart".*?</svg>', text, re.DOTALL)
    assert 'role="img"' in svg
    assert all(f'id="{name}"' in text for name in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', text))
    assert re.findall(r"<rect[^>]*><title>(.*?)</title>", svg) == [
        "2019: 2 in the literature",
        "2021: 1,200 in the literature",
        "2022: 3 by sellers",
    ]
    assert " style=" not in text


def test_it_is_valid_html() -> None:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(f"<!DOCTYPE html><title>Years</title>{printed(USUAL)}")
    assert parser.errors == []


def test_without_dates_there_is_a_table_and_no_chart() -> None:
    text = printed({("literature", None): 2})
    assert "years-chart" not in text
    assert "no dated claims" in text
    assert "No date" in text


def test_without_claims_nothing_is_printed() -> None:
    assert printed({}).strip() == ""


def test_the_style_sheet_knows_every_width_at_which_text_is_shown() -> None:
    rules = (BASE_DIR / "static/css/parts/years.css").read_text("utf-8")
    named = [int(width) for width in re.findall(r"@container years \([^{]*\{ \.at-(\d+)", rules)]
    assert named == list(WIDTHS)
