"""What sellers promise, each promise beside the evidence that matches it (`queries.matching`).

A promise is a public claim of a seller that the patient is better off, or that no harm was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from articles.lib import vocabulary as vocab
from articles.models import Assessment, Claim, ClaimListing, Node
from articles.queries import claims, kept, matching, voices
from articles.queries.matching import Narrower, Point, Side, Stance
from articles.queries.standings import Standing, standings
from articles.queries.trees import Trees

PROMISE = voices.SELLER & Q(effect__in=[effect.value for effect in matching.PROMISED])
# The same as parameters of the list of claims.
LISTED = {
    "interest": [vocab.PublisherInterest.SELLS_THERAPY.value],
    "effect": [effect.value for effect in matching.PROMISED],
}
SHOWN = 20
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

    @property
    def is_by_broader_only(self) -> bool:
        """Whether all that decides where it stands is on a broader therapy, condition or outcome."""
        decisive = matching.deciding(self.sides.keys())
        return bool(decisive) and not any(self.sides[stance].is_exact for stance in decisive)


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


def promises(rows: QuerySet[ClaimListing], trees: Trees, page: int = 1) -> Promises:
    """The promises among these rows. A fixed number of queries; past the last page nothing is shown.

    What is counted is kept until the corpus changes; words and assessments are read each time.
    """
    at = kept.state()
    promised = rows.filter(PROMISE)
    skip = (page - 1) * SHOWN
    found = standings(promised, trees, at, skip=skip, size=SHOWN)
    total = sum(found.tally.values())
    return Promises(
        total=total,
        standings=[(match, found.tally.get(match, 0)) for match in vocab.EvidenceMatch],
        shown=_filled(found.page, _picked(promised, found.page, skip, at), trees, at),
        page=page,
        pages=max(1, -(-total // SHOWN)),
    )


def _picked(promised: QuerySet[ClaimListing], page: list[Standing], skip: int, at: str) -> dict[Point, list[int]]:
    """The ids of the promises on the page by their points, the surest first."""
    if not page:
        return {}
    points = [one.point for one in page]
    listed = _listed(promised, points)[skip - page[0].before :][:SHOWN]
    picked: dict[Point, list[int]] = {}
    for place, pk in kept.answer(*listed.query.sql_with_params(), at):
        picked.setdefault(points[place], []).append(pk)
    return picked


def _listed(promised: QuerySet[ClaimListing], points: Sequence[Point]) -> QuerySet[ClaimListing, tuple[int, int]]:
    """(place among the points, id) of every promise of the points, in order."""
    places = [When(_at(point), then=Value(i)) for i, point in enumerate(points)]
    surest = [When(wording=wording, then=Value(i)) for i, wording in enumerate(SUREST_FIRST)]
    return (
        promised.annotate(
            place=Case(*places, default=None, output_field=IntegerField()),
            surest=Case(*surest, output_field=IntegerField()),
        )
        .filter(place__isnull=False)
        .order_by("place", "surest", "pk")
        .values_list("place", "pk")
    )


def _at(point: Point) -> Q:
    return Q(
        therapy_ids=list(point.therapies),
        condition_id=point.condition,
        outcome_id=point.outcome,
        effect=point.effect.value,
    )


def _filled(page: list[Standing], picked: dict[Point, list[int]], trees: Trees, at: str) -> list[Promise]:
    """The promises with their words and their evidence."""
    points = [one.point for one in page]
    sides = matching.sides(points, trees, at)
    narrower = matching.narrower([point for point in points if not sides[point]], trees, at)
    assessments = _assessments(points)
    best = {point: _best(sides[point]) for point in points}
    wanted = [pk for point in points for pk in (*picked[point], *best[point])]
    by_id = {claim.pk: claim for claim in claims.rows(list(dict.fromkeys(wanted)))}
    return [
        Promise(
            [trees.therapy.by_id[pk] for pk in one.point.therapies],
            trees.condition.by_id[one.point.condition],
            trees.outcome.by_id[one.point.outcome],
            one.point.effect,
            one.match,
            [by_id[pk] for pk in picked[one.point]],
            sides[one.point],
            sorted((by_id[pk] for pk in best[one.point]), key=_strength),
            narrower.get(one.point),
            assessments[one.point],
        )
        for one in page
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
