"""Terms of the trees: synonyms, places, and the lists that follow."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from articles.filters import ClaimFilter
from articles.models import Condition, Therapy
from articles.queries.trees import Trees
from tests import factories

pytestmark = pytest.mark.django_db


def change(node: Therapy) -> str:
    return reverse("admin:articles_therapy_change", args=[node.pk])


def data(node: Therapy, **changes: object) -> dict[str, object]:
    return {"name": node.name, "synonyms": "", "outside_ids": "{}", **changes}


def found(query: str) -> int:
    return ClaimFilter(QueryDict(query), Trees.load()).qs.count()


def test_a_new_synonym_is_searched_at_once(admin_client: Client) -> None:
    therapy = factories.node(Therapy, "exosomes")
    factories.claim(therapies=[therapy])
    assert found("q=nanovesicles") == 0
    admin_client.post(change(therapy), data(therapy, synonyms="nanovesicles"))
    assert found("q=nanovesicles") == 1


def test_a_moved_term_counts_under_its_new_parent(admin_client: Client) -> None:
    parent, child = factories.node(Therapy, "cell-products"), factories.node(Therapy, "exosomes")
    factories.claim(therapies=[child])
    assert found("therapy=cell-products") == 0
    admin_client.post(change(child), data(child, parent=parent.pk))
    assert found("therapy=cell-products") == 1


def test_a_term_cannot_stand_below_itself(admin_client: Client) -> None:
    parent = factories.node(Therapy, "cell-products")
    child = factories.node(Therapy, "exosomes", parent)
    page = admin_client.post(change(parent), data(parent, parent=child.pk))
    assert "stands below" in page.content.decode()
    parent.refresh_from_db()
    assert parent.parent is None


@pytest.mark.parametrize("ids", ['["D1"]', '{"mesh": 5}', "{"])
def test_outside_ids_are_names_and_words(admin_client: Client, ids: str) -> None:
    therapy = factories.node(Therapy, "exosomes")
    assert admin_client.post(change(therapy), data(therapy, outside_ids=ids)).status_code == 200


def test_the_slug_is_set_once(admin_client: Client) -> None:
    therapy = factories.node(Therapy, "exosomes")
    admin_client.post(change(therapy), data(therapy, slug="other"))
    therapy.refresh_from_db()
    assert therapy.slug == "exosomes"
    admin_client.post("/admin/articles/therapy/add/", data(therapy, name="New one", slug="new-one"))
    assert Therapy.objects.filter(slug="new-one").exists()


def test_a_condition_cannot_take_the_word_that_stands_for_every_condition(admin_client: Client) -> None:
    page = admin_client.post("/admin/articles/condition/add/", {"name": "Any", "slug": "any", "outside_ids": "{}"})
    assert "stands for every condition" in page.content.decode()
    assert not Condition.objects.exists()
    admin_client.post("/admin/articles/condition/add/", {"name": "Any", "slug": "any-pain", "outside_ids": "{}"})
    assert Condition.objects.get().slug == "any-pain"
