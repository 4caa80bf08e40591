"""One question: a therapy, a condition or any, and an outcome, what stands below them included."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from articles.lib.question_words import PEOPLE, Bar, Bars
from articles.lib.vocabulary import AGAINST_ANOTHER_TREATMENT, ClaimType, Effect
from articles.models import Claim, ClaimListing, ListingChange, Node, StudyGroup
from articles.models.trees import ANY as ANY
from articles.queries import kept
from articles.queries.claims import with_everything_shown
from articles.queries.facets import BY_NAME
from articles.queries.independence import ROOT, STANDS, STRENGTH, STRENGTHS, Axis, Table, table
from articles.queries.trees import Trees
from articles.queries.voices import VOICES, voice
from articles.queries.years import Years

SHOWN = 8


@dataclass(frozen=True)
class Question:
    """What is asked; `condition` is None for any condition."""

    therapy: Node
    condition: Node | None
    outcome: Node

    @classmethod
    def named(cls, therapy: str, condition: str, outcome: str, trees: Trees) -> "Question":
        """The question with these slugs. Raises KeyError where a tree does not hold one."""
        nodes = trees.condition.by_slug
        asked = None if condition == ANY else nodes[condition]
        return cls(trees.therapy.by_slug[therapy], asked, trees.outcome.by_slug[outcome])

    @property
    def slugs(self) -> tuple[str, str, str]:
        """Therapy, condition and outcome as they stand in the address."""
        return self.therapy.slug, self.condition.slug if self.condition else ANY, self.outcome.slug

    @property
    def parts(self) -> dict[str, Node]:
        """The nodes by the name of their tree, as the list of claims takes them."""
        parts = {"therapy": self.therapy, "condition": self.condition, "outcome": self.outcome}
        return {name: node for name, node in parts.items() if node is not None}

    @property
    def in_words(self) -> str:
        """Such as “Exosomes for multiple sclerosis: walking”."""
        condition = lowered(self.condition.name) if self.condition else "any condition"
        return f"{self.therapy.name} for {condition}: {lowered(self.outcome.name)}"


def lowered(name: str) -> str:
    """The name as it stands within a sentence; what starts with several capitals keeps them."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


# --- The rows of a question ------------------------------------------------------------------------------------------

LISTED = (
    "voice",
    "effect",
    "level",
    "comparator",
    "publication_status",
    "speaker",
    "source_id",
    "study_group_id",
    "year",
    "pk",
)


def rows(base: QuerySet[ClaimListing], parts: Mapping[str, Node], trees: Trees) -> QuerySet[ClaimListing]:
    """The rows of `base` at these nodes and below: those of the list of claims with the same conditions."""
    for name, node in parts.items():
        base = base.filter(BY_NAME[name].condition(ClaimListing, [node.slug], trees))
    return base


def _answer(sql: str, of: QuerySet[ClaimListing], at: str) -> kept.Rows:
    """Asks `sql`, which reads the columns LISTED of these rows as `l`."""
    inner, parameters = of.order_by().annotate(voice=voice()).values_list(*LISTED).query.sql_with_params()
    asked = sql.format(
        rows=f"({inner}) AS l({', '.join(LISTED)})",
        stands=STANDS,
        strength=STRENGTH,
        people=", ".join(f"'{level}'" for level in PEOPLE),
        another=", ".join(f"'{comparator}'" for comparator in AGAINST_ANOTHER_TREATMENT),
        shown=SHOWN,
    )
    return kept.answer(asked, parameters, at)


# --- Agreement -------------------------------------------------------------------------------------------------------

# A speaker has levels and effects for each effect, and for everything it says (the effect is NULL).
AGREEMENT = """
    SELECT voice, effect, levels, telling, stated, sum(claims)::bigint, count(*) FROM (
        SELECT l.voice, l.effect, count(*) AS claims,
            array_agg(DISTINCT l.level) FILTER (WHERE {stands}) AS levels,
            array_agg(DISTINCT l.level) FILTER (WHERE {stands} AND l.comparator NOT IN ({another})) AS telling,
            array_agg(DISTINCT l.effect) FILTER (
                WHERE {stands} AND l.comparator NOT IN ({another}) AND l.level IN ({people})
            ) AS stated
        FROM {rows} GROUP BY GROUPING SETS ((l.voice, l.effect, l.speaker), (l.voice, l.speaker))
    ) AS by_speaker GROUP BY voice, effect, levels, telling, stated
"""


@dataclass(frozen=True)
class Alike:
    """Speakers with the same levels, the same levels of telling results, and the same effects of these in people."""

    levels: list[str] | None
    telling: list[str] | None
    stated: list[str] | None
    claims: int
    speakers: int


Tallied = Mapping[str | None, list[Alike]]


def agreement(of: QuerySet[ClaimListing], at: str) -> dict[str, Bars]:
    """What each voice says, by effect and evidence level. One query."""
    tallied: dict[str, dict[str | None, list[Alike]]] = {who: {} for who in VOICES}
    for who, effect, *counts in _answer(AGREEMENT, of, at):
        tallied[who].setdefault(effect, []).append(Alike(*counts))
    return {who: _bars(who, by_effect) for who, by_effect in tallied.items()}


def _bars(who: str, tallied: Tallied) -> Bars:
    everything = tallied.get(None, [])
    if all(alike.levels == alike.telling for alikes in tallied.values() for alike in alikes):
        return Bars(who, _by_effect(tallied), _bar(everything))
    told = {effect: [replace(alike, levels=alike.telling) for alike in alikes] for effect, alikes in tallied.items()}
    telling = Bars(who, _by_effect(told), _bar(told.get(None, [])))
    return Bars(who, _by_effect(tallied), _bar(everything), telling)


