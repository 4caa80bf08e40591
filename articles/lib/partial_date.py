"""Dates as publications give them: a year, a season, a month or a day, and no more than that."""

import re
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)}
# Journals that count by seasons begin the year with winter.
_SEASON_MONTHS = {"winter": 1, "spring": 4, "summer": 7, "autumn": 10, "fall": 10}
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in MONTHS)
_TIME = r"[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?"
_ISO = re.compile(rf"(\d{{4}})(?:-(\d\d)(?:-(\d\d)(?:{_TIME})?)?)?", re.A)
_WORDED = re.compile(rf"(\d{{4}}) ({_MONTH})\.?(?: (\d{{1,2}}))?", re.A | re.I)
_DAY_FIRST = re.compile(rf"(\d{{1,2}}) ({_MONTH})\.?,? (\d{{4}})", re.A | re.I)
_SEASONAL = re.compile(rf"(\d{{4}}) (Winter|Spring|Summer|Autumn|Fall|(?:{_MONTH}) ?[-/] ?(?:{_MONTH}))", re.A | re.I)
_SEASON = re.compile(rf"(?:Winter|Spring|Summer|Autumn|Fall|({_MONTH})-(?:{_MONTH}))", re.A | re.I)


class InvalidDate(ValueError):
    """The text is no date, or the day does not exist."""


@dataclass(frozen=True)
class PartialDate:
    """A date that may lack its day or month. `season` is a season or a span of months, such as "Mar-Apr".

    Raises `InvalidDate` where no such day exists, or a day comes without a month, or a season beside a month.
    """

    year: int
    month: int | None = None
    day: int | None = None
    season: str | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise InvalidDate("A date with a day needs its month.")
        if self.season and self.month is not None:
            raise InvalidDate("A date has either a season or a month.")
        if self.season and not _SEASON.fullmatch(self.season):
            raise InvalidDate(f"{self.season!r} is neither a season nor a span of months.")
        try:
            date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)
        except (ValueError, OverflowError) as error:
            raise InvalidDate(f"There is no such date: {self.year}, month {self.month}, day {self.day}.") from error
        if self.year < 1000:
            raise InvalidDate(f"The year {self.year} has fewer than four digits.")

    def __str__(self) -> str:
        """The form that `parse` reads back without loss."""
        return f"{self.year} {self.season}" if self.season else self.isoformat()

    @property
    def precision(self) -> str:
        """How much of the date is known: year, season, month or day."""
        if self.season:
            return "season"
        return "day" if self.day else "month" if self.month else "year"

    @property
    def sort_date(self) -> date:
        """The first day the date may mean, to sort by."""
        return date(self.year, self.month or self._first_month_of_season(), self.day or 1)

    def isoformat(self) -> str:
        """ISO 8601 as far as it is known: "2012-10-22", "2012-10" or "2012"; a season gives its year only."""
        parts = [f"{self.year:04}", f"{self.month:02}" if self.month else "", f"{self.day:02}" if self.day else ""]
        return "-".join(part for part in parts if part)

    def display(self) -> str:
        """The date for readers: "22 October 2012", "October 2012", "Spring 2021" or "2012"."""
        month = MONTHS[self.month - 1] if self.month else self.season or ""
        return " ".join(part for part in (str(self.day or ""), month, str(self.year)) if part)

    def _first_month_of_season(self) -> int:
        season = (self.season or "").lower()
        return _SEASON_MONTHS.get(season) or _MONTH_NUMBERS.get(season[:3], 1)


def parse(text: str) -> PartialDate:
    """Reads ISO dates and times, "2012 Oct 22", "22 October 2012", "1998 Mar-Apr" and "2021 Spring".

    Of a time only the day is kept, as written and whatever its zone. Raises `InvalidDate`.
    """
    text = text.strip()
    if match := _ISO.fullmatch(text):
        year, month, day = (int(part) if part else None for part in match.groups())
        return PartialDate(year or 0, month, day)
    if match := _WORDED.fullmatch(text):
        return PartialDate(int(match[1]), _month(match[2]), int(match[3]) if match[3] else None)
    if match := _DAY_FIRST.fullmatch(text):
        return PartialDate(int(match[3]), _month(match[2]), int(match[1]))
    if match := _SEASONAL.fullmatch(text):
        return PartialDate(int(match[1]), season=_tidy_season(match[2]))
    raise InvalidDate(f"{text[:60]!r} is not a date; expected something like 2012-10-22, 2012-10, 2012 or 2021 Spring.")


def _month(name: str) -> int:
    return _MONTH_NUMBERS[name[:3].lower()]


def _tidy_season(season: str) -> str:
    """Seasons and months in capitals, spans as "Mar-Apr"."""
    months = re.split(r" ?[-/] ?", season)
    return "-".join(name[:3].title() for name in months) if len(months) > 1 else season.title()
