"""Promises beside their evidence: each rule by itself, then everything against a slow and obvious reference."""

from collections import Counter, defaultdict
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.actions import listings
from articles.filters import ClaimFilter
from articles.lib.vocabulary import EvidenceMatch
from articles.models import Assessment, Claim, ClaimListing, Condition, Outcome, Publisher, StudyGroup, Therapy
from articles.queries import promises as module
from articles.queries.matching import Stance
from articles.queries.promises import Promise, Promises, promises
from articles.queries.trees import Trees
from tests import factories
from tests.queries.reference import Record, records
from tests.random_corpora import ClaimPlan, Plan, SourcePlan, written

pytestmark = pytest.mark.django_db

SAFETY: dict[str, Any] = {"claim_type": "harm_or_safety"}
NO_HARM: dict[str, Any] = {**SAFETY, "effect": "none_observed"}
# What makes a result of each kind.
ANIMALS: dict[str, Any] = {"subject": "animal", "design": "animal_experiment"}
REVIEW: dict[str, Any] = {"quote_role": "review_synthesis", "design": "systematic_review_rct"}


Fields = dict[str, Any]


def promise(page: Fields | None = None, **fields: Any) -> Claim:
    given = {"quote_role": "promotional", "basis": "none", "design": "", "subject": "none", **fields}
    return factories.claim(factories.source(kind="clinic_page", **(page or {})), **given)


def found(page: int = 1) -> Promises:
    return promises(ClaimListing.objects.all(), Trees.load(), page)


def only() -> Promise:
    (shown,) = found().shown
    return shown


@pytest.mark.parametrize(
    ("promised", "results", "expected"),
    [
        ({}, [], EvidenceMatch.NOTHING),
        ({}, [{}], EvidenceMatch.SUPPORTED),
        ({}, [{"effect": "no_difference"}], EvidenceMatch.CONTRADICTED),
        ({}, [{"effect": "harmful"}], EvidenceMatch.CONTRADICTED),
        ({}, [{}, {"effect": "no_difference"}], EvidenceMatch.DIVIDED),
        ({}, [{"effect": "mixed"}, {"effect": "unclear"}, {"effect": "not_stated"}], EvidenceMatch.INCONCLUSIVE),
        ({}, [{"effect": "mixed"}, {}], EvidenceMatch.SUPPORTED),
        ({}, [ANIMALS], EvidenceMatch.PRECLINICAL),
        ({}, [{**ANIMALS, "effect": "no_difference"}], EvidenceMatch.PRECLINICAL),
        ({}, [ANIMALS, {"effect": "no_difference"}], EvidenceMatch.CONTRADICTED),
        ({}, [REVIEW], EvidenceMatch.SUPPORTED),
        (NO_HARM, [NO_HARM], EvidenceMatch.SUPPORTED),
        (NO_HARM, [{**SAFETY, "effect": "harmful"}], EvidenceMatch.CONTRADICTED),
        (NO_HARM, [{**SAFETY, "effect": "no_difference"}], EvidenceMatch.INCONCLUSIVE),
        (NO_HARM, [{"effect": "harmful"}], EvidenceMatch.NOTHING),
        ({}, [{"effect": "no_difference", "comparator": "active"}], EvidenceMatch.INCONCLUSIVE),
        ({}, [{"effect": "harmful", "comparator": "dose_or_route"}], EvidenceMatch.INCONCLUSIVE),
        ({}, [{"effect": "no_difference", "comparator": "placebo_or_sham"}], EvidenceMatch.CONTRADICTED),
        ({}, [{}, {"effect": "no_difference", "comparator": "active"}], EvidenceMatch.SUPPORTED),
        ({}, [{"comparator": "active"}], EvidenceMatch.SUPPORTED),
        ({}, [{**ANIMALS, "effect": "no_difference", "comparator": "active"}], EvidenceMatch.PRECLINICAL),
        (NO_HARM, [{**SAFETY, "effect": "harmful", "comparator": "active"}], EvidenceMatch.CONTRADICTED),
    ],
)
def test_where_a_promise_stands(
    promised: dict[str, Any], results: list[dict[str, Any]], expected: EvidenceMatch
) -> None:
    promise(**promised)
    for result in results:
        factories.claim(**result)
    assert only().standing == expected