def _by_effect(tallied: Tallied) -> dict[Effect, Bar]:
    return {effect: _bar(tallied[effect]) for effect in Effect if effect in tallied}


def _bar(counts: Iterable[Alike]) -> Bar:
    """The speakers by their levels; the claims are all of them, whether they tell or not."""
    by_level: Counter[str] = Counter()
    with_level: Counter[str] = Counter()
    in_people: Counter[frozenset[str]] = Counter()
    claims = 0
    for alike in counts:
        claims += alike.claims
        if alike.levels:
            by_level[min(alike.levels, key=STRENGTHS.index)] += alike.speakers
            with_level.update(dict.fromkeys(alike.levels, alike.speakers))
        if alike.stated:
            in_people[frozenset(alike.stated)] += alike.speakers
    return Bar(claims, by_level, with_level, in_people)


# --- Papers and the trials behind them -------------------------------------------------------------------------------

PAPERS = """
    SELECT l.voice, l.study_group_id, count(DISTINCT l.source_id) FROM {rows} WHERE {stands}
    GROUP BY GROUPING SETS ((l.voice), (l.voice, l.study_group_id))
    HAVING GROUPING(l.study_group_id) = 1 OR (l.study_group_id IS NOT NULL AND count(DISTINCT l.source_id) > 1)
"""


@dataclass(frozen=True)
class Papers:
    """Documents that count, by voice, and how many of them report the same trial or cohort where several do."""

    by_voice: Mapping[str, int]
    by_trial: Mapping[int, int]


def papers(of: QuerySet[ClaimListing], at: str) -> Papers:
    """Count the documents of each voice and of each trial of the literature. One query."""
    counted = _answer(PAPERS, of, at)
    by_trial = {trial: n for who, trial, n in counted if trial is not None and who == "literature"}
    return Papers({who: n for who, trial, n in counted if trial is None}, by_trial)


def trials(numbers: Iterable[int]) -> dict[int, str]:
    """The names of trials and cohorts. One query."""
    return dict(StudyGroup.objects.filter(pk__in=list(numbers)).values_list("pk", "name"))


# --- The claims to show ----------------------------------------------------------------------------------------------

FIRST_OF_EACH = """
    SELECT voice, effect, pk FROM (
        SELECT l.voice, l.effect, l.pk, row_number() OVER (
            PARTITION BY l.voice, l.effect ORDER BY NOT {stands}, {strength}, l.year DESC NULLS LAST, l.pk
        ) AS place FROM {rows}
    ) AS placed WHERE place <= {shown} ORDER BY voice, effect, place
"""


def first_claims(of: QuerySet[ClaimListing], at: str) -> dict[tuple[str, str], list[Claim]]:
    """By voice and effect the first claims: those that count, then the strongest evidence, first. Three queries."""
    picked = _answer(FIRST_OF_EACH, of, at)
    shown = Claim.objects.filter(pk__in=[pk for _, _, pk in picked]).select_related("source__study_group")
    by_id = {claim.pk: claim for claim in with_everything_shown(shown)}
    groups: dict[tuple[str, str], list[Claim]] = {}
    for who, effect, pk in picked:
        if pk in by_id:
            groups.setdefault((who, effect), []).append(by_id[pk])
    return groups


# --- Around the question ---------------------------------------------------------------------------------------------

BY_NODE = "SELECT l.node, count(*) FROM {rows} GROUP BY l.node"


def by_node(name: str, of: QuerySet[ClaimListing], trees: Trees, at: str) -> Counter[int]:
    """Number of claims by node of the tree `name`, what stands below it included; 0 holds all. One query."""
    inner, parameters = of.order_by().values_list(BY_NAME[name].claim_column).query.sql_with_params()
    counts: Counter[int] = Counter()
    for content, n in kept.answer(BY_NODE.format(rows=f"({inner}) AS l(node)"), parameters, at):
        ids = content if isinstance(content, list) else [content]
        counts.update(dict.fromkeys({*trees.named(name).above(ids), ROOT}, n))
    return counts


def alone(base: QuerySet[ClaimListing], parts: Mapping[str, Node], trees: Trees) -> dict[str, int]:
    """Number of claims at each part of a question by itself. One query."""
    counts = {
        name: Count("pk", filter=BY_NAME[name].condition(ClaimListing, [node.slug], trees))
        for name, node in parts.items()
    }
    return base.order_by().aggregate(**counts)


def harms(of: QuerySet[ClaimListing], trees: Trees) -> Table:
    """Claims about harm or safety, and whatever else states harm, by outcome. Two queries.

    `of` are the rows of a therapy and a condition.
    """
    about_harm = of.filter(Q(claim_type=ClaimType.HARM_OR_SAFETY.value) | Q(effect=Effect.HARMFUL.value))
    return table(about_harm, trees, Axis("outcome", tuple(trees.outcome.by_slug)))


BY_YEAR = "SELECT l.voice, l.year, count(*) FROM {rows} GROUP BY l.voice, l.year"


def by_year(of: QuerySet[ClaimListing], at: str) -> Years:
    """Claims by voice and year. One query."""
    return Years(Counter({(who, year): n for who, year, n in _answer(BY_YEAR, of, at)}))


def changed_at() -> datetime | None:
    """When the corpus changed last. One query."""
    return ListingChange.objects.order_by("-pk").values_list("changed_at", flat=True).first()
