"""Sources that may be one document."""

import time
from typing import Any

import pytest

from articles.actions.incoming import Item
from articles.importers.record import Contributor
from articles.lib.partial_date import PartialDate
from articles.models import DuplicatePair, Source
from tests.actions.test_records import brought, item

pytestmark = pytest.mark.django_db


def paper(title: str, family: str = "Doe", year: int = 2020, **fields: Any) -> Item:
    authors = (Contributor(f"A. {family}", family, "A."),) if family else ()
    return item(title=title, contributors=authors, date=PartialDate(year), **fields)


@pytest.mark.parametrize(
    ("second", "is_alike"),
    [
        (paper("Stem cells for walking"), True),
        (paper("Stem cells for walking!", year=2021), True),
        (paper("Stem cells for walkers"), True),
        (paper("Stem cells for walking", family=""), True),
        (paper("Stem cells for walking", family="Roe"), False),
        (paper("Stem cells for walking", year=2023), False),
        (paper("Bladder training at home"), False),
    ],
)
def test_what_is_alike_is_kept_and_flagged(second: Item, is_alike: bool) -> None:
    outcomes = brought(paper("Stem cells for walking"), second)
    assert [outcome.result for outcome in outcomes] == ["created", "duplicate" if is_alike else "created"]
    assert Source.objects.count() == 2
    assert DuplicatePair.objects.count() == int(is_alike)


def test_two_numbers_of_one_register_are_alike_by_the_very_same_title_only() -> None:
    outcomes = brought(
        paper("Stem cells for walking", identifiers=(("pmid", "1"),)),
        paper("Stem cells for walkers", identifiers=(("pmid", "2"),)),
        paper("Stem cells for walking", identifiers=(("pmid", "3"),)),
    )
    assert [outcome.result for outcome in outcomes] == ["created", "created", "duplicate"]


@pytest.mark.parametrize("family", ["Doe", ""])
def test_thousands_of_one_title_take_no_more_than_their_share_of_time(family: str) -> None:
    took = []
    for _batch in range(3):
        begun = time.monotonic()
        brought(*(paper("Editorial", family) for _ in range(500)))
        took.append(time.monotonic() - begun)
    assert Source.objects.count() == 1_500
    assert took[-1] < 15


def test_one_of_a_common_title_is_still_found_by_its_author() -> None:
    brought(*(paper("Editorial", f"Author{number}") for number in range(120)))
    (outcome,) = brought(paper("Editorial", "Author7"))
    assert outcome.result == "duplicate"
    assert DuplicatePair.objects.get().first.contributors.get().family == "Author7"


def test_no_source_has_more_than_five_pairs_of_its_own() -> None:
    brought(*(paper("Stem cells for walking") for _ in range(9)))
    by_newer = [DuplicatePair.objects.filter(second=source).count() for source in Source.objects.order_by("pk")]
    assert by_newer == [0, 1, 2, 3, 4, 5, 5, 5, 5]
