"""Random small corpora for property tests: first a plan, which hypothesis can shrink, then the records it means.

Few nodes, groups and publishers, so that claims meet in the same cells, and every way in which one thing might be
counted twice: trees up to four deep, claims on a node and on what stands above it, several papers of one study group,
several pages of one seller, retracted, excluded, merged and undated sources, claims that nobody accepted.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st

from articles.actions import listings
from articles.lib import vocabulary as vocab
from articles.models import (
    Claim,
    ClaimTherapy,
    Condition,
    Outcome,
    Publisher,
    Source,
    SourceVersion,
    StudyGroup,
    Therapy,
)
from articles.models.trees import Node
from tests import factories

GROUPS = PUBLISHERS = 2
DEEPEST = 4
QUOTE = "Fewer relapses were seen"
SHA256 = hashlib.sha256(factories.TEXT.encode()).hexdigest()


@dataclass(frozen=True)
class ClaimPlan:
    """A claim; its nodes are positions in the trees of the corpus, taken round and round."""

    therapies: tuple[int, ...]
    condition: int
    outcome: int
    effect: str
    role: str
    design: str
    subject: str
    status: str
    override: int | None


@dataclass(frozen=True)
class SourcePlan:
    """A source with its claims; `group` and `publisher` are positions, or None."""

    kind: str
    interest: str
    publisher: int | None
    group: int | None
    relation: str
    publication_status: str
    year: int | None
    is_excluded: bool
    is_merged: bool
    claims: tuple[ClaimPlan, ...]


@dataclass(frozen=True)
class Plan:
    """A corpus. A tree is given by the position of each node's parent, or None."""

    therapies: tuple[int | None, ...]
    conditions: tuple[int | None, ...]
    outcomes: tuple[int | None, ...]
    sources: tuple[SourcePlan, ...]


@st.composite
def trees(draw: st.DrawFn, largest: int) -> tuple[int | None, ...]:
    """A forest: each node stands below one drawn before it, often the last one, or below none."""
    parents: list[int | None] = []
    depths: list[int] = []
    for position in range(draw(st.integers(2, largest))):
        could = [None, *(earlier for earlier in range(position) if depths[earlier] < DEEPEST)]
        parents.append(draw(st.sampled_from([*could, could[-1]])))
        depths.append(1 if parents[-1] is None else depths[parents[-1]] + 1)
    return tuple(parents)


POSITIONS = st.integers(0, 11)
CLAIMS = st.builds(
    ClaimPlan,
    therapies=st.lists(POSITIONS, min_size=1, max_size=3).map(tuple),
    condition=POSITIONS,
    outcome=POSITIONS,
    effect=st.sampled_from(vocab.Effect.values()),
    role=st.sampled_from(["own_result", "own_result", "review_synthesis", "background", "promotional"]),
    design=st.sampled_from(["randomised_trial", "case_series", "systematic_review_rct", "not_reported", ""]),
    subject=st.sampled_from(["human", "human", "animal", "not_reported", ""]),
    status=st.sampled_from(["accepted"] * 7 + ["draft", "submitted", "retired"]),
    override=st.sampled_from([None] * 6 + [0, 3]),
)
SOURCES = st.builds(
    SourcePlan,
    kind=st.sampled_from([*vocab.Kind.values(), "abstract", "abstract", "clinic_page"]),
    interest=st.sampled_from([*vocab.PublisherInterest.values(), "unknown"]),
    publisher=st.sampled_from([None, *range(PUBLISHERS), *range(PUBLISHERS)]),
    group=st.sampled_from([None, *range(GROUPS), *range(GROUPS)]),
    relation=st.sampled_from(vocab.StudyGroupRelation.values()),
    publication_status=st.sampled_from([*vocab.PublicationStatus.values(), *["current"] * 6]),
    year=st.sampled_from([None, 2010, 2015, 2020]),
    is_excluded=st.sampled_from([False] * 9 + [True]),
    is_merged=st.sampled_from([False] * 9 + [True]),
    claims=st.lists(CLAIMS, min_size=1, max_size=4).map(tuple),
)
PLANS = st.builds(Plan, trees(7), trees(4), trees(6), st.lists(SOURCES, min_size=6, max_size=12).map(tuple))


@contextmanager
def written(plan: Plan) -> Iterator[None]:
    """The records of the plan with their listing rows; taken back at the end."""
    with transaction.atomic():
        _Writer(plan).write()
        listings.refresh_all()
        yield
        transaction.set_rollback(True)


