"""The pages of imports: what they show, and the buttons on them."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from articles.actions import background, runs, sources
from articles.admin import upload
from articles.models import ImportEntry, ImportFile, ImportRun, Source
from articles.queries import runs as queries
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/importrun/"
UPLOAD = "/admin/articles/source/upload/"


def page(title: str, words: str = "Our clinic offers stem cells.") -> bytes:
    return f"---\ntitle: {title}\ndate: 2021-05-01\n---\n{words}\n".encode()


def references(number: int, first: int = 1) -> bytes:
    """So many records in one file."""
    records = (
        f"TY  - JOUR\nTI  - Sample record number {n} about alpha\nAN  - {n}\nPY  - 2001\nER  - \n\n"
        for n in range(first, first + number)
    )
    return "".join(records).encode()


def waiting(by: User | None, *files: bytes) -> ImportRun:
    contents = [(f"{number}.txt", io.BytesIO(data)) for number, data in enumerate(files)]
    return background.start(by=by, origin="upload", contents=contents)


def brought(by: User | None, *files: bytes) -> ImportRun:
    run = waiting(by, *files)
    runs.carry_on(run.pk)
    run.refresh_from_db()
    return run


def at(run: ImportRun, place: str = "") -> str:
    return f"{LIST}{run.pk}/{place}"


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- Uploads ---


def upload_files(client: Client, *files: tuple[str, bytes]) -> Any:
    chosen = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(UPLOAD, {"files": chosen}, follow=True)


def test_a_large_upload_is_looked_into_and_left_to_the_worker(as_curator: Client, own_data_folder: Path) -> None:
    looked = upload_files(as_curator, ("many.ris", references(upload.MOST_SMALL_RECORDS + 1)), ("page.md", page("One")))
    text = looked.content.decode()
    assert f"{upload.MOST_SMALL_RECORDS + 1} records" in text
    assert "Sample record number 5 about alpha" in text
    assert "Sample record number 6 about alpha" not in text
    assert "-shown" not in text
    assert not ImportRun.objects.exists()
    started = as_curator.post(looked.redirect_chain[-1][0], {"bring_in": "1", "kind": "review"})
    run = ImportRun.objects.get()
    assert started["Location"] == at(run)
    assert (run.state, run.is_background, run.kind, run.total) == ("waiting", True, "review", 0)
    assert list((own_data_folder / "uploads").iterdir()) == []
    runs.carry_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.total, run.failed_total) == ("finished", upload.MOST_SMALL_RECORDS + 2, 0)
    assert set(Source.objects.values_list("kind", flat=True)) == {"review"}
    assert not (own_data_folder / "imports" / str(run.pk)).exists()


def test_a_small_upload_is_a_run_of_its_own(as_curator: Client, curator: User) -> None:
    looked = upload_files(as_curator, ("page.md", page("One")))
    done = as_curator.post(looked.redirect_chain[-1][0], {"0-1-shown": "1", "0-1-take": "on"})
    run = ImportRun.objects.get()
    assert (run.state, run.started_by, run.created_total, run.is_background) == ("finished", curator, 1, False)
    assert done["Location"] == at(run)


def test_a_large_upload_can_be_given_up(as_curator: Client, own_data_folder: Path) -> None:
    looked = upload_files(as_curator, ("many.ris", references(upload.MOST_SMALL_RECORDS + 1)))
    as_curator.post(looked.redirect_chain[-1][0], {"give_up": "1"})
    assert not ImportRun.objects.exists()
    assert [path for path in own_data_folder.rglob("*") if path.is_file()] == []


def test_only_uploads_of_curators_may_be_large(as_curator: Client, as_reviewer: Client, settings: Settings) -> None:
    settings.MAX_BODY_BYTES, settings.MAX_UPLOAD_BYTES = 0, 3 * 1024**2
    two_megabytes = page("One") + b"x" * 2 * 1024**2
    assert upload_files(as_curator, ("page.md", two_megabytes)).status_code == 200
    assert upload_files(as_reviewer, ("page.md", two_megabytes)).status_code == 413
    assert as_curator.post("/admin/articles/source/add/", {"title": "x" * 2 * 1024**2}).status_code == 413
    refused = upload_files(as_curator, ("page.md", two_megabytes * 3))
    assert refused.status_code == 413
    assert "at most 3 MB" in refused.content.decode()


# --- The list and the page ---


def test_the_list_names_files_people_and_counts(as_curator: Client, curator: User) -> None:
    brought(curator, page("One"), page("Two", "Other words stand here."))
    text = html(as_curator, LIST)
    assert "0.txt and 1 more" in text
    assert "cora" in text
    assert "Finished" in text


@pytest.mark.parametrize(("waiting_for", "shown"), [("under_way", "Import {0}"), ("broken_off", "Import {1}")])
def test_the_desk_counts_imports_and_leads_to_just_them(as_curator: Client, waiting_for: str, shown: str) -> None:
    under_way, stopped = waiting(None, page("One")), waiting(None, page("Two"))
    runs.want_stop(run=stopped)
    queues = {queue.query: queue.count for queue in as_curator.get("/admin/").context["queues"]}
    assert (queues["waiting=under_way"], queues["waiting=broken_off"]) == (1, 1)
    listed = as_curator.get(f"{LIST}?waiting={waiting_for}").context["cl"].result_list
    assert [str(run) for run in listed] == [shown.format(under_way.pk, stopped.pk)]


def test_the_page_tells_what_became_of_each_record(as_curator: Client, curator: User) -> None:
    run = brought(curator, page("One"), b"", page("One", "Other words stand here now."))
    text = html(as_curator, at(run))
    assert "Sample" not in text
    assert "The file is empty." in text
    source = Source.objects.get(
        title="One", merged_into=None, pk=ImportEntry.objects.filter(result="created")[0].source_id
    )
    assert f"/admin/articles/source/{source.pk}/change/" in text
    assert ImportFile.objects.filter(run=run)[0].sha256 in text
    only_failed = as_curator.get(at(run) + "?result=failed").context["entries"]
    assert [entry.result for entry in only_failed] == ["failed"]
    assert as_curator.get(at(run) + "?result=nonsense").status_code == 400


def test_what_an_import_changed_is_told_in_words(as_curator: Client) -> None:
    brought(None, page("One"))
    more = page("One", "Other words stand here now.").replace(
        b"date:", b"description: More\nurl: https://a.example/\ndate:"
    )
    text = html(as_curator, at(brought(None, more)))
    assert "new text, version 2; changed: description, text, Web address" in text


def test_records_come_a_hundred_to_a_page(as_curator: Client) -> None:
    run = brought(None, references(150))
    first, second = (as_curator.get(f"{at(run)}?page={number}").context["entries"] for number in (1, 2))
    assert [len(first), len(second)] == [100, 50]
    assert [entry.number for entry in second][:2] == [101, 102]
    assert [len(as_curator.get(f"{at(run)}?page={odd}").context["entries"]) for odd in ("x", "99")] == [100, 50]


def test_more_records_cost_no_more_queries(
    as_curator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person, two kinds of rights, the import, its files, its entries."""
    small, large = brought(None, references(2)), brought(None, references(120, first=10), page("One"))
    for run in (small, large):
        with django_assert_num_queries(7):
            as_curator.get(at(run))
    under_way = waiting(None, references(2), page("Two"))
    runs.carry_on(under_way.pk, should_stop=lambda: ImportEntry.objects.filter(file__run=under_way).exists())
    # How far it is, and who carries it on.
    with django_assert_num_queries(9):
        as_curator.get(at(under_way))


