"""Facets: what a list can be narrowed by, and how long it would be after each choice.

A facet value's count is the length of the list once that value is chosen too: values of one facet widen the list
(OR), facets narrow each other (AND). All counts come from one pass over the listing rows. Each row gets a mark: 0
where it meets every chosen facet, j where it misses facet j alone, nothing where it misses more. A value of facet j
then adds the rows marked j that have it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When

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
    """Counts for a list: `base` holds everything but the chosen facet values. One query."""
    listing = base.model
    active = [BY_NAME[name] for name in chosen]
    rows = _grouped(base, _mark(listing, active, chosen, trees))
    total = sum(n for mark, position, _, n in rows if mark == 0 and position == 0)
    marks = {facet.name: position for position, facet in enumerate(active, start=1)}
    added: dict[str, dict[str, int]] = {facet.name: {} for facet in FACETS}
    for mark, position, stored, n in rows:
        facet = FACETS[position]
        own = marks.get(facet.name, 0)
        if mark not in (0, own):
            continue
        # A value whose rows are all in the list already adds none, but it can be chosen too.
        more = n if mark == own else 0
        for value in facet.values_of(stored, trees):
            added[facet.name][value] = added[facet.name].get(value, 0) + more
    counts = {facet.name: _with_choice(added[facet.name], chosen.get(facet.name, []), total) for facet in FACETS}
    return FacetCounts(total, counts)


def _with_choice(added: dict[str, int], chosen: list[str], total: int) -> dict[str, int]:
    if not chosen:
        return added
    return {value: total + n for value, n in added.items()} | dict.fromkeys(chosen, total)


def _mark(listing: type[Model], active: list[Facet], chosen: Mapping[str, list[str]], trees: Trees) -> Case | Value:
    if not active:
        return Value(0, IntegerField())
    conditions = [facet.condition(listing, chosen[facet.name], trees) for facet in active]
    all_but = [reduce(and_, (c for j, c in enumerate(conditions) if j != i), Q()) for i in range(len(conditions))]
    # An empty Q as a condition is refused by Case; with one facet chosen, missing it alone asks nothing of the others.
    missing_one = [When(q if q else Q(pk__isnull=False), then=Value(i)) for i, q in enumerate(all_but, start=1)]
    return Case(When(reduce(and_, conditions), then=Value(0)), *missing_one, default=None, output_field=IntegerField())


def _grouped(base: QuerySet, mark: Case | Value) -> list[tuple[int, int, Any, int]]:
    """(mark, position of the facet, content of its column, number of rows), by one GROUPING SETS pass."""
    columns = [facet.column(base.model) for facet in FACETS]
    inner, params = base.order_by().annotate(mark=mark).values_list("mark", *columns).query.sql_with_params()
    names = [f"c{i}" for i in range(len(columns))]
    listed = ", ".join(names)
    sets = ", ".join(f"(mark, {name})" for name in names)
    sql = (
        f"SELECT mark, GROUPING({listed}), {listed}, count(*) FROM ({inner}) AS rows(mark, {listed}) "
        f"WHERE mark IS NOT NULL GROUP BY GROUPING SETS ({sets})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [_unpack(row, len(columns)) for row in cursor.fetchall()]


def _unpack(row: tuple, width: int) -> tuple[int, int, Any, int]:
    # GROUPING sets one bit per column that is NOT grouped by; the single clear bit tells the facet.
    mark, bits, *contents, n = row
    clear = ~bits & ((1 << width) - 1)
    position = width - clear.bit_length()
    return mark, position, contents[position], n
