"""What sellers promise, each promise beside the evidence that matches it (`queries.matching`).

A promise is a public claim of a seller that the patient is better off, or that no harm was seen.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from articles.lib import vocabulary as vocab
from articles.models import Assessment, Claim, ClaimListing, Node
from articles.queries import claims, matching, voices
from articles.queries.matching import Narrower, Point, Side, Stance
from articles.queries.trees import Trees

PROMISE = voices.SELLER & Q(effect__in=[effect.value for effect in matching.PROMISED])
# The same as parameters of the list of claims.
LISTED = {
    "interest": [vocab.PublisherInterest.SELLS_THERAPY.value],
    "effect": [effect.value for effect in matching.PROMISED],
}
SHOWN = 20
EFFECTS = {effect.value: effect for effect in vocab.Effect}
SUREST_FIRST = vocab.Wording.values()


@dataclass(frozen=True)
class Promise:
    """One thing that is promised, who promises it, where it stands and the strongest evidence on it.

    `evidence` holds the strongest claims of each stance, strongest level first; preclinical ones only where there is no
    evidence in people. `narrower` is set only where nothing was found. `assessments` are what reviewers wrote on
    exactly these questions: the only verdicts.
    """

    therapies: list[Node]
    condition: Node
    outcome: Node
    effect: vocab.Effect
    standing: vocab.EvidenceMatch
    claims: list[Claim]
    sides: dict[Stance, Side] = field(default_factory=dict)
    evidence: list[Claim] = field(default_factory=list)
    narrower: Narrower | None = None
    assessments: list[Assessment] = field(default_factory=list)


@dataclass(frozen=True)
class Promises:
    """Promises of a scope: how many stand where, and one page of them, those that differ most from the evidence first.

    Numbers count claims of sellers. `pages` is at least 1.
    """

    total: int
    standings: list[tuple[vocab.EvidenceMatch, int]]
    shown: list[Promise]
    page: int
    pages: int

    @property
    def first(self) -> int:
        return (self.page - 1) * SHOWN + 1

    @property
    def last(self) -> int:
        return min(self.page * SHOWN, self.total)


Counts = dict[Point, Counter[str]]


def promises(rows: QuerySet[ClaimListing], trees: Trees, page: int = 1) -> Promises:
    """The promises among these rows. A fixed number of queries; past the last page nothing is shown."""
    counts = _points(rows)
    standings = matching.standings(counts, trees)
    tally: Counter[vocab.EvidenceMatch] = Counter()
    for point, standing in standings.items():
        tally[standing] += counts[point].total()
    picked = _picked(rows, _in_order(counts, standings, trees), counts, (page - 1) * SHOWN)
    return Promises(
        total=tally.total(),
        standings=[(match, tally[match]) for match in vocab.EvidenceMatch],
        shown=_filled(picked, standings, trees),
        page=page,
        pages=max(1, -(-tally.total() // SHOWN)),
    )


def _points(rows: QuerySet[ClaimListing]) -> Counts:
    """What is promised, how often in which wording."""
    columns = ("therapy_ids", "condition_id", "outcome_id", "effect", "wording")
    grouped = rows.filter(PROMISE).order_by().values_list(*columns).annotate(n=Count("pk"))
    counts: Counts = {}
    for therapies, condition, outcome, effect, wording, n in grouped:
        point = Point(tuple(therapies), condition, outcome, EFFECTS[effect])
        counts.setdefault(point, Counter())[wording] += n
    return counts


def _in_order(counts: Counts, standings: dict[Point, vocab.EvidenceMatch], trees: Trees) -> list[Point]:
    """Those that differ most from the evidence first, of these the surest, then as the tree of outcomes goes."""
    matches = tuple(vocab.EvidenceMatch)
    place = {node.pk: i for i, (_, node) in enumerate(trees.outcome.walk())}

    def key(point: Point) -> tuple[int, int, int, Point]:
        surest = min(SUREST_FIRST.index(wording) for wording in counts[point])
        return matches.index(standings[point]), surest, place[point.outcome], point

    return sorted(counts, key=key)


def _picked(rows: QuerySet[ClaimListing], ordered: list[Point], counts: Counts, skip: int) -> dict[Point, list[int]]:
    """The points of the page after so many promises, each with the ids of its promises there, the surest first."""
    ends = list(accumulate(counts[point].total() for point in ordered))
    starts = [0, *ends]
    on_page = [i for i, end in enumerate(ends) if end > skip and starts[i] < skip + SHOWN]
    if not on_page:
        return {}
    return _ids(rows, [ordered[i] for i in on_page], skip - starts[on_page[0]])


def _ids(rows: QuerySet[ClaimListing], points: Sequence[Point], skip: int) -> dict[Point, list[int]]:
    places = [When(_at(point), then=Value(i)) for i, point in enumerate(points)]
    surest = [When(wording=wording, then=Value(i)) for i, wording in enumerate(SUREST_FIRST)]
    listed = (
        rows.filter(PROMISE)
        .annotate(
            place=Case(*places, default=None, output_field=IntegerField()),
            surest=Case(*surest, output_field=IntegerField()),
        )
        .filter(place__isnull=False)
        .order_by("place", "surest", "pk")
        .values_list("place", "pk")
    )
    picked: dict[Point, list[int]] = {}
    for place, pk in listed[skip : skip + SHOWN]:
        picked.setdefault(points[place], []).append(pk)
    return picked


def _at(point: Point) -> Q:
    return Q(
        therapy_ids=list(point.therapies),
        condition_id=point.condition,
        outcome_id=point.outcome,
        effect=point.effect.value,
    )


def _filled(picked: dict[Point, list[int]], standings: dict[Point, vocab.EvidenceMatch], trees: Trees) -> list[Promise]:
    """The promises with their words and their evidence."""
    points = list(picked)
    sides = matching.sides(points, trees)
    nothing = [point for point in points if standings[point] == vocab.EvidenceMatch.NOTHING]
    narrower = matching.narrower(nothing, trees)
    assessments = _assessments(points)
    best = {point: _best(sides[point]) for point in points}
    wanted = [pk for point in points for pk in (*picked[point], *best[point])]
    by_id = {claim.pk: claim for claim in claims.rows(list(dict.fromkeys(wanted)))}
    return [
        Promise(
            [trees.therapy.by_id[pk] for pk in point.therapies],
            trees.condition.by_id[point.condition],
            trees.outcome.by_id[point.outcome],
            point.effect,
            standings[point],
            [by_id[pk] for pk in picked[point]],
            sides[point],
            sorted((by_id[pk] for pk in best[point]), key=_strength),
            narrower.get(point),
            assessments[point],
        )
        for point in points
    ]


def _assessments(points: Sequence[Point]) -> dict[Point, list[Assessment]]:
    """By reviewers, on the question of each therapy of a point; what stands above or below is another question."""
    made = Assessment.objects.filter(
        therapy_id__in={pk for point in points for pk in point.therapies},
        condition_id__in={point.condition for point in points},
        outcome_id__in={point.outcome for point in points},
    )
    by_question = {(one.therapy_id, one.condition_id, one.outcome_id): one for one in made}
    asked = {point: [(pk, point.condition, point.outcome) for pk in point.therapies] for point in points}
    return {point: [by_question[q] for q in questions if q in by_question] for point, questions in asked.items()}


def _best(sides: dict[Stance, Side]) -> list[int]:
    in_people = [side for stance, side in sides.items() if stance != Stance.PRECLINICAL]
    return [pk for side in in_people or sides.values() for pk in side.best]


def _strength(claim: Claim) -> tuple[int, int, int]:
    """The level, then the year, newest first, then the number."""
    level = claim.evidence_level if claim.evidence_level is not None else len(matching.LEVELS) + 1
    return level, -(claim.source.year or 0), claim.pk