@pytest.mark.parametrize(
    "not_evidence",
    [
        {"quote_role": "background"},
        {"quote_role": "authors_conclusion"},
        {"design": "not_reported"},
        {"status": "draft"},
        {"evidence_level_override": 0, "evidence_level_reason": "No study at all."},
    ],
)
def test_what_is_no_evidence(not_evidence: dict[str, Any]) -> None:
    promise()
    factories.claim(**not_evidence)
    assert only().standing == EvidenceMatch.NOTHING


@pytest.mark.parametrize(
    "fields", [{"kind": "news"}, {"publication_status": "retracted"}, {"publication_status": "withdrawn"}]
)
def test_whose_results_are_no_evidence(fields: dict[str, str]) -> None:
    promise()
    factories.claim(factories.source(**fields))
    assert only().standing == EvidenceMatch.NOTHING


@pytest.mark.parametrize(
    ("basis", "expected"), [("own_data", EvidenceMatch.SUPPORTED), ("none", EvidenceMatch.NOTHING)]
)
def test_a_conclusion_is_evidence_where_it_rests_on_own_data(basis: str, expected: EvidenceMatch) -> None:
    promise()
    factories.claim(
        quote_role="authors_conclusion", basis=basis, evidence_level_override=2, evidence_level_reason="Read in full."
    )
    assert only().standing == expected


def test_claims_of_sellers_without_a_benefit_are_no_promises() -> None:
    for effect in ("harmful", "no_difference", "mixed", "unclear", "not_stated"):
        promise(effect=effect)
    factories.claim()
    assert (found().total, found().shown) == (0, [])


@pytest.mark.parametrize(
    ("model", "field", "at", "expected"),
    [
        (Therapy, "therapies", "above", EvidenceMatch.SUPPORTED),
        (Condition, "condition", "above", EvidenceMatch.SUPPORTED),
        (Outcome, "outcome", "above", EvidenceMatch.SUPPORTED),
        (Therapy, "therapies", "below", EvidenceMatch.NOTHING),
        (Condition, "condition", "below", EvidenceMatch.NOTHING),
        (Outcome, "outcome", "below", EvidenceMatch.NOTHING),
        (Therapy, "therapies", "beside", EvidenceMatch.NOTHING),
        (Condition, "condition", "beside", EvidenceMatch.NOTHING),
        (Outcome, "outcome", "beside", EvidenceMatch.NOTHING),
    ],
)
def test_evidence_on_something_broader_counts_and_on_something_narrower_does_not(
    model: type[Any], field: str, at: str, expected: EvidenceMatch
) -> None:
    above = factories.node(model, "above")
    exact = factories.node(model, "exact", above)
    nodes = {
        "above": above,
        "below": factories.node(model, "below", exact),
        "beside": factories.node(model, "b", above),
    }

    def tagged(node: Any) -> dict[str, Any]:
        return {field: [node] if field == "therapies" else node}

    promise(**tagged(exact))
    factories.claim(**tagged(nodes[at]))
    assert only().standing == expected
    narrower = only().narrower
    assert (narrower.claims if narrower else 0) == (1 if at == "below" else 0)


def test_a_result_together_with_another_therapy_is_no_evidence() -> None:
    cells, drug = factories.node(Therapy, "cells"), factories.node(Therapy, "drug")
    stem = factories.node(Therapy, "stem", cells)
    promise(therapies=[stem])
    factories.claim(therapies=[stem, drug])
    factories.claim(therapies=[cells, drug])
    assert only().standing == EvidenceMatch.NOTHING
    narrower = only().narrower
    assert narrower
    assert narrower.claims == 1
    factories.claim(therapies=[stem, cells], effect="no_difference")
    assert only().standing == EvidenceMatch.CONTRADICTED


def test_a_promise_on_a_combination_is_held_against_each_of_its_therapies_and_all_of_them() -> None:
    stem, drug = factories.node(Therapy, "stem"), factories.node(Therapy, "drug")
    promise(therapies=[stem, drug])
    factories.claim(therapies=[stem, drug])
    factories.claim(therapies=[drug])
    factories.claim(therapies=[drug, factories.node(Therapy, "another")])
    side = only().sides[Stance.AGREES]
    assert (only().standing, side.speakers, side.is_exact) == (EvidenceMatch.SUPPORTED, 2, True)


