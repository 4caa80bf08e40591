"""Imports that are stopped, broken off, carried on, and taken back."""

import io
from typing import Any, BinaryIO

import pytest
from django.core.exceptions import ValidationError

from articles.actions import batches, records, runs, undoing
from articles.actions.incoming import Result
from articles.importers import Found
from articles.importers.record import LinkedRecord
from articles.lib import vocabulary as vocab
from articles.models import ImportEntry, ImportFile, ImportRun, Publisher, Reading, Source, SourceListing, SourceVersion
from tests import factories
from tests.actions.test_records import item

pytestmark = pytest.mark.django_db


def ris(number: int, more: str = "") -> str:
    words = " ".join(chr(97 + (number * 7 + place * place) % 26) * 5 for place in range(6))
    return f"TY  - JOUR\nTI  - {number} {words}\nPY  - 2020\nDO  - 10.1000/{number}\n{more}ER  - \n\n"


def file_of(number: int) -> bytes:
    return "".join(ris(one) for one in range(1, number + 1)).encode()


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "RECORDS", 4)


def started(*names: str, is_background: bool = False) -> ImportRun:
    run = runs.start(by=None, origin="upload", files=[runs.Given(name) for name in names])
    if is_background:
        runs.hand_over(run)
    return run


def counted(run: ImportRun) -> None:
    """Counts are those of the entries, and each record has one."""
    run.refresh_from_db()
    entries = ImportEntry.objects.filter(file__run=run)
    for result in Result:
        assert getattr(run, f"{result.value}_total") == entries.filter(result=result).count()
    for file in run.files.all():
        found = list(file.entries.order_by("number").values_list("number", flat=True))
        assert found == list(range(1, len(found) + 1))


def test_a_stopped_import_goes_on_where_it_stood() -> None:
    data, run = file_of(20), started("a.ris", is_background=True)
    list(runs.carry_out(run, open_file=lambda file: io.BytesIO(data), should_stop=lambda: Source.objects.count() >= 8))
    run.refresh_from_db()
    assert (run.state, Source.objects.count()) == ("waiting", 8)
    counted(run)
    list(runs.carry_out(run, open_file=lambda file: io.BytesIO(data)))
    counted(run)
    assert (run.state, run.created_total + run.duplicate_total, Source.objects.count()) == ("finished", 20, 20)


