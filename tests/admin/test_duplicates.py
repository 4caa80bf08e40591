"""Two sources that may be one document: the list, the page of a pair, and what its buttons do."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.models import DuplicatePair, Identifier, LinkedPublication, Source
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/duplicatepair/"


def pair(**second: Any) -> DuplicatePair:
    first = factories.source("Pain fell in all.", title="Cells for pain", container="The Journal")
    given = {"title": "Cells for less pain", "container": "Another Journal", "volume": "7", **second}
    other = factories.source("Pain fell in nearly all.", **given)
    return DuplicatePair.objects.create(first=first, second=other, reason="the titles are alike", similarity=0.8)


def page(pair: DuplicatePair) -> str:
    return reverse("admin:articles_duplicatepair_change", args=[pair.pk])


def filled_in(pair: DuplicatePair, **changes: str) -> dict[str, str]:
    """What the page sends where nothing is chosen otherwise."""
    seen = {f"seen_{side}": getattr(pair, side).updated_at.isoformat() for side in ("first", "second")}
    return {"stays": "first", "fact-title": "first", "fact-container": "first", **seen, **changes}


def test_open_pairs_come_first_and_are_told_apart(as_curator: Client) -> None:
    decided, waiting = pair(), pair(year=1999)
    DuplicatePair.objects.filter(pk=decided.pk).update(state="distinct", similarity=1)
    factories.claim(waiting.second, "Pain fell")
    answer = as_curator.get(LIST)
    assert [one.pk for one in answer.context["cl"].result_list] == [waiting.pk, decided.pk]
    html = answer.content.decode()
    assert "1999 · Another Journal · Abstract · 1 claim<" in html
    listed = as_curator.get(LIST + "?state__exact=open").context["cl"].result_list
    assert [one.pk for one in listed] == [waiting.pk]
    queues = {queue.query: queue.count for queue in as_curator.get("/admin/").context["queues"]}
    assert queues["state__exact=open"] == 1


def test_the_list_asks_no_more_queries_for_more_pairs(
    as_curator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pair()
    as_curator.get(LIST)
    with django_assert_num_queries(6):
        as_curator.get(LIST)
    for _ in range(5):
        pair()
    with django_assert_num_queries(6):
        assert as_curator.get(LIST).context["cl"].result_count == 6


def test_the_page_asks_no_more_queries_for_more_parts(
    as_curator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found = pair()
    as_curator.get(page(found))
    with django_assert_num_queries(21) as before:
        as_curator.get(page(found))
    for number in range(5):
        Identifier.objects.create(source=found.second, scheme="nct", value=f"NCT0000000{number}")
        LinkedPublication.objects.create(source=found.first, position=number, relation="comment_in", citation="X")
        factories.claim(found.first, "Pain fell")
    with django_assert_num_queries(len(before)):
        as_curator.get(page(found))


def test_both_sources_stand_side_by_side(as_curator: Client) -> None:
    found = pair()
    claim = factories.claim(found.first, "Pain fell")
    html = as_curator.get(page(found)).content.decode()
    for shown in ("the titles are alike", "⟨less⟩", "⟨nearly⟩", "⟨Another⟩", claim.public_id, "≠ differs"):
        assert shown in html, shown
    assert f"→ only in source {found.second_id}; after a merge: comes along" in re.sub(r"\s+", " ", html)
    assert 'name="fact-title"' in html
    assert 'name="fact-volume"' not in html, "only one has a volume: there is nothing to choose"
    assert "What is the same" in html


def test_markup_in_a_title_is_shown_as_text(as_curator: Client) -> None:
    html = as_curator.get(page(pair(title="Cells for <b>pain</b> <script>alert(1)</script>"))).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_merge_keeps_what_was_chosen_and_links_to_what_stays(as_curator: Client, client: Client) -> None:
    found = pair()
    chosen = filled_in(found, **{"fact-container": "second"})
    answer = as_curator.post(page(found) + "merge/", chosen, follow=True)
    kept = Source.objects.get(pk=found.first_id)
    assert (kept.title, kept.container, kept.volume) == ("Cells for pain", "Another Journal", "7")
    assert f'/admin/articles/source/{kept.pk}/change/"' in answer.content.decode().replace("'", '"')
    assert client.get(f"/sources/{found.second_id}/").headers["Location"] == kept.get_absolute_url()
    found.refresh_from_db()
    assert (found.state, str(found.decided_by)) == ("merged", "cora")


def test_the_newer_one_may_stay(as_curator: Client) -> None:
    found = pair()
    as_curator.post(page(found) + "merge/", filled_in(found, stays="second"))
    kept = Source.objects.get(pk=found.second_id)
    assert Source.objects.get(pk=found.first_id).merged_into == kept
    assert (kept.title, kept.container) == ("Cells for pain", "The Journal")


def test_who_saw_an_older_state_compares_again(as_curator: Client) -> None:
    found = pair()
    late = filled_in(found)
    found.second.volume = "8"
    found.second.save()
    answer = as_curator.post(page(found) + "merge/", late, follow=True)
    assert "Somebody changed this source" in answer.content.decode()
    incomplete = {name: value for name, value in filled_in(found).items() if name != "fact-title"}
    answer = as_curator.post(page(found) + "merge/", incomplete, follow=True)
    assert "Compare them again" in answer.content.decode()
    assert not Source.objects.exclude(merged_into=None).exists()


def test_two_documents_stay_two_until_somebody_decides_again(as_curator: Client) -> None:
    found = pair()
    answer = as_curator.post(page(found) + "apart/", filled_in(found), follow=True)
    assert "stay two" in answer.content.decode()
    html = as_curator.get(page(found)).content.decode()
    assert "Decided: not a duplicate" in html
    assert 'name="stays"' not in html
    refused = as_curator.post(page(found) + "merge/", filled_in(found), follow=True).content.decode()
    assert "was decided before" in refused
    as_curator.post(page(found) + "again/")
    found.refresh_from_db()
    assert (found.state, found.decided_by) == ("open", None)


def test_a_pair_is_made_by_hand(as_curator: Client) -> None:
    one, other = factories.source(title="Cells"), factories.source(title="Cells")
    suspect = reverse("admin:articles_source_suspect", args=[one.pk])
    answer = as_curator.post(suspect, {"other": str(other.pk)})
    made = DuplicatePair.objects.get()
    assert answer.headers["Location"] == page(made)
    assert (
        f"Compare with source {one.pk}" in as_curator.get(f"/admin/articles/source/{other.pk}/change/").content.decode()
    )
    for typed, said in (("x", "There is no source"), ("9" * 40, "There is no source"), (str(one.pk), "with itself")):
        assert said in as_curator.post(suspect, {"other": typed}, follow=True).content.decode(), typed


def test_reviewers_look_and_strangers_do_not(as_reviewer: Client, client: Client, reviewer: User) -> None:
    found = pair()
    html = as_reviewer.get(page(found)).content.decode()
    assert "⟨less⟩" in html
    assert 'name="stays"' not in html
    for address in ("merge/", "apart/", "again/"):
        assert as_reviewer.post(page(found) + address, filled_in(found)).status_code == 403, address
        assert as_reviewer.get(page(found) + address).status_code in (403, 405), address
        assert client.post(page(found) + address, filled_in(found)).status_code == 302
    found.refresh_from_db()
    assert found.state == "open"


def test_a_merged_source_is_left_out_of_the_list_and_stays_as_it_was(as_curator: Client) -> None:
    found = pair()
    as_curator.post(page(found) + "merge/", filled_in(found))
    gone = Source.objects.get(pk=found.second_id)

    def listed(query: str) -> set[int]:
        return {one.pk for one in as_curator.get(f"/admin/articles/source/?{query}").context["cl"].queryset}

    assert listed("") == {found.first_id}
    assert listed("merged=only") == {gone.pk}
    assert listed("merged=too") == {found.first_id, gone.pk}
    html = as_curator.get(f"/admin/articles/source/{gone.pk}/change/").content.decode()
    assert "Merged into" in html
    assert 'name="title"' not in html
    assert as_curator.post(f"/admin/articles/source/{gone.pk}/change/", {"title": "Changed"}).status_code == 403
