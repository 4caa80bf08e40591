"""Files in, outcomes out."""

import io
from typing import Any

import pytest
from django.db import DatabaseError

from articles.actions import importing, records, runs, sources
from articles.actions.incoming import Result
from articles.actions.versions import add_version
from articles.importers.record import Record
from articles.lib.document import Document
from articles.models import Identifier, Publisher, Source, SourceListing
from tests import factories

pytestmark = pytest.mark.django_db


def page(title: str, words: str = "Our clinic offers stem cells.", more: str = "") -> bytes:
    return f"---\ntitle: {title}\ndate: 2021-05-01\n{more}---\n{words}\n".encode()


def run(data: bytes, name: str = "page.md", choices: Any = None) -> list[runs.Done]:
    made = runs.start(by=None, origin="command", files=[runs.Given(name)], choices=choices)
    return list(runs.carry_out(made, open_file=lambda file: io.BytesIO(data)))


def test_what_a_rehearsal_did_is_taken_back() -> None:
    with importing.rehearsal():
        assert run(page("One"))[0].result == Result.CREATED
        assert run(page("One"))[0].result == Result.UNCHANGED
        assert SourceListing.objects.count() == 1
    assert not Source.objects.exists()
    assert not SourceListing.objects.exists()
    assert not Publisher.objects.exists()


def test_a_record_that_does_not_fit_the_database_fails_alone() -> None:
    outcome = run(page("One" + 1_000 * "x"))[0]
    assert outcome.result == Result.FAILED
    assert "does not fit" in outcome.outcome.note or "1000" in outcome.outcome.note
    assert not Source.objects.exists()
    assert run(page("Two"))[0].result == Result.CREATED


def test_errors_that_are_ours_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**words: object) -> None:
        raise DatabaseError("the server went away")

    monkeypatch.setattr(records, "bring_in", broken)
    with pytest.raises(DatabaseError):
        run(page("One"))


def test_an_unwanted_record_leaves_no_trace() -> None:
    assert run(page("One"), choices={"0": {"1": {"take": False}}}) == []
    assert not Source.objects.exists()


def test_a_changed_text_marks_claims_whose_words_are_gone() -> None:
    source = runs.source_of(run(page("One", "Pain fell in all. Walking got better."))[0])
    assert source is not None
    kept = factories.claim(source, "Pain fell in all")
    gone = factories.claim(source, "Walking got better")
    assert run(page("One", "Something new first. Pain fell in all."))[0].result == Result.UPDATED
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.anchor_state, kept.version.number) == ("moved", 2)
    assert (gone.anchor_state, gone.version.number) == ("missing", 1)


def test_words_that_only_broke_into_other_lines_still_stand() -> None:
    claim = factories.claim(factories.source("Pain fell in all."), "fell in")
    document = Document("Later on. Pain fell\nin all.")
    record = Record(title=claim.source.title, document=document, format="test")
    version = add_version(source=claim.source, record=record, origin_name="test", text_basis="abstract")
    claim.refresh_from_db()
    assert (claim.version, claim.anchor_state, claim.quote) == (version, "moved", "fell\nin")


def test_publishers_whose_names_look_alike_in_an_address_are_kept_apart() -> None:
    words = "Call us.\n\n## Stem Cell Therapy at {}\n\nWe treat pain."
    first, second = (run(page(name, words.format(name)), name=name)[0] for name in ("Some-Clinic", "Some Clinic"))
    assert (first.result, second.result) == (Result.CREATED, Result.DUPLICATE)
    assert sorted(Publisher.objects.values_list("name", "slug")) == [
        ("Some Clinic", "some-clinic-2"),
        ("Some-Clinic", "some-clinic"),
    ]


def test_a_record_with_another_pmid_is_another_source_whatever_its_file_is_called() -> None:
    def record(pmid: str) -> Record:
        identifiers = (("pmid", pmid),)
        return Record(
            title="Pain", kind="abstract", document=Document(f"Text {pmid}."), format="test", identifiers=identifiers
        )

    first = sources.import_record(by=None, record=record("1"), origin_name="pubmed.txt")
    second = sources.import_record(by=None, record=record("2"), origin_name="pubmed.txt")
    assert second.result == Result.DUPLICATE
    assert f"source {first.source.pk}" in second.note


@pytest.mark.parametrize(
    ("interest", "guessed"), [("unknown", {"kind"}), ("independent", {"kind", "publisher_interest"})]
)
def test_an_interest_left_open_is_no_guess_to_confirm(interest: str, guessed: set[str]) -> None:
    record = Record(
        title="C",
        kind="abstract",
        publisher_interest=interest,
        document=Document("Words."),
        format="test",
        guesses={"kind": "It reads like one.", "publisher_interest": "The record does not say."},
    )
    stored = sources.import_record(by=None, record=record, origin_name="test").source
    assert set(stored.guesses) == guessed


def test_a_tag_that_no_tree_has_is_named_and_nothing_stored() -> None:
    for name in ("therapies", "conditions"):
        record = Record(title="C", kind="abstract", document=Document("Words."), format="test", **{name: ("no-such",)})
        with pytest.raises(sources.Conflict, match="no-such"):
            sources.import_record(by=None, record=record, origin_name="test")
    assert not Source.objects.exists()


def test_two_sources_claimed_by_one_record_are_a_conflict_that_names_both() -> None:
    first, second = factories.source(title="A"), factories.source(title="B")
    Identifier.objects.create(source=first, scheme="pmid", value="1")
    Identifier.objects.create(source=second, scheme="doi", value="10.1000/b")
    record = Record(
        title="C", document=Document("Words."), format="test", identifiers=(("pmid", "1"), ("doi", "10.1000/B"))
    )
    with pytest.raises(sources.Conflict) as conflict:
        sources.import_record(by=None, record=record, origin_name="test")
    assert f"source {first.pk}" in str(conflict.value)
    assert f"source {second.pk}" in str(conflict.value)
    assert Source.objects.count() == 2


def test_an_identifier_that_is_none_is_a_conflict() -> None:
    record = Record(title="C", document=Document("Words."), format="test", identifiers=(("pmid", "none"),))
    with pytest.raises(sources.Conflict, match="not a valid PMID"):
        sources.import_record(by=None, record=record, origin_name="test")
