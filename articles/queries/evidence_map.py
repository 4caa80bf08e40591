"""The evidence map: who speaks about what, and where nobody does.

Rows and columns are the nodes of a tree or the values of a column; cells and margins are counted by `independence`.
They are asked for all nodes, whatever is folded, so that folding and unfolding ask the database for nothing new.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from articles.models import ClaimListing, Node
from articles.queries.independence import ALL, Axis, Cell, Table, table
from articles.queries.map_heads import Head, Heads, Side
from articles.queries.trees import Trees

# What may stand in rows or columns: one of it, several of it.
AXES = {
    "therapy": ("Therapy", "therapies"),
    "outcome": ("Outcome", "outcomes"),
    "condition": ("Condition", "conditions"),
    "kind": ("Kind of source", "kinds of source"),
    "design": ("Study design", "study designs"),
    "subject": ("Studied in", "kinds of subject"),
    "year": ("Year", "years"),
}
DEEPEST = 9
USUAL_DEPTH = 2
# What a page can show and a reader take in; the file has everything.
MOST_ROWS, MOST_COLUMNS = 150, 100
Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Shape:
    """What stands where: names of `AXES`, and how the rows of a tree are unfolded.

    `depth` is the number of levels shown, None for as many as fit; `opened` and `shut` are slugs of nodes whose
    children are shown or hidden whatever the depth. With `is_by_domain` a column stands for everything below it.
    """

    rows: str = "therapy"
    columns: str = "outcome"
    depth: int | None = None
    opened: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()
    is_by_domain: bool = False
    has_gaps: bool = False


@dataclass(frozen=True)
class EvidenceMap:
    """Rows by columns; `depth` is the number of levels of the rows that are unfolded."""

    rows: Side
    columns: Side
    depth: int
    table: Table

    def cell(self, row: Head, column: Head) -> Cell:
        """What is said about both."""
        return self.table.cell(row.key, column.key)

    @property
    def whole(self) -> Cell:
        """Everything that meets the filters, each claim and each speaker once."""
        return self.table.cell()


def evidence_map(
    rows: QuerySet[ClaimListing], trees: Trees, shape: Shape, chosen: Values, excluded: Values
) -> EvidenceMap:
    """The map of these rows, which meet the `chosen` and miss the `excluded` facet values. Two queries at most."""
    counted = table(rows, trees, _axis(shape.rows, trees), _axis(shape.columns, trees))
    in_rows = {row: cell.claims for (row, column), cell in counted.cells.items() if column == ALL}
    in_columns = {column: cell.claims for (row, column), cell in counted.cells.items() if row == ALL}
    row_heads, column_heads = (
        Heads(name, trees, claims, chosen.get(name, ()), excluded.get(name, ()), shape.has_gaps)
        for name, claims in ((shape.rows, in_rows), (shape.columns, in_columns))
    )
    depth, row_side = _unfolded(row_heads, shape)
    column_side = column_heads.side(lambda node, at: not shape.is_by_domain)
    return EvidenceMap(row_side, column_side, depth, counted)


def counts_by_condition(rows: QuerySet[ClaimListing], trees: Trees) -> dict[str, int]:
    """Claims by the slug of the condition, what stands below it included. Two queries at most."""
    counted = table(rows, trees, _axis("condition", trees))
    return {slug: claims for slug in trees.condition.by_slug if (claims := counted.cell(slug).claims)}


def _axis(name: str, trees: Trees) -> Axis:
    axis = Axis(name)
    return Axis(name, tuple(trees.named(name).by_slug)) if axis.is_tree else axis


def _unfolded(heads: Heads, shape: Shape) -> tuple[int, Side]:
    """The levels of the rows as asked for, else as many as fit; and the rows."""
    usual = _at_depth(heads, shape, shape.depth or USUAL_DEPTH)
    if shape.depth or len(usual.shown) <= MOST_ROWS:
        return shape.depth or USUAL_DEPTH, usual
    return 1, _at_depth(heads, shape, 1)


def _at_depth(heads: Heads, shape: Shape, depth: int) -> Side:
    def is_open(node: Node, at: int) -> bool:
        return node.slug in shape.opened or (at + 1 < depth and node.slug not in shape.shut)

    return heads.side(is_open)
