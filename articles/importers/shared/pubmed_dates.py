"""Dates of issues as PubMed prints them: "2012 Oct 22", "1998 Mar-Apr", "2021 Spring", "1998 Dec-1999 Jan"."""

import re
from functools import lru_cache

from articles.lib import partial_date
from articles.lib.partial_date import InvalidDate, PartialDate

_DAYS = re.compile(r"(\d{4} [A-Za-z]{3,9}) \d{1,2}-\d{1,2}")
_SEASON_FIRST = re.compile(r"([A-Za-z]{4,6}) (\d{4})")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", re.ASCII)


@lru_cache(maxsize=10_000)
def read(printed: str) -> tuple[PartialDate | None, bool]:
    """The date as far as it is clear, and whether that is all that was printed.

    Of a span that a `PartialDate` cannot hold the month or the year in which it begins is kept.
    """
    printed = printed.strip()
    date = _parsed(printed) or _parsed(_SEASON_FIRST.sub(r"\2 \1", printed))
    if date:
        return date, True
    days = _DAYS.fullmatch(printed)
    year = _YEAR.search(printed)
    return (_parsed(days[1]) if days else None) or (_parsed(year[0]) if year else None), not printed


def _parsed(printed: str) -> PartialDate | None:
    try:
        return partial_date.parse(printed)
    except InvalidDate:
        return None
