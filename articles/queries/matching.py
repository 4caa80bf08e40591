"""What the literature reports on the very thing that a seller promises.

A *point* is what is promised: therapies, condition, outcome and effect. Its evidence are the claims of the literature
that report a result and have an evidence level from 1 to 5, about the same therapy as one of the point or a broader
one, the same condition or a broader one, and the same outcome or a broader one; where the promise is that no harm was
seen, those about harm or safety. Retracted and withdrawn sources speak for nothing. Who speaks counts once.

Where a point stands describes that evidence. It is not a verdict.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import and_
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from articles.lib import querystring
from articles.lib import vocabulary as vocab
from articles.models import ClaimListing
from articles.queries import voices
from articles.queries.facets import BY_NAME
from articles.queries.independence import UNCOUNTED
from articles.queries.trees import Trees

REPORTING = Q(role__in=[vocab.QuoteRole.OWN_RESULT.value, vocab.QuoteRole.REVIEW_SYNTHESIS.value]) | Q(
    role=vocab.QuoteRole.AUTHORS_CONCLUSION.value, basis=vocab.Basis.OWN_DATA.value
)
LEVELS = ("1", "2", "3", "4", "5")
PRECLINICAL_LEVEL = "5"
EVIDENCE = voices.LITERATURE & REPORTING & Q(level__in=LEVELS) & ~Q(publication_status__in=UNCOUNTED)
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

    @property
    def is_safety(self) -> bool:
        return self.effect == vocab.Effect.NONE_OBSERVED

    def state(self, trees: Trees) -> dict[str, list[str]]:
        """The parameters of the lists that ask for the point and everything narrower."""
        return {
            "therapy": [trees.therapy.by_id[pk].slug for pk in self.therapies],
            "condition": [trees.condition.by_id[self.condition].slug],
            "outcome": [trees.outcome.by_id[self.outcome].slug],
        }


@dataclass(frozen=True)
class Side:
    """The evidence of one stance: who reports it, each once, in how many sources, and the strongest of their claims."""

    stance: Stance
    studies: int
    reviews: int
    others: int
    sources: int
    best: tuple[int, ...]

    @property
    def speakers(self) -> int:
        return self.studies + self.reviews + self.others


@dataclass(frozen=True)
class Narrower:
    """Results on narrower therapies, conditions or outcomes: how many claims, and the parameters of their list."""

    claims: int
    query: str


def stance(promised: vocab.Effect, effect: str, level: str) -> Stance:
    """How a result of this effect and level stands to a promise of that effect."""
    if level == PRECLINICAL_LEVEL:
        return Stance.PRECLINICAL
    if effect == promised:
        return Stance.AGREES
    return Stance.CONTRARY if effect in CONTRARY[promised] else Stance.NEITHER


def standing(stances: AbstractSet[Stance]) -> vocab.EvidenceMatch:
    """Where a point stands for which there are results of these stances."""
    if stances >= {Stance.AGREES, Stance.CONTRARY}:
        return vocab.EvidenceMatch.DIVIDED
    for decisive, match in (
        (Stance.AGREES, vocab.EvidenceMatch.SUPPORTED),
        (Stance.CONTRARY, vocab.EvidenceMatch.CONTRADICTED),
        (Stance.NEITHER, vocab.EvidenceMatch.INCONCLUSIVE),
        (Stance.PRECLINICAL, vocab.EvidenceMatch.PRECLINICAL),
    ):
        if decisive in stances:
            return match
    return vocab.EvidenceMatch.NOTHING


Place = tuple[int, int, int]
Result = tuple[str, str, bool]


def standings(points: Collection[Point], trees: Trees) -> dict[Point, vocab.EvidenceMatch]:
    """Where each point stands. One query, however many they are."""
    found = _results(points, trees) if points else {}
    return {point: standing(_stances(point, found, trees)) for point in points}


def _results(points: Iterable[Point], trees: Trees) -> dict[Place, set[Result]]:
    """(effect, level, is about safety) of what is reported at each therapy, condition and outcome."""
    rows = ClaimListing.objects.filter(
        EVIDENCE,
        therapy_ids__overlap=list(trees.therapy.above({pk for point in points for pk in point.therapies})),
        condition_id__in=trees.condition.above({point.condition for point in points}),
        outcome_id__in=trees.outcome.above({point.outcome for point in points}),
    )
    columns = ("therapy_ids", "condition_id", "outcome_id", "effect", "level", "claim_type")
    found: dict[Place, set[Result]] = {}
    for therapies, condition, outcome, effect, level, claim_type in rows.order_by().values_list(*columns).distinct():
        result = effect, level, claim_type == vocab.ClaimType.HARM_OR_SAFETY
        for therapy in therapies:
            found.setdefault((therapy, condition, outcome), set()).add(result)
    return found


def _stances(point: Point, found: dict[Place, set[Result]], trees: Trees) -> set[Stance]:
    return {
        stance(point.effect, effect, level)
        for therapy in trees.therapy.above(point.therapies)
        for condition in trees.condition.ancestors(point.condition)
        for outcome in trees.outcome.ancestors(point.outcome)
        for effect, level, is_safety in found.get((therapy, condition, outcome), ())
        if is_safety or not point.is_safety
    }


COLUMNS = ("claim_id", "source_id", "speaker", "effect", "level", "role", "year", "claim_type")
TAGS = ("therapy_ids", "condition_id", "outcome_id")
STRONGEST = "e.level, e.year DESC NULLS LAST, e.claim_id"

# A speaker is a study where it reports a result of its own on the point, else a review where it sums up studies on it.
SIDES = """
    WITH point(place, effect, is_safety, therapies, conditions, outcomes) AS (VALUES {points}),
    stance(promised, effect, level, stance) AS (VALUES {stances}),
    evidence({columns}) AS ({evidence}),
    speaking AS (
        SELECT p.place, s.stance, e.speaker, bool_or(e.role = 'own_result') AS is_study,
            bool_or(e.role = 'review_synthesis') AS is_review, count(DISTINCT e.source_id) AS sources,
            min(e.level) AS level, (array_agg(e.year ORDER BY {strongest}))[1] AS year,
            (array_agg(e.claim_id ORDER BY {strongest}))[1] AS claim_id
        FROM point p
        JOIN evidence e ON e.outcome_id = ANY(p.outcomes) AND e.condition_id = ANY(p.conditions)
            AND e.therapy_ids && p.therapies AND (NOT p.is_safety OR e.claim_type = 'harm_or_safety')
        JOIN stance s ON s.promised = p.effect AND s.effect = e.effect AND s.level = e.level
        GROUP BY p.place, s.stance, e.speaker
    ),
    numbered AS (
        SELECT *, row_number() OVER (PARTITION BY place, stance {order}) AS number FROM speaking e
    )
    SELECT place, stance, count(*) FILTER (WHERE is_study), count(*) FILTER (WHERE is_review AND NOT is_study),
        count(*) FILTER (WHERE NOT is_review AND NOT is_study), sum(sources)::bigint,
        array_agg(claim_id {order}) FILTER (WHERE number <= %s)
    FROM numbered e GROUP BY place, stance
