"""Single pages: what they show, where they lead, how they fail."""

import json
import re

import pytest
from django.test import Client

from articles.models import Claim, Contributor, Identifier
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_quote_is_highlighted_in_its_source(client: Client) -> None:
    claim = factories.claim()
    text = client.get(claim.source.get_absolute_url()).content.decode()
    assert f'data-claim="{claim.public_id}"' in text
    assert f"/claims/{claim.public_id}/" in text


def test_overlapping_quotes_both_stand_out(client: Client) -> None:
    source = factories.source()
    wide = factories.claim(source, "Fewer relapses were seen after treatment.")
    inner = factories.claim(source, "relapses were seen")
    text = client.get(source.get_absolute_url()).content.decode()
    for claim in (wide, inner):
        assert f'data-claim="{claim.public_id}"' in text


def test_markup_in_a_source_is_shown_as_text(client: Client) -> None:
    source = factories.source("<img src=x onerror=alert(1)> fewer relapses", title="<script>alert(2)</script>")
    factories.claim(source, "fewer relapses")
    text = client.get(source.get_absolute_url()).content.decode()
    assert "<img src=x" not in text
    assert "<script>alert" not in text


def test_only_quotes_where_the_licence_allows_no_more(client: Client) -> None:
    source = factories.source(
        "A secret start that is long enough to lie outside. " * 3 + "Fewer relapses.", is_whole_text_shown=False
    )
    claim = factories.claim(source, "Fewer relapses")
    text = client.get(source.get_absolute_url()).content.decode()
    assert "Fewer relapses" in text
    assert text.count("A secret start") == 0
    assert "A secret start" not in client.get(claim.get_absolute_url()).content.decode()
    found = client.get("/sources/", {"q": "secret"}).content.decode()
    assert 'data-total="1"' in found
    assert "<mark>secret</mark>" not in found


def test_citation_facts_and_identifiers(client: Client) -> None:
    source = factories.source(
        container="Int J Mol Sci", volume="13", issue="10", pages="13713-25", year=2012, month=10, day=22
    )
    Identifier.objects.create(source=source, scheme="doi", value="10.3390/ijms131013713")
    Contributor.objects.create(source=source, position=1, as_written="André Muller", family="Muller", given="André")
    text = client.get(source.get_absolute_url()).content.decode()
    for fact in (
        "Int J Mol Sci",
        "22 October 2012",
        "https://doi.org/10.3390/ijms131013713",
        "André Muller",
        "13713-25",
    ):
        assert fact in text, fact


def test_guesses_and_what_else_the_file_said(client: Client) -> None:
    source = factories.source(guesses={"kind": "The title says so."})
    raw = {"templateKey": "blog-post", "featuredpost": False, "tags": ["one", "two"], "affiliations": ["<b>Poznan</b>"]}
    source.current_version = factories.version(source, raw_record=raw)
    source.save()
    text = client.get(source.get_absolute_url()).content.decode()
    for shown in ("The title says so.", "Template key", "blog-post", "one; two", "&lt;b&gt;Poznan&lt;/b&gt;"):
        assert shown in text, shown


def test_addresses_lead_to_the_one_true_address(client: Client) -> None:
    claim = factories.claim()
    source = claim.source
    assert client.get(f"/sources/{source.pk}/").status_code == 200
    assert client.get(f"/sources/{source.pk}/an-old-title/").headers["Location"] == source.get_absolute_url()
    assert client.get(f"/claims/{claim.public_id.lower()}/").headers["Location"] == claim.get_absolute_url()


@pytest.mark.parametrize(
    "path",
    [
        "/sources/999999/",
        "/sources/99999999999999999999999/",
        "/claims/C-999999/",
        "/claims/C-99999999999999999999/",
        "/claims/12/",
        "/claims/%00/",
        "/therapies/snake-oil/",
        "/conditions/none/",
        "/outcomes/none/",
        "/claims.tsv",
        "/static/../manage.py",
        "/static/%2e%2e/mskb/settings.py",
    ],
)
def test_what_does_not_exist_is_a_helpful_404(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "Traceback" not in response.content.decode()


def test_an_older_version_can_be_read(client: Client) -> None:
    claim = factories.claim(factories.source("Fewer relapses were seen at first."))
    source = claim.source
    source.current_version = factories.version(source, "A new text that says something else.")
    source.save()
    old = client.get(f"/sources/{source.pk}/?version=1").content.decode()
    assert f'data-claim="{claim.public_id}"' in old
    assert "This is version 1, an older text." in old
    new = client.get(f"/sources/{source.pk}/").content.decode()
    assert "A new text that says something else." in new
    assert f"?version=1#q-{claim.public_id}" in new
    for wrong in ("3", "x", "-1", "9" * 40):
        assert client.get(f"/sources/{source.pk}/?version={wrong}").status_code == 404


def test_a_claim_under_revision_keeps_its_address(client: Client) -> None:
    claim = factories.claim()
    Claim.objects.filter(pk=claim.pk).update(status="submitted", accepted_by=None)
    response = client.get(claim.get_absolute_url())
    assert response.status_code == 200
    text = response.content.decode()
    assert "is being revised" in text
    assert claim.statement not in text
    Claim.objects.filter(pk=claim.pk).update(status="retired")
    text = client.get(claim.get_absolute_url()).content.decode()
    assert "is retired" in text
    assert claim.statement not in text


def test_the_context_of_a_quote_begins_and_ends_with_whole_words(client: Client) -> None:
    source = factories.source("antidisestablishmentarianism " * 40 + "Fewer relapses." + " internationalisation" * 40)
    text = client.get(factories.claim(source, "Fewer relapses").get_absolute_url()).content.decode()
    around = text.split('class="context-text"')[1].split("</blockquote>")[0]
    words = set(re.sub(r"<[^>]+>|[….]", " ", around.partition(">")[2]).split())
    assert words == {"antidisestablishmentarianism", "Fewer", "relapses", "internationalisation"}


def test_robots_stay_out_of_the_filters(client: Client) -> None:
    assert b"Disallow: /admin/" in client.get("/robots.txt").content


def test_retraction_shows_on_source_and_claim(client: Client) -> None:
    claim = factories.claim(factories.source(publication_status="retracted", status_notice="Data were made up."))
    for path in (claim.get_absolute_url(), claim.source.get_absolute_url(), "/claims/"):
        assert "retracted" in client.get(path).content.decode().lower(), path


def test_health(client: Client) -> None:
    assert client.get("/healthz").content == b"alive\n"
    assert client.get("/readyz").content == b"ready\n"


def test_headers_that_protect(client: Client) -> None:
    headers = client.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert json.dumps(dict(headers)).count("Set-Cookie") == 0


def test_the_error_page_needs_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("articles.queries.tallies.corpus", lambda: 1 / 0)
    response = client.get("/")
    assert response.status_code == 500
    assert "ZeroDivisionError" not in response.content.decode()
    assert "medical advice" in response.content.decode()
