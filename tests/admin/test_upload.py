"""Adding sources by files: shown first, stored only when confirmed."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from articles.models import Claim, ImportRun, Publisher, Source
from tests import factories
from tests.admin.conftest import signed_in

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parents[1] / "samples"
UPLOAD = "/admin/articles/source/upload/"
PAGE = b"""---
title: Stem cells for everybody
date: 2021-05-01T10:00:00.000Z
description: What we offer
---
Our clinic offers stem cells. Patients can expect results.

- Less fatigue
- Better walking
"""


def upload(client: Client, *files: tuple[str, bytes]) -> Any:
    """Choose the files and go on to what they would do."""
    chosen = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(UPLOAD, {"files": chosen}, follow=True)


def address(page: Any) -> str:
    return str(page.redirect_chain[-1][0])


def stored() -> tuple[int, int, int]:
    return Source.objects.count(), Claim.objects.count(), Publisher.objects.count()


def test_the_rehearsal_writes_nothing_and_the_confirmation_does(as_curator: Client, own_data_folder: Path) -> None:
    page = upload(as_curator, ("page.md", PAGE))
    html = page.content.decode()
    assert "Nothing has been stored yet" in html
    assert "Stem cells for everybody" in html
    assert "New source" in html
    assert "is a guess" in html
    assert stored() == (0, 0, 0)
    done = as_curator.post(address(page), {"0-1-shown": "1", "0-1-take": "on"}, follow=True)
    source = Source.objects.get()
    assert "Stem cells for everybody" in done.content.decode()
    assert "kind" in source.guesses
    assert source.current_version is not None
    assert source.current_version.origin_name == "page.md"
    assert list((own_data_folder / "uploads").iterdir()) == []


def test_what_the_curator_chooses_stands_instead_of_the_guess(as_curator: Client) -> None:
    page = upload(as_curator, ("page.md", PAGE))
    as_curator.post(address(page), {"0-1-shown": "1", "0-1-take": "on", "0-1-kind": "news", "0-1-interest": "unknown"})
    source = Source.objects.get()
    assert (source.kind, source.publisher_interest) == ("news", "unknown")
    assert "kind" not in source.guesses
    assert "publisher_interest" not in source.guesses


def test_what_is_not_ticked_is_not_stored(as_curator: Client) -> None:
    page = upload(as_curator, ("one.md", PAGE), ("two.md", PAGE.replace(b"everybody", b"some")))
    as_curator.post(address(page), {"0-1-shown": "1", "1-1-shown": "1", "1-1-take": "on"})
    assert [source.title for source in Source.objects.all()] == ["Stem cells for some"]


@pytest.mark.parametrize("ticks", [{}, {"0-1-shown": "1"}])
def test_where_nothing_is_ticked_the_files_wait(as_curator: Client, ticks: dict[str, str]) -> None:
    place = address(upload(as_curator, ("page.md", PAGE)))
    answer = as_curator.post(place, ticks).content.decode()
    assert "Nothing is ticked, so nothing was stored." in answer
    assert "Stem cells for everybody" in answer
    assert stored() == (0, 0, 0)
    assert not ImportRun.objects.exists()
    as_curator.post(place, {"0-1-shown": "1", "0-1-take": "on"})
    assert stored()[0] == 1


def test_what_asks_for_a_decision_comes_first(as_curator: Client) -> None:
    factories.source(title="Stem cells for some")
    as_curator.post(address(upload(as_curator, ("known.md", PAGE))), {"0-1-shown": "1", "0-1-take": "on"})
    new, twin = PAGE.replace(b"Stem cells for everybody", b"News of June"), PAGE.replace(b"everybody", b"some")
    html = upload(as_curator, ("new.md", new), ("known.md", PAGE), ("twin.md", twin), ("none.md", b"")).content.decode()
    headings = re.findall(r'<h2 id="group-\w+">([^<]*)</h2>', html)
    assert headings == [
        "Cannot be taken: 1",
        "New source, perhaps a duplicate: 1",
        "New source: 1",
        "Known source, unchanged: 1",
    ]
    assert "known.md, record 1" in html


def test_a_choice_outside_the_vocabulary_is_refused(as_curator: Client) -> None:
    page = upload(as_curator, ("page.md", PAGE))
    assert (
        as_curator.post(address(page), {"0-1-shown": "1", "0-1-take": "on", "0-1-kind": "nonsense"}).status_code == 400
    )
    assert stored() == (0, 0, 0)


def test_the_same_file_again_is_unchanged(as_curator: Client) -> None:
    as_curator.post(address(upload(as_curator, ("page.md", PAGE))), {"0-1-shown": "1", "0-1-take": "on"})
    page = upload(as_curator, ("page.md", PAGE))
    assert "every record is known, and says nothing new" in page.content.decode()
    assert "Store what is ticked" not in page.content.decode()
    changed = upload(as_curator, ("page.md", PAGE.replace(b"Better", b"Much better")))
    assert "New text, version 2" in changed.content.decode()
    assert Source.objects.get().versions.count() == 1


def test_another_page_of_the_same_title_is_called_a_possible_duplicate(as_curator: Client) -> None:
    twin = factories.source(title="Stem cells for everybody")
    page = upload(as_curator, ("page.md", PAGE))
    assert "perhaps a duplicate" in page.content.decode()
    assert f"source {twin.pk} again" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "The file is empty"),
        ("blank.txt", b" \n\t\n", "The file is empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG"),
        ("program.txt", b"abc\x00\x01\x02def", "not a text file"),
        ("broken.txt", b"first line\nsecond \xff\xfe line", "line 2"),
        ("bad.md", b"---\ntitle: [unclosed\n---\nWords.\n", "line"),
        ("list.md", b"---\n- only\n- a list\n---\nWords.\n", "front matter"),
        ("unknown.txt", b"x", "no format that can be read"),
    ],
)
def test_bad_files_are_named_with_the_reason(as_curator: Client, name: str, content: bytes, message: str) -> None:
    page = upload(as_curator, (name, content), ("page.md", PAGE))
    html = page.content.decode()
    assert page.status_code == 200
    assert "Cannot be taken" in html
    assert name in html
    assert message in html
    assert "Traceback" not in html
    as_curator.post(address(page), {"0-1-shown": "1", "1-1-shown": "1", "1-1-take": "on"})
    assert stored()[0] == 1


def test_an_identifier_of_quite_another_title_is_a_conflict_that_names_the_source(as_curator: Client) -> None:
    page = PAGE.replace(b"---\ntitle", b"---\nurl: https://clinic.example/page\ntitle")
    as_curator.post(address(upload(as_curator, ("page.md", page))), {"0-1-shown": "1", "0-1-take": "on"})
    source = Source.objects.get()
    assert source.identifiers.exists()
    other = page.replace(b"Stem cells for everybody", b"Quarterly newsletter")
    html = upload(as_curator, ("page.md", other)).content.decode()
    assert f"already belongs to source {source.pk}, “Stem cells for everybody”" in html
    assert "Store what is ticked" not in html


def test_nothing_chosen_is_said(as_curator: Client) -> None:
    page = as_curator.post(UPLOAD, {})
    assert "Choose at least one file" in page.content.decode()


def test_an_upload_belongs_to_the_account_that_made_it(as_curator: Client, db: None) -> None:
    place = address(upload(as_curator, ("page.md", PAGE)))
    other = User.objects.create_superuser("other")
    answer = signed_in(other).post(place, {"0-1-shown": "1", "0-1-take": "on"}, follow=True)
    assert "no longer there" in answer.content.decode()
    assert stored() == (0, 0, 0)


def test_a_file_changed_meanwhile_is_not_stored(as_curator: Client, own_data_folder: Path) -> None:
    place = address(upload(as_curator, ("page.md", PAGE)))
    kept = next((own_data_folder / "uploads").iterdir()) / "0"
    kept.write_bytes(PAGE + b"\nAdded by somebody else.\n")
    answer = as_curator.post(place, {"0-1-shown": "1", "0-1-take": "on"}, follow=True)
    assert "no longer there" in answer.content.decode()
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize("token", ["x", "..", "%2e%2e%2f%2e%2e", "A" * 32, "A" * 33])
def test_other_names_of_uploads_lead_nowhere(as_curator: Client, token: str) -> None:
    answer = as_curator.post(f"{UPLOAD}{token}/", {"0-1-shown": "1", "0-1-take": "on"})
    assert answer.status_code in (302, 404)
    assert stored() == (0, 0, 0)


def test_given_up_uploads_are_removed(as_curator: Client, own_data_folder: Path) -> None:
    place = address(upload(as_curator, ("page.md", PAGE)))
    as_curator.post(place, {"give_up": "Give up"})
    assert list((own_data_folder / "uploads").iterdir()) == []


def test_file_names_are_only_names(as_curator: Client, own_data_folder: Path) -> None:
    upload(as_curator, ("../../../etc/passwd", PAGE))
    written = {path.name for path in own_data_folder.rglob("*") if path.is_file()}
    assert written == {"0", "index.json"}


def test_too_large_a_body_is_refused_before_anything_reads_it(client: Client, settings: Settings) -> None:
    """Told by its announced size: no file is kept, and no account is asked for."""
    settings.MAX_BODY_BYTES = 1024**2
    answer = client.post(UPLOAD, {"files": SimpleUploadedFile("page.md", b"x" * 3 * 1024**2)})
    assert answer.status_code == 413
    assert "This is 3 MB; at most 1 MB" in answer.content.decode()
    assert "Nothing was stored" in answer.content.decode()
