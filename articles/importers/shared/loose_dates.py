"""Dates as people type them into reference managers: read as far as they are clear."""

import re

from articles.lib import partial_date
from articles.lib.partial_date import MONTHS, InvalidDate, PartialDate
from articles.lib.text import normalise

_SLASHED = re.compile(r"(\d{4})/([^/]{0,30})(?:/([^/]{0,10})(?:/(.{0,60}))?)?", re.ASCII)
_DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.ASCII)
_WORDS_FIRST = re.compile(r"([A-Za-z][A-Za-z /-]{2,30}?)\.?(?:,? (\d{1,2}))?,? (\d{4})", re.ASCII)
_DAY_AND_MONTH = re.compile(r"(\d{1,2})\.? ([A-Za-z]{3,9})", re.ASCII)
_NUMBER = re.compile(r"0?([1-9]|1[0-2])", re.ASCII)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", re.ASCII)
_LONGEST = 200


def read(written: str) -> tuple[PartialDate | None, bool]:
    """The date as far as it can be read, and whether that is all the text says.

    Reads what `partial_date.parse` does, and "2012/10/22/", "2012///Spring", "Oct 22, 2012" and "22.10.2012". Where
    only the year is clear, it is given.
    """
    text = " ".join(normalise(written[:_LONGEST]).split())
    forms = (text, _from_slashes(text), _from_numbers(text), _from_words(text))
    for form in forms:
        if form and (date := _parsed(form)):
            return date, True
    without_words = _from_slashes(text.rpartition("/")[0])
    if without_words and (date := _parsed(without_words)):
        return date, False
    years = set(_YEAR.findall(text))
    return (PartialDate(int(years.pop())), False) if len(years) == 1 else (None, False)


def of(year: str, month: str = "", day: str = "") -> tuple[PartialDate | None, bool]:
    """The date of a year, a month (its number, its name, a season or a span) and a day, as `read` gives it."""
    name = month_name(month)
    if not day and (with_day := _DAY_AND_MONTH.fullmatch(name)):
        day, name = with_day.groups()
    return read(" ".join(part for part in (year, name, day.strip()) if part))


def month_name(month: str) -> str:
    """The name of a month that is given by its number; anything else as written, spans with one hyphen."""
    number = _NUMBER.fullmatch(month.strip())
    return MONTHS[int(number[1]) - 1] if number else re.sub(r"-+", "-", normalise(month))


def _parsed(text: str) -> PartialDate | None:
    try:
        return partial_date.parse(text)
    except InvalidDate:
        return None


def _from_slashes(text: str) -> str:
    """RIS: year, month, day, and then a season or other words, each of which may be empty."""
    match = _SLASHED.fullmatch(text)
    if match is None:
        return ""
    year, month, day, other = (part.strip() if part else "" for part in match.groups())
    return " ".join(part for part in (year, month_name(month), day, other) if part)


def _from_numbers(text: str) -> str:
    """Day and month, unless either could be the month: then only the year is clear."""
    match = _DAY_OR_MONTH_FIRST.fullmatch(text)
    if match is None:
        return ""
    day, month = (match[1], match[2]) if int(match[1]) > 12 else (match[2], match[1])
    is_clear = int(day) > 12 >= int(month) or day == month
    return f"{match[3]} {month_name(month)} {day}" if is_clear else ""


def _from_words(text: str) -> str:
    match = _WORDS_FIRST.fullmatch(text)
    return " ".join(part for part in (match[3], match[1], match[2]) if part) if match else ""
