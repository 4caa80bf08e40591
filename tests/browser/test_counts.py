"""For many filter combinations: the count beside a value = the list after the click = the rows of the file."""

import csv
import io
import random
import re
from html import unescape

import pytest

from tests.browser.conftest import Site

START = (
    "/claims/",
    "/claims/?therapy=cell-therapy",
    "/claims/?effect=beneficial&effect=harmful",
    "/claims/?not_kind=clinic_page&condition=multiple-sclerosis",
    "/claims/?q=relapse&year_min=2021",
    "/claims/?interest=sells_therapy",
    "/claims/?level=blank&wording=qualified",
    "/sources/",
    "/sources/?kind=abstract&not_effect=beneficial",
    "/sources/?outcome=safety&therapy=disease-modifying-drugs",
)
CONTROL = re.compile(r"<a\b[^>]*\bdata-facet=[^>]*>")
PER_PAGE = 6


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    assert found, (name, tag)
    return unescape(found.group(1))


def total(html: str) -> int:
    found = re.search(r'data-total="(\d+)"', html)
    assert found
    return int(found.group(1))


@pytest.mark.parametrize("start", START)
def test_counts_keep_their_word(site: Site, start: str) -> None:
    status, html = site.get(start)
    assert status == 200
    controls = CONTROL.findall(html)
    assert len({attribute(tag, "data-facet") for tag in controls}) >= 10
    for tag in random.Random(start).sample(controls, PER_PAGE):
        href = attribute(tag, "href")
        _, after = site.get(href)
        if 'aria-current="true"' not in tag:
            assert total(after) == int(attribute(tag, "data-count")), tag
        _, file = site.get(href.replace("/?", ".csv?") if "?" in href else href.rstrip("/") + ".csv")
        assert len(list(csv.DictReader(io.StringIO(file, newline="")))) == total(after), href
