"""Who may enter, and what each group may do."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db

CHANGED_BY_NOBODY = ("user", "group", "permission", "session", "logentry")
PAGES = (
    "/admin/",
    "/admin/articles/source/",
    "/admin/articles/source/add/",
    "/admin/articles/source/upload/",
    "/admin/articles/claim/",
    "/admin/changes/",
)


def rights(group: str) -> set[str]:
    return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_sent_to_the_login(client: Client, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("group", ["Curator", "Reviewer"])
def test_no_group_may_remove_anything_or_touch_accounts(group: str) -> None:
    held = rights(group)
    assert held
    assert not [right for right in held if right.startswith("delete_")]
    assert not [right for right in held if right.partition("_")[2] in CHANGED_BY_NOBODY]


def test_only_reviewers_accept() -> None:
    assert "accept_claim" in rights("Reviewer")
    assert "accept_claim" not in rights("Curator")


def test_reviewers_add_nothing_but_their_assessments() -> None:
    assert {right for right in rights("Reviewer") if right.startswith("add_")} == {"add_assessment"}
    changed = {right for right in rights("Reviewer") if right.startswith("change_")}
    assert changed == {"change_claim", "change_assessment"}


def test_curators_suggest_relations_and_reviewers_confirm_them() -> None:
    assert {"add_relation", "change_relation"} <= rights("Curator")
    assert "confirm_relation" not in rights("Curator")
    assert {right for right in rights("Reviewer") if right.endswith("_relation")} == {
        "view_relation",
        "confirm_relation",
    }
    assert {right for right in rights("Curator") if right.endswith("_assessment")} == {"view_assessment"}


@pytest.mark.parametrize("page", PAGES)
def test_curators_reach_their_pages(as_curator: Client, page: str) -> None:
    assert as_curator.get(page).status_code == 200


def test_curators_see_the_trees_but_do_not_change_them(as_curator: Client) -> None:
    therapy = factories.node(factories.Therapy, "exosomes")
    page = reverse("admin:articles_therapy_change", args=[therapy.pk])
    assert as_curator.get(page).status_code == 200
    assert as_curator.post(page, {"name": "Other"}).status_code == 403
    assert as_curator.get("/admin/auth/user/").status_code == 403


def test_reviewers_cannot_add_sources(as_reviewer: Client) -> None:
    assert as_reviewer.get("/admin/articles/source/add/").status_code == 403
    assert as_reviewer.get("/admin/articles/source/upload/").status_code == 403


def test_reviewers_read_sources(as_reviewer: Client) -> None:
    source = factories.source()
    answer = as_reviewer.get(reverse("admin:articles_source_change", args=[source.pk]))
    assert answer.status_code == 200
    assert 'name="title"' not in answer.content.decode()


@pytest.mark.parametrize("model", ["source", "claim"])
def test_nothing_is_deleted_in_the_admin(admin_client: Client, model: str) -> None:
    claim = factories.claim()
    pk = {"source": claim.source_id, "claim": claim.pk}[model]
    assert admin_client.post(reverse(f"admin:articles_{model}_delete", args=[pk]), {"post": "yes"}).status_code == 403


def test_a_guesser_is_locked_out_with_a_page_that_says_so(client: Client) -> None:
    factories.user("somebody")
    for _ in range(5):
        answer = client.post("/admin/login/", {"username": "somebody", "password": "wrong"})
    assert answer.status_code == 429
    assert "Too many attempts" in answer.content.decode()


def test_the_desk_counts_what_waits(as_curator: Client) -> None:
    factories.source(curation_state="new")
    factories.claim(status="submitted", accepted_by=None)
    page = as_curator.get("/admin/")
    waiting = {queue.label: queue.count for queue in page.context["queues"]}
    # The claim's own source is new as well.
    assert waiting["Sources nobody has worked on"] == 2
    assert waiting["Claims to review"] == 1
    assert waiting["Claims not yet submitted"] == 0


@pytest.mark.parametrize("path", ["source", "claim", "therapy", "publisher", "studygroup", "sourceversion"])
def test_the_policy_needs_no_exception(admin_client: Client, path: str) -> None:
    factories.claim()
    html = admin_client.get(f"/admin/articles/{path}/").content.decode()
    assert "<style" not in html
    assert "style=" not in html
    assert "<script>" not in html