@dataclass
class _Writer:
    """Writes a plan down with as few statements as it takes."""

    plan: Plan
    trees: dict[type[Node], list[Any]] = field(default_factory=dict)
    writer: User = field(init=False)
    reader: User = field(init=False)

    def write(self) -> None:
        self._write_tree(Therapy, self.plan.therapies)
        self._write_tree(Condition, self.plan.conditions)
        self._write_tree(Outcome, self.plan.outcomes)
        self.writer, self.reader = factories.user("writer"), factories.user("reader")
        sources = self._write_sources()
        claims = [(claim, version) for claims, version in sources for claim in claims]
        made = Claim.objects.bulk_create(self._claim(claim, version) for claim, version in claims)
        ClaimTherapy.objects.bulk_create(
            ClaimTherapy(claim=claim, therapy=therapy, position=position)
            for (planned, _), claim in zip(claims, made, strict=True)
            for position, therapy in enumerate(self._therapies(planned), start=1)
        )

    def _write_tree(self, model: type[Node], parents: Sequence[int | None]) -> None:
        name = model.__name__.lower()
        nodes = [model(slug=f"{name}-{i}", name=f"{model.__name__} {i}") for i in range(len(parents))]
        self.trees[model] = model.objects.bulk_create(nodes)
        for node, parent in zip(nodes, parents, strict=True):
            node.parent = None if parent is None else nodes[parent]
        model.objects.bulk_update(nodes, ["parent"])

    def _write_sources(self) -> list[tuple[tuple[ClaimPlan, ...], SourceVersion]]:
        plans = self.plan.sources
        # One group more than the plans draw, for a test that puts a paper into a group of its own.
        groups = StudyGroup.objects.bulk_create(StudyGroup(name=f"Trial {i}") for i in range(GROUPS + 1))
        publishers = Publisher.objects.bulk_create(
            Publisher(name=f"Publisher {i}", slug=f"publisher-{i}") for i in range(PUBLISHERS)
        )
        made = Source.objects.bulk_create(_source(plan, i, groups, publishers) for i, plan in enumerate(plans))
        versions = SourceVersion.objects.bulk_create(_version(source) for source in made)
        for plan, source, version in zip(plans, made, versions, strict=True):
            source.current_version = version
            source.merged_into = made[0] if plan.is_merged and source != made[0] else None
        Source.objects.bulk_update(made, ["current_version", "merged_into"])
        return [(plan.claims, version) for plan, version in zip(plans, versions, strict=True)]

    def _node(self, model: type[Node], position: int) -> Any:
        nodes = self.trees[model]
        return nodes[position % len(nodes)]

    def _therapies(self, plan: ClaimPlan) -> list[Any]:
        return list(dict.fromkeys(self._node(Therapy, position) for position in plan.therapies))

    def _claim(self, plan: ClaimPlan, version: SourceVersion) -> Claim:
        start = factories.TEXT.index(QUOTE)
        return Claim(
            source=version.source,
            version=version,
            quote=QUOTE,
            start=start,
            end=start + len(QUOTE),
            statement="The source reports fewer relapses.",
            claim_type="harm_or_safety" if plan.effect == "none_observed" else "benefit",
            quote_role=plan.role,
            condition=self._node(Condition, plan.condition),
            outcome=self._node(Outcome, plan.outcome),
            effect=plan.effect,
            wording="definite",
            basis="none",
            design=plan.design,
            subject=plan.subject,
            evidence_level_override=plan.override,
            evidence_level_reason="" if plan.override is None else "For the test.",
            status=plan.status,
            submitted_by=self.writer,
            accepted_by=self.reader if plan.status == "accepted" else None,
            accepted_at=timezone.now() if plan.status == "accepted" else None,
        )


def _source(plan: SourcePlan, position: int, groups: Sequence[StudyGroup], publishers: Sequence[Publisher]) -> Source:
    return Source(
        title=f"Source {position}",
        kind=plan.kind,
        publisher_interest="sells_therapy" if plan.kind == "clinic_page" else plan.interest,
        publisher=None if plan.publisher is None else publishers[plan.publisher],
        study_group=None if plan.group is None else groups[plan.group],
        study_group_relation="" if plan.group is None else plan.relation,
        publication_status=plan.publication_status,
        text_basis="abstract",
        year=plan.year,
        curation_state="excluded" if plan.is_excluded else "extracted",
        exclusion_reason="Out of scope." if plan.is_excluded else "",
    )


def _version(source: Source) -> SourceVersion:
    text = factories.TEXT
    return SourceVersion(
        source=source,
        number=1,
        text=text,
        text_basis=source.text_basis,
        structure={"blocks": [["paragraph", 0, 0, len(text)]], "links": []},
        sha256=SHA256,
        normaliser_version="1",
        origin_format="test",
        fetched_at=timezone.now(),
    )