@pytest.mark.parametrize("field", ["therapies", "condition", "outcome"])
def test_what_only_something_broader_decides_is_told_apart(field: str) -> None:
    models: dict[str, type[Any]] = {"therapies": Therapy, "condition": Condition, "outcome": Outcome}
    model = models[field]
    above = factories.node(model, "above")
    exact = factories.node(model, "exact", above)

    def tagged(node: Any) -> dict[str, Any]:
        return {field: [node] if field == "therapies" else node}

    promise(**tagged(exact))
    assert not only().is_by_broader_only
    factories.claim(**tagged(above))
    factories.claim(**tagged(exact), **ANIMALS)
    assert only().is_by_broader_only
    factories.claim(**tagged(exact), effect="no_difference")
    assert not only().is_by_broader_only


def test_a_trial_in_three_papers_counts_once_and_says_so() -> None:
    trial = StudyGroup.objects.create(name="A trial")
    promise()
    for _ in range(3):
        factories.claim(factories.source(study_group=trial, study_group_relation="same_trial"))
    factories.claim(**REVIEW)
    side = only().sides[Stance.AGREES]
    assert (side.studies, side.reviews, side.others, side.sources, side.speakers) == (1, 1, 0, 4, 2)


def test_the_strongest_evidence_of_each_stance_stands_first() -> None:
    promise()
    weak = factories.claim(design="case_series", effect="no_difference")
    strong = factories.claim(**REVIEW)
    older = factories.claim(factories.source(year=2011))
    newer = factories.claim(factories.source(year=2015))
    animals = factories.claim(**ANIMALS)
    shown = [claim.pk for claim in only().evidence]
    assert shown == [strong.pk, newer.pk, weak.pk]
    assert {older.pk, animals.pk}.isdisjoint(shown)
    assert only().sides[Stance.AGREES].speakers == 3
    assert only().sides[Stance.PRECLINICAL].speakers == 1


def test_those_that_differ_most_come_first_and_of_these_the_surest() -> None:
    fatigue, pain, walking = (factories.node(Outcome, slug) for slug in ("fatigue", "pain", "walking"))
    supported = promise(outcome=fatigue)
    factories.claim(outcome=fatigue)
    hoped = promise(outcome=walking, wording="speculative")
    sure = promise(outcome=walking, wording="guaranteed")
    contradicted = promise(outcome=pain, wording="speculative")
    factories.claim(outcome=pain, effect="no_difference")
    order = [claim.pk for shown in found().shown for claim in shown.claims]
    assert order == [contradicted.pk, sure.pk, hoped.pk, supported.pk]
    assert {match: n for match, n in found().standings if n} == {"contradicted": 1, "nothing": 2, "supported": 1}
    assert [match for match, _ in found().standings] == list(EvidenceMatch)


def test_a_verdict_is_shown_only_where_a_reviewer_wrote_one_on_the_very_question() -> None:
    cells = factories.node(Therapy, "cells")
    claim = promise(therapies=[factories.node(Therapy, "stem-cells", cells)])
    made = [
        Assessment.objects.create(
            therapy=therapy,
            condition=claim.condition,
            outcome=claim.outcome,
            seller_verdict="overstated",
            verdict_reasons="One small trial.",
            reviewer=factories.user("reader"),
            assessed_at=timezone.now(),
        )
        for therapy in Therapy.objects.order_by("pk")
    ]
    assert only().assessments == made[1:]


def queries() -> list[str]:
    with CaptureQueriesContext(connection) as ran:
        found()
    return [query["sql"] for query in ran]


def test_the_number_of_queries_does_not_grow() -> None:
    def grow(times: int) -> None:
        for i in range(times):
            outcome = factories.node(Outcome, f"outcome-{Outcome.objects.count()}")
            promise(outcome=outcome, listed=False)
            if i % 2:
                factories.claim(outcome=outcome, listed=False)

    grow(3)
    listings.refresh_all()
    few = len(queries())
    grow(30)
    listings.refresh_all()
    assert len(queries()) == few <= 12


def test_nothing_is_counted_again_until_the_corpus_changes() -> None:
    promise()
    counting = [sql for sql in queries() if "articles_claimlisting" in sql]
    again = queries()
    assert len(counting) == 4
    assert not [sql for sql in again if "articles_claimlisting" in sql]
    assert len([sql for sql in again if "articles_listingchange" in sql]) == 1
    factories.claim(effect="no_difference")
    assert only().standing == EvidenceMatch.CONTRADICTED


