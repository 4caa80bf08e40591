"""Adding and editing sources by form."""

import zlib
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.actions import sources
from articles.models import (
    Claim,
    Condition,
    Contributor,
    DuplicatePair,
    Identifier,
    ImportEntry,
    ImportFile,
    ImportRun,
    LinkedPublication,
    Reading,
    Source,
    SourceListing,
    TagSuggestion,
    Therapy,
)
from articles.models.trees import Node
from tests import factories
from tests.admin.forms import opened, source_data

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/source/add/"


def change(source: Source) -> str:
    return reverse("admin:articles_source_change", args=[source.pk])


def errors(answer: Any) -> str:
    assert answer.status_code == 200, "the form was taken, though it should not have been"
    return answer.content.decode()


def test_a_new_source_gets_version_1_and_a_place_in_the_list(as_curator: Client) -> None:
    answer = as_curator.post(ADD, source_data(identifiers=[("doi", "https://doi.org/10.1000/ABC")]))
    assert answer.status_code == 302
    source = Source.objects.get()
    assert source.current_version is not None
    assert source.current_version.number == 1
    assert source.current_version.text == "First words.\n\none item\nanother item"
    assert [block.kind for block in source.current_version.document.blocks] == ["paragraph", "list_item", "list_item"]
    assert [identifier.value for identifier in source.identifiers.all()] == ["10.1000/abc"]
    assert SourceListing.objects.filter(source=source).exists()


def test_markdown_is_read_as_markdown_and_made_safe(as_curator: Client) -> None:
    typed = "## Results\n\n<script>alert(1)</script>See [the trial](https://example.org/x)."
    as_curator.post(ADD, source_data(typed=typed, typed_format="markdown"))
    version = Source.objects.get().current_version
    assert version is not None
    assert version.text == "Results\n\nSee the trial."
    assert version.document.links[0].href == "https://example.org/x"


def test_wrong_encoding_is_repaired_and_noted(as_curator: Client) -> None:
    as_curator.post(ADD, source_data(typed="The patientâ€™s nerves."))
    version = Source.objects.get().current_version
    assert version is not None
    assert version.text == "The patient's nerves."
    assert len(version.repairs) == 1


def test_a_second_source_with_the_same_doi_names_the_first(as_curator: Client) -> None:
    first = factories.source(title="The first one")
    Identifier.objects.create(source=first, scheme="doi", value="10.1000/abc")
    page = errors(as_curator.post(ADD, source_data(identifiers=[("doi", "doi:10.1000/ABC")])))
    assert f"already belongs to source {first.pk}" in page
    assert change(first) in page
    assert Source.objects.count() == 1


