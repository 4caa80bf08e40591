"""Facets: what a list can be narrowed by, and how long it would be after each choice.

A facet value's count is the length of the list once that value is chosen too: values of one facet widen the list (OR),
facets narrow each other (AND). The rows of the list are counted for all facets in one pass. Where a facet has a choice
already, a further value of it adds the rows that have it and miss that facet's choice alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Model, Q, QuerySet

from articles.lib import vocabulary as vocab
from articles.models import ClaimListing
from articles.queries.trees import Trees

BLANK = "blank"


@dataclass(frozen=True)
class Facet:
    """One facet of the lists.

    `terms` is its vocabulary, or None where its values are the nodes of the tree of the same name. `claim_column` and
    `source_column` name the column of either listing; a column ending in s holds several values.
    """

    name: str
    label: str
    terms: type[vocab.Term] | None
    claim_column: str
    source_column: str
    blank_label: str = ""

    def column(self, listing: type[Model]) -> str:
        return self.claim_column if listing is ClaimListing else self.source_column

    def is_many(self, listing: type[Model]) -> bool:
        return listing._meta.get_field(self.column(listing)).get_internal_type() == "ArrayField"

    def choices(self, trees: Trees) -> list[tuple[str, str]]:
        """(value, label) in display order."""
        if self.terms is None:
            return [(node.slug, node.name) for _, node in trees.named(self.name).walk()]
        blank = [(BLANK, self.blank_label)] if self.blank_label else []
        return [*self.terms.choices(), *blank]

    def stored(self, values: Iterable[str], trees: Trees) -> list[Any]:
        """The values as the column holds them; a node brings everything below it."""
        if self.terms is None:
            return trees.named(self.name).below(values)
        return ["" if value == BLANK else value for value in values]

    def condition(self, listing: type[Model], values: Iterable[str], trees: Trees) -> Q:
        """Rows that have one of the values."""
        lookup = "overlap" if self.is_many(listing) else "in"
        return Q(**{f"{self.column(listing)}__{lookup}": self.stored(values, trees)})

    def values_of(self, stored: Any, trees: Trees) -> set[str]:
        """The facet values that a row with this column content counts for."""
        contents = stored if isinstance(stored, list) else [stored]
        if self.terms is None:
            tree = trees.named(self.name)
            return {tree.by_id[pk].slug for pk in tree.above(contents)}
        return {content or BLANK for content in contents}


FACETS: tuple[Facet, ...] = (
    Facet("kind", "Kind of source", vocab.Kind, "kind", "kind"),
    Facet("interest", "Publisher's interest", vocab.PublisherInterest, "interest", "interest"),
    Facet("therapy", "Therapy", None, "therapy_ids", "therapy_ids"),
    Facet("condition", "Condition", None, "condition_id", "condition_ids"),
    Facet("outcome", "Outcome", None, "outcome_id", "outcome_ids"),
    Facet("effect", "Effect", vocab.Effect, "effect", "effects"),
    Facet("level", "Evidence level", vocab.EvidenceLevel, "level", "levels", "Not derivable"),
    Facet("design", "Study design", vocab.Design, "design", "designs", "Not assessed"),
    Facet("subject", "Studied in", vocab.Subject, "subject", "subjects", "Not assessed"),
    Facet("role", "Role of the quote", vocab.QuoteRole, "role", "roles"),
    Facet("wording", "Wording", vocab.Wording, "wording", "wordings"),
    Facet("basis", "Basis offered", vocab.Basis, "basis", "bases"),
    Facet(
        "publication_status", "Publication status", vocab.PublicationStatus, "publication_status", "publication_status"
    ),
    Facet("text_basis", "Text read", vocab.TextBasis, "text_basis", "text_basis"),
)
BY_NAME = {facet.name: facet for facet in FACETS}


@dataclass(frozen=True)
class FacetCounts:
    """`total` is the length of the list; `counts[facet][value]` its length once the value is chosen too."""

    total: int
    counts: Mapping[str, Mapping[str, int]]


def count(base: QuerySet, chosen: Mapping[str, list[str]], trees: Trees) -> FacetCounts:
    """Counts for a list: `base` holds everything but the chosen facet values. One query, and one per chosen facet."""
    conditions = {name: BY_NAME[name].condition(base.model, values, trees) for name, values in chosen.items()}
    rows = _grouped(base.filter(*conditions.values()))
    total = sum(n for position, _, n in rows if position == 0)
    counts: dict[str, Counter[str]] = {facet.name: Counter() for facet in FACETS}
    for position, stored, n in rows:
        facet = FACETS[position]
        counts[facet.name].update(dict.fromkeys(facet.values_of(stored, trees), n))
    for name, values in chosen.items():
        added = _added(base, name, conditions, trees)
        # Values of rows that are in the list already add none, but they can be chosen or left out too.
        held = dict.fromkeys([*counts[name], *values], total)
        counts[name] = Counter(held | {value: total + n for value, n in added.items()})
    return FacetCounts(total, counts)


def _added(base: QuerySet, name: str, conditions: Mapping[str, Q], trees: Trees) -> Counter[str]:
    """What each further value of a facet would add: the rows that meet every choice but the one of this facet."""
    facet = BY_NAME[name]
    others = [condition for other, condition in conditions.items() if other != name]
    rows = base.filter(*others).exclude(conditions[name])
    added: Counter[str] = Counter()
    for stored, n in rows.order_by().values_list(facet.column(base.model)).annotate(n=Count("pk")):
        added.update(dict.fromkeys(facet.values_of(stored, trees), n))
    return added


def _grouped(rows: QuerySet) -> list[tuple[int, Any, int]]:
    """(position of the facet, content of its column, number of rows), by one GROUPING SETS pass."""
    columns = [facet.column(rows.model) for facet in FACETS]
    inner, params = rows.order_by().values_list(*columns).query.sql_with_params()
    names = [f"c{i}" for i in range(len(columns))]
    listed = ", ".join(names)
    sets = ", ".join(f"({name})" for name in names)
    columns_and_counts = f"SELECT GROUPING({listed}), {listed}, count(*) FROM ({inner}) AS rows({listed})"
    sql = f"{columns_and_counts} GROUP BY GROUPING SETS ({sets})"
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [_unpack(row, len(columns)) for row in cursor.fetchall()]


def _unpack(row: tuple[Any, ...], width: int) -> tuple[int, Any, int]:
    # GROUPING sets one bit per column that is NOT grouped by; the single clear bit tells the facet.
    bits, *contents, n = row
    clear = ~bits & ((1 << width) - 1)
    position = width - clear.bit_length()
    return position, contents[position], n
