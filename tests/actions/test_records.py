"""Many records at once: what becomes of each depends on what came before it, not on how they are batched."""

import hashlib
import random
from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from articles.actions import records, runs, sources
from articles.actions.incoming import Item, Outcome
from articles.importers.record import Contributor, LinkedRecord, Record
from articles.lib.document import Document
from articles.lib.partial_date import PartialDate
from articles.models import DuplicatePair, Source, SourceListing
from tests import factories

pytestmark = pytest.mark.django_db
numbers = count(1)


def item(standing: int = 1, **fields: Any) -> Item:
    number = next(numbers)
    text = fields.pop("text", f"Words {number}.")
    given = {"title": hashlib.sha256(f"{number}".encode()).hexdigest(), "kind": "abstract", **fields}
    record = Record(**{"document": Document(text), "format": "test", "text_basis": "abstract", **given})
    return Item(record, f"{number:064d}", "file", standing=standing)


def brought(*items: Item) -> list[Outcome]:
    return records.bring_in(items=items, by=None, origin="test")


def in_batches(items: Sequence[Item], size: int) -> list[Outcome]:
    return [outcome for start in range(0, len(items), size) for outcome in brought(*items[start : start + size])]


TITLES = ("Cells for pain", "Cells for pain!", "Cells for pains", "Walking after transplantation", "Editorial")
RELATIONS = ("retraction_of", "erratum_for", "concern_for")


def any_record(chance: random.Random) -> Item:
    """A record of a small world, in which the same identifiers, titles, texts and authors come again and again."""
    some: dict[str, Any] = {"title": chance.choice(TITLES), "text": chance.choice(("", "One text.", "Another text."))}
    schemes = chance.sample(("pmid", "doi", "pmcid"), chance.choice((0, 1, 1, 2)))
    form = {"pmid": "{}", "doi": "10.1000/{}", "pmcid": "PMC{}"}
    some["identifiers"] = tuple((scheme, form[scheme].format(chance.randint(1, 4))) for scheme in schemes)
    some["date"] = chance.choice((None, PartialDate(2019), PartialDate(2020)))
    some["contributors"] = chance.choice(
        ((), (Contributor("A. Doe", "Doe", "A."),), (Contributor("B. Roe", "Roe", "B."),))
    )
    some["volume"] = chance.choice(("", "1", "2"))
    some["publication_status"] = chance.choice(("", "", "corrected", "retracted"))
    some["text_basis"] = chance.choice(("abstract", "abstract", "web_page"))
    if chance.random() < 0.2:
        about = (("pmid", str(chance.randint(1, 4))),)
        some["links"] = (LinkedRecord(chance.choice(RELATIONS), "It.", about),)
    return item(standing=chance.choice((1, 2, 3)), **some)


def everything(outcomes: Sequence[Outcome]) -> list[Any]:
    """The database and the outcomes, with sources by their order instead of their keys."""
    order = {pk: number for number, pk in enumerate(Source.objects.order_by("pk").values_list("pk", flat=True))}
    place = {f"source {pk}": f"source {number}" for pk, number in order.items()}
    held = [
        (
            source.title, source.title_key, source.year, source.volume, source.publication_status, source.text_basis,
            bool(source.status_notice), source.current_version.number if source.current_version else None,
            sorted(source.identifiers.values_list("scheme", "value")),
            list(source.contributors.order_by("position").values_list("family", "position")),
            list(source.versions.order_by("number").values_list("number", "text")),
            sorted(source.readings.values_list("fingerprint", "standing")),
            list(SourceListing.objects.filter(source=source).values_list("publication_status", "year")),
        )
        for source in Source.objects.order_by("pk")
    ]  # fmt: skip
    pairs = sorted(
        (order[a], order[b], r) for a, b, r in DuplicatePair.objects.values_list("first", "second", "reason")
    )
    told = [
        (
            one.result,
            order.get(one.source or 0),
            one.changed,
            " ".join(place.get(w, w) for w in one.note.split(" ")[:4]),
        )
        for one in outcomes
    ]
    return [held, pairs, [(result, at, changed) for result, at, changed, _note in told]]


@pytest.mark.parametrize("seed", range(3))
def test_batches_make_no_difference(seed: int) -> None:
    chance = random.Random(seed)
    items = [any_record(chance) for _ in range(60)]
    seen = []
    for size in (1, 3, 7, 500):
        with transaction.atomic():
            seen.append(everything(in_batches(items, size)))
            transaction.set_rollback(True)
    assert len(seen[0][0]) > 3
    for other in seen[1:]:
        assert other == seen[0]


def test_two_records_of_one_source_by_different_numbers() -> None:
    brought(item(title="Cells", identifiers=(("pmid", "1"), ("doi", "10.1000/a")), volume="1"))
    outcomes = brought(
        item(title="Cells", identifiers=(("pmid", "1"),), volume="2"),
        item(title="Cells", identifiers=(("doi", "10.1000/a"),), volume="3"),
    )
    assert [outcome.result for outcome in outcomes] == ["updated", "updated"]
    assert Source.objects.get().volume == "3"


