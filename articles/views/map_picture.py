"""The evidence map as a picture: what of it fits on a slide, in the words of the page."""

from django.utils import timezone

from articles.exporters.svg_map import Glyph, Lane, Part, Picture
from articles.lib import vocabulary as vocab
from articles.queries.evidence_map import AXES, EvidenceMap
from articles.queries.independence import Cell, Said
from articles.queries.map_heads import TREES, Head, Side
from articles.templatetags.badges import SYMBOLS
from articles.templatetags.evidence_map import LEVELS, counted, only_sellers
from articles.views.listing import in_words
from articles.views.map_address import Asked

MOST_ROWS, MOST_COLUMNS = 30, 12
SOURCE = "Counts of independent studies and of sellers, never added up: not medical advice."


def picture(found: EvidenceMap, wanted: Asked, address: str) -> Picture:
    """The picture of a map that was asked for; `address` is its page."""
    shape, conditions = wanted.shape, [text for text, _, _ in in_words(wanted.filters)]
    columns = _columns(found.columns)
    rows = found.rows.shown[:MOST_ROWS]
    effects = [effect for effect in vocab.Effect if _occurs(effect, found.whole)]
    return Picture(
        title=f"{AXES[shape.rows][0]} by {AXES[shape.columns][0].lower()}: who claims what",
        subtitle="; ".join(conditions) or "All claims",
        columns=[column.name for column in columns],
        rows=[(row.depth, row.name) for row in rows],
        glyphs=[
            [_glyph(row, column, found.cell(row, column), wanted.is_selective) for column in columns] for row in rows
        ],
        key=[Part(effect, SYMBOLS[effect], 0) for effect in effects],
        key_labels=[effect.label.lower() for effect in effects],
        notes=[*_cuts(found, columns), _reading(), f"mskb, {timezone.now():%-d %B %Y}. {SOURCE} {address}"],
    )


def _columns(side: Side) -> list[Head]:
    """The columns, by domain only where there are too many; the first ones where there are still too many."""
    if len(side.shown) <= MOST_COLUMNS:
        return side.shown
    tops = [top for top, _ in side.groups]
    return (tops if side.name in TREES else side.shown)[:MOST_COLUMNS]


def _cuts(found: EvidenceMap, columns: list[Head]) -> list[str]:
    said = []
    tops = len(found.columns.groups)
    if len(columns) < len(found.columns.shown):
        by_domain = found.columns.name in TREES
        said.append("Columns: " + ("each holds what stands below it" if by_domain else "the first ones only") + ".")
        if len(columns) < tops:
            said.append(f"{len(columns)} of {tops} columns are shown.")
    if len(found.rows.shown) > MOST_ROWS:
        said.append(f"{MOST_ROWS} of {len(found.rows.shown)} rows are shown.")
    return [" ".join(said)] if said else []


def _reading() -> str:
    return (
        "Blue: the literature; “2 studies +1” are two independent studies and one review or other statement; "
        "the level is that of the strongest evidence. Purple: sellers. A bar divides by effect those who state one."
    )


def _occurs(effect: vocab.Effect, whole: Cell) -> bool:
    return any(effect in said.effects for said in (whole.literature, whole.seller))


def _glyph(row: Head, column: Head, cell: Cell, is_selective: bool) -> Glyph | None:
    if not cell.claims:
        return None
    name = f"{row.name}, {column.name}: {counted(cell.claims, 'claim')}"
    return Glyph(name, _literature(cell, is_selective), _seller(cell, is_selective))


def _literature(cell: Cell, is_selective: bool) -> Lane:
    said = cell.literature
    if finding := only_sellers(cell, is_selective):
        return Lane(finding, is_finding=True)
    if not said.speakers:
        return Lane(_beside(cell))
    more = said.reviews + said.statements
    studies = counted(said.studies, "study", "studies") if said.studies else "no study"
    level = LEVELS[said.best_level]
    return Lane(studies + (f" +{more}" if more else ""), (level, level.replace("level ", "L")), _parts(said))


def _beside(cell: Cell) -> str:
    """What stands in a cell in which the literature does not count."""
    if cell.other.speakers:
        return counted(cell.other.speakers, "other source")
    gone = cell.uncounted
    return counted(gone, "retracted claim") if gone else ""


def _seller(cell: Cell, is_selective: bool) -> Lane:
    said = cell.seller
    if said.speakers:
        return Lane(counted(said.speakers, "seller"), parts=_parts(said))
    return Lane("" if is_selective else "no seller")


def _parts(said: Said) -> list[Part]:
    return [Part(effect, SYMBOLS[effect], count.speakers) for effect, count in said.balance if count.speakers]
