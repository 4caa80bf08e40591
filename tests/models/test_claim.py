"""What the database refuses, whichever way it comes in."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from articles.lib.evidence import RULES, derive_level
from articles.models import Claim, Identifier, SourceVersion, Therapy
from tests import factories

pytestmark = pytest.mark.django_db


def refused(make: Any) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        make()
    return str(error.value)


def test_a_quote_must_stand_in_its_version() -> None:
    claim = factories.claim()
    shifted = {"start": claim.start + 1, "end": claim.end + 1}
    assert "does not stand" in refused(lambda: Claim.objects.filter(pk=claim.pk).update(**shifted))


def test_a_quote_of_another_source_is_refused() -> None:
    claim, other = factories.claim(), factories.source()
    assert "does not stand" in refused(lambda: Claim.objects.filter(pk=claim.pk).update(version=other.current_version))


def test_offsets_count_code_points_not_bytes() -> None:
    source = factories.source("β-interferon 𝛼 naïve: fewer relapses.")
    claim = factories.claim(source, "fewer relapses")
    assert source.current_version is not None
    assert source.current_version.text[claim.start : claim.end] == "fewer relapses"


@pytest.mark.parametrize(
    "fields",
    [
        {"effect": "none_observed", "claim_type": "benefit"},
        {"effect": "wonderful"},
        {"kind": "x", "wording": "x"},
        {"status": "rejected", "rejection_reason": ""},
        {"evidence_level_override": 2, "evidence_level_reason": ""},
        {"evidence_level_override": 6, "evidence_level_reason": "because"},
        {"n": 12, "not_reported": ["n"]},
        {"not_reported": ["colour"]},
        {"disclosures": ["everything"]},
    ],
)
def test_what_a_claim_may_not_be(fields: dict[str, Any]) -> None:
    fields.pop("kind", None)
    assert "violates check constraint" in refused(lambda: factories.claim(**fields))


def test_nobody_accepts_their_own_claim() -> None:
    writer = factories.user("writer")
    message = refused(lambda: factories.claim(submitted_by=writer, accepted_by=writer))
    assert "claim_accepted_by_second_person" in message


def test_an_accepted_claim_names_both_people() -> None:
    assert "claim_accepted_by_second_person" in refused(lambda: factories.claim(submitted_by=None))
    assert "claim_accepted_by_second_person" in refused(lambda: factories.claim(accepted_by=None))


def test_a_version_cannot_be_changed() -> None:
    source = factories.source()
    message = refused(lambda: SourceVersion.objects.filter(source=source).update(text="other"))
    assert "Cannot update" in message
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("UPDATE articles_sourceversion SET sha256 = 'x' WHERE source_id = %s", [source.pk])


def test_no_two_sources_share_an_identifier() -> None:
    first, second = factories.source(), factories.source()
    Identifier.objects.create(source=first, scheme="doi", value="10.1000/a")
    message = refused(lambda: Identifier.objects.create(source=second, scheme="doi", value="10.1000/a"))
    assert "identifier_unique" in message


def test_a_tree_has_no_cycle() -> None:
    root = factories.node(Therapy, "root")
    leaf = factories.node(Therapy, "leaf", factories.node(Therapy, "middle", root))
    assert "cannot stand below itself" in refused(lambda: Therapy.objects.filter(pk=root.pk).update(parent=leaf))


def test_the_database_derives_the_same_level_as_the_table() -> None:
    facts = [
        {"claim_type": t, "quote_role": r, "design": d, "subject": s, "basis": b}
        for t in ("benefit", "mechanism", "cost_or_access")
        for r in ("own_result", "review_synthesis", "promotional", "background")
        for d in ("randomised_trial", "cohort", "case_series", "systematic_review_rct", "systematic_review", "")
        for s in ("human", "animal", "")
        for b in ("own_data", "none")
    ]
    source = factories.source()
    for fact in facts:
        claim = factories.claim(source, listed=False, **fact)
        claim.refresh_from_db()
        assert claim.evidence_level == derive_level(fact), fact
    assert {derive_level(fact) for fact in facts} == {None, *(rule.level for rule in RULES)}


def test_a_level_set_by_hand_stands_before_the_derived_one() -> None:
    claim = factories.claim(evidence_level_override=3, evidence_level_reason="Allocation was not concealed.")
    claim.refresh_from_db()
    assert claim.evidence_level == 3


def test_the_public_id_is_six_digits_or_more() -> None:
    assert Claim(pk=123).public_id == "C-000123"
    assert Claim(pk=1234567).public_id == "C-1234567"