def test_one_identifier_twice_in_one_form_is_refused(as_curator: Client) -> None:
    errors(as_curator.post(ADD, source_data(identifiers=[("pmid", "123"), ("pmid", "PMID: 123")])))
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "clinic_page", "publisher_interest": "unknown"}, "A clinic page sells the therapy"),
        ({"typed": ""}, "Enter the text"),
        ({"typed": "\u200b \u00ad"}, "Nothing is left"),
        ({"identifiers": [("doi", "nonsense")]}, "is not a valid DOI"),
        ({"year": "2021", "month": "2", "day": "30"}, "no such date"),
        ({"month": "2"}, "needs its year"),
        ({"curation_state": "excluded"}, "Say why the source is excluded"),
        ({"study_group_relation": "same_trial"}, "go together"),
        ({"kind": "nonsense"}, "not one of the available choices"),
        ({"typed": "[" * 5000, "typed_format": "markdown"}, "more than 1000 times"),
        ({"title": "x" * 1001}, "at most 1000 characters"),
        ({"typed": "NUL \x00 inside"}, "Null characters are not allowed"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_stored(as_curator: Client, changes: dict[str, Any], message: str) -> None:
    assert message in errors(as_curator.post(ADD, source_data(**changes)))
    assert not Source.objects.exists()


def test_a_citation_alone_needs_no_text(as_curator: Client) -> None:
    assert as_curator.post(ADD, source_data(typed="", text_basis="metadata_only")).status_code == 302
    assert Source.objects.get().current_version is None


def test_a_changed_text_is_a_new_version(as_curator: Client) -> None:
    claim = factories.claim()
    source = claim.source
    moved = "A new first paragraph.\n\nFewer relapses were seen after treatment."
    assert as_curator.post(change(source), source_data(source, typed=moved)).status_code == 302
    source.refresh_from_db()
    assert [version.number for version in source.versions.order_by("number")] == [1, 2]
    assert source.versions.get(number=1).text == factories.TEXT
    claim = Claim.objects.get(pk=claim.pk)
    assert claim.anchor_state == "moved"
    assert claim.version == source.current_version


def test_no_text_or_the_same_text_makes_no_version(as_curator: Client) -> None:
    source = factories.source("Some words.")
    as_curator.post(change(source), source_data(source))
    as_curator.post(change(source), source_data(source, typed="Some   words.\r\n"))
    assert source.versions.count() == 1


def test_tags_reach_the_list(as_curator: Client) -> None:
    therapy, condition = factories.node(Therapy, "exosomes"), factories.node(Condition, "pain")
    as_curator.post(ADD, source_data(therapies=[therapy.pk], conditions=[condition.pk]))
    row = SourceListing.objects.get()
    assert (row.therapy_ids, row.condition_ids) == ([therapy.pk], [condition.pk])


def test_an_excluded_source_leaves_the_list(as_curator: Client) -> None:
    source = factories.claim().source
    answer = as_curator.post(
        change(source), source_data(source, curation_state="excluded", exclusion_reason="Off topic.")
    )
    assert answer.status_code == 302
    assert not SourceListing.objects.filter(source=source).exists()


def test_authors_without_a_position_come_last(as_curator: Client) -> None:
    source = factories.source()
    first = Contributor.objects.create(source=source, position=1, family="First")
    data = source_data(source) | {
        "contributors-TOTAL_FORMS": 3,
        "contributors-INITIAL_FORMS": 1,
        "contributors-0-id": first.pk,
        "contributors-0-source": source.pk,
        "contributors-0-position": 1,
        "contributors-0-family": "First",
        "contributors-1-family": "Second",
        "contributors-2-collective": "The Trial Group",
    }
    assert as_curator.post(change(source), data).status_code == 302
    assert [str(author) for author in source.contributors.order_by("position")] == [
        "First",
        "Second",
        "The Trial Group",
    ]


def test_guesses_stay_until_somebody_checks_them(as_curator: Client) -> None:
    guesses = {"kind": "It reads like one.", "publisher_interest": "It sells."}
    source = factories.source(guesses=guesses)
    assert "It reads like one." in as_curator.get(change(source)).content.decode()
    as_curator.post(change(source), source_data(source, confirmed=["kind"]))
    source.refresh_from_db()
    assert source.guesses == {"publisher_interest": "It sells."}
    as_curator.post(change(source), source_data(source, publisher_interest="sells_therapy"))
    source.refresh_from_db()
    assert source.guesses == {}


def test_guesses_of_several_sources_are_confirmed_at_once(as_curator: Client) -> None:
    sources = [factories.source(guesses={"kind": "so"}) for _ in range(2)]
    data = {"action": "confirm_guesses", "_selected_action": [source.pk for source in sources]}
    assert as_curator.post("/admin/articles/source/?waiting=guesses", data).status_code == 302
    assert not Source.objects.exclude(guesses={}).exists()


def test_a_twin_by_title_is_named(as_curator: Client) -> None:
    factories.source(title="The Same Title")
    answer = as_curator.post(ADD, source_data(title="the same title"), follow=True)
    assert "has the same title" in answer.content.decode()
    assert Source.objects.count() == 2


def test_the_list_finds_by_identifier_and_waits_are_filters(as_curator: Client) -> None:
    found, other = factories.source(title="Wanted", guesses={"kind": "so"}), factories.source(title="Unwanted")
    Identifier.objects.create(source=found, scheme="pmid", value="23203029")
    for query in ("q=23203029", "waiting=guesses"):
        listed = as_curator.get(f"/admin/articles/source/?{query}").context["cl"].queryset
        assert [source.pk for source in listed] == [found.pk], query
    assert other.title == "Unwanted"


def test_the_list_asks_no_more_queries_for_more_sources(
    as_curator: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        factories.claim()
    as_curator.get("/admin/articles/source/")
    with django_assert_max_num_queries(14):
        as_curator.get("/admin/articles/source/")
    for _ in range(12):
        factories.claim()
    with django_assert_max_num_queries(14):
        assert as_curator.get("/admin/articles/source/").context["cl"].result_count == 15


def test_the_person_is_recorded(as_curator: Client, curator: User) -> None:
    as_curator.post(ADD, source_data())
    event = Source.pgh_event_model.objects.select_related("pgh_context").order_by("pgh_id").first()
    assert event.pgh_context.metadata["user"] == curator.pk
    assert event.pgh_context.metadata["action"] == "add_source"


def test_the_second_of_two_people_is_told_and_keeps_what_they_typed(as_curator: Client, curator: User) -> None:
    source = factories.source(title="The first title")
    late = source_data(source, title="Typed too late", typed="A text typed too late.")
    as_curator.post(change(source), source_data(source, title="Changed first"))
    page = errors(as_curator.post(change(source), late))
    assert "Somebody changed this source after you opened it" in page
    assert "Typed too late" in page
    assert "A text typed too late." in page
    source.refresh_from_db()
    assert (source.title, source.versions.count()) == ("Changed first", 1)
    again = source_data(source, title="Typed in time")
    assert as_curator.post(change(source), again).status_code == 302


def test_parts_that_somebody_else_removed_meanwhile_are_told_as_a_change(as_curator: Client, curator: User) -> None:
    source = factories.source()
    gone = Identifier.objects.create(source=source, scheme="pmid", value="123")
    late = source_data(source) | {
        "identifiers-TOTAL_FORMS": 1,
        "identifiers-INITIAL_FORMS": 1,
        "identifiers-0-id": gone.pk,
        "identifiers-0-source": source.pk,
        "identifiers-0-scheme": "pmid",
        "identifiers-0-value": "123",
    }
    tags: dict[str, list[Node]] = {"therapies": [], "conditions": []}
    sources.save_source(by=curator, source=Source.objects.get(pk=source.pk), tags=tags, removed=[gone])
    assert "Somebody changed this source" in errors(as_curator.post(change(source), late))
    assert not source.identifiers.exists()


def test_a_source_says_which_state_it_shows(as_curator: Client) -> None:
    source = factories.source()
    data = source_data(source, title="Changed")
    assert "Open the page again" in errors(as_curator.post(change(source), data | {"seen": ""}))
    data["seen"] = opened(as_curator, change(source))["seen"]
    assert as_curator.post(change(source), data).status_code == 302


@pytest.mark.parametrize("typed", ["", "Some   words.\r\n"])
def test_what_a_text_is_changes_only_with_the_text(as_curator: Client, typed: str) -> None:
    source = factories.source("Some words.", text_basis="digest")
    page = errors(as_curator.post(change(source), source_data(source, text_basis="full_text", typed=typed)))
    assert "The current text is a digest; enter the new text to change what it is" in page
    as_curator.post(change(source), source_data(source, text_basis="full_text", typed="Other words."))
    assert [version.text_basis for version in source.versions.order_by("number")] == ["digest", "full_text"]


def test_facts_of_the_databases_are_edited_and_stay(as_curator: Client) -> None:
    source = factories.source()
    given = {
        "original_title": "Células",
        "mesh_headings": "Pain/*therapy\r\nHumans",
        "keywords": "pain\n\n cells ",
        "trial_ids": "nct:NCT01194570\nISRCTN12345678\nEudraCT:2012-000734-19\nNCT01194570",
        "grants": "R01, NIH",
        "conflict_of_interest": "None.",
    }
    assert as_curator.post(change(source), source_data(source, **given)).status_code == 302
    source.refresh_from_db()
    assert source.mesh_headings == ["Pain/*therapy", "Humans"]
    assert source.keywords == ["pain", "cells"]
    assert source.trial_ids == ["nct:NCT01194570", "isrctn:ISRCTN12345678", "eudract:2012-000734-19"]
    assert (source.original_title, source.grants, source.conflict_of_interest) == ("Células", ["R01, NIH"], "None.")
    form = opened(as_curator, change(source))
    assert as_curator.post(change(source), source_data(source) | form).status_code == 302
    source.refresh_from_db()
    assert source.trial_ids == ["nct:NCT01194570", "isrctn:ISRCTN12345678", "eudract:2012-000734-19"]
    assert source.keywords == ["pain", "cells"]


@pytest.mark.parametrize("typed", ["NCT1", "nct:ISRCTN12345678", "pmid:123", "nct:", ":", "nct NCT01194570"])
def test_a_number_of_no_register_is_refused(as_curator: Client, typed: str) -> None:
    page = errors(as_curator.post(ADD, source_data(trial_ids=f"nct:NCT01194570\n{typed}")))
    assert f"“{typed}” is no number of a registered study" in page


def imported(curator: User, **fields: Any) -> Source:
    """A source that an import brought: its record said volume 3."""
    source = factories.source(**{"volume": "3", **fields})
    run = ImportRun.objects.create(origin="upload", state="finished", started_by=curator)
    file = ImportFile.objects.create(run=run, position=0, name="export.nbib")
    ImportEntry.objects.create(file=file, number=3, result="created", source=source)
    Reading.objects.create(
        source=source,
        fingerprint=f"{source.pk:064}",
        format="nbib",
        standing=1,
        origin_name="export.nbib",
        data=zlib.compress(b"PMID- 12345\nTI  - <script>alert(1)</script>\n"),
        values={"title": source.title, "volume": "3"},
        run=run,
        read_at=timezone.now(),
    )
    return source


def test_where_it_came_from_and_the_record_as_it_came(as_curator: Client, curator: User, client: Client) -> None:
    source = imported(curator)
    run, reading = ImportRun.objects.get(), Reading.objects.get()
    html = as_curator.get(change(source)).content.decode()
    assert f'<a href="{run.get_absolute_url()}">Import {run.pk}, record 3</a>: created' in html
    address = reverse("admin:articles_source_record", args=[source.pk, reading.pk])
    assert address in html
    answer = as_curator.get(address)
    assert answer.content == b"PMID- 12345\nTI  - <script>alert(1)</script>\n"
    assert answer["Content-Type"] == "text/plain"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(address).status_code == 302
    other = factories.source()
    assert as_curator.get(reverse("admin:articles_source_record", args=[other.pk, reading.pk])).status_code == 404


def test_both_values_are_shown_and_the_imports_is_taken(as_curator: Client, curator: User) -> None:
    source = imported(curator)
    assert "An import says otherwise" not in as_curator.get(change(source)).content.decode()
    as_curator.post(change(source), source_data(source, volume="4"))
    page = as_curator.get(change(source)).content.decode()
    for shown in ("An import says otherwise", "⟨4⟩", "⟨3⟩", "export.nbib"):
        assert shown in page, shown
    source.refresh_from_db()
    assert source.volume == "4", "the curator's value stays until somebody takes the other"
    take = reverse("admin:articles_source_take", args=[source.pk])
    stale = {"field": "volume", "seen": "2020-01-01T00:00:00+00:00"}
    assert "Somebody changed this source" in as_curator.post(take, stale, follow=True).content.decode()
    sent = {"field": "volume", "seen": source.updated_at.isoformat()}
    assert "the import&#x27;s value stands now" in as_curator.post(take, sent, follow=True).content.decode()
    source.refresh_from_db()
    assert source.volume == "3"
    for field in ("volume", "kind", "nonsense", "<b>"):
        sent = {"field": field, "seen": source.updated_at.isoformat()}
        assert "says otherwise of this field any more" in as_curator.post(take, sent, follow=True).content.decode()


def test_reviewers_see_both_values_and_take_none(as_reviewer: Client, curator: User) -> None:
    source = imported(curator)
    Source.objects.filter(pk=source.pk).update(volume="4")
    assert "An import says otherwise" in as_reviewer.get(change(source)).content.decode()
    take = reverse("admin:articles_source_take", args=[source.pk])
    assert as_reviewer.post(take, {"field": "volume"}).status_code == 403


def test_linked_publications_are_listed(as_curator: Client) -> None:
    source, notice = factories.source(), factories.source(title="The notice")
    Identifier.objects.create(source=notice, scheme="pmid", value="123")
    LinkedPublication.objects.create(source=source, position=1, relation="erratum_in", citation="J. 2020", pmid="123")
    html = as_curator.get(change(source)).content.decode()
    assert "<strong>Corrected by:</strong> J. 2020" in html
    assert f'<a href="{change(notice)}">source {notice.pk}</a>' in html


def test_the_page_asks_no_more_queries_for_more_of_everything(
    as_curator: Client, curator: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    source = imported(curator)
    as_curator.get(change(source))
    with django_assert_max_num_queries(25) as before:
        as_curator.get(change(source))
    for number in range(5):
        other = factories.source()
        DuplicatePair.objects.create(first=source, second=other, reason="alike", similarity=1)
        node = factories.node(Therapy, f"therapy-{number}")
        TagSuggestion.objects.create(source=source, therapy_id=node.pk, reason="so")
        Identifier.objects.create(source=other, scheme="pmid", value=f"{number + 1}")
        LinkedPublication.objects.create(source=source, position=number, relation="comment_in", pmid=f"{number + 1}")
        factories.claim(source)
    with django_assert_max_num_queries(len(before) + 3):
        as_curator.get(change(source))


def test_line_ends_alone_are_no_edit(as_curator: Client) -> None:
    source = factories.source(conflict_of_interest="None.\nNone at all.")
    as_curator.post(change(source), source_data(source, conflict_of_interest="None.\r\nNone at all."))
    source.refresh_from_db()
    assert source.conflict_of_interest == "None.\nNone at all."