# --- Against a reference ------------------------------------------------------------------------------------------


def reports(record: Record) -> bool:
    """Whether a public claim is a result that a promise may be held against."""
    claim = record.claim
    role = claim.quote_role
    is_result = role in ("own_result", "review_synthesis") or (
        role == "authors_conclusion" and claim.basis == "own_data"
    )
    return record.voice == "literature" and record.stands and is_result and record.level in tuple("12345")


def own(record: Record) -> set[str]:
    return {tag.therapy.slug for tag in record.claim.claim_therapies.all()}


def is_exact(record: Record, promised: Record) -> bool:
    def about(one: Record) -> tuple[int, int]:
        return one.claim.condition_id, one.claim.outcome_id

    return own(record) <= own(promised) and about(record) == about(promised)


def matches(record: Record, promised: Record) -> bool:
    claim = record.claim
    return (
        own(record) <= promised.keys["therapy"]
        and claim.condition.slug in promised.keys["condition"]
        and claim.outcome.slug in promised.keys["outcome"]
        and (promised.claim.effect == "beneficial" or claim.claim_type == "harm_or_safety")
    )


def stance_of(record: Record, promised: str) -> str:
    if record.level == "5":
        return "preclinical"
    if record.claim.effect == promised:
        return "agrees"
    if promised == "beneficial" and record.claim.comparator in ("active", "dose_or_route"):
        return "neither"
    contrary = ("harmful", "no_difference") if promised == "beneficial" else ("harmful",)
    return "contrary" if record.claim.effect in contrary else "neither"


def standing_of(stances: set[str]) -> str:
    if "agrees" in stances:
        return "divided" if "contrary" in stances else "supported"
    if "contrary" in stances:
        return "contradicted"
    if "neither" in stances:
        return "inconclusive"
    return "preclinical" if stances else "nothing"


Held = tuple[int, int, int, int, str, bool]


def counted(held: list[Record], promised: Record) -> Held:
    studies = {record.speaker for record in held if record.claim.quote_role == "own_result"}
    reviews = {record.speaker for record in held if record.claim.quote_role == "review_synthesis"} - studies
    others = {record.speaker for record in held} - studies - reviews
    sources = {record.claim.source_id for record in held}
    exact = any(is_exact(record, promised) for record in held)
    return len(studies), len(reviews), len(others), len(sources), min(record.level for record in held), exact


Expected = tuple[str, dict[str, Held]]


def expected() -> dict[int, Expected]:
    """For each promise where it stands, and who stands on which side with which best level."""
    held = records()
    promised = [r for r in held if r.voice == "seller" and r.claim.effect in ("beneficial", "none_observed")]
    return {
        record.claim.pk: _expected(record, [r for r in held if reports(r) and matches(r, record)])
        for record in promised
    }


def _expected(promised: Record, evidence: list[Record]) -> Expected:
    by_stance: dict[str, list[Record]] = defaultdict(list)
    for record in evidence:
        by_stance[stance_of(record, promised.claim.effect)].append(record)
    return standing_of(set(by_stance)), {stance: counted(here, promised) for stance, here in by_stance.items()}


def shown() -> dict[int, Expected]:
    """The same as the software shows it, gathered from all pages."""
    pages = [found(page) for page in range(1, found().pages + 1)]
    every = [(claim.pk, promise) for page in pages for promise in page.shown for claim in promise.claims]
    assert len(every) == len({pk for pk, _ in every}) == pages[0].total
    return {pk: _shown(promise) for pk, promise in every}


def _shown(promise: Promise) -> Expected:
    levels = dict(
        Claim.objects.filter(pk__in=[pk for s in promise.sides.values() for pk in s.best]).values_list(
            "pk", "evidence_level"
        )
    )
    return promise.standing.value, {
        stance.value: (side.studies, side.reviews, side.others, side.sources, str(levels[side.best[0]]), side.is_exact)
        for stance, side in promise.sides.items()
    }


# Few nodes, and promises mostly on the narrow ones: so promises and results meet. One therapy stands by itself.
THERAPIES, CONDITIONS, OUTCOMES = (None, 0, 1, None), (None, 0), (None, 0)
DEEP, HIGH = (
    (st.sampled_from([2, 1, 2, 0, 3]), st.sampled_from([1, 1, 0])),
    (st.sampled_from([0, 1, 2, 3]), st.integers(0, 1)),
)


