"""What each voice says in each cell of a table, counted by who speaks independently.

One trial counts once, however many papers report it; one seller counts once, however many pages it has
(`ClaimListing.speaker`). A claim of a retracted or withdrawn source is among the claims but speaks for nothing.
A literature speaker is a study where it reports its own result in the cell, else a review where it sums up studies
there, else another statement. A speaker that states two effects is counted under each.

A therapy, condition or outcome holds what stands below it, each claim and each speaker once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from articles.lib import vocabulary as vocab
from articles.models import ClaimListing
from articles.queries import kept
from articles.queries.facets import BLANK
from articles.queries.trees import Tree, Trees
from articles.queries.voices import voice

# The key of a table's margins: everything in the row, in the column, or in both.
ALL = "*"
UNCOUNTED = (vocab.PublicationStatus.RETRACTED, vocab.PublicationStatus.WITHDRAWN)
# The levels, strongest first; then "no evidence offered", then what cannot be derived.
STRENGTHS = ("1", "2", "3", "4", "5", "0", "")
EFFECTS = tuple(vocab.Effect)

# What stands above the roots of a tree, in place of an id.
ROOT = 0


def case(column: str, numbers: Mapping[str, int]) -> str:
    """The SQL of a column's values as numbers; a value that is not among them is NULL."""
    return "CASE {} {} END".format(column, " ".join(f"WHEN '{value}' THEN {n}" for value, n in numbers.items()))


STANDS = "l.publication_status NOT IN ({})".format(", ".join(f"'{status}'" for status in UNCOUNTED))
STRENGTH = case("l.level", {level: i for i, level in enumerate(STRENGTHS)})

# What a claim adds to what its speaker says in a cell: a bit each, or none where it does not stand.
EFFECT_BITS = {effect.value: 1 << i for i, effect in enumerate(EFFECTS)}
STUDY, REVIEW = 1 << len(EFFECTS), 2 << len(EFFECTS)
ROLE_BITS = {vocab.QuoteRole.OWN_RESULT.value: STUDY, vocab.QuoteRole.REVIEW_SYNTHESIS.value: REVIEW}
LEVEL_BITS = {level: 4 << len(EFFECTS) + i for i, level in enumerate(STRENGTHS)}
EFFECT = case("l.effect", EFFECT_BITS)
ROLE = case("l.role", ROLE_BITS)
BITS = f"CASE WHEN {STANDS} THEN {EFFECT} | coalesce({ROLE}, 0) | {case('l.level', LEVEL_BITS)} ELSE 0 END"
# Who is counted by them: those with each effect, the studies, and these with the reviews.
SPOKEN = (*EFFECT_BITS.values(), STUDY, STUDY | REVIEW)
COLUMNS = ("effect", "level", "role", "publication_status", "speaker")


@dataclass(frozen=True)
class EffectCount:
    """One effect in one cell: claims, and who states it independently (claims of retracted sources left out)."""

    claims: int = 0
    speakers: int = 0


@dataclass(frozen=True)
class Said:
    """What one voice says in one cell."""

    claims: int = 0
    uncounted: int = 0
    speakers: int = 0
    studies: int = 0
    reviews: int = 0
    best_level: str = ""
    effects: Mapping[vocab.Effect, EffectCount] = field(default_factory=dict)

    @property
    def statements(self) -> int:
        """Literature that neither reports a result of its own nor sums up studies here."""
        return self.speakers - self.studies - self.reviews

    @property
    def balance(self) -> list[tuple[vocab.Effect, EffectCount]]:
        """The effects that are claimed, in the order of the vocabulary."""
        return [(effect, self.effects[effect]) for effect in EFFECTS if effect in self.effects]


NOTHING = Said()


@dataclass(frozen=True)
class Cell:
    """What the voices say in one cell; they are never added up, only their claims are."""

    literature: Said = NOTHING
    seller: Said = NOTHING
    other: Said = NOTHING

    @property
    def claims(self) -> int:
        """As many as the list of claims with the same conditions holds."""
        return self.literature.claims + self.seller.claims + self.other.claims

    @property
    def uncounted(self) -> int:
        """Claims of retracted and withdrawn sources, whoever speaks."""
        return self.literature.uncounted + self.seller.uncounted + self.other.uncounted

    def of(self, voice: str) -> Said:
        """What one voice says: literature, seller or other."""
        said: Said = getattr(self, voice)
        return said


EMPTY = Cell()


@dataclass(frozen=True)
class Axis:
    """What the rows or the columns of a table stand for.

    `name` is therapy, condition or outcome, whose keys are slugs, or a column of the listing with one value (kind,
    design, year and so on), whose keys are its values and "blank". Of a tree only the nodes of `slugs` have cells.
    """

    name: str
    slugs: tuple[str, ...] = ()

    @property
    def is_tree(self) -> bool:
        return self.name in ("therapy", "condition", "outcome")

    def keyed(self, alias: str, trees: Trees) -> tuple[str, list[Any]]:
        """The join that gives each row `l` its keys, and ALL, in `alias`.key; and its parameters."""
        if not self.is_tree:
            return f"CROSS JOIN LATERAL unnest(ARRAY[coalesce(l.{self.name}::text, ''), '{ALL}']) AS {alias}(key)", []
        tree = trees.named(self.name)
        wanted = [tree.by_slug[slug].pk for slug in self.slugs]
        if self.name == "therapy":
            above = "SELECT id FROM unnest(l.therapy_path_ids) AS up(id) WHERE id = ANY(%s::bigint[])"
            return f"CROSS JOIN LATERAL ({above} UNION ALL SELECT {ROOT}) AS {alias}(key)", [wanted]
        leaves, nodes = _pairs(tree, set(wanted))
        join = f"JOIN unnest(%s::bigint[], %s::bigint[]) AS {alias}(leaf, key) ON {alias}.leaf = l.{self.name}_id"
        return join, [leaves, nodes]

    def key(self, stored: Any, trees: Trees) -> str:
        """The key that stands for what the database gives."""
        if self.is_tree:
            return trees.named(self.name).by_id[stored].slug if stored != ROOT else ALL
        return str(stored) or BLANK


