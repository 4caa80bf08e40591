"""Bars by year: honest heights, whole numbers, a place for every year, and no text over another."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.lib.year_bars import GLYPH, LEAST_HEIGHT, MOST_BARS, WIDTHS, Bar, Chart, Text, chart

SERIES = st.dictionaries(st.integers(1000, 9999), st.integers(0, 100_000), max_size=30)
RECENT = st.dictionaries(st.integers(1985, 2026), st.integers(0, 60), max_size=42)


def drawn(above: dict[int, int], below: dict[int, int]) -> Chart:
    made = chart(above, below)
    assert made is not None
    return made


def bars(made: Chart) -> list[Bar]:
    return [*made.above, *made.below]


@pytest.mark.parametrize(("above", "below"), [({}, {}), ({2020: 0}, {2021: 0})])
def test_without_counts_there_is_no_chart(above: dict[int, int], below: dict[int, int]) -> None:
    assert chart(above, below) is None


def test_bars_stand_on_one_line_and_each_count_has_the_same_height_on_both_sides() -> None:
    made = drawn({2019: 4, 2021: 2}, {2021: 2, 2022: 1})
    assert [(bar.period, bar.count) for bar in made.above] == [("2019", 4), ("2021", 2)]
    assert [(bar.period, bar.count) for bar in made.below] == [("2021", 2), ("2022", 1)]
    assert {round(bar.height / bar.count, 2) for bar in bars(made)} == {24.0}
    assert all(bar.y + bar.height == made.zero for bar in made.above)
    assert all(bar.y == made.zero for bar in made.below)
    assert made.above[1].x == made.below[0].x


def test_years_without_claims_keep_their_place() -> None:
    first, second, last = drawn({2000: 1, 2001: 1, 2010: 1}, {}).above
    assert last.x - second.x == pytest.approx(9 * (second.x - first.x), abs=0.02)


@pytest.mark.parametrize(
    ("first", "last", "years_each", "name"),
    [
        (1990, 2026, 1, "1990"),
        (1987, 2026, 1, "1987"),
        (1986, 2026, 5, "1985–1989"),
        (1948, 2026, 5, "1945–1949"),
        (1800, 2026, 10, "1800–1809"),
        (1000, 9999, 500, "1000–1499"),
    ],
)
def test_a_long_time_is_told_in_periods(first: int, last: int, years_each: int, name: str) -> None:
    made = drawn({first: 2, first + 1: 3}, {last: 1})
    assert (made.years_each, made.above[0].period) == (years_each, name)
    assert sum(bar.count for bar in made.above) == 5


def test_a_single_year_has_one_slim_bar_in_the_middle_with_its_number_and_name() -> None:
    made = drawn({2021: 3}, {})
    (bar,), (name,) = made.above, made.periods
    assert bar.width < 10
    assert bar.x + bar.width / 2 == pytest.approx(made.left + (100 - made.left) / 2)
    assert (bar.number.words, bar.number.widths, name.words, name.widths) == ("3", WIDTHS, "2021", WIDTHS)


def test_thousands_fit_and_the_scale_says_so() -> None:
    made = drawn({2020: 4000, 2021: 9500}, {2021: 3})
    assert made.height < 250
    assert {tick.words for tick in made.ticks} == {"0", "2,000", "4,000", "6,000", "8,000"}
    (least,) = made.below
    assert least.height == LEAST_HEIGHT


@given(SERIES, SERIES)
def test_any_counts_make_a_chart_that_loses_none(above: dict[int, int], below: dict[int, int]) -> None:
    made = chart(above, below)
    if made is None:
        assert not any([*above.values(), *below.values()])
        return
    assert sum(bar.count for bar in made.above) == sum(above.values())
    assert sum(bar.count for bar in made.below) == sum(below.values())
    assert len({bar.x for bar in bars(made)}) <= MOST_BARS
    assert all(bar.x >= made.left - 0.01 and bar.x + bar.width <= 100.01 for bar in bars(made))
    assert all(bar.y > 0 and bar.y + bar.height < made.height for bar in bars(made))
    assert all(tick.words.replace(",", "").isdigit() for tick in made.ticks)
    assert made.ticks[[tick.words for tick in made.ticks].index("0")].y == made.zero


@given(RECENT, RECENT)
def test_no_text_runs_into_the_next(above: dict[int, int], below: dict[int, int]) -> None:
    made = chart(above, below)
    if made is None:
        return
    for line in (made.periods, [bar.number for bar in made.above], [bar.number for bar in made.below]):
        for width in WIDTHS:
            assert_apart([text for text in line if width in text.widths], width)
    assert all(any(width in text.widths for text in made.periods) for width in WIDTHS)
    heights = sorted(tick.y for tick in made.ticks)
    assert all(lower - upper >= 20 for upper, lower in pairwise(heights))


def assert_apart(line: list[Text], width: int) -> None:
    for one, other in pairwise(line):
        distance = (other.x - one.x) * width / 100
        assert distance > GLYPH * (len(one.words) + len(other.words)) / 2
