"""What the literature reports on the very thing that a seller promises.

A *point* is what is promised: therapies, condition, outcome and effect. Its evidence are the claims of the literature
that report a result and have an evidence level from 1 to 5, about nothing but therapies of the point or broader ones,
the same condition or a broader one, and the same outcome or a broader one; where the promise is that no harm was seen,
those about harm or safety. A result on a combination with another therapy may be due to that one, and is no evidence.
Retracted and withdrawn sources speak for nothing. Who speaks counts once.

Where a point stands describes that evidence. It is not a verdict.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from itertools import product
from operator import and_
from typing import Any

from django.db.models import Count, Q, Value

from articles.lib import querystring
from articles.lib import vocabulary as vocab
from articles.models import ClaimListing
from articles.queries import kept, voices
from articles.queries.facets import BY_NAME
from articles.queries.independence import UNCOUNTED
from articles.queries.trees import Trees

REPORTING = Q(role__in=[vocab.QuoteRole.OWN_RESULT.value, vocab.QuoteRole.REVIEW_SYNTHESIS.value]) | Q(
    role=vocab.QuoteRole.AUTHORS_CONCLUSION.value, basis=vocab.Basis.OWN_DATA.value
)
LEVELS = ("1", "2", "3", "4", "5")
PRECLINICAL_LEVEL = "5"
EVIDENCE = (
    voices.LITERATURE
    & REPORTING
    & Q(level__in=LEVELS)
    & ~Q(publication_status__in=UNCOUNTED)
    # Nothing is a part of everything.
    & ~Q(therapy_ids=[])
)
BEST_SHOWN = 2


class Stance(StrEnum):
    """How a result stands to a promise: results in people by what they state, all others are preclinical."""

    AGREES = "agrees"
    CONTRARY = "contrary"
    NEITHER = "neither"
    PRECLINICAL = "preclinical"


PROMISED = (vocab.Effect.BENEFICIAL, vocab.Effect.NONE_OBSERVED)
CONTRARY = {
    vocab.Effect.BENEFICIAL: (vocab.Effect.NO_DIFFERENCE, vocab.Effect.HARMFUL),
    vocab.Effect.NONE_OBSERVED: (vocab.Effect.HARMFUL,),
}


@dataclass(frozen=True, order=True)
class Point:
    """What is promised; the ids of therapies in order."""

    therapies: tuple[int, ...]
    condition: int
    outcome: int
    effect: vocab.Effect

    def state(self, trees: Trees) -> dict[str, list[str]]:
        """The parameters of the lists that ask for the point and everything narrower."""
        return {
            "therapy": [trees.therapy.by_id[pk].slug for pk in self.therapies],
            "condition": [trees.condition.by_id[self.condition].slug],
            "outcome": [trees.outcome.by_id[self.outcome].slug],
        }


@dataclass(frozen=True)
class Side:
    """The evidence of one stance: who reports it, each once, in how many sources, and the strongest of their claims.

    `is_exact` where some of it is on the very therapies, condition and outcome of the point, on none broader.
    """

    stance: Stance
    studies: int
    reviews: int
    others: int
    sources: int
    best: tuple[int, ...]
    is_exact: bool

    @property
    def speakers(self) -> int:
        return self.studies + self.reviews + self.others


@dataclass(frozen=True)
class Narrower:
    """Results on narrower therapies, conditions or outcomes: how many claims, and the parameters of their list."""

    claims: int
    query: str


def stance(promised: vocab.Effect, effect: str, level: str, *, is_against_another: bool = False) -> Stance:
    """How a result of this effect and level, perhaps against another treatment, stands to a promise of that effect."""
    if level == PRECLINICAL_LEVEL:
        return Stance.PRECLINICAL
    if effect == promised:
        return Stance.AGREES
    # Not better than another treatment, or worse than it, is not without benefit.
    is_contrary = effect in CONTRARY[promised] and not (is_against_another and promised == vocab.Effect.BENEFICIAL)
    return Stance.CONTRARY if is_contrary else Stance.NEITHER


def deciding(stances: AbstractSet[Stance]) -> AbstractSet[Stance]:
    """Those of the stances that decide where a point stands."""
    directions = stances & {Stance.AGREES, Stance.CONTRARY}
    others = (stances & {decisive} for decisive in (Stance.NEITHER, Stance.PRECLINICAL))
    return directions or next((found for found in others if found), set())


STANDINGS = {
    frozenset({Stance.AGREES, Stance.CONTRARY}): vocab.EvidenceMatch.DIVIDED,
    frozenset({Stance.AGREES}): vocab.EvidenceMatch.SUPPORTED,
    frozenset({Stance.CONTRARY}): vocab.EvidenceMatch.CONTRADICTED,
    frozenset({Stance.NEITHER}): vocab.EvidenceMatch.INCONCLUSIVE,
    frozenset({Stance.PRECLINICAL}): vocab.EvidenceMatch.PRECLINICAL,
    frozenset[Stance](): vocab.EvidenceMatch.NOTHING,
}


def standing(stances: AbstractSet[Stance]) -> vocab.EvidenceMatch:
    """Where a point stands for which there are results of these stances."""
    return STANDINGS[frozenset(deciding(stances))]


def _stance_rows() -> Iterator[str]:
    for promised, effect, level, is_against in product(PROMISED, vocab.Effect, LEVELS, (False, True)):
        found = stance(promised, effect, level, is_against_another=is_against)
        yield f"('{promised}', '{effect}', '{level}', {is_against}, '{found}')"


# The stances as a table, and how a row `e` of the evidence finds its own in it, once for each effect promised.
STANCES = f"stance(promised, effect, level, is_against_another, stance) AS (VALUES {', '.join(_stance_rows())})"
OWN_STANCE = """s.effect = e.effect AND s.level = e.level AND s.is_against_another = (e.comparator IN ({}))
    AND (s.promised <> 'none_observed' OR e.claim_type = 'harm_or_safety')""".format(
    ", ".join(f"'{comparator}'" for comparator in vocab.AGAINST_ANOTHER_TREATMENT)
)
COLUMNS = ("claim_id", "source_id", "speaker", "effect", "level", "role", "year", "claim_type", "comparator")
TAGS = ("therapy_ids", "condition_id", "outcome_id")
STRONGEST = "e.level, e.year DESC NULLS LAST, e.claim_id"

# A speaker is a study where it reports a result of its own on the point, else a review where it sums up studies on it.
SIDES = """
    WITH point(place, effect, therapies, line, condition, conditions, outcome, outcomes) AS (VALUES {points}),
    {stances},
    evidence({columns}) AS ({evidence}),
    speaking AS (
        SELECT p.place, s.stance, e.speaker, bool_or(e.role = 'own_result') AS is_study,
            bool_or(e.role = 'review_synthesis') AS is_review, count(DISTINCT e.source_id) AS sources,
            bool_or(e.therapy_ids <@ p.therapies AND e.condition_id = p.condition AND e.outcome_id = p.outcome)
                AS is_exact,
            min(e.level) AS level, (array_agg(e.year ORDER BY {strongest}))[1] AS year,
            (array_agg(e.claim_id ORDER BY {strongest}))[1] AS claim_id
        FROM point p
        JOIN evidence e ON e.outcome_id = ANY(p.outcomes) AND e.condition_id = ANY(p.conditions)
            AND e.therapy_ids <@ p.line
        JOIN stance s ON s.promised = p.effect AND {own_stance}
        GROUP BY p.place, s.stance, e.speaker
    ),
    numbered AS (
        SELECT *, row_number() OVER (PARTITION BY place, stance {order}) AS number FROM speaking e
    )
    SELECT place, stance, count(*) FILTER (WHERE is_study), count(*) FILTER (WHERE is_review AND NOT is_study),
        count(*) FILTER (WHERE NOT is_review AND NOT is_study), sum(sources)::bigint,
        array_agg(claim_id {order}) FILTER (WHERE number <= %s), bool_or(is_exact)
    FROM numbered e GROUP BY place, stance
