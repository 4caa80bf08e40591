"""Who changed what and when, before and after."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.actions import claims, sources
from articles.models import Claim, Identifier, Source, Therapy
from articles.models.trees import Node
from articles.queries import history
from tests import factories
from tests.admin.forms import claim_data, source_data

pytestmark = pytest.mark.django_db


def fields(thing: Source | Claim | Node) -> dict[str, tuple[str, str]]:
    """The fields of the newest entry: before and after, by label."""
    changes = history.of(thing)[0].changes
    return {field.label: (field.before, field.after) for change in changes for field in change.fields}


def test_an_edit_shows_before_and_after_in_words(as_curator: Client, curator: User) -> None:
    source = factories.source(title="Old title", kind="abstract")
    page = reverse("admin:articles_source_change", args=[source.pk])
    as_curator.post(page, source_data(source, title="New title", kind="review", text_basis="abstract"))
    told = fields(source)
    assert told["Title"] == ("Old title", "New title")
    assert told["Kind"] == ("Abstract", "Review")
    assert "Curation state" not in told
    entry = history.of(source)[0]
    assert (entry.who, entry.action) == (curator.username, "source edited")
    html = as_curator.get(reverse("admin:articles_source_history", args=[source.pk])).content.decode()
    assert "<del>Old title</del>" in html
    assert "<ins>New title</ins>" in html
    assert curator.username in html


def test_parts_that_came_and_went_are_told(curator: User) -> None:
    source = factories.source()
    identifier = Identifier(scheme="pmid", value="123")
    sources.save_source(by=curator, source=source, tags={"therapies": [], "conditions": []}, parts=[identifier])
    assert fields(source)["Value"] == ("", "123")
    therapy = factories.node(Therapy, "exosomes")
    sources.save_source(
        by=curator, source=source, tags={"therapies": [therapy], "conditions": []}, removed=[identifier]
    )
    changes = {change.thing: change for change in history.of(source)[0].changes}
    assert changes["identifier"].verb == "removed"
    assert changes["therapy tag"].verb == "added"
    assert [field.after for field in changes["therapy tag"].fields] == [therapy.name]


def test_the_way_of_a_claim_is_told_in_order(curator: User, reviewer: User) -> None:
    source = factories.source()
    assert source.current_version is not None
    given = claim_data()
    therapies = [Therapy.objects.get(pk=pk) for pk in given.pop("tagged")]
    quote, facts = given.pop("quote"), given | {"n": 48}
    facts |= {"condition_id": facts.pop("condition"), "outcome_id": facts.pop("outcome")}
    claim = claims.add_claim(by=curator, version=source.current_version, quote=quote, therapies=therapies, fields=facts)
    claims.submit(by=curator, claim=claim)
    claims.reject(by=reviewer, claim=claim, reason="Too bold.")
    told = [(entry.who, entry.action) for entry in history.of(claim)]
    assert told == [
        (reviewer.username, "claim rejected"),
        (curator.username, "claim submitted"),
        (curator.username, "claim drafted"),
    ]
    assert fields(claim)["Status"] == ("Submitted", "Rejected")
    assert fields(claim)["Rejection reason"] == ("", "Too bold.")


def test_changes_past_the_actions_are_recorded_too() -> None:
    claim = factories.claim()
    Claim.objects.filter(pk=claim.pk).update(statement="Changed by hand.")
    assert history.of(claim)[0].who == "the system"
    assert fields(claim)["Statement"][1] == "Changed by hand."


def test_terms_of_trees_have_a_history(admin_client: Client) -> None:
    therapy = factories.node(Therapy, "exosomes", name="Exosomes")
    data = {"name": "Exosomes and vesicles", "synonyms": "EV\nexo", "outside_ids": "{}"}
    page = reverse("admin:articles_therapy_change", args=[therapy.pk])
    assert admin_client.post(page, data).status_code == 302
    assert fields(therapy)["Name"] == ("Exosomes", "Exosomes and vesicles")
    assert fields(therapy)["Synonyms"] == ("", "EV; exo")


def test_recent_changes_show_everything_to_those_who_may_see_it(as_curator: Client) -> None:
    claim = factories.claim(statement="A statement to look for.")
    html = as_curator.get("/admin/changes/").content.decode()
    assert claim.public_id in html
    assert claim.source.title in html


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(3):
        factories.claim()
    with django_assert_max_num_queries(40):
        assert len(history.recent()) >= 1
    for _ in range(20):
        factories.claim()
    with django_assert_max_num_queries(40):
        history.recent()


def test_no_history_of_what_is_not_there(as_curator: Client) -> None:
    answer = as_curator.get(reverse("admin:articles_source_history", args=[999_999]))
    assert answer.status_code == 302


def test_a_value_of_strangers_is_printed_not_run(as_curator: Client) -> None:
    source = factories.source(title="<script>alert(1)</script>")
    html = as_curator.get(reverse("admin:articles_source_history", args=[source.pk])).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
