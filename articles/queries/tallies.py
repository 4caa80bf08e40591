"""Counts for the tree pages and the home page."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from articles.lib import vocabulary as vocab
from articles.models import ClaimListing, Node, SourceListing
from articles.queries.facets import BY_NAME
from articles.queries.trees import Tree, Trees
from articles.queries.voices import voice

MAP_ROWS = 12


@dataclass(frozen=True)
class Tally:
    """A node of a tree with what lies at it and below."""

    node: Node
    depth: int
    sources: int
    literature: int
    sellers: int
    other: int

    @property
    def claims(self) -> int:
        return self.literature + self.sellers + self.other


def tally(name: str, trees: Trees) -> list[Tally]:
    """Every node of the tree `name` (therapy, condition, outcome) in tree order. Two queries."""
    tree = trees.named(name)
    sources = _rolled_up(SourceListing.objects.all(), BY_NAME[name].source_column, tree)
    by_voice = _claims_by_voice(BY_NAME[name].claim_column, tree)
    return [
        Tally(
            node,
            depth,
            sources[node.pk],
            by_voice[node.pk, "literature"],
            by_voice[node.pk, "seller"],
            by_voice[node.pk, "other"],
        )
        for depth, node in tree.walk()
    ]


def _ids(content: int | list[int]) -> list[int]:
    return content if isinstance(content, list) else [content]


def _rolled_up(rows: QuerySet, column: str, tree: Tree) -> Counter[int]:
    """Rows at each node and below, each row once per node."""
    counts: Counter[int] = Counter()
    for content, n in rows.order_by().values_list(column).annotate(n=Count("pk")):
        counts.update(dict.fromkeys(tree.above(_ids(content)), n))
    return counts


def _claims_by_voice(column: str, tree: Tree) -> Counter[tuple[int, str]]:
    counts: Counter[tuple[int, str]] = Counter()
    grouped = ClaimListing.objects.annotate(voice=voice()).values_list(column, "voice").annotate(n=Count("pk"))
    for content, who, n in grouped.order_by():
        counts.update({(node, who): n for node in tree.above(_ids(content))})
    return counts


@dataclass(frozen=True)
class Corpus:
    """The corpus in numbers."""

    sources: int
    claims: int
    therapies: int
    kinds: list[tuple[vocab.Kind, int]]
    effects: list[tuple[vocab.Effect, int]]


def tagged_therapies() -> set[int]:
    """Ids of the therapies that public claims are tagged with. One query."""
    return {
        pk for ids in ClaimListing.objects.order_by().values_list("therapy_ids", flat=True).distinct() for pk in ids
    }


def corpus() -> Corpus:
    """Three queries over the listing rows."""
    kinds = dict(SourceListing.objects.order_by().values_list("kind").annotate(n=Count("pk")))
    effects = dict(ClaimListing.objects.order_by().values_list("effect").annotate(n=Count("pk")))
    return Corpus(
        sum(kinds.values()),
        sum(effects.values()),
        len(tagged_therapies()),
        [(kind, kinds[kind]) for kind in vocab.Kind if kind in kinds],
        [(effect, effects[effect]) for effect in vocab.Effect if effect in effects],
    )


@dataclass(frozen=True)
class SmallMap:
    """Therapies (with their depth) by outcome domains: (claims of the literature, claims of sellers) per cell."""

    domains: list[Node]
    rows: list[tuple[int, Node, list[tuple[int, int]]]]


def small_map(trees: Trees) -> SmallMap:
    """The therapies with the most claims against the first level of the outcomes. One query."""
    cells: Counter[tuple[int, int, str]] = Counter()
    grouped = ClaimListing.objects.annotate(voice=voice()).values_list("therapy_ids", "outcome_id", "voice")
    for therapy_ids, outcome, who, n in grouped.annotate(n=Count("pk")).order_by():
        domain = trees.outcome.path(outcome)[0].pk
        cells.update({(therapy, domain, who): n for therapy in trees.therapy.above(therapy_ids)})
    domains = trees.outcome.children.get(None, [])
    busiest = _busiest(cells)
    rows = [
        (depth, node, [(cells[node.pk, d.pk, "literature"], cells[node.pk, d.pk, "seller"]) for d in domains])
        for depth, node in trees.therapy.walk()
        if node.pk in busiest
    ]
    return SmallMap(domains, rows)


def _busiest(cells: Counter[tuple[int, int, str]]) -> set[int]:
    totals: Counter[int] = Counter()
    for (therapy, _, _), n in cells.items():
        totals[therapy] += n
    return {therapy for therapy, _ in totals.most_common(MAP_ROWS)}
