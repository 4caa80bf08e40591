"""Dates that may lack their day or month."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.lib.partial_date import InvalidDate, PartialDate, parse


@pytest.mark.parametrize(
    ("written", "precision", "iso", "display", "first_day"),
    [
        ("2012 Oct 22", "day", "2012-10-22", "22 October 2012", date(2012, 10, 22)),
        ("22 October 2012", "day", "2012-10-22", "22 October 2012", date(2012, 10, 22)),
        ("2012-10-22", "day", "2012-10-22", "22 October 2012", date(2012, 10, 22)),
        ("2022-08-12T14:29:49.818Z", "day", "2022-08-12", "12 August 2022", date(2022, 8, 12)),
        ("2020-02-29T23:30:00+09:00", "day", "2020-02-29", "29 February 2020", date(2020, 2, 29)),
        ("2021-09", "month", "2021-09", "September 2021", date(2021, 9, 1)),
        ("2021 May", "month", "2021-05", "May 2021", date(2021, 5, 1)),
        ("1998 Mar-Apr", "season", "1998", "Mar-Apr 1998", date(1998, 3, 1)),
        ("1998 March/April", "season", "1998", "Mar-Apr 1998", date(1998, 3, 1)),
        ("2021 spring", "season", "2021", "Spring 2021", date(2021, 4, 1)),
        ("2021 Winter", "season", "2021", "Winter 2021", date(2021, 1, 1)),
        ("2021", "year", "2021", "2021", date(2021, 1, 1)),
    ],
)
def test_dates_as_publications_write_them(written: str, precision: str, iso: str, display: str, first_day: date):
    parsed = parse(written)
    assert (parsed.precision, parsed.isoformat(), parsed.display()) == (precision, iso, display)
    assert parsed.sort_date == first_day
    assert parse(str(parsed)) == parsed


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "2021-02-30",
        "2021-13",
        "2021-00",
        "0999",
        "12",
        "2021 Foo",
        "2021 Oct 32",
        "2021-10-22 noon",
        "\u0662\u0660\u0662\u0661",
    ],
)
def test_what_is_no_date_is_refused(written: str):
    with pytest.raises(InvalidDate):
        parse(written)


@pytest.mark.parametrize(
    "parts",
    [{"day": 1}, {"month": 13}, {"month": 2, "day": 30}, {"month": 3, "season": "Spring"}, {"season": "Monsoon"}],
)
def test_impossible_parts_are_refused(parts: dict):
    with pytest.raises(InvalidDate):
        PartialDate(2021, **parts)


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_refused(written: str):
    try:
        parsed = parse(written)
    except InvalidDate:
        return
    assert parse(str(parsed)) == parsed


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_survives(day: date):
    assert parse(day.isoformat()).sort_date == day