def test_the_records_are_a_csv_file_no_spreadsheet_runs(as_curator: Client) -> None:
    run = brought(None, page("'=1+1'"), b"")
    answer = as_curator.get(at(run, "records.csv"))
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(row["file"], row["record"], row["result"], row["reason"]) for row in rows] == [
        ("0.txt", "1", "created", ""),
        ("1.txt", "1", "failed", "The file is empty."),
    ]
    assert rows[0]["title"] == "'=1+1"
    failed = b"".join(as_curator.get(at(run, "records.csv?result=failed")).streaming_content).decode()
    assert len(failed.splitlines()) == 2


def test_a_merged_source_leads_on(as_curator: Client) -> None:
    run = brought(None, page("One"))
    source, other = Source.objects.get(), factories.source(title="Another")
    Source.objects.filter(pk=source.pk).update(merged_into=other)
    assert f'merged into <a href="/admin/articles/source/{other.pk}/change/">' in html(as_curator, at(run))


# --- Progress ---


def test_progress_is_told_in_numbers_and_words(as_curator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    run = waiting(None, references(10))
    monkeypatch.setattr("articles.actions.batches.RECORDS", 4)
    runs.carry_on(run.pk, should_stop=ImportEntry.objects.exists)
    told = as_curator.get(at(run, "progress/")).json()
    assert (told["records"], sum(told["counts"].values()), told["is_open"]) == (4, 4, True)
    assert 0 < told["share"] <= 1
    runs.carry_on(run.pk)
    assert as_curator.get(at(run, "progress/")).json()["is_open"] is False


def test_a_missing_worker_is_said_loudly(as_curator: Client) -> None:
    run = waiting(None, page("One"))
    assert "The worker is not running" in html(as_curator, at(run))
    assert "The worker is not running" in as_curator.get(at(run, "progress/")).json()["trouble"]


def test_a_worker_that_runs_is_seen_by_the_name_of_its_session(
    as_curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "WORKER", "a worker of the tests")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL application_name = 'a worker of the tests'")
    run = waiting(None, page("One"))
    assert "The worker is not running" not in html(as_curator, at(run))
    assert as_curator.get(at(run, "progress/")).json()["words"] == "Waiting for its turn."


def test_an_import_of_a_killed_process_says_so_and_can_be_stopped(as_curator: Client) -> None:
    run = runs.start(by=None, origin="command", files=[runs.Given("one.md")])
    ImportRun.objects.update(state="running")
    assert "the process that did has ended" in html(as_curator, at(run))
    as_curator.post(at(run, "stop/"))
    run.refresh_from_db()
    assert run.state == "stopped"


def test_a_page_under_way_refreshes_itself_without_scripts(as_curator: Client) -> None:
    run = waiting(None, page("One"))
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in html(as_curator, at(run))
    runs.carry_on(run.pk)
    assert "http-equiv" not in html(as_curator, at(run))


# --- Stop, carry on, take back ---


def test_a_stopped_import_keeps_its_files_and_is_carried_on(as_curator: Client, own_data_folder: Path) -> None:
    run = waiting(None, page("One"))
    as_curator.post(at(run, "stop/"))
    run.refresh_from_db()
    assert run.state == "stopped"
    assert "Carry on" in html(as_curator, at(run))
    as_curator.post(at(run, "go-on/"))
    runs.carry_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.created_total) == ("finished", 1)
    assert not (own_data_folder / "imports" / str(run.pk)).exists()