@dataclass(frozen=True)
class NoAxis(Axis):
    """One row, or one column, for everything."""

    name: str = ""

    def keyed(self, alias: str, trees: Trees) -> tuple[str, list[Any]]:
        return f"CROSS JOIN (SELECT '{ALL}') AS {alias}(key)", []


def _pairs(tree: Tree, wanted: set[int]) -> tuple[list[int], list[int]]:
    """Each node beside each wanted node at or above it, and beside ROOT."""
    pairs = [(pk, up) for pk in tree.by_id for up in (*tree.ancestors(pk), ROOT) if up in wanted or up == ROOT]
    return [leaf for leaf, _ in pairs], [node for _, node in pairs]


@dataclass(frozen=True)
class Table:
    """Cells by (row key, column key); the margins have the key ALL."""

    cells: Mapping[tuple[str, str], Cell]

    def cell(self, row: str = ALL, column: str = ALL) -> Cell:
        """The cell, or an empty one."""
        return self.cells.get((row, column), EMPTY)


def table(
    rows: QuerySet[ClaimListing], trees: Trees, row_axis: Axis | None = None, column_axis: Axis | None = None
) -> Table:
    """Every cell that has claims, with the margins; without axes the one cell of everything. Two queries at most."""
    row_axis, column_axis = row_axis or NoAxis(), column_axis or NoAxis()
    at = kept.state()
    sql, parameters = _select(rows, trees, row_axis, column_axis)
    voices: dict[tuple[str, str], dict[str, Said]] = {}
    for row, column, who, *counts in kept.answer(sql, parameters, at):
        place = row_axis.key(row, trees), column_axis.key(column, trees)
        voices.setdefault(place, {})[who] = _said(counts)
    return Table({place: Cell(**said) for place, said in voices.items()})


def _select(rows: QuerySet[ClaimListing], trees: Trees, row_axis: Axis, column_axis: Axis) -> tuple[str, list[Any]]:
    """Each claim in each of its cells; from these the claims of a cell, and its speakers, each with all it says."""
    names = dict.fromkeys([*COLUMNS, *_listed(row_axis), *_listed(column_axis)])
    listed = rows.order_by().annotate(voice=voice()).values_list("voice", *names)
    inner, parameters = listed.query.sql_with_params()
    row_join, row_parameters = row_axis.keyed("r", trees)
    column_join, column_parameters = column_axis.keyed("c", trees)
    sql = f"""
        WITH placed AS MATERIALIZED (
            SELECT r.key AS r, c.key AS c, l.voice, l.speaker, {EFFECT} AS effect, {BITS} AS bits
            FROM ({inner}) AS l(voice, {", ".join(names)}) {row_join} {column_join}
        ),
        claims AS (
            SELECT r, c, voice, count(*), count(*) FILTER (WHERE bits = 0),
                {_counted("effect = {}", EFFECT_BITS.values())}
            FROM placed GROUP BY r, c, voice
        ),
        speakers AS (
            SELECT r, c, voice, bit_or(bits), count(*) FILTER (WHERE bits <> 0), {_counted("(bits & {}) <> 0", SPOKEN)}
            FROM (SELECT r, c, voice, speaker, bit_or(bits) AS bits FROM placed GROUP BY r, c, voice, speaker) AS said
            GROUP BY r, c, voice
        )
        SELECT * FROM claims JOIN speakers USING (r, c, voice)
    """
    return sql, [*parameters, *row_parameters, *column_parameters]


def _listed(axis: Axis) -> list[str]:
    """The columns of the listing that an axis reads."""
    columns = {"": [], "therapy": ["therapy_path_ids"], "condition": ["condition_id"], "outcome": ["outcome_id"]}
    return columns.get(axis.name, [axis.name])


def _counted(condition: str, numbers: Iterable[int]) -> str:
    return ", ".join(f"count(*) FILTER (WHERE {condition.format(number)})" for number in numbers)


def _said(counts: list[Any]) -> Said:
    claims, uncounted, *rest = counts
    claimed, (bits, speakers, *spoken) = rest[: len(EFFECTS)], rest[len(EFFECTS) :]
    effects = {effect: EffectCount(n, who) for effect, n, who in zip(EFFECTS, claimed, spoken, strict=False) if n}
    studies, studies_or_reviews = spoken[len(EFFECTS) :]
    best_level = next((level for level, bit in LEVEL_BITS.items() if bits & bit), "")
    return Said(claims, uncounted, speakers, studies, studies_or_reviews - studies, best_level, effects)
