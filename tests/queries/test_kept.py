"""Answers kept between changes: asked once, anew after each change, and no two states of the corpus share a name."""

from collections.abc import Sequence

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from articles.actions import listings
from articles.models import ClaimListing, ListingChange
from articles.queries import kept
from articles.queries.independence import table
from articles.queries.trees import Trees
from tests import factories


def changed(*numbers: int) -> None:
    """Changes with these numbers, seen in this order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO articles_listingchange (id, changed_at) SELECT unnest(%s::bigint[]), now()", [list(numbers)]
        )


def forgotten(numbers: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_listingchange WHERE id = ANY(%s)", [list(numbers)])


@pytest.mark.django_db
def test_an_answer_is_asked_for_once_and_anew_after_a_change() -> None:
    cache.clear()
    trees = Trees.load()
    factories.claim()

    def counted() -> tuple[int, int]:
        """How many claims, and how many queries that took."""
        with CaptureQueriesContext(connection) as captured:
            claims = table(ClaimListing.objects.all(), trees).cell().claims
        return claims, len(captured)

    assert (counted(), counted()) == ((1, 2), (1, 1))
    factories.claim()
    assert (counted(), counted()) == ((2, 2), (2, 1))


@pytest.mark.django_db
def test_other_parameters_are_another_question() -> None:
    cache.clear()
    at = kept.state()
    assert [kept.answer("SELECT %s::int", [n], at) for n in (1, 2, 1)] == [[(1,)], [(2,)], [(1,)]]


@pytest.mark.django_db
def test_a_change_that_ends_late_has_a_name_of_its_own_even_where_it_forgets_an_old_one() -> None:
    changed(1, 2)
    changed(7)
    before = kept.state()
    # Number 6 was taken before 7 and is seen after it; its transaction forgot the oldest.
    changed(6)
    forgotten([1])
    assert kept.state() != before


@pytest.mark.django_db(transaction=True)
def test_forgetting_old_changes_waits_for_nobody() -> None:
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(listings.CHANGED)
        cursor.execute("UPDATE articles_listingchange SET changed_at = now() - interval '3 days'")
        # Instead of a test that hangs.
        cursor.execute("SET lock_timeout = '2s'")
    other = connections.create_connection("default")
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute(listings.CHANGED)
            cursor.execute(listings.FORGET)
        factories.claim()
    finally:
        other.rollback()
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    factories.claim()
    # The two old ones are gone, and each claim has its change.
    assert ListingChange.objects.count() == 2
