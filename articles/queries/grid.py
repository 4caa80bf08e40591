"""Claims side by side: one row per outcome, one column per voice, therapy, source or publisher."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from articles.lib import vocabulary as vocab
from articles.models import Claim, ClaimListing, Node
from articles.queries import claims
from articles.queries.independence import UNCOUNTED
from articles.queries.trees import Trees
from articles.queries.voices import SELLER

SHOWN = 3
EFFECTS = tuple(vocab.Effect)
LADDER = tuple(reversed(vocab.Wording))
SURE = (vocab.Wording.GUARANTEED, vocab.Wording.DEFINITE)
# Strongest first; what cannot be derived is not among them.
LEVELS = tuple(vocab.EvidenceLevel)
NOT_IN_PEOPLE = (vocab.EvidenceLevel.FIVE, vocab.EvidenceLevel.NONE_OFFERED)
FALLEN = Q(publication_status__in=[status.value for status in UNCOUNTED])
# Strongest evidence first; then "no evidence offered", what cannot be derived, and what was taken back.
STRENGTH = Case(
    When(FALLEN, then=Value("9")),
    When(level="0", then=Value("7")),
    When(level="", then=Value("8")),
    default=F("level"),
)


class Said(NamedTuple):
    """What claims have in common that are counted together.

    `stands`: the source is not retracted or withdrawn. `sells`: it is a seller of the therapy.
    """

    effect: str
    wording: str = ""
    level: str = ""
    stands: bool = True
    sells: bool = False


@dataclass(frozen=True)
class Step:
    """One step of the ladder of wording, and how many claims stand on it, of which so many are by sellers."""

    wording: vocab.Wording
    n: int
    sellers: int
    is_highest: bool


@dataclass
class Cell:
    """What one column says on one outcome: how many claims say what, and a few of them."""

    said: Counter[Said] = field(default_factory=Counter)
    claims: list[Claim] = field(default_factory=list)

    @property
    def effects(self) -> dict[str, int]:
        """Number of claims by effect."""
        counts: Counter[str] = Counter()
        for said, n in self.said.items():
            counts[said.effect] += n
        return dict(counts)

    @property
    def directions(self) -> set[str]:
        """The effects that claims of sources which are not retracted or withdrawn state."""
        return {said.effect for said in self.said if said.stands} - {vocab.Effect.NOT_STATED.value}

    @property
    def total(self) -> int:
        return self.said.total()

    @property
    def unshown(self) -> int:
        return self.total - len(self.claims)

    @property
    def counted(self) -> list[tuple[vocab.Effect, int]]:
        """(effect, number of claims) in the order of the vocabulary."""
        effects = self.effects
        return [(effect, effects[effect]) for effect in EFFECTS if effect in effects]

    @property
    def ladder(self) -> list[Step]:
        """How sure the claims sound, from speculative up to guaranteed."""
        counts: Counter[str] = Counter()
        sellers: Counter[str] = Counter()
        for said, n in self.said.items():
            counts[said.wording] += n
            sellers[said.wording] += n * said.sells
        highest = next((wording for wording in reversed(LADDER) if counts[wording]), None)
        return [Step(wording, counts[wording], sellers[wording], wording == highest) for wording in LADDER]

    @property
    def best_level(self) -> vocab.EvidenceLevel | None:
        """The strongest evidence behind its claims that stand; None where no level can be derived.

        "No evidence offered" only where that is so of each of them: what has no level may still cite a study.
        """
        known = {said.level for said in self.said if said.stands}
        best = next((level for level in LEVELS if level in known), None)
        return None if best == vocab.EvidenceLevel.NONE_OFFERED and "" in known else best

    @property
    def sure_without_people(self) -> vocab.Wording | None:
        """The surest wording of claims with no evidence, or none from people, in a cell that has none from people.

        None where such claims are worded with a reserve, where any claim that stands has evidence from people, and
        where a sure one has a level that cannot be derived: it may cite a study of people.
        """
        sure = [said for said in self.said if said.stands and said.wording in SURE]
        if self.best_level not in (*NOT_IN_PEOPLE, None) or any(said.level not in NOT_IN_PEOPLE for said in sure):
            return None
        worded = {said.wording for said in sure}
        return next((wording for wording in SURE if wording in worded), None)


@dataclass
class Row:
    """One outcome, the domain it belongs to, and the outcomes directly below it, which have rows of their own."""

    outcome: Node
    domain: Node
    below: list[Node]
    cells: dict[str, Cell]

    @property
    def agreement(self) -> vocab.Agreement:
        """How the columns that state a direction compare; a claim without one, or taken back, says nothing here."""
        stated = [directions for cell in self.cells.values() if (directions := cell.directions)]
        if len(stated) < 2:
            return vocab.Agreement.ONE_AT_MOST
        if any(said != stated[0] for said in stated):
            return vocab.Agreement.DIFFER
        return vocab.Agreement.SAME if len(stated[0]) == 1 else vocab.Agreement.SAME_SEVERAL


@dataclass
class Table:
    """The rows, and how many claims stand in exactly which columns: each claim is in one of these sets, once."""

    rows: list[Row]
    together: Counter[frozenset[str]]

    @property
    def distinct(self) -> int:
        """Claims in the table, each counted once."""
        return self.together.total()

    @property
    def repeated(self) -> int:
        """Claims that stand in more than one column."""
        return sum(n for columns, n in self.together.items() if len(columns) > 1)

    def shared(self, *columns: str) -> int:
        """Claims that stand in every one of these columns; of one column, its length."""
        return sum(n for held, n in self.together.items() if held.issuperset(columns))


def grid(base: QuerySet[ClaimListing], columns: Mapping[str, Q], trees: Trees, shown: int = SHOWN) -> list[Row]:
    """Rows in the order of the outcome tree, those with claims only, in each cell the first claims, strongest first.

    Four queries, whatever the number of columns and claims.
    """
    rows = count(base, columns, trees).rows
    show(rows, base, columns, shown)
    return rows


def count(base: QuerySet[ClaimListing], columns: Mapping[str, Q], trees: Trees) -> Table:
    """The counts without the claims: one query. `columns` are the conditions for a claim to stand there, by name."""
    cells: dict[int, dict[str, Cell]] = {}
    together: Counter[frozenset[str]] = Counter()
    for (outcome, *facts, n), held in _tallied(base, columns):
        row = cells.setdefault(outcome, {name: Cell() for name in columns})
        for name in held:
            row[name].said[Said(*facts)] += n
        together[held] += n
    tree = trees.outcome
    in_order = [node for _, node in tree.walk() if node.pk in cells]
    rows = [Row(node, tree.path(node.pk)[0], tree.children.get(node.pk, []), cells[node.pk]) for node in in_order]
    return Table(rows, together)


def _tallied(base: QuerySet[ClaimListing], columns: Mapping[str, Q]) -> Iterator[tuple[list, frozenset[str]]]:
    """(outcome, the facts of Said, number) and the columns that such claims stand in."""
    members = {f"in_{i}": condition for i, condition in enumerate(columns.values())}
    flags = {"stands": ~FALLEN, "sells": SELLER} | members
    rows = base.filter(reduce(or_, columns.values())).order_by()
    rows = rows.annotate(**{name: ExpressionWrapper(asked, BooleanField()) for name, asked in flags.items()})
    grouped = rows.values_list("outcome_id", "effect", "wording", "level", *flags).annotate(n=Count("pk"))
    for row in grouped:
        facts, is_in = row[: -1 - len(columns)], row[-1 - len(columns) : -1]
        yield [*facts, row[-1]], frozenset(name for name, held in zip(columns, is_in, strict=True) if held)


def show(
    rows: list[Row], base: QuerySet[ClaimListing], columns: Mapping[str, Q], shown: int, *, each_effect: bool = False
) -> None:
    """Put the first claims into each cell: so many in all, or so many of each effect in the order of the effects."""
    cells = {row.outcome.pk: row.cells for row in rows}
    names = list(columns)
    picked = sorted(
        (column, EFFECTS.index(effect) if each_effect else 0, place, outcome, pk)
        for outcome, pk, effect, column, place in _first(base, columns, shown, each_effect)
    )
    by_id = {claim.pk: claim for claim in claims.rows(list({pk for *_, pk in picked}))}
    for column, _, _, outcome, pk in picked:
        # A claim taken back between the queries is missing in one of them.
        if outcome in cells and pk in by_id:
            cells[outcome][names[column]].claims.append(by_id[pk])


def _first(base: QuerySet[ClaimListing], columns: Mapping[str, Q], shown: int, each_effect: bool) -> QuerySet:
    partition = [F("outcome_id"), F("effect")] if each_effect else [F("outcome_id")]
    order = [STRENGTH, F("year").desc(nulls_last=True), F("pk").asc()]
    place = Window(RowNumber(), partition_by=partition, order_by=order)
    parts = [
        base.filter(condition)
        .order_by()
        .annotate(place=place, column=Value(i, IntegerField()))
        .filter(place__lte=shown)
        .values_list("outcome_id", "pk", "effect", "column", "place")
        for i, condition in enumerate(columns.values())
    ]
    return parts[0].union(*parts[1:], all=True)
