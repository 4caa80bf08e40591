"""Suggested tags: kept, dropped, taken back, one after the other."""

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Condition, Source, SourceListing, TagSuggestion, Therapy
from tests import factories

pytestmark = pytest.mark.django_db


def suggest(source: Source, *slugs: str) -> list[TagSuggestion]:
    return [
        TagSuggestion.objects.create(
            source=source, therapy_id=factories.node(Therapy, slug).pk, reason=f"“{slug}” stands in the title"
        )
        for slug in slugs
    ]


def change(source: Source) -> str:
    return reverse("admin:articles_source_change", args=[source.pk])


def tags(source: Source) -> str:
    return reverse("admin:articles_source_tags", args=[source.pk])


def states(source: Source) -> list[str]:
    return list(source.tag_suggestions.order_by("pk").values_list("state", flat=True))


def test_each_suggestion_has_its_reason_and_two_buttons(as_curator: Client) -> None:
    source = factories.source()
    (one,) = suggest(source, "exosomes")
    TagSuggestion.objects.create(source=source, condition_id=factories.node(Condition, "pain").pk, reason="MeSH: Pain")
    html = as_curator.get(change(source)).content.decode()
    for shown in ("“exosomes” stands in the title", "MeSH: Pain", "Keep all 2"):
        assert shown in html, shown
    assert f'name="keep" value="{one.pk}"' in html
    assert f'name="drop" value="{one.pk}"' in html


def test_keep_makes_a_tag_and_drop_does_not(as_curator: Client) -> None:
    source = factories.source()
    kept, dropped = suggest(source, "exosomes", "cells")
    answer = as_curator.post(tags(source), {"keep": kept.pk}, follow=True)
    assert "“Exosomes” is a tag now." in answer.content.decode()
    as_curator.post(tags(source), {"drop": dropped.pk})
    assert states(source) == ["kept", "dropped"]
    assert [str(node) for node in source.therapies.all()] == ["Exosomes"]
    assert SourceListing.objects.get(source=source).therapy_ids == [kept.therapy_id]
    html = as_curator.get(change(source)).content.decode()
    assert "Decided: 2" in html
    assert "kept by cora" in html


def test_the_message_takes_it_back(as_curator: Client) -> None:
    source = factories.source()
    (one,) = suggest(source, "exosomes")
    html = as_curator.post(tags(source), {"keep": one.pk}, follow=True).content.decode()
    assert "form='suggestions' name='reopen'" in html
    assert 'id="suggestions"' in html, "the button needs the form it belongs to"
    as_curator.post(tags(source), {"reopen": one.pk})
    assert states(source) == ["open"]
    assert not source.therapies.exists()


def test_keep_all_keeps_what_was_shown(as_curator: Client) -> None:
    source = factories.source()
    shown = suggest(source, "exosomes", "cells")
    suggest(source, "later")
    as_curator.post(tags(source), {"keep_all": 1, "shown": [one.pk for one in shown]})
    assert states(source) == ["kept", "kept", "open"]


def test_what_was_decided_before_or_belongs_elsewhere_is_told(as_curator: Client) -> None:
    source, other = factories.source(), factories.source()
    (one,), (foreign,) = suggest(source, "exosomes"), suggest(other, "cells")
    as_curator.post(tags(source), {"drop": one.pk})
    for sent, said in (
        ({"keep": one.pk}, "decided before"),
        ({"keep": foreign.pk}, "no longer there"),
        ({"keep": "x"}, "no longer there"),
        ({"keep": "9" * 30}, "no longer there"),
    ):
        assert said in as_curator.post(tags(source), sent, follow=True).content.decode(), sent
    assert states(other) == ["open"]


def test_from_one_source_to_the_next_without_the_mouse(as_curator: Client) -> None:
    oldest, source, newest = (factories.source(title=title) for title in ("Oldest", "Middle", "Newest"))
    excluded = factories.source(curation_state="excluded", exclusion_reason="no")
    for each in (oldest, source, newest, excluded):
        suggest(each, "exosomes")
    (one,) = source.tag_suggestions.all()
    page = as_curator.get(change(source) + "?decide=tags").content.decode()
    assert f'name="keep" value="{one.pk}" autofocus' in page
    assert f'rel="next" href="{change(oldest)}?decide=tags"' in page
    assert f'rel="prev" href="{change(newest)}?decide=tags"' in page
    done = as_curator.post(tags(source), {"keep": one.pk}, follow=True).content.decode()
    assert f'rel="next" href="{change(oldest)}?decide=tags" autofocus' in done


def test_the_desk_and_the_filter_show_the_same_sources(as_curator: Client) -> None:
    waiting, excluded = factories.source(), factories.source(curation_state="excluded", exclusion_reason="no")
    merged = factories.source(merged_into=waiting)
    for source in (waiting, excluded, merged):
        suggest(source, "exosomes", "cells")
    queues = {queue.query: queue.count for queue in as_curator.get("/admin/").context["queues"]}
    listed = as_curator.get("/admin/articles/source/?waiting=tags").context["cl"].queryset
    assert queues["waiting=tags"] == 1
    assert [source.pk for source in listed] == [waiting.pk]


def test_reviewers_see_and_do_not_decide(as_reviewer: Client) -> None:
    source = factories.source()
    (one,) = suggest(source, "exosomes")
    html = as_reviewer.get(change(source)).content.decode()
    assert "stands in the title" in html
    assert 'name="keep"' not in html
    assert as_reviewer.post(tags(source), {"keep": one.pk}).status_code == 403
    assert as_reviewer.get(tags(source)).status_code in (403, 405)
    assert states(source) == ["open"]
