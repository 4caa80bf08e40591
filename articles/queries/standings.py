"""Where promises stand, counted and put in order by the database: one query for a page of them, kept until a change.

First what is promised (`matching.Point`) and what results there are at each therapy, condition and outcome; then both
are joined along the trees, so the time grows with the places, not with promises times results.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from django.db.models import QuerySet

from articles.lib import vocabulary as vocab
from articles.models import ClaimListing
from articles.queries import kept, matching
from articles.queries.independence import case
from articles.queries.matching import Point, Stance
from articles.queries.trees import Tree, Trees

BITS = {stance: 1 << i for i, stance in enumerate(Stance)}
# Those that differ most from the evidence first.
RANKS = tuple(vocab.EvidenceMatch)
EFFECTS = {effect.value: effect for effect in vocab.Effect}
PROMISED = ("therapy_ids", "therapy_path_ids", "condition_id", "outcome_id", "effect", "wording")
REPORTED = ("therapy_ids", "condition_id", "outcome_id", "effect", "level", "claim_type", "comparator")


@dataclass(frozen=True)
class Standing:
    """A point, where it stands, how many promises make it and how many promises stand before it."""

    point: Point
    match: vocab.EvidenceMatch
    promises: int
    before: int


@dataclass(frozen=True)
class Standings:
    """How many promises stand where, and the points of one page, in order."""

    tally: dict[vocab.EvidenceMatch, int]
    page: list[Standing]


def _rank_rows() -> Iterator[str]:
    """Each set of stances as a number, with the place of where it stands."""
    for size in range(len(Stance) + 1):
        for stances in combinations(Stance, size):
            yield f"({sum(BITS[stance] for stance in stances)}, {RANKS.index(matching.standing(set(stances)))})"


RULES = {
    "stances": matching.STANCES,
    "own_stance": matching.OWN_STANCE,
    "bit": case("s.stance", {stance.value: bit for stance, bit in BITS.items()}),
    "ranks": ", ".join(_rank_rows()),
    "surest": case("wording", {wording: i for i, wording in enumerate(vocab.Wording.values())}),
}
# A full join is never done row by row, as the planner would do here, who cannot know how many places there are.
SQL = """
    WITH {stances},
    standing(stances, rank) AS (VALUES {ranks}),
    condition(below, above) AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[])),
    outcome(below, above) AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[])),
    promise(therapies, line, condition, outcome, effect, wording) AS ({promises}),
    point AS MATERIALIZED (
        SELECT therapies, min(line) AS line, condition, outcome, effect, count(*) AS n, min({surest}) AS surest
        FROM promise GROUP BY therapies, condition, outcome, effect
    ),
    evidence(therapies, condition, outcome, effect, level, claim_type, comparator) AS ({evidence}),
    place AS MATERIALIZED (
        SELECT e.therapies, e.condition, e.outcome, s.promised, bit_or({bit}) AS stances
        FROM evidence e JOIN stance s ON {own_stance}
        GROUP BY e.therapies, e.condition, e.outcome, s.promised
    ),
    line AS MATERIALIZED (
        SELECT p.therapies, array_agg(e.therapies::text) AS above
        FROM (SELECT DISTINCT therapies, line FROM point) p
        LEFT JOIN (SELECT DISTINCT therapies FROM place) e ON e.therapies <@ p.line
        GROUP BY p.therapies
    ),
    asked AS MATERIALIZED (
        SELECT p.*, t.above AS therapies_above, c.above AS condition_above, o.above AS outcome_above
        FROM point p
        JOIN line ON line.therapies = p.therapies
        CROSS JOIN LATERAL unnest(line.above) AS t(above)
        JOIN condition c ON c.below = p.condition
        JOIN outcome o ON o.below = p.outcome
    ),
    reported AS MATERIALIZED (
        SELECT a.therapies, a.condition, a.outcome, a.effect, a.n, a.surest, coalesce(bit_or(e.stances), 0) AS stances
        FROM asked a FULL JOIN place e ON e.therapies::text = a.therapies_above AND e.condition = a.condition_above
            AND e.outcome = a.outcome_above AND e.promised = a.effect
        GROUP BY a.therapies, a.condition, a.outcome, a.effect, a.n, a.surest
        HAVING count(a.n) > 0
    ),
    ordered AS MATERIALIZED (
        SELECT s.rank, therapies, condition, outcome, effect, n, (sum(n) OVER (
            ORDER BY s.rank, surest, walk.place, therapies, condition, outcome, effect
        ))::bigint AS upto
        FROM reported
        JOIN standing s USING (stances)
        JOIN unnest(%s::bigint[]) WITH ORDINALITY AS walk(outcome, place) USING (outcome)
    )
    SELECT rank, sum(n)::bigint, NULL::bigint AS upto, NULL::bigint[], NULL::bigint, NULL::bigint, NULL
    FROM ordered GROUP BY rank
    UNION ALL
    SELECT rank, n, upto, therapies, condition, outcome, effect FROM ordered WHERE upto > %s AND upto - n < %s
    ORDER BY upto NULLS FIRST
"""


def standings(promises: QuerySet[ClaimListing], trees: Trees, at: str, *, skip: int, size: int) -> Standings:
    """Where these promises stand, and the points of the page of so many promises after so many others.

    The most telling standing first, of one standing the surest worded, then as the tree of outcomes goes. `at` is the
    state of the corpus (`kept.state`).
    """
    promised, promised_parameters = promises.order_by().values_list(*PROMISED).query.sql_with_params()
    reported = ClaimListing.objects.filter(matching.EVIDENCE).order_by().values_list(*REPORTED).distinct()
    evidence, evidence_parameters = reported.query.sql_with_params()
    walk = [node.pk for _, node in trees.outcome.walk()]
    parameters = [
        *_pairs(trees.condition),
        *_pairs(trees.outcome),
        *promised_parameters,
        *evidence_parameters,
        *(walk, skip, skip + size),
    ]
    rows = kept.answer(SQL.format(**RULES, promises=promised, evidence=evidence), parameters, at)
    tally = {RANKS[rank]: n for rank, n, upto, *_ in rows if upto is None}
    return Standings(tally, [_standing(*row) for row in rows if row[2] is not None])


def _pairs(tree: Tree) -> tuple[list[int], list[int]]:
    """Each node beside itself and each node above it."""
    pairs = [(pk, up) for pk in tree.by_id for up in tree.ancestors(pk)]
    return [below for below, _ in pairs], [above for _, above in pairs]


def _standing(
    rank: int, n: int, upto: int, therapies: list[int], condition: int, outcome: int, effect: str
) -> Standing:
    return Standing(Point(tuple(therapies), condition, outcome, EFFECTS[effect]), RANKS[rank], n, upto - n)