def test_a_chain_of_numbers_is_a_conflict_in_one_batch_too() -> None:
    outcomes = brought(
        item(title="Cells", identifiers=(("doi", "10.1000/a"),)),
        item(title="Walking", identifiers=(("pmid", "1"),)),
        item(title="Cells", identifiers=(("doi", "10.1000/a"), ("pmid", "1"))),
        item(),
    )
    assert [outcome.result for outcome in outcomes] == ["created", "created", "failed", "created"]
    assert "different sources" in outcomes[2].note


@pytest.mark.parametrize(
    "bad",
    [
        {"title": "a\0b"},
        {"title": "a\ud800b"},
        {"text": "a\0b"},
        {"text": "a\ud800b"},
        {"extra": {"a": "\0"}},
        {"extra": {"a": ["\ud800"]}},
        {"keywords": ("\0",)},
        {"publisher": "\ud800"},
        {"publisher": 300 * "x"},
        {"conflict_of_interest": "\ud800"},
        {"identifiers": (("doi", "10.1000/\ud800"),)},
        {"contributors": 32_768 * (Contributor("A"),)},
        {"contributors": (Contributor(501 * "x"),)},
        {"title": ""},
        {"design": "no such design"},
    ],
    ids=lambda bad: f"{next(iter(bad))}-{next(numbers)}",
)
def test_a_record_that_no_field_can_hold_fails_alone(bad: dict[str, Any]) -> None:
    outcomes = brought(item(), item(), item(**bad), item())
    assert [outcome.result for outcome in outcomes] == ["created", "created", "failed", "created"]
    assert outcomes[2].note
    assert Source.objects.count() == SourceListing.objects.count() == 3


@pytest.mark.parametrize("field", ["description", "text", "keywords"])
def test_more_words_than_the_index_holds_are_kept_all_the_same(field: str) -> None:
    words = [f"w{number}x{letter}" for number in range(70_000) for letter in "äß"]
    value: Any = tuple(words) if field == "keywords" else " ".join(words)
    fields: dict[str, Any] = {field: value}
    large = item(**fields)
    assert [outcome.result for outcome in brought(item(), large, item())] == ["created", "created", "created"]
    assert SourceListing.objects.count() == 3


def test_many_references_are_kept() -> None:
    brought(item(references=tuple(f"Reference {number}" for number in range(5_000))))
    assert Source.objects.get().references.count() == 5_000


def test_a_batch_of_five_hundred_asks_no_more_than_one_of_a_hundred() -> None:
    def queries(number: int) -> int:
        items = [item(publisher="House", contributors=(Contributor("A. Doe", "Doe", "A."),)) for _ in range(number)]
        with CaptureQueriesContext(connection) as asked:
            brought(*items)
        return len(asked)

    queries(1)
    few, many = queries(100), queries(500)
    # Keys of the history are drawn some at a time.
    assert abs(many - few) <= 3


def test_who_brought_what_is_in_the_history_also_after_a_refused_record() -> None:
    run = runs.start(by=factories.user("curator"), origin="upload")
    items = [item(), item(title="a\0b"), item(), item(), item()]
    records.bring_in(items=items, by=run.started_by, origin="test", run=run)
    events = Source.pgh_event_model.objects.select_related("pgh_context")  # type: ignore[attr-defined]
    assert {event.pgh_context.metadata["run"] for event in events} == {str(run.pk)}
    assert events.filter(pgh_label="insert").count() == 4


@pytest.mark.parametrize("is_notice_first", [True, False])
def test_a_notice_reaches_what_it_is_about_and_its_lists(is_notice_first: bool) -> None:
    about = item(title="Cells", identifiers=(("pmid", "1"),))
    notice = item(title="Retraction", links=(LinkedRecord("retraction_of", "Cells.", (("pmid", "1"),)),))
    for one in (notice, about) if is_notice_first else (about, notice):
        brought(one)
    source = Source.objects.get(title="Cells")
    assert source.publication_status == "retracted"
    assert SourceListing.objects.get(source=source).publication_status == "retracted"


def test_the_own_record_says_worse_than_a_notice_said() -> None:
    numbers_of_it = (("pmid", "1"),)
    brought(item(title="Cells", identifiers=numbers_of_it))
    brought(item(title="Erratum", links=(LinkedRecord("erratum_for", "Cells.", numbers_of_it),)))
    assert Source.objects.get(title="Cells").publication_status == "corrected"
    brought(item(title="Cells", identifiers=numbers_of_it, publication_status="retracted"))
    assert Source.objects.get(title="Cells").publication_status == "retracted"
    brought(item(title="Cells", identifiers=numbers_of_it, publication_status="corrected", volume="9"))
    assert Source.objects.get(title="Cells").volume == "9"


def test_the_text_a_curator_wrote_stays() -> None:
    brought(item(title="Cells", identifiers=(("pmid", "1"),), text="The abstract."))
    source = Source.objects.get()
    own = Record(title="Cells", document=Document("The abstract, mended."), format="test")
    sources.save_source(by=factories.user("curator"), source=source, tags={}, record=own)
    (outcome,) = brought(item(title="Cells", identifiers=(("pmid", "1"),), text="The abstract.", volume="2"))
    assert outcome.changed == ("volume",)
    assert "was not taken" in outcome.note
    held = Source.objects.get().current_version
    assert held is not None
    assert held.text == "The abstract, mended."
