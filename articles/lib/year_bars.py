"""The geometry of a chart of counts by year: one series in bars above a line, another one below it, on one scale.

Across, everything is a percentage of the chart's width, so that the chart stretches while its text keeps its size; up
and down it is pixels. How much text fits depends on the width: each text names the widths at which it is shown.
The scale starts at zero and is the same above and below; its ticks are whole numbers. A year without bars keeps its
place.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

MOST_BARS = 40
# Widths of the chart in pixels from which on more text fits; below the first one nothing but the bars is shown.
WIDTHS = (260, 320, 420, 540, 680)
PLOT, MOST_PER_ITEM, TICK_SPACE = 150.0, 24.0, 22.0
ABOVE, BELOW, YEAR_LINE = 20.0, 18.0, 22.0
LEAST_HEIGHT = 1.5
GLYPH, GAP = 7.0, 5.0
BAR_SHARE, WIDEST_BAR = 0.76, 8.0


@dataclass(frozen=True)
class Text:
    """Words centred at `x`; `widths` are the chart's widths, from WIDTHS, at which there is room for them."""

    words: str
    x: float
    y: float
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Bar:
    """The count of one period; `number` stands at the end of the bar."""

    period: str
    count: int
    x: float
    width: float
    y: float
    height: float
    number: Text


@dataclass(frozen=True)
class Tick:
    """A whole number on the scale and the height of its line."""

    words: str
    y: float


@dataclass(frozen=True)
class Chart:
    """`left` is where the bars begin; `zero` is the height of the line; `years_each` tells how long a period is."""

    height: float
    left: float
    zero: float
    years_each: int
    above: tuple[Bar, ...]
    below: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    periods: tuple[Text, ...]


@dataclass(frozen=True)
class _Frame:
    """Where things go: the first year and the length of the periods across, the scale up and down."""

    first: int
    years_each: int
    periods: int
    left: float
    zero: float
    per_item: float

    @property
    def slot(self) -> float:
        return (100 - self.left) / self.periods

    def middle(self, year: int) -> float:
        return round(self.left + ((year - self.first) // self.years_each + 0.5) * self.slot, 3)

    def name(self, year: int) -> str:
        last = year + self.years_each - 1
        return str(year) if last == year else f"{year}–{last}"

    def room(self, words: str, slots: int = 1) -> tuple[int, ...]:
        """The widths at which words of this length fit into so many slots."""
        needed = GLYPH * len(words) + GAP
        return tuple(width for width in WIDTHS if slots * self.slot * width / 100 >= needed)


def chart(above: Mapping[int, int], below: Mapping[int, int]) -> Chart | None:
    """The chart of two series of counts by year; None where there is nothing to draw."""
    years = [year for series in (above, below) for year, n in series.items() if n > 0]
    if not years:
        return None
    years_each = _years_each(min(years), max(years))
    up, down = _grouped(above, years_each), _grouped(below, years_each)
    highest, lowest = max(up.values(), default=0), max(down.values(), default=0)
    per_item = min(MOST_PER_ITEM, PLOT / (highest + lowest))
    first = min(years) // years_each * years_each
    frame = _Frame(
        first=first,
        years_each=years_each,
        periods=(max(years) - first) // years_each + 1,
        left=_left(max(highest, lowest)),
        zero=round(ABOVE + highest * per_item, 2),
        per_item=per_item,
    )
    bottom = round(frame.zero + lowest * per_item + (BELOW if lowest else 0), 2)
    return Chart(
        height=bottom + YEAR_LINE,
        left=frame.left,
        zero=frame.zero,
        years_each=years_each,
        above=tuple(_bars(frame, up, is_above=True)),
        below=tuple(_bars(frame, down, is_above=False)),
        ticks=tuple(_ticks(frame, highest, lowest)),
        periods=tuple(_period_names(frame, bottom + YEAR_LINE - 6)),
    )


def _round_numbers() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50, 100 and so on."""
    for power in count():
        yield from (10**power, 2 * 10**power, 5 * 10**power)


def _years_each(first: int, last: int) -> int:
    """The length of a period: one year, or five, ten, twenty and so on where there would be too many bars."""
    lengths = (length for length in _round_numbers() if length != 2)
    return next(length for length in lengths if last // length - first // length < MOST_BARS)


def _grouped(series: Mapping[int, int], years_each: int) -> dict[int, int]:
    grouped: dict[int, int] = {}
    for year, n in series.items():
        if n > 0:
            start = year // years_each * years_each
            grouped[start] = grouped.get(start, 0) + n
    return grouped


def _left(largest: int) -> float:
    """Room for the numbers of the scale, even where the chart is narrow."""
    return round((GLYPH * len(f"{largest:,}") + 2 * GAP) / WIDTHS[0] * 100, 2)


def _bars(frame: _Frame, series: Mapping[int, int], *, is_above: bool) -> Iterator[Bar]:
    # The numbers of one side are shown all together or not at all.
    widths = frame.room(f"{max(series.values(), default=0):,}")
    for year, n in sorted(series.items()):
        yield _bar(frame, year, n, widths, is_above=is_above)


def _bar(frame: _Frame, year: int, n: int, widths: tuple[int, ...], *, is_above: bool) -> Bar:
    height = round(max(n * frame.per_item, LEAST_HEIGHT), 2)
    width = round(min(frame.slot * BAR_SHARE, WIDEST_BAR), 3)
    middle = frame.middle(year)
    end = frame.zero - height - 4 if is_above else frame.zero + height + 13
    return Bar(
        period=frame.name(year),
        count=n,
        x=round(middle - width / 2, 3),
        width=width,
        y=round(frame.zero - height if is_above else frame.zero, 2),
        height=height,
        number=Text(f"{n:,}", middle, round(end, 2), widths),
    )


def _ticks(frame: _Frame, highest: int, lowest: int) -> Iterator[Tick]:
    step = next(n for n in _round_numbers() if n * frame.per_item >= TICK_SPACE)
    for value in range(lowest // step * step, -1, -step):
        if value:
            yield Tick(f"{value:,}", round(frame.zero + value * frame.per_item, 2))
    for value in range(0, highest + 1, step):
        yield Tick(f"{value:,}", round(frame.zero - value * frame.per_item, 2))


def _period_names(frame: _Frame, y: float) -> Iterator[Text]:
    """The names of round periods, as many as there is room for at each width."""
    longest = frame.name(frame.first)
    every = {width: _named_every(frame, longest, width) for width in WIDTHS}
    for place in range(frame.periods):
        year = frame.first + place * frame.years_each
        widths = tuple(width for width, years in every.items() if year % years == 0)
        if widths:
            yield Text(frame.name(year), frame.middle(year), y, widths)


def _named_every(frame: _Frame, longest: str, width: int) -> int:
    """Every how many years a period is named."""
    steps = (n for n in _round_numbers() if n % frame.years_each == 0)
    return next(n for n in steps if width in frame.room(longest, n // frame.years_each))
