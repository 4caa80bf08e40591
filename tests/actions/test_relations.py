"""Relations between claims: suggested, confirmed by another person, dropped, and what they outlive."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from articles.actions import claims, listings, merging, relations, runs, undoing
from articles.models import Claim, Condition, ImportRun, Outcome, Relation, Source, Therapy
from articles.queries import history
from articles.queries import relations as queries
from tests import factories

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[1] / "samples" / "digest" / "two-claims.txt"


def related(kind: str = "supports", **given: Claim) -> Relation:
    pair = {"from_claim": given.get("from_claim") or factories.claim(), "to_claim": given.get("to_claim")}
    pair["to_claim"] = pair["to_claim"] or factories.claim()
    return relations.relate(by=factories.user("cora"), kind=kind, reason="Both report it.", **pair)


def confirmed(**given: Claim) -> Relation:
    return relations.confirm(by=factories.user("rene"), relation=related(**given))


def test_a_second_person_confirms_what_the_first_one_suggested() -> None:
    relation = related()
    assert (relation.state, relation.created_by, relation.reviewed_by) == ("suggested", factories.user("cora"), None)
    with pytest.raises(ValidationError, match="somebody else must confirm"):
        relations.confirm(by=factories.user("cora"), relation=relation)
    relations.confirm(by=factories.user("rene"), relation=relation)
    relation.refresh_from_db()
    assert (relation.state, relation.reviewed_by) == ("confirmed", factories.user("rene"))
    assert relation.reviewed_at is not None
    with pytest.raises(ValidationError, match="decided before: confirmed"):
        relations.confirm(by=factories.user("rene"), relation=relation)


def test_each_step_is_in_the_history() -> None:
    relation = confirmed()
    relations.drop(by=factories.user("cora"), relation=relation)
    told = [(entry.who, entry.action) for entry in history.of(relation)]
    assert told == [("cora", "relation dropped"), ("rene", "relation confirmed"), ("cora", "relation suggested")]
    assert "relation suggested" in {entry.action for entry in history.recent()}


@pytest.mark.parametrize(
    ("kind", "reason", "said"),
    [("supports", " \n", "Say why"), ("", "Both.", "no relation"), ("x" * 500, "Both.", "no relation")],
)
def test_what_is_refused_is_said_and_not_stored(kind: str, reason: str, said: str) -> None:
    one, other = factories.claim(), factories.claim()
    with pytest.raises(ValidationError, match=said):
        relations.relate(by=factories.user("cora"), from_claim=one, to_claim=other, kind=kind, reason=reason)
    assert not Relation.objects.exists()


def test_a_claim_and_itself_and_the_same_again_are_refused_in_words() -> None:
    claim = factories.claim()
    with pytest.raises(ValidationError, match="no relation to itself"):
        related(from_claim=claim, to_claim=claim)
    once = related("contrasts")
    with pytest.raises(ValidationError, match="have this relation already"):
        related("contrasts", from_claim=once.from_claim, to_claim=once.to_claim)
    with pytest.raises(ValidationError, match="read from the other one"):
        related("contrasts", from_claim=once.to_claim, to_claim=once.from_claim)


@pytest.mark.parametrize(
    ("status", "fields"), [("rejected", {"rejection_reason": "No."}), ("retired", {}), ("suggested", {})]
)
def test_claims_that_were_given_up_get_no_relations(status: str, fields: dict[str, str]) -> None:
    gone = factories.claim(status=status, **fields)
    with pytest.raises(ValidationError, match=gone.public_id):
        related(to_claim=gone)


def test_what_was_dropped_may_be_suggested_anew() -> None:
    dropped = relations.drop(by=factories.user("cora"), relation=related("contrasts"))
    with pytest.raises(ValidationError, match="dropped before"):
        relations.drop(by=factories.user("rene"), relation=dropped)
    anew = relations.relate(
        by=factories.user("rene"),
        from_claim=dropped.to_claim,
        to_claim=dropped.from_claim,
        kind="contrasts",
        reason=" They differ after all. ",
    )
    stored = Relation.objects.get()
    assert (stored.pk, stored.state, stored.reviewed_by) == (anew.pk, "suggested", None)
    assert (stored.from_claim, stored.reason) == (dropped.to_claim, "They differ after all.")
    assert stored.created_by == factories.user("rene")


def test_superseding_leaves_the_other_claim_as_it_is() -> None:
    relation = relations.confirm(by=factories.user("rene"), relation=related("supersedes"))
    assert Claim.objects.get(pk=relation.to_claim_id).status == "accepted"


def test_a_merge_of_sources_keeps_relations() -> None:
    kept, gone = factories.source(title="Cells"), factories.source(title="Cells!")
    moved, other = factories.claim(gone), factories.claim()
    relation = confirmed(from_claim=moved, to_claim=other)
    merging.merge(by=factories.user("cora"), kept=kept, gone=gone)
    (seen,) = queries.of_claim(other)
    assert (seen.relation, seen.other.source, seen.words) == (relation, kept, "supported by")


def test_relations_within_one_source_outlive_its_merge() -> None:
    kept, gone = factories.source(title="Cells"), factories.source(title="Cells!")
    relation = confirmed(from_claim=factories.claim(gone), to_claim=factories.claim(kept))
    merging.merge(by=factories.user("cora"), kept=kept, gone=gone)
    relation.refresh_from_db()
    assert relation.from_claim.source == relation.to_claim.source == kept
    assert [one.other for one in queries.of_claim(relation.to_claim)] == [relation.from_claim]


def test_a_retired_claim_keeps_its_relations_out_of_sight() -> None:
    relation = confirmed()
    claims.retire(by=factories.user("rene"), claim=relation.from_claim)
    assert queries.of_claim(relation.to_claim) == []
    assert queries.of_claim(relation.from_claim) == []
    assert [one.relation for one in queries.all_of(relation.to_claim)] == [relation]


def test_an_excluded_source_hides_relations_until_it_is_back() -> None:
    relation = confirmed()
    source = relation.from_claim.source
    for state, shown in (("excluded", 0), ("extracted", 1)):
        Source.objects.filter(pk=source.pk).update(curation_state=state, exclusion_reason="Not about it.")
        listings.refresh([source.pk])
        assert len(queries.of_claim(relation.to_claim)) == shown, state


def test_a_relation_keeps_an_import_from_being_taken_back() -> None:
    for model, slugs in (
        (Therapy, ("sample-cells", "other-cells")),
        (Condition, ("sample-disease",)),
        (Outcome, ("scores", "adverse-events")),
    ):
        for slug in slugs:
            factories.node(model, slug)
    run = runs.start(by=None, origin="command", files=[runs.Given(SAMPLE.name)], format="digest")
    list(runs.carry_out(run, open_file=lambda file: io.BytesIO(SAMPLE.read_bytes())))
    first, second = Claim.objects.order_by("pk")
    related(from_claim=first, to_claim=second)
    with pytest.raises(ValidationError, match="changed or related"):
        undoing.undo(by=factories.user("cora"), run=ImportRun.objects.get())
    assert Relation.objects.get().from_claim == first
