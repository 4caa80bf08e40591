"""Claims by year and voice: each as long as the list it leads to, in one query."""

from collections.abc import Iterator

import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from articles.filters import ClaimFilter
from articles.models import ClaimListing
from articles.queries.trees import Trees
from articles.queries.years import years
from articles.templatetags.voices import PARAMETERS
from articles.templatetags.years import year_chart, year_rows, year_summary
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def claims() -> None:
    for year in (2019, 2021, 2021, None):
        factories.claim(factories.source(year=year))
    factories.claim(factories.source(kind="abstract", year=2021, publisher_interest="sells_therapy"))
    factories.claim(factories.source(kind="clinic_page", year=2022))
    factories.claim(factories.source(kind="news", year=2022))


def lists() -> Iterator[tuple[str, int, int]]:
    """(voice, year, length of the list that these parameters leave)."""
    trees = Trees.load()
    for who, parameters in PARAMETERS.items():
        for year in (2019, 2020, 2021, 2022):
            state = QueryDict(mutable=True)
            for name, value in parameters:
                state.appendlist(name, value)
            state.update({"year_min": str(year), "year_max": str(year)})
            yield who, year, ClaimFilter(state, trees).qs.count()


@pytest.mark.usefixtures("claims")
def test_each_number_is_the_length_of_its_list(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        counted = years(ClaimListing.objects.order_by("year"))
    assert {(who, year): counted.dated(who).get(year, 0) for who, year, _ in lists()} == {
        (who, year): n for who, year, n in lists()
    }
    assert (counted.dated("literature"), counted.dated("seller")) == ({2019: 1, 2021: 2}, {2021: 1, 2022: 1})


@pytest.mark.usefixtures("claims")
def test_what_has_no_date_is_counted_apart() -> None:
    counted = years(ClaimListing.objects.all())
    assert (counted.undated, counted.total("literature")) == (1, 4)
    assert [(row.year, row.cells) for row in year_rows(counted)][-1] == (
        None,
        [("literature", 1), ("seller", 0), ("other", 0)],
    )


@pytest.mark.usefixtures("claims")
def test_the_chart_in_words() -> None:
    assert year_summary(years(ClaimListing.objects.all())) == (
        "Literature: 3 claims from 2019 to 2021, most in 2021 (2). Sellers: 2 claims from 2021 to 2022. "
        "1 claim of other sources stands in the table only. 1 claim without a date is not drawn."
    )


def test_nobody_gave_a_date() -> None:
    factories.claim(factories.source(year=None))
    counted = years(ClaimListing.objects.all())
    assert year_chart(counted) is None
    assert year_summary(counted) == (
        "Literature: no dated claims. Sellers: no dated claims. 1 claim without a date is not drawn."
    )


def test_no_claims_at_all() -> None:
    counted = years(ClaimListing.objects.all())
    assert (counted.years, counted.undated, year_rows(counted)) == ([], 0, [])
