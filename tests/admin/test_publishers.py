"""Publishers and study groups: recorded under a name, and followed by the lists."""

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from articles.filters import SourceFilter
from articles.models import Publisher, StudyGroup
from articles.queries import history
from articles.queries.trees import Trees
from tests import factories

pytestmark = pytest.mark.django_db


def found(query: str) -> int:
    return SourceFilter(QueryDict(query), Trees.load()).qs.count()


def test_a_publisher_is_found_by_a_new_name_at_once(as_curator: Client, curator: User) -> None:
    as_curator.post("/admin/articles/publisher/add/", {"name": "Northwind", "slug": "northwind"})
    publisher = Publisher.objects.get()
    factories.claim(factories.source(publisher=publisher))
    assert found("q=southwind") == 0
    page = reverse("admin:articles_publisher_change", args=[publisher.pk])
    assert as_curator.post(page, {"name": "Southwind", "slug": "northwind"}).status_code == 302
    assert found("q=southwind") == 1
    told = [(entry.who, entry.action) for entry in history.of(publisher)]
    assert told == [(curator.username, "publisher edited"), (curator.username, "publisher added")]


def test_a_study_group_is_recorded_under_a_name(as_curator: Client, curator: User) -> None:
    as_curator.post("/admin/articles/studygroup/add/", {"name": "The first trial"})
    group = StudyGroup.objects.get()
    page = reverse("admin:articles_studygroup_change", args=[group.pk])
    as_curator.post(page, {"name": "The first trial", "note": "Two papers."})
    told = [(entry.who, entry.action) for entry in history.of(group)]
    assert told == [(curator.username, "study group edited"), (curator.username, "study group added")]
