"""`fetch_sources`: what is named comes in, what does not come is told, with the counts of `import_sources`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from articles.actions import background, fetching, runs
from articles.models import Identifier, ImportEntry, ImportFile, ImportRun, Source
from tests.outside.services import Services
from tests.outside.site import Reply, Site

pytestmark = pytest.mark.django_db
PAGE = b"""<html><head><title>Sample page about alpha</title></head><body><main><h1>Sample page about alpha</h1>
<p>This page was written for a test. It says one thing about alpha, and then it says another thing about beta.</p>
<p>Whoever reads it learns nothing at all, and that is what the page is for, as its only author would tell you.</p>
</main></body></html>"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def services(site: Site, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Services:
    """PubMed, Crossref and a clinic's site, all of them local."""
    settings.DATA_DIR = tmp_path
    services = Services(site)
    monkeypatch.setattr(fetching, "outside_settings", services.settings)
    return services


@pytest.fixture
def run(services: Services, capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, standard output and standard error of the command."""

    def running(*words: Any) -> tuple[int, str, str]:
        code = 0
        try:
            call_command("fetch_sources", *(str(word) for word in words))
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return running


def test_records_come_by_their_numbers_and_are_unchanged_when_fetched_again(run: Run, services: Services) -> None:
    services.papers = {"11": "", "12": ""}
    assert run("11", "pmid:12") == (0, "2 created, 0 updated, 0 unchanged, 0 duplicates, 0 failed\n", "")
    assert sorted(Identifier.objects.values_list("scheme", "value")) == [("pmid", "11"), ("pmid", "12")]
    assert run("11,12")[1].startswith("0 created, 0 updated, 2 unchanged")
    assert {one.origin for one in ImportRun.objects.all()} == {"identifier"}


def test_a_page_carries_its_address_and_the_hour_it_was_fetched(run: Run, site: Site) -> None:
    address = site.on("/page", Reply(PAGE))
    assert run(address)[0] == 0
    source = Source.objects.get()
    assert list(source.identifiers.values_list("scheme", "value")) == [("url", address)]
    file = ImportFile.objects.get()
    assert source.current_version is not None
    assert (source.current_version.origin_name, source.current_version.fetched_at) == (address, file.fetched_at)


def test_a_page_behind_a_redirect_carries_the_address_it_was_found_at(run: Run, site: Site) -> None:
    final = site.on("/final", Reply(PAGE))
    run(site.on("/old", Reply(status=302, headers={"Location": final})))
    assert list(Identifier.objects.values_list("value", flat=True)) == [final]


def test_what_does_not_come_is_named_and_the_others_arrive(run: Run, services: Services) -> None:
    services.papers = {"11": ""}
    code, out, err = run("11", "99", "nonsense", "--json")
    told = json.loads(out)
    assert code == 1
    assert (told["created"], told["failed"]) == (1, 2)
    assert [(one["file"], one["message"]) for one in told["problems"]] == [
        (
            "nonsense",
            "'nonsense' is neither a PMID, a PMCID, a DOI nor an address that begins with http:// or https://.",
        ),
        ("PMID 99", "PubMed has no record 99."),
    ]
    assert "PMID 99: PubMed has no record 99." in err
    entry = ImportEntry.objects.get(result="failed")
    assert (entry.number, entry.member, entry.file.name) == (2, "PMID 99", "Not fetched")


@pytest.mark.parametrize("words", [("99",), ("nonsense",)])
def test_nothing_that_came_is_exit_code_2(run: Run, words: tuple[str, ...]) -> None:
    code, _out, err = run(*words)
    assert code == 2
    assert words[0] in err
    assert "Traceback" not in err


def test_a_dry_run_stores_nothing(run: Run, services: Services, tmp_path: Path) -> None:
    services.papers = {"11": ""}
    assert run("11", "--dry-run")[1] == (
        "1 created, 0 updated, 0 unchanged, 0 duplicates, 0 failed (dry run: nothing was stored)\n"
    )
    assert not Source.objects.exists()
    assert not ImportRun.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_kind_and_interest_stand_for_every_new_source(run: Run, services: Services) -> None:
    services.papers = {"11": ""}
    run("11", "--kind", "review", "--interest", "independent")
    source = Source.objects.get()
    assert (source.kind, source.publisher_interest) == ("review", "independent")


def test_fetching_that_was_broken_off_goes_on_without_asking_twice(services: Services, site: Site) -> None:
    """The worker is told to stop once something came; the next one asks for the rest only."""
    services.papers = {"11": ""}
    address = site.on("/page", Reply(PAGE))
    run = background.start(by=None, origin="identifier", wanted=[("pmid", "11"), ("url", address)])
    runs.carry_on(run.pk, should_stop=lambda: ImportFile.objects.exists())
    run.refresh_from_db()
    assert (run.state, run.total) == ("waiting", 0)
    asked = len(site.asked("/eutils/efetch.fcgi"))
    assert (asked, site.asked("/page")) == (1, [])
    runs.carry_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.created_total) == ("finished", 2)
    assert len(site.asked("/eutils/efetch.fcgi")) == asked
    assert len(site.asked("/page")) == 1
