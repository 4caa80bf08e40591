"""Claims side by side: one row per outcome, one column per voice, therapy or source."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Case, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from articles.lib import vocabulary as vocab
from articles.models import Claim, ClaimListing, Node
from articles.queries import claims
from articles.queries.trees import Trees

SHOWN = 3
# Strongest evidence first; then "no evidence offered", then what cannot be derived.
STRENGTH = Case(When(level="0", then=Value("7")), When(level="", then=Value("8")), default=F("level"))


@dataclass
class Cell:
    """What one column says on one outcome: the counts by effect, and the first few claims, strongest evidence first."""

    effects: dict[str, int] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.effects.values())

    @property
    def unshown(self) -> int:
        return self.total - len(self.claims)

    @property
    def counted(self) -> list[tuple[vocab.Effect, int]]:
        """(effect, number of claims) in the order of the vocabulary."""
        return [(effect, self.effects[effect]) for effect in vocab.Effect if effect in self.effects]


@dataclass
class Row:
    """One outcome, the domain it belongs to, and the outcomes directly below it, which have rows of their own."""

    outcome: Node
    domain: Node
    below: list[Node]
    cells: dict[str, Cell]

    @property
    def agreement(self) -> vocab.Agreement:
        """How the columns that state a direction compare; a claim without a direction says nothing here."""
        stated = [said for cell in self.cells.values() if (said := set(cell.effects) - {vocab.Effect.NOT_STATED.value})]
        if len(stated) < 2:
            return vocab.Agreement.ONE_AT_MOST
        if any(said != stated[0] for said in stated):
            return vocab.Agreement.DIFFER
        return vocab.Agreement.SAME if len(stated[0]) == 1 else vocab.Agreement.SAME_SEVERAL


def grid(base: QuerySet[ClaimListing], columns: Mapping[str, Q], trees: Trees, shown: int = SHOWN) -> list[Row]:
    """Rows in the order of the outcome tree, those with claims only. Two queries a column and two for the claims."""
    cells: dict[int, dict[str, Cell]] = {}
    picked: list[tuple[int, str, int]] = []
    for name, condition in columns.items():
        rows = base.filter(condition)
        for outcome, effect, n in rows.order_by().values_list("outcome_id", "effect").annotate(n=Count("pk")):
            cells.setdefault(outcome, {key: Cell() for key in columns})[name].effects[effect] = n
        picked += [(outcome, name, pk) for outcome, pk in _first_of_each(rows, shown)]
    by_id = {claim.pk: claim for claim in claims.rows(list({pk for _, _, pk in picked}))}
    for outcome, name, pk in picked:
        cells[outcome][name].claims.append(by_id[pk])
    in_order = [node for _, node in trees.outcome.walk() if node.pk in cells]
    tree = trees.outcome
    return [Row(node, tree.path(node.pk)[0], tree.children.get(node.pk, []), cells[node.pk]) for node in in_order]


def _first_of_each(rows: QuerySet[ClaimListing], shown: int) -> QuerySet:
    place = Window(
        RowNumber(), partition_by=F("outcome_id"), order_by=[STRENGTH, F("year").desc(nulls_last=True), F("pk").asc()]
    )
    numbered = rows.annotate(place=place).filter(place__lte=shown).order_by("outcome_id", "place")
    return numbered.values_list("outcome_id", "pk")
