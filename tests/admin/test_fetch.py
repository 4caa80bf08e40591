"""Adding sources by identifier or address in the admin."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.actions import fetching, runs
from articles.admin import fetch
from articles.models import Identifier, ImportRun, Source
from tests import factories
from tests.outside.services import Services
from tests.outside.site import Site

pytestmark = pytest.mark.django_db
FETCH = "/admin/articles/importrun/fetch/"


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """PubMed, Crossref and all other sites, local."""
    site = Site()
    services = Services(site)
    monkeypatch.setattr(fetching, "outside_settings", services.settings)
    yield services
    site.close()


def test_what_was_understood_is_shown_before_anything_is_fetched(as_curator: Client, services: Services) -> None:
    known = factories.source(title="Known")
    Identifier.objects.create(source=known, scheme="pmid", value="11")
    shown = as_curator.post(FETCH, {"wanted": "PMID 11, 10.1000/abc\nhttps://clinic.example/page\nrubbish!"})
    text = shown.content.decode()
    assert [str(line.identifier) for line in shown.context["lines"]] == [
        "PMID 11",
        "DOI 10.1000/abc",
        "https://clinic.example/page",
    ]
    assert f"source {known.pk}</a>" in text
    assert "1 piece could not be understood" in text
    assert "line 3: &#x27;rubbish!&#x27; is neither" in text
    assert not ImportRun.objects.exists()
    assert services.site.requests == []


def test_what_is_confirmed_is_left_to_the_worker_which_fetches_it(
    as_curator: Client, curator: User, services: Services
) -> None:
    services.papers = {"11": "", "12": ""}
    started = as_curator.post(FETCH, {"wanted": "11 12 99", "confirm": "1", "kind": "review"})
    run = ImportRun.objects.get()
    assert started["Location"] == run.get_absolute_url()
    assert (run.origin, run.started_by, run.state, run.is_background) == ("identifier", curator, "waiting", True)
    assert services.site.requests == []
    runs.carry_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.total, run.failed_total) == ("finished", 3, 1)
    assert set(Source.objects.values_list("kind", flat=True)) == {"review"}
    page = as_curator.get(run.get_absolute_url()).content.decode()
    assert "PubMed 11 and 1 more" in page
    assert "PubMed has no record 99." in page
    assert "PMID 11 and 2 more" in as_curator.get("/admin/articles/importrun/").content.decode()


def test_what_did_not_come_can_be_asked_for_again(as_curator: Client, services: Services) -> None:
    as_curator.post(FETCH, {"wanted": "98 10.1000/none", "confirm": "1"})
    run = ImportRun.objects.get()
    runs.carry_on(run.pk)
    assert f"?again={run.pk}" in as_curator.get(run.get_absolute_url()).content.decode()
    again = as_curator.get(f"{FETCH}?again={run.pk}").context["form"].initial["wanted"]
    assert [str(one) for one in fetch.wanted.read(again).identifiers] == ["PMID 98", "DOI 10.1000/none"]


@pytest.mark.parametrize("again", ["x", "999999", "-1", "9" * 30, "²"])
def test_other_imports_to_repeat_are_no_error(as_curator: Client, again: str) -> None:
    assert as_curator.get(FETCH, {"again": again}).status_code == 200


def test_the_list_can_be_changed(as_curator: Client) -> None:
    page = as_curator.post(FETCH, {"wanted": "11", "change": "1"})
    assert ">\n11</textarea>" in page.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "message"),
    [("", "Type or paste at least one"), ("rubbish!", "Nothing in it can be fetched"), ("  \n ", "at least one")],
)
def test_nothing_to_fetch_is_said(as_curator: Client, wanted: str, message: str) -> None:
    page = as_curator.post(FETCH, {"wanted": wanted, "confirm": "1"})
    assert message in page.content.decode()
    assert not ImportRun.objects.exists()


def test_too_many_are_refused(as_curator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MOST_WANTED", 2)
    page = as_curator.post(FETCH, {"wanted": "11 12 13", "confirm": "1"})
    assert "These are 3; at most 2" in page.content.decode()
    assert not ImportRun.objects.exists()


def test_a_private_address_is_refused_when_it_is_fetched(as_curator: Client, services: Services) -> None:
    as_curator.post(FETCH, {"wanted": "http://169.254.169.254/latest", "confirm": "1"})
    run = ImportRun.objects.get()
    runs.carry_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.failed_total) == ("failed", 1)
    assert "not a public address" in as_curator.get(run.get_absolute_url()).content.decode()


def test_reviewers_fetch_nothing(as_reviewer: Client) -> None:
    assert as_reviewer.get(FETCH).status_code == 403
    assert as_reviewer.post(FETCH, {"wanted": "11", "confirm": "1"}).status_code == 403
