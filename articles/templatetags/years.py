"""Claims by year: the chart, what it shows in a sentence, and the table behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import template
from django.urls import reverse

from articles.lib import querystring, year_bars
from articles.queries.years import Years
from articles.templatetags.voices import NAMES, of_voice

register = template.Library()


@dataclass(frozen=True)
class TableRow:
    """One year (None: no date) with (voice, number of claims) in the order of the columns."""

    year: int | None
    cells: list[tuple[str, int]]


@register.filter
def year_chart(years: Years) -> year_bars.Chart | None:
    """The literature above the line and sellers below; None where neither has a dated claim."""
    return year_bars.chart(years.dated("literature"), years.dated("seller"))


@register.filter
def year_rows(years: Years) -> list[TableRow]:
    """The rows of the table: the years with claims, and one for those without a date."""
    shown: list[int | None] = [*years.years, *([None] if years.undated else [])]
    return [TableRow(year, [(who, years.counts[who, year]) for who in years.voices]) for year in shown]


@register.filter
def year_totals(years: Years) -> list[tuple[str, int]]:
    """(voice, all its claims) in the order of the columns."""
    return [(who, years.total(who)) for who in years.voices]


@register.simple_tag
def year_list(query: str, who: str, year: int | None = None) -> str:
    """The list that a number of the table counts; `query` holds the parameters of the list of everything counted."""
    state = querystring.narrowed(querystring.parse(query), of_voice(who))
    if year is not None:
        state |= {name: [str(year)] for name in ("year_min", "year_max")}
    return f"{reverse('claims')}?{querystring.encode(state)}"


@register.filter
def year_summary(years: Years) -> str:
    """What the chart shows, in words."""
    return " ".join(_sentences(years))


def _sentences(years: Years) -> Iterator[str]:
    for who in years.voices[:2]:
        yield f"{NAMES[who]}: {_of_one(years.dated(who))}."
    if others := sum(years.dated("other").values()):
        yield f"{_claims(others)} of other sources {'stands' if others == 1 else 'stand'} in the table only."
    if years.undated:
        yield f"{_claims(years.undated)} without a date {'is' if years.undated == 1 else 'are'} not drawn."


def _of_one(dated: dict[int, int]) -> str:
    if not dated:
        return "no dated claims"
    first, last = min(dated), max(dated)
    if first == last:
        return f"{_claims(dated[first])}, from {first}"
    most = max(dated.values())
    busiest = [year for year, n in dated.items() if n == most]
    told = f", most in {busiest[0]} ({most:,})" if len(busiest) == 1 else ""
    return f"{_claims(sum(dated.values()))} from {first} to {last}{told}"


def _claims(n: int) -> str:
    return f"{n:,} claim{'' if n == 1 else 's'}"
