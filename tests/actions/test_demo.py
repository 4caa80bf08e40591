"""The demonstration corpus: all of it or nothing, under the corpus's own accounts."""

from dataclasses import replace
from pathlib import Path

import pytest

from articles import importers
from articles.actions import demo
from articles.importers.record import Contributor, Record
from articles.models import Claim, Condition, Outcome, Source, Therapy
from articles.queries import history
from tests import factories

pytestmark = pytest.mark.django_db

FILE = """---
title: {title}
kind: abstract
publisher_interest: unknown
therapies: [exosomes]
conditions: [multiple-sclerosis]
basis_of_digest: "The abstract"
claims:
  - quote: "Relapses were fewer."
    statement: "The trial found fewer relapses."
    claim_type: benefit
    therapies: [exosomes]
    therapy_relation: single
    condition: multiple-sclerosis
    outcome: relapse
    effect: beneficial
    wording: definite
    basis: own_data
    quote_role: own_result
    comparator: not_reported
    disclosures: []
---
Relapses were fewer.
"""


@pytest.fixture(autouse=True)
def terms() -> None:
    factories.node(Therapy, "exosomes")
    factories.node(Condition, "multiple-sclerosis")
    factories.node(Outcome, "relapse")


def write(folder: Path, name: str, title: str = "A trial of exosomes") -> None:
    (folder / name).write_text(FILE.format(title=title), "utf-8")


def test_a_source_comes_with_its_claims_accepted_and_is_known_the_second_time(tmp_path: Path) -> None:
    write(tmp_path, "one.md")
    assert demo.load(folder=tmp_path) == 1
    assert (Source.objects.get().curation_state, Claim.objects.get().status) == ("extracted", "accepted")
    assert demo.load(folder=tmp_path) == 0


def test_that_the_work_is_done_is_recorded_under_the_curating_account(tmp_path: Path) -> None:
    write(tmp_path, "one.md")
    demo.load(folder=tmp_path)
    told = [
        (entry.who, entry.action)
        for entry in history.of(Source.objects.get())
        for change in entry.changes
        for field in change.fields
        if (field.label, field.after) == ("Curation state", "Extracted")
    ]
    assert told == [(demo.CURATION, "source finished")]


def test_a_value_too_long_for_the_table_names_its_file_and_nothing_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a-good.md")
    write(tmp_path, "b-bad.md", title="Another trial")
    read = importers.read

    def read_without_care(data: bytes, **options: str) -> list[Record]:
        author = Contributor(as_written="A", family="x" * (999 if b"Another" in data else 9))
        return [replace(record, contributors=(author,)) for record in read(data, **options)]

    monkeypatch.setattr(importers, "read", read_without_care)
    with pytest.raises(demo.BadDemo, match=r"b-bad\.md: a value does not fit"):
        demo.load(folder=tmp_path)
    assert not Source.objects.exists()
