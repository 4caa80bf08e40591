"""The evidence map as rows of a file: one for each cell of the map as it is shown, those without claims too."""

from collections.abc import Iterator

from articles.lib import vocabulary as vocab
from articles.queries.evidence_map import EvidenceMap
from articles.queries.independence import EFFECTS, Cell, EffectCount
from articles.queries.map_heads import TREES, Head

VOICES = ("literature", "seller", "other")
COLUMNS = (
    "row",
    "row_slug",
    "column",
    "column_slug",
    "domain",
    "claims",
    "studies",
    "reviews",
    "other_statements",
    "sellers",
    "other_speakers",
    "retracted_claims",
    "best_level",
    *(f"{voice}_{effect}" for voice in VOICES for effect in EFFECTS),
)


def records(shown: EvidenceMap) -> Iterator[list[str | int]]:
    """The values of `COLUMNS` row by row; the effects count who states them independently."""
    domains = {head.key: head.name for head in shown.columns.shown if shown.columns.name in TREES}
    for row in shown.rows.shown:
        for column in shown.columns.shown:
            yield _record(row, column, domains.get(column.top, ""), shown.cell(row, column))


def _record(row: Head, column: Head, domain: str, cell: Cell) -> list[str | int]:
    literature = cell.literature
    return [
        row.name,
        row.key,
        column.name,
        column.key,
        domain,
        cell.claims,
        literature.studies,
        literature.reviews,
        literature.statements,
        cell.seller.speakers,
        cell.other.speakers,
        cell.uncounted,
        literature.best_level,
        *(_speakers(cell, voice, effect) for voice in VOICES for effect in EFFECTS),
    ]


def _speakers(cell: Cell, voice: str, effect: vocab.Effect) -> int:
    return cell.of(voice).effects.get(effect, EffectCount()).speakers