def test_one_that_is_stopped_in_the_middle_goes_on_from_there(
    as_curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.actions.batches.RECORDS", 4)
    run = waiting(None, references(10))
    ImportRun.objects.filter(pk=run.pk).update(is_stop_wanted=True)
    runs.carry_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.total) == ("stopped", 0)
    as_curator.post(at(run, "go-on/"))
    runs.carry_on(run.pk, should_stop=ImportEntry.objects.exists)
    as_curator.post(at(run, "stop/"))
    run.refresh_from_db()
    assert (run.state, run.total) == ("stopped", 4)
    as_curator.post(at(run, "go-on/"))
    runs.carry_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.total, Source.objects.count()) == ("finished", 10, 10)


def test_a_finished_import_is_not_carried_on(as_curator: Client) -> None:
    run = brought(None, page("One"))
    answer = as_curator.post(at(run, "go-on/"), follow=True)
    assert "Nothing of this import is left" in answer.content.decode()
    run.refresh_from_db()
    assert run.state == "finished"


def test_taking_back_is_shown_first_and_then_done(as_curator: Client) -> None:
    run = brought(None, page("One"), page("Two", "Other words stand here."))
    shown = html(as_curator, at(run, "undo/"))
    assert "2 sources" in shown
    assert Source.objects.count() == 2
    answer = as_curator.post(at(run, "undo/"), follow=True)
    assert "was taken back" in answer.content.decode()
    assert not Source.objects.exists()
    run.refresh_from_db()
    assert run.state == "undone"
    assert "Take it back" not in html(as_curator, at(run))


def test_what_keeps_an_import_is_listed_with_links(as_curator: Client, curator: User) -> None:
    run = brought(None, page("One"))
    source = Source.objects.get()
    source.volume = "3"
    sources.save_source(by=curator, source=source, tags={})
    shown = html(as_curator, at(run, "undo/"))
    assert f'<a href="/admin/articles/source/{source.pk}/change/">One</a>: it was edited' in shown
    assert "run-destroy" not in shown
    answer = as_curator.post(at(run, "undo/"), follow=True)
    assert f"source {source.pk}: it was edited" in answer.content.decode()
    assert Source.objects.exists()


@pytest.mark.parametrize("place", ["stop/", "go-on/", "undo/"])
def test_reviewers_look_and_do_not_touch(as_reviewer: Client, place: str) -> None:
    run = waiting(None, page("One"))
    text = html(as_reviewer, at(run))
    assert "<button" not in text.partition('id="content-main"')[2].partition('id="footer"')[0]
    assert as_reviewer.post(at(run, place)).status_code == 403
    run.refresh_from_db()
    assert run.state == "waiting"


@pytest.mark.parametrize("place", ["stop/", "go-on/"])
def test_buttons_are_no_links(as_curator: Client, place: str) -> None:
    assert as_curator.get(at(waiting(None, page("One")), place)).status_code == 405


@pytest.mark.parametrize("place", ["", "progress/", "records.csv", "undo/"])
def test_strangers_see_nothing(client: Client, place: str) -> None:
    assert client.get(at(waiting(None, page("One")), place))["Location"].startswith("/admin/login/")


def test_the_policy_needs_no_exception(as_curator: Client) -> None:
    run = waiting(None, page("One"))
    for address in (LIST, at(run), f"{LIST}fetch/"):
        text = html(as_curator, address)
        assert "<style" not in text
        assert "style=" not in text
        assert "<script>" not in text
