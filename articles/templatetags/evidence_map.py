"""What stands in a cell of the evidence map, in words, numbers and signs.

Written in Python: a map has thousands of cells, and a template takes ten times as long for each.
"""

from collections.abc import Iterator

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.lib.question_words import one_or_more
from articles.queries import matching
from articles.queries.evidence_map import AXES
from articles.queries.independence import Cell, Said
from articles.queries.map_heads import TREES, Side
from articles.templatetags.badges import SYMBOLS

register = template.Library()

LEVELS = {"": "no level", "0": "no evidence"} | {str(level): f"level {level}" for level in "12345"}
# The singular of an axis, where its name is none.
ONE = {"subject": "kind of subject"}
# A page of clinics that says something else, such as a price, promises nothing.
PROMISED, SAID = "promised, not studied here", "said by sellers only"


def only_sellers(cell: Cell, is_selective: bool) -> str:
    """In words that sellers speak where no study or review does; blank where that is not so or cannot be told.

    It cannot be told where the map is selective: the studies may have been filtered away.
    """
    if is_selective or not cell.seller.speakers or cell.literature.studies or cell.literature.reviews:
        return ""
    if any(cell.seller.effects[effect].speakers for effect in matching.PROMISED if effect in cell.seller.effects):
        return PROMISED
    return "" if cell.literature.speakers else SAID


def nouns(axis: str, is_by_domain: bool) -> tuple[str, str]:
    """What the rows or the columns are: one of it, several of it."""
    name, many = AXES[axis]
    one = ONE.get(axis, name.lower())
    return (f"domain of {many}", f"domains of {many}") if is_by_domain and axis in TREES else (one, many)


@register.simple_tag
def heads(side: Side, is_by_domain: bool = False) -> SafeString:
    """How many rows or columns of what, such as "4 years and sources without a date"."""
    dated = sum(not head.is_undated for head in side.shown)
    said = [counted(dated, *nouns(side.name, is_by_domain), bold=True)] if dated else []
    if dated < len(side.shown):
        said.append("sources without a date")
    return SafeString(" and ".join(said))


@register.filter
def studies_and_sellers(cell: Cell) -> str:
    """The margin of a row or a column in words."""
    return f"{counted(cell.literature.studies, 'study', 'studies')}, {counted(cell.seller.speakers, 'seller')}"


@register.simple_tag
def cell_content(cell: Cell, is_selective: bool) -> SafeString:
    """The literature above, sellers below it, then the rest. Nothing in it needs escaping."""
    return SafeString("".join(_content(cell, is_selective)))


def _content(cell: Cell, is_selective: bool) -> Iterator[str]:
    literature, seller = cell.literature, cell.seller
    if literature.speakers:
        level = f'<span class="cell-level">{LEVELS[literature.best_level]}</span>'
        yield _band("literature", "Literature", _speakers(literature), literature, level)
    if finding := only_sellers(cell, is_selective):
        yield f'<span class="cell-finding">{finding} </span>'
    if seller.speakers:
        yield _band("seller", "Sellers", counted(seller.speakers, "seller", bold=True), seller)
    elif literature.speakers and not is_selective:
        yield '<span class="cell-nobody">no seller </span>'
    if cell.other.speakers:
        yield _band("other", "Others", counted(cell.other.speakers, "other source", bold=True), cell.other)
    if gone := cell.uncounted:
        yield f'<span class="cell-band cell-retracted">{counted(gone, "retracted claim", bold=True)}</span>'


def _band(voice: str, name: str, speakers: str, said: Said, level: str = "") -> str:
    heading = f'<span class="visually-hidden">{name}: </span>'
    return f'<span class="cell-band voice-edge-{voice}">{heading}<span>{speakers} </span>{_effects(said)}{level}</span>'


def _speakers(said: Said) -> str:
    found = (
        (said.studies, "study", "studies"),
        (said.reviews, "review", "reviews"),
        (said.statements, "statement", "statements"),
    )
    return ", ".join(f'<span class="cell-count">{counted(*one, bold=True)}</span>' for one in found if one[0])


def _effects(said: Said) -> str:
    balance = "".join(
        f'<span class="effect-{effect.value}"><span class="symbol" aria-hidden="true">{SYMBOLS[effect.value]}</span>'
        f'<span class="visually-hidden">{effect.label.lower()} </span>{count.speakers} </span>'
        for effect, count in said.balance
        if count.speakers
    )
    return f'<span class="cell-effects">{balance}</span>'


def counted(n: int, one: str, many: str = "", *, bold: bool = False) -> str:
    """A number with its noun, such as "1 study" or "2 studies"."""
    number = f"<b>{n:,}</b>" if bold else f"{n:,}"
    return f"{number} {one_or_more(n, one, many or one + 's')}"


@register.simple_tag
def place_marks(rows: str, columns: str, row: str, column: str) -> SafeString:
    """The attributes that name the row and the column of a cell."""
    return format_html(
        '{}="{}" {}="{}"', SafeString(_mark(rows, "row")), row, SafeString(_mark(columns, "column")), column
    )


def _mark(axis: str, side: str) -> str:
    return f"data-{axis if axis in ('therapy', 'outcome') else side}"