def test_ctrl_c_leaves_whole_batches_and_a_second_import_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    data, run = file_of(20), started("a.ris")
    bring_in, calls = records.bring_in, []

    def interrupted(**words: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return bring_in(**words)

    monkeypatch.setattr(records, "bring_in", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(runs.carry_out(run, open_file=lambda file: io.BytesIO(data)))
    counted(run)
    assert (run.state, Source.objects.count()) == ("stopped", 8)
    again = started("a.ris")
    list(runs.carry_out(again, open_file=lambda file: io.BytesIO(data)))
    counted(again)
    assert (again.unchanged_total, Source.objects.count()) == (8, 20)


def test_a_file_that_vanished_is_named_and_the_others_come() -> None:
    def open_file(file: ImportFile) -> BinaryIO:
        if file.name == "gone.ris":
            raise FileNotFoundError(2, "No such file or directory")
        return io.BytesIO(file_of(3))

    run = started("gone.ris", "a.ris")
    list(runs.carry_out(run, open_file=open_file))
    counted(run)
    assert (run.state, run.failed_total, Source.objects.count()) == ("finished", 1, 3)
    assert "No such file" in run.files.get(name="gone.ris").message


class Failing(io.BytesIO):
    """A disk that gives up in the middle."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 150_000:
            raise OSError(5, "Input/output error")
        return super().read(min(size, 65_536) if size and size > 0 else 65_536)

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def test_what_was_read_before_the_disk_gave_up_comes_in() -> None:
    data = "".join(ris(one, f"AB  - {'Words stand here. ' * 800}\n") for one in range(1, 21)).encode()
    run = runs.start(by=None, origin="upload", files=[runs.Given("a.ris", sha256=64 * "0")])
    list(runs.carry_out(run, open_file=lambda file: Failing(data)))
    counted(run)
    assert run.failed_total == 1
    assert 7 <= Source.objects.count() < 20


def test_a_record_that_breaks_our_own_code_is_named_and_the_others_come(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Found.read

    def broken(found: Any) -> Any:
        if found.number == 2:
            raise RecursionError("too deep")
        return read(found)

    monkeypatch.setattr(Found, "read", broken)
    run = started("a.ris")
    list(runs.carry_out(run, open_file=lambda file: io.BytesIO(file_of(3))))
    counted(run)
    assert (run.failed_total, Source.objects.count()) == (1, 2)
    assert "RecursionError" in ImportEntry.objects.get(result="failed").note


def test_a_refused_record_with_half_a_character_has_an_entry_all_the_same() -> None:
    data = rb'[{"type": "article", "title": "A \ud800 B"}, {"type": "article", "title": "Whole \u0000 words"}]'
    run = started("a.json")
    list(runs.carry_out(run, open_file=lambda file: io.BytesIO(data)))
    counted(run)
    assert run.total == 2


def brought(*items: Any) -> ImportRun:
    """A finished import of these records, with its entries."""
    run = started("x")
    file = run.files.get()
    for number, outcome in enumerate(records.bring_in(items=items, by=None, origin="x", run=run), start=1):
        ImportEntry.objects.create(
            file=file, number=number, result=outcome.result.value, source_id=outcome.source, note=outcome.note,
            changed_fields=list(outcome.changed), before=outcome.before,
        )  # fmt: skip
    ImportRun.objects.filter(pk=run.pk).update(state=vocab.RunState.FINISHED.value, started_at=run.created_at)
    run.refresh_from_db()
    return run


def undone(run: ImportRun) -> None:
    undoing.undo(by=factories.user("curator"), run=run)


NUMBER = (("pmid", "1"),)


def everything() -> list[Any]:
    return [
        list(Source.objects.order_by("pk").values("pk", "title", "volume", "publication_status", "status_notice")),
        list(SourceVersion.objects.order_by("pk").values("pk", "text")),
        list(Reading.objects.order_by("pk").values("pk", "fingerprint")),
        list(SourceListing.objects.order_by("pk").values("pk", "publication_status")),
        list(Source.objects.order_by("pk").values_list("pk", "current_version", "contributors__family")),
    ]


def test_an_import_that_changed_a_source_twice_is_taken_back() -> None:
    brought(item(title="Cells", identifiers=NUMBER, volume="1", text="One."))
    before = everything()
    run = brought(
        item(title="Cells", identifiers=NUMBER, volume="2", text="Two."),
        item(title="Cells!", identifiers=(*NUMBER, ("doi", "10.1000/a")), volume="3", text="Three."),
        item(title="Cells!", identifiers=NUMBER, volume="3", text="Two."),
    )
    assert Source.objects.get().volume == "3"
    undone(run)
    assert everything() == before
    assert list(Source.objects.get().identifiers.values_list("scheme", flat=True)) == ["pmid"]


def test_a_text_where_there_was_none_is_taken_back() -> None:
    source = Source.objects.create(title="Cells", kind="abstract", text_basis="metadata_only")
    source.identifiers.create(scheme="pmid", value="1")
    run = brought(item(title="Cells", identifiers=NUMBER, text="One."))
    undone(run)
    source.refresh_from_db()
    assert source.current_version is None
    assert not SourceVersion.objects.exists()


def test_an_import_that_changed_nothing_stands_in_nobodys_way_once_taken_back() -> None:
    first = brought(item(title="Cells", identifiers=NUMBER, text="One."))
    second = brought(item(title="Cells", identifiers=NUMBER, text="One."))
    with pytest.raises(ValidationError, match="told of it again"):
        undone(first)
    undone(second)
    undone(first)
    assert not Source.objects.exists()


def notice(relation: str, title: str, **fields: Any) -> Any:
    return item(title=title, links=(LinkedRecord(relation, "Cells.", NUMBER),), **fields)


def status() -> tuple[str, str]:
    source = Source.objects.get(title="Cells")
    return source.publication_status, SourceListing.objects.get(source=source).publication_status


def test_a_notice_taken_back_leaves_what_another_notice_says() -> None:
    brought(item(title="Cells", identifiers=NUMBER))
    brought(notice("erratum_for", "An erratum"))
    run = brought(notice("retraction_of", "The retraction"))
    assert status() == ("retracted", "retracted")
    undone(run)
    assert status() == ("corrected", "corrected")


def test_a_link_that_an_update_brought_is_taken_back_with_what_it_said() -> None:
    brought(item(title="Cells", identifiers=NUMBER), item(title="Notice", identifiers=(("pmid", "2"),)))
    run = brought(notice("retraction_of", "Notice", identifiers=(("pmid", "2"),)))
    assert status() == ("retracted", "retracted")
    undone(run)
    assert status() == ("current", "current")


def test_what_was_taken_back_can_come_again() -> None:
    records_of_it = [item(title="Cells", identifiers=NUMBER, publisher="House"), notice("retraction_of", "Notice")]
    undone(brought(*records_of_it))
    assert not Source.objects.exists()
    brought(*records_of_it)
    assert status() == ("retracted", "retracted")
    assert Publisher.objects.count() == 1