"""


def sides(points: Sequence[Point], trees: Trees) -> dict[Point, dict[Stance, Side]]:
    """The evidence on each point by its stance, and who counts in it. One query, however many they are."""
    found: dict[Point, dict[Stance, Side]] = {point: {} for point in points}
    if not points:
        return found
    evidence, parameters = (
        ClaimListing.objects.filter(EVIDENCE).order_by().values_list(*COLUMNS, *TAGS).query.sql_with_params()
    )
    described = [value for place, point in enumerate(points) for value in _described(place, point, trees)]
    stances = list(_stance_rows())
    sql = SIDES.format(
        points=", ".join(["(%s::int, %s, %s::bool, %s::bigint[], %s::bigint[], %s::bigint[])"] * len(points)),
        stances=", ".join(["(%s, %s, %s, %s)"] * len(stances)),
        columns=", ".join([*COLUMNS, *TAGS]),
        evidence=evidence,
        strongest=STRONGEST,
        order=f"ORDER BY {STRONGEST}",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*described, *(value for row in stances for value in row), *parameters, BEST_SHOWN])
        for place, name, studies, reviews, others, sources, best in cursor.fetchall():
            side = Side(Stance(name), studies, reviews, others, sources, tuple(best))
            found[points[place]][side.stance] = side
    return found


def _described(place: int, point: Point, trees: Trees) -> tuple[Any, ...]:
    """A row of the points as the database compares them: with everything above them."""
    return (
        place,
        point.effect.value,
        point.is_safety,
        sorted(trees.therapy.above(point.therapies)),
        list(trees.condition.ancestors(point.condition)),
        list(trees.outcome.ancestors(point.outcome)),
    )


def _stance_rows() -> Iterator[tuple[str, str, str, str]]:
    for promised in PROMISED:
        for effect in vocab.Effect:
            for level in LEVELS:
                yield promised.value, effect.value, level, stance(promised, effect, level).value


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


def narrower(points: Sequence[Point], trees: Trees) -> dict[Point, Narrower]:
    """Results on the points and on what is narrower, for points that have some. One query, however many they are."""
    if not points:
        return {}
    states = [point.state(trees) for point in points]
    counts = {f"n{i}": Count("pk", filter=_condition(state, trees)) for i, state in enumerate(states)}
    found = ClaimListing.objects.filter(_condition(RESULTS, trees)).aggregate(**counts)
    return {
        point: Narrower(found[f"n{i}"], querystring.encode(RESULTS | state))
        for i, (point, state) in enumerate(zip(points, states, strict=True))
        if found[f"n{i}"]
    }


def _condition(state: dict[str, list[str]], trees: Trees) -> Q:
    return reduce(and_, (_one_condition(name, values, trees) for name, values in state.items()))


def _one_condition(name: str, values: list[str], trees: Trees) -> Q:
    condition = BY_NAME[name.removeprefix("not_")].condition(ClaimListing, values, trees)
    return ~condition if name.startswith("not_") else condition
