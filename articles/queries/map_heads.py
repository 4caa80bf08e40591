"""The rows and the columns of the evidence map: which nodes or values can stand there, and in which order.

Where the list is filtered by the facet of an axis, the axis begins at what was chosen: so each cell is the length of
the list of its row and its column. No address could name the list of a row beside the chosen ones, such as the claims
about a combination.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from articles.models import Node
from articles.queries.facets import BLANK, BY_NAME
from articles.queries.trees import Trees

TREES = ("therapy", "condition", "outcome")
UNDATED = "Without a date"
# Asked for a node and how far below the topmost one it stands.
IsOpen = Callable[[Node, int], bool]


@dataclass(frozen=True)
class Head:
    """A row or a column: a slug or a value, and its name.

    Of a node also the key of the topmost node above it on this map, how far below that it stands, how many nodes
    right below it could be shown, and whether they are.
    """

    key: str
    name: str
    top: str
    depth: int = 0
    narrower: int = 0
    is_open: bool = False

    @property
    def is_undated(self) -> bool:
        """Whether it holds the sources without a date, which is no year."""
        return (self.key, self.name) == (BLANK, UNDATED)


@dataclass(frozen=True)
class Side:
    """The rows, or the columns: those shown, and those about which nobody claims anything, shown or not."""

    name: str
    shown: list[Head]
    silent: list[Head]

    @property
    def groups(self) -> list[tuple[Head, list[Head]]]:
        """Each topmost head with all that belongs to it, itself first."""
        grouped = groupby(self.shown, key=lambda head: head.top)
        return [(heads[0], heads) for heads in (list(found) for _, found in grouped)]


@dataclass(frozen=True)
class Heads:
    """What can stand on one side: `name` is that of the axis, `claims` has the number of claims by key.

    `chosen` and `excluded` are the values of its facet that the filters name.
    """

    name: str
    trees: Trees
    claims: Mapping[str, int]
    chosen: Sequence[str] = ()
    excluded: Sequence[str] = ()
    has_gaps: bool = False

    def side(self, is_open: IsOpen) -> Side:
        """The heads in order; below a node stand others where it is open."""
        heads = list(self._heads(is_open))
        return Side(
            self.name,
            [head for head in heads if self._is_shown(head.key)],
            [head for head in heads if not self.claims.get(head.key)],
        )

    def _is_shown(self, key: str) -> bool:
        return self.has_gaps or bool(self.claims.get(key))

    def _heads(self, is_open: IsOpen) -> Iterator[Head]:
        if self.name in TREES:
            return self._unfolded(self._tops(), is_open)
        return (Head(value, label, value) for value, label in self._values())

    def _values(self) -> list[tuple[str, str]]:
        """(value, label) in the order of the vocabulary; of years only those with claims, for there is no end."""
        if self.name == "year":
            undated = [(BLANK, UNDATED)] if self.claims.get(BLANK) else []
            return [*((year, year) for year in sorted(self.claims) if year.isdecimal()), *undated]
        choices = BY_NAME[self.name].choices(self.trees)
        return [(value, label) for value, label in choices if self._is_wanted(value)]

    def _is_wanted(self, value: str) -> bool:
        return value not in self.excluded and (not self.chosen or value in self.chosen)

    def _tops(self) -> list[Node]:
        """The topmost of the chosen nodes, else the roots."""
        tree = self.trees.named(self.name)
        if not self.chosen:
            return self._left(tree.children.get(None, []))
        chosen = [node for _, node in tree.walk() if node.slug in self.chosen]
        ids = {node.pk for node in chosen}
        return self._left([node for node in chosen if ids.isdisjoint(tree.ancestors(node.pk)[1:])])

    def _unfolded(self, nodes: Sequence[Node], is_open: IsOpen, depth: int = 0, top: str = "") -> Iterator[Head]:
        tree = self.trees.named(self.name)
        for node in nodes:
            below = self._left(tree.children.get(node.pk, []))
            narrower = sum(self._is_shown(child.slug) for child in below)
            shows_them = bool(below) and is_open(node, depth)
            yield Head(node.slug, node.name, top or node.slug, depth, narrower, shows_them)
            if shows_them:
                yield from self._unfolded(below, is_open, depth + 1, top or node.slug)

    def _left(self, nodes: Sequence[Node]) -> list[Node]:
        return [node for node in nodes if node.slug not in self.excluded]
