"""CSV as the database writes it: COPY streams the rows, so a file of any length takes no memory.

UTF-8 with a byte order mark, because Excel reads a file without one in the local code page; LibreOffice, pandas and
DuckDB skip it.
A cell that a spreadsheet would run as a formula gets an apostrophe in front, which the spreadsheet shows as plain text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

CONTENT_TYPE = "text/csv; charset=utf-8"
BOM = b"\xef\xbb\xbf"
# What spreadsheets take as the start of a formula: = + - @, in full width too, and a tab or line end before them.
FORMULA_STARTS = "'=', '+', '-', '@', '＝', '＋', '－', '＠', E'\\t', E'\\r', E'\\n'"


@dataclass(frozen=True)
class Column:
    """A column of a file; `is_text` where its content comes from people and so must be defused."""

    name: str
    is_text: bool = True


def copy_statement(rows: str, columns: Sequence[Column]) -> str:
    """The COPY statement for a SELECT that yields these columns in order. Its placeholders stay as they are."""
    names = [f"c{i}" for i in range(len(columns))]
    cells = ", ".join(
        f'{_defused(name) if column.is_text else name} AS "{column.name}"'
        for name, column in zip(names, columns, strict=True)
    )
    return f"COPY (SELECT {cells} FROM ({rows}) AS rows({', '.join(names)})) TO STDOUT (FORMAT csv, HEADER)"


def _defused(cell: str) -> str:
    return f"CASE WHEN left({cell}, 1) IN ({FORMULA_STARTS}) THEN '''' || {cell} ELSE {cell} END"