def claims(at: tuple[Any, Any], effects: list[str], roles: list[str], **fields: Any) -> st.SearchStrategy[ClaimPlan]:
    return st.builds(
        ClaimPlan,
        therapies=st.lists(at[0], min_size=1, max_size=2).map(tuple),
        condition=at[1],
        outcome=at[1],
        effect=st.sampled_from(effects),
        role=st.sampled_from(roles),
        design=st.sampled_from(["randomised_trial", "case_series", "systematic_review_rct"]),
        subject=st.sampled_from(["human", "human", "animal"]),
        status=st.just("accepted"),
        **fields,
    )


def sources(claims: st.SearchStrategy[ClaimPlan], **fields: Any) -> st.SearchStrategy[SourcePlan]:
    given = {
        "publisher": st.none() | st.integers(0, 1),
        "group": st.none() | st.integers(0, 1),
        "relation": st.just("same_trial"),
        "publication_status": st.sampled_from(["current"] * 8 + ["corrected", "retracted", "withdrawn"]),
        "year": st.sampled_from([None, 2010, 2020]),
        "is_excluded": st.just(False),
        "is_merged": st.just(False),
        "claims": st.lists(claims, min_size=1, max_size=3).map(tuple),
        **fields,
    }
    return st.builds(SourcePlan, **given)


PAGES = sources(
    claims(DEEP, ["beneficial", "beneficial", "none_observed", "mixed"], ["promotional"], override=st.none()),
    kind=st.just("clinic_page"),
    interest=st.just("sells_therapy"),
)
RESULTS = ["no_difference", "beneficial", "beneficial", "harmful", "mixed", "none_observed"]
ROLES = ["own_result", "own_result", "review_synthesis", "authors_conclusion", "background"]
PAPERS = sources(
    claims(HIGH, RESULTS, ROLES, override=st.sampled_from([None, None, 0, 2, 5])),
    kind=st.sampled_from(["abstract", "abstract", "review", "news"]),
    interest=st.sampled_from(["unknown", "unknown", "industry_funded", "sells_therapy"]),
)
MEETING = st.builds(
    lambda pages, papers: Plan(THERAPIES, CONDITIONS, OUTCOMES, (*pages, *papers)),
    st.lists(PAGES, min_size=1, max_size=4),
    st.lists(PAPERS, min_size=4, max_size=8),
)


def varied(change: int) -> None:
    """What plans do not hold: the basis and the comparator of a result, its type, and how sure a promise sounds."""
    for claim in Claim.objects.order_by("pk"):
        n = claim.pk + change
        claim.basis = ("own_data", "none")[n % 2]
        claim.comparator = ("", "active", "placebo_or_sham", "dose_or_route")[n % 4]
        claim.wording = ("guaranteed", "qualified", "speculative")[n % 3]
        claim.claim_type = "harm_or_safety" if claim.effect == "none_observed" or n % 5 < 2 else "benefit"
        claim.save()
    listings.refresh_all()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=MEETING, change=st.integers(0, 29), size=st.integers(1, 6))
def test_every_promise_stands_where_the_reference_puts_it(plan: Plan, change: int, size: int) -> None:
    with written(plan), mock.patch.object(module, "SHOWN", size):
        varied(change)
        told = expected()
        assert shown() == told
        tally = Counter(standing for standing, _ in told.values())
        assert {match.value: n for match, n in found().standings if n} == dict(tally)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=MEETING)
def test_what_is_narrower_is_as_long_as_its_list(plan: Plan) -> None:
    with written(plan):
        trees = Trees.load()
        for promise in found().shown:
            if promise.narrower:
                filters = ClaimFilter(QueryDict(promise.narrower.query), trees)
                assert filters.problems() == []
                assert filters.counts().total == promise.narrower.claims > 0


def test_a_publishers_promises_are_its_own() -> None:
    clinic, other = (Publisher.objects.create(name=name, slug=name) for name in ("clinic", "other"))
    own = promise({"publisher": clinic})
    promise({"publisher": other})
    rows = ClaimListing.objects.filter(publisher=clinic)
    assert [claim.pk for shown in promises(rows, Trees.load()).shown for claim in shown.claims] == [own.pk]
