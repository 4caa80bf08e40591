"""CSV of rows that stand in memory, in the same dress as that of the database (`exporters.csv`)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from articles.exporters.csv import BOM

# What spreadsheets take as the start of a formula: = + - @, in full width too, and a tab or line end before them.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def blocks(names: Sequence[str], rows: Iterable[Sequence[str | int]]) -> Iterator[bytes]:
    """The file in blocks, a row each. Texts that a spreadsheet would run as a formula get an apostrophe in front."""
    yield BOM + _line(names)
    for row in rows:
        yield _line([_defused(cell) if isinstance(cell, str) else cell for cell in row])


def _defused(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _line(cells: Sequence[str | int]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue().encode()
