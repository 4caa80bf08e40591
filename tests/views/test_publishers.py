"""The pages of publishers: who is listed, what stands on a page, how it fails."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.actions import listings
from articles.models import Claim, Outcome, Publisher, Source
from tests import factories

pytestmark = pytest.mark.django_db


def clinic(name: str = "Cell Clinic", **fields: Any) -> Publisher:
    return Publisher.objects.create(name=name, slug=name.lower().replace(" ", "-"), **fields)


def page_of(publisher: Publisher, **fields: Any) -> Source:
    source = factories.source(kind="clinic_page", publisher=publisher, **fields)
    listings.refresh([source.pk])
    return source


def promise(page: Source, **fields: Any) -> Claim:
    return factories.claim(
        page, **{"quote_role": "promotional", "basis": "none", "design": "", "subject": "none", **fields}
    )


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_list_counts_public_pages_and_claims_and_marks_sellers(client: Client) -> None:
    seller = clinic()
    promise(page_of(seller))
    page_of(seller)
    Source.objects.filter(pk=page_of(seller).pk).update(curation_state="excluded", exclusion_reason="Spam.")
    listings.refresh_all()
    house = clinic("A House of Journals")
    listings.refresh([factories.source(publisher=house).pk])
    clinic("Nobody Published")
    shown = text(client, "/publishers/")
    assert "2 publishers" in shown
    assert "Cell Clinic Sells a therapy 2 1 A House of Journals No page of it is known to sell one 1 0" in shown
    assert "Nobody Published" not in shown


def test_without_publishers_the_list_says_so(client: Client) -> None:
    assert "No source names its publisher yet." in text(client, "/publishers/")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/publishers/nobody/", 404, "There is no publisher “nobody” with public sources."),
        ("/publishers/unpublished/", 404, "See all publishers"),
        ("/publishers/cell-clinic/?page=2", 404, "fill 1 page."),
        ("/publishers/cell-clinic/?page=x", 400, "“x” is not the number of a page."),
        ("/publishers/?page=9", 404, "Page 9 does not exist"),
        ("/publishers/?page=-1", 400, "is not the number of a page."),
        ("/publishers/?page=1&page=2", 400, "page: given more than once."),
        ("/publishers/?colour=red", 400, "“colour” is not a parameter"),
        ("/publishers/cell-clinic/?colour=red&page=x", 400, "“colour” is not a parameter"),
        ("/publishers/?utm_source=x&page=1", 200, "Cell Clinic"),
    ],
)
def test_what_is_not_there(client: Client, path: str, status: int, words: str) -> None:
    promise(page_of(clinic()))
    clinic("Unpublished")
    response = client.get(path)
    assert (response.status_code, words in response.content.decode()) == (status, True)


def test_a_page_says_what_is_claimed_how_surely_and_what_is_disclosed(client: Client) -> None:
    publisher = clinic(url="https://clinic.example/")
    first, second = page_of(publisher, title="Walk again"), page_of(publisher, title="Prices")
    page_of(publisher, title="No claims taken")
    fatigue = factories.node(Outcome, "fatigue")
    promise(first, wording="guaranteed", disclosures=["general_risks"])
    promise(first, quote="Two patients had an infection.", disclosures=["general_risks", "limited_evidence"])
    promise(second, outcome=fatigue, wording="speculative", disclosures=["limited_evidence"])
    shown = text(client, "/publishers/cell-clinic/")
    assert "3 claims from 3 pages" in shown
    assert "▲ 2 beneficial 1 guaranteed 1 definite 0 qualified 0 speculative 2" in shown
    assert "▲ 1 beneficial 0 guaranteed 0 definite 0 qualified 1 speculative 1" in shown
    assert "Of 2 pages with claims" in shown
    assert "Says that the evidence is limited. 2 of 2 pages say so" in shown
    assert "Mentions risks in general. 1 of 2 pages say so" in shown
    assert "Says that the therapy is unproven or experimental. No page says so" in shown
    content = client.get("/publishers/cell-clinic/").content.decode()
    for link in ("https://clinic.example/", "/compare/?publisher=cell-clinic", first.get_absolute_url()):
        assert f'href="{link}"' in content


def test_a_promise_stands_beside_its_evidence_with_the_way_to_both_quotes(client: Client) -> None:
    promised = promise(page_of(clinic()))
    study = factories.claim(effect="no_difference", n=24, follow_up="one year", comparator="placebo_or_sham")
    for path in ("/publishers/cell-clinic/", "/therapies/exosomes/", "/conditions/multiple-sclerosis/"):
        content, shown = client.get(path).content.decode(), text(client, path)
        for claim in (promised, study):
            assert f'href="{claim.source.get_absolute_url()}#q-{claim.public_id}"' in content
        assert 'href="/how-we-grade/#evidence_match-contradicted"' in content
        assert 'href="/questions/exosomes/multiple-sclerosis/relapse/"' in content
        assert 'href="/publishers/cell-clinic/"' in content
        assert "In people, the contrary: 1 study" in shown
        assert "n = 24" in shown
        assert "Followed for one year" in shown
        assert "Compared with: placebo or sham" in shown
        assert "not a verdict" in shown
        assert "the same therapy or a broader one" in shown


@pytest.mark.parametrize("what", ["narrower", "of another type"])
def test_where_nothing_was_found_what_matches_in_part_is_one_click_away(client: Client, what: str) -> None:
    fatigue = factories.node(Outcome, "fatigue", factories.node(Outcome, "symptoms"))
    if what == "narrower":
        promise(page_of(clinic()), outcome=fatigue.parent)
    else:
        promise(page_of(clinic()), outcome=fatigue, claim_type="harm_or_safety", effect="none_observed")
    factories.claim(outcome=fatigue)
    content = client.get("/publishers/cell-clinic/").content.decode()
    assert "Nothing found for exactly this." in content
    found = r'href="(/claims/\?[^"]+)">1 claim</a> that matches in part: on something narrower, or of another type'
    link = re.search(found, content)
    assert link
    assert 'data-total="1"' in client.get(link.group(1).replace("&amp;", "&")).content.decode()


def test_many_promises_stand_on_several_pages_and_on_a_therapy_lead_to_the_list(client: Client) -> None:
    page = page_of(clinic())
    made = [promise(page, listed=False) for _ in range(23)]
    listings.refresh([page.pk])
    first, second = (client.get(f"/publishers/cell-clinic/?page={n}").content.decode() for n in (1, 2))
    shown = [[c.public_id for c in made if f'">{c.public_id}</a>' in content] for content in (first, second)]
    assert [len(ids) for ids in shown] == [20, 3]
    assert not set(shown[0]) & set(shown[1])
    therapy = client.get("/therapies/exosomes/").content.decode()
    link = re.search(r'href="(/claims/\?[^"]+)">All 23 promises', therapy)
    assert link
    assert 'data-total="23"' in client.get(link.group(1).replace("&amp;", "&")).content.decode()


def test_a_therapy_without_promises_says_so(client: Client) -> None:
    factories.claim()
    assert "No seller in this corpus promises anything about it." in text(client, "/therapies/exosomes/")


def test_a_verdict_is_never_computed(client: Client) -> None:
    promise(page_of(clinic()))
    factories.claim(effect="harmful")
    assert "reviewer’s assessment" not in text(client, "/publishers/cell-clinic/")


def test_names_of_others_are_text(client: Client) -> None:
    publisher = Publisher.objects.create(name="<script>alert(1)</script>" + "x" * 150, slug="x")
    promise(page_of(publisher))
    for path in ("/publishers/", "/publishers/x/", "/therapies/exosomes/", "/sources/"):
        assert "<script>alert" not in client.get(path).content.decode()


def test_a_source_names_its_publisher_with_a_link(client: Client) -> None:
    page = page_of(clinic(url="https://clinic.example/"))
    for path in ("/sources/", page.get_absolute_url()):
        assert 'href="/publishers/cell-clinic/"' in client.get(path).content.decode()


def test_the_number_of_queries_is_the_same_for_many_promises(client: Client) -> None:
    publisher = clinic()

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as ran:
            assert client.get(path).status_code == 200
        return len(ran)

    def grow(times: int) -> None:
        for i in range(times):
            outcome = factories.node(Outcome, f"outcome-{Outcome.objects.count()}")
            promise(page_of(publisher), outcome=outcome)
            if i % 2:
                factories.claim(outcome=outcome)

    paths = ("/publishers/", "/publishers/cell-clinic/", "/therapies/exosomes/")
    grow(4)
    few = [queries(path) for path in paths]
    grow(20)
    assert [queries(path) for path in paths] == few