"""


def sides(points: Sequence[Point], trees: Trees, at: str) -> dict[Point, dict[Stance, Side]]:
    """The evidence on each point by its stance, and who counts in it. At most one query, however many they are.

    `at` is the state of the corpus (`kept.state`).
    """
    found: dict[Point, dict[Stance, Side]] = {point: {} for point in points}
    if not points:
        return found
    evidence, parameters = (
        ClaimListing.objects.filter(EVIDENCE).order_by().values_list(*COLUMNS, *TAGS).query.sql_with_params()
    )
    described = [value for place, point in enumerate(points) for value in _described(place, point, trees)]
    row = "(%s::int, %s, %s::bigint[], %s::bigint[], %s::bigint, %s::bigint[], %s::bigint, %s::bigint[])"
    sql = SIDES.format(
        points=", ".join([row] * len(points)),
        stances=STANCES,
        own_stance=OWN_STANCE,
        columns=", ".join([*COLUMNS, *TAGS]),
        evidence=evidence,
        strongest=STRONGEST,
        order=f"ORDER BY {STRONGEST}",
    )
    for place, name, studies, reviews, others, sources, best, is_exact in kept.answer(
        sql, [*described, *parameters, BEST_SHOWN], at
    ):
        side = Side(Stance(name), studies, reviews, others, sources, tuple(best), is_exact)
        found[points[place]][side.stance] = side
    return found


def _described(place: int, point: Point, trees: Trees) -> tuple[Any, ...]:
    """A row of the points as the database compares them: with everything above them."""
    return (
        place,
        point.effect.value,
        list(point.therapies),
        sorted(trees.therapy.above(point.therapies)),
        point.condition,
        list(trees.condition.ancestors(point.condition)),
        point.outcome,
        list(trees.outcome.ancestors(point.outcome)),
    )


# Conditions that the list of claims understands, so that its length is the number beside the link to it.
RESULTS: dict[str, list[str]] = {
    "kind": [kind.value for kind in voices.LITERATURE_KINDS],
    "not_interest": [vocab.PublisherInterest.SELLS_THERAPY.value],
    "role": [
        vocab.QuoteRole.OWN_RESULT.value,
        vocab.QuoteRole.REVIEW_SYNTHESIS.value,
        vocab.QuoteRole.AUTHORS_CONCLUSION.value,
    ],
    "level": list(LEVELS),
    "not_publication_status": [status.value for status in UNCOUNTED],
}


def narrower(points: Sequence[Point], trees: Trees, at: str) -> dict[Point, Narrower]:
    """Results on the points and on what is narrower, for points that have some. At most one query for all of them.

    `at` is the state of the corpus (`kept.state`).
    """
    if not points:
        return {}
    states = [point.state(trees) for point in points]
    counts = {f"n{i}": Count("pk", filter=_condition(state, trees)) for i, state in enumerate(states)}
    # One group of all rows, so that the counts are those of an aggregate, in SQL that can be kept.
    rows = ClaimListing.objects.filter(_condition(RESULTS, trees)).order_by().annotate(every=Value(1)).values("every")
    (found,) = kept.answer(*rows.annotate(**counts).values_list(*counts).query.sql_with_params(), at)
    return {
        point: Narrower(n, querystring.encode(RESULTS | state))
        for point, state, n in zip(points, states, found, strict=True)
        if n
    }


def _condition(state: dict[str, list[str]], trees: Trees) -> Q:
    return reduce(and_, (_one_condition(name, values, trees) for name, values in state.items()))


def _one_condition(name: str, values: list[str], trees: Trees) -> Q:
    condition = BY_NAME[name.removeprefix("not_")].condition(ClaimListing, values, trees)
    return ~condition if name.startswith("not_") else condition
