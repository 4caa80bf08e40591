"""How claims bear on each other, and which ones may."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from articles.lib import vocabulary as vocab
from articles.models import Assessment, Claim, Condition, Outcome, Relation, Therapy

Kind = vocab.ClaimRelation
# What a relation is called, read from its claim and read from the other one.
WORDS: Mapping[str, tuple[str, str]] = {
    Kind.SUPPORTS.value: ("supports", "supported by"),
    Kind.CONTRASTS.value: ("contrasts with", "contrasts with"),
    Kind.QUALIFIES.value: ("qualifies", "qualified by"),
    Kind.SAME_FINDING.value: ("same finding as", "same finding as"),
    Kind.SUPERSEDES.value: ("supersedes", "superseded by"),
}
ORDER = {kind.value: place for place, kind in enumerate(Kind)}

# Trigram similarity of two statements in words, from its lower bound on.
ALIKE = ((0.7, "nearly the same words"), (0.35, "similar words"), (0.15, "some words in common"))
UNALIKE = "other words"
# So many claims are held against one at most, on its own outcome first and the newest first.
MOST_COMPARED = 2_000

# A node with everything above and below it: what one claim says of it bears on what another one says of those.
LINE = """
    {name}_above(id) AS (
        {start}
        UNION SELECT n.parent_id FROM articles_{name} n JOIN {name}_above a ON a.id = n.id WHERE n.parent_id IS NOT NULL
    ),
    {name}_below(id) AS (
        {start}
        UNION SELECT n.id FROM articles_{name} n JOIN {name}_below b ON b.id = n.parent_id
    ),
    {name}_line(id) AS (SELECT id FROM {name}_above UNION SELECT id FROM {name}_below)
"""
OUTCOMES = LINE.format(name="outcome", start="SELECT outcome_id FROM articles_claim WHERE id = %(claim)s")
THERAPIES = LINE.format(name="therapy", start="SELECT therapy_id FROM articles_claimtherapy WHERE claim_id = %(claim)s")

# The lines go in as arrays: told of a handful of values, the planner takes the index of outcomes, however many claims.
COMPARED = """
    WITH RECURSIVE {outcomes}, {therapies},
    mine AS (SELECT id, statement, outcome_id FROM articles_claim WHERE id = %(claim)s),
    related(id) AS (
        SELECT to_claim_id FROM articles_relation WHERE from_claim_id = %(claim)s
        UNION SELECT from_claim_id FROM articles_relation WHERE to_claim_id = %(claim)s
    ),
    compared AS (
        SELECT other.id, other.statement
        FROM mine, articles_claim other JOIN articles_source source ON source.id = other.source_id
        WHERE other.outcome_id = ANY(ARRAY(SELECT id FROM outcome_line))
            AND EXISTS (
                SELECT FROM articles_claimtherapy tag
                WHERE tag.claim_id = other.id AND tag.therapy_id = ANY(ARRAY(SELECT id FROM therapy_line))
            )
            AND other.id <> mine.id AND other.id NOT IN (SELECT id FROM related)
            AND other.status IN ('draft', 'submitted', 'accepted')
            AND source.curation_state <> 'excluded' AND source.merged_into_id IS NULL
        ORDER BY other.outcome_id = mine.outcome_id DESC, other.id DESC
        LIMIT %(most)s
    )
    SELECT compared.id, similarity(compared.statement, mine.statement) AS alike FROM mine, compared
    ORDER BY alike DESC, compared.id LIMIT %(limit)s
"""
CANDIDATES = COMPARED.format(outcomes=OUTCOMES, therapies=THERAPIES)


@dataclass(frozen=True)
class Related:
    """A relation as one of its two claims sees it: the other claim, and the words that fit the direction."""

    relation: Relation
    other: Claim
    words: str


@dataclass(frozen=True)
class Candidate:
    """A claim that may be related; `similarity` is that of the two statements, 0 to 1 (trigrams)."""

    claim: Claim
    similarity: float

    @property
    def alike(self) -> str:
        """The similarity in words."""
        return next((words for least, words in ALIKE if self.similarity >= least), UNALIKE)


def of_claim(claim: Claim) -> list[Related]:
    """Confirmed relations in both directions, where the public may see both claims; one query."""
    public = Q(from_claim__listing__isnull=False, to_claim__listing__isnull=False)
    return _seen_from(claim, Relation.objects.filter(public, state=vocab.RelationState.CONFIRMED))


def all_of(claim: Claim) -> list[Related]:
    """Every relation of a claim whatever its state, for curators; one query."""
    return _seen_from(claim, Relation.objects.select_related("created_by", "reviewed_by"))


def with_both_claims(relations: QuerySet[Relation]) -> QuerySet[Relation]:
    """Relations with what their pages and lists show of both claims; one query."""
    sides = ("from_claim", "to_claim")
    parts = ("source", "condition", "outcome")
    return relations.select_related(
        "created_by", "reviewed_by", *(f"{side}__{part}" for side in sides for part in parts)
    )


def candidates(claim: Claim, limit: int = 10) -> list[Candidate]:
    """Claims that may be related to this one, the most alike in words first; two queries.

    They speak of the same outcome and the same therapy, or of one above or below; none of them was given up, stands in
    an excluded source, or has or had a relation to this claim.
    """
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, {"claim": claim.pk, "most": MOST_COMPARED, "limit": limit})
        alike = dict(cursor.fetchall())
    found = Claim.objects.select_related("source", "condition", "outcome").in_bulk(alike)
    return [Candidate(found[pk], similarity) for pk, similarity in alike.items() if pk in found]


def assessment_of(therapy: Therapy, condition: Condition, outcome: Outcome) -> Assessment | None:
    """A reviewer's judgement on the question, if there is one. What stands below or above is another question."""
    return Assessment.objects.filter(therapy=therapy, condition=condition, outcome=outcome).first()


def _seen_from(claim: Claim, relations: QuerySet[Relation]) -> list[Related]:
    found = relations.filter(Q(from_claim=claim) | Q(to_claim=claim)).order_by("pk")
    others = ("from_claim__source", "to_claim__source", "from_claim__outcome", "to_claim__outcome")
    return sorted((_related(claim, one) for one in found.select_related(*others)), key=_by_kind)


def _related(claim: Claim, relation: Relation) -> Related:
    forwards, backwards = WORDS[relation.kind]
    if relation.from_claim_id == claim.pk:
        return Related(relation, relation.to_claim, forwards)
    return Related(relation, relation.from_claim, backwards)


def _by_kind(related: Related) -> tuple[int, int]:
    return ORDER[related.relation.kind], related.relation.pk
