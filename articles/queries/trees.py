"""The trees in memory: a few hundred nodes, read once per request."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from articles.models import Condition, Node, Outcome, Therapy


class Tree:
    """Nodes by id and slug, and who stands above and below whom."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.by_id: dict[int, Node] = {node.pk: node for node in nodes}

    @classmethod
    def load(cls, model: type[Node]) -> "Tree":
        return cls(model.objects.order_by("pk"))

    @cached_property
    def by_slug(self) -> dict[str, Node]:
        return {node.slug: node for node in self.by_id.values()}

    @cached_property
    def children(self) -> dict[int | None, list[Node]]:
        children: dict[int | None, list[Node]] = {}
        for node in self.by_id.values():
            children.setdefault(node.parent_id, []).append(node)
        return children

    @cached_property
    def _ancestors(self) -> dict[int, tuple[int, ...]]:
        return {pk: tuple(self._climb(pk)) for pk in self.by_id}

    @cached_property
    def _descendants(self) -> dict[int, frozenset[int]]:
        below: dict[int, set[int]] = {pk: set() for pk in self.by_id}
        for pk, ancestors in self._ancestors.items():
            for ancestor in ancestors:
                below[ancestor].add(pk)
        return {pk: frozenset(ids) for pk, ids in below.items()}

    def _climb(self, pk: int | None) -> Iterator[int]:
        while pk is not None:
            yield pk
            pk = self.by_id[pk].parent_id

    def ancestors(self, pk: int) -> tuple[int, ...]:
        """Ids from the node itself up to its root."""
        return self._ancestors[pk]

    def descendants(self, pk: int) -> frozenset[int]:
        """Ids of the node itself and everything below it."""
        return self._descendants[pk]

    def below(self, slugs: Iterable[str]) -> list[int]:
        """Ids of the named nodes and everything below them, in order."""
        return sorted(set().union(*(self.descendants(self.by_slug[slug].pk) for slug in slugs)))

    def above(self, ids: Iterable[int]) -> set[int]:
        """Ids of the nodes and everything above them."""
        return set().union(*(self.ancestors(pk) for pk in ids))

    def path(self, pk: int) -> list[Node]:
        """The nodes from the root down to this one."""
        return [self.by_id[ancestor] for ancestor in reversed(self.ancestors(pk))]

    def walk(self, parent: int | None = None, depth: int = 0) -> Iterator[tuple[int, Node]]:
        """(depth, node) for the whole tree, each node before its children."""
        for node in self.children.get(parent, []):
            yield depth, node
            yield from self.walk(node.pk, depth + 1)


@dataclass(frozen=True)
class Trees:
    """The three trees together."""

    therapy: Tree
    condition: Tree
    outcome: Tree

    @classmethod
    def load(cls) -> "Trees":
        return cls(Tree.load(Therapy), Tree.load(Condition), Tree.load(Outcome))

    def named(self, name: str) -> Tree:
        """The tree of a facet: therapy, condition or outcome."""
        trees = {"therapy": self.therapy, "condition": self.condition, "outcome": self.outcome}
        return trees[name]
