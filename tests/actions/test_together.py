"""Several people write at once."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from articles.actions import claims, sources
from articles.importers.record import Record
from articles.lib.document import Document
from articles.models import Claim, Identifier, Source, SourceListing, Therapy
from tests import factories
from tests.admin.forms import source_data
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


def together(first: Callable[[], object], second: Callable[[], object]) -> list[Exception]:
    """Do the first in a transaction that stays open until the second waits for it or ends; what the second raised."""
    failures: list[Exception] = []

    def run() -> None:
        try:
            second()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        assert until(lambda: is_waited_for() or not thread.is_alive())
    thread.join(20)
    return failures


def is_waited_for() -> bool:
    """True when another session wants what this transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))")
        return cursor.rowcount > 0


def test_two_decisions_at_once_on_claims_of_one_source_both_count() -> None:
    source, reviewer = factories.source(), factories.user("reviewer")
    one, other = (factories.claim(source, status="submitted", accepted_by=None) for _ in range(2))
    failures = together(
        lambda: claims.accept(by=reviewer, claim=one),
        lambda: claims.accept(by=reviewer, claim=other),
    )
    assert failures == []
    assert SourceListing.objects.get(source=source).claim_count == 2


def test_one_record_brought_in_twice_at_once_is_one_source() -> None:
    record = Record(
        title="T", kind="abstract", document=Document("Words."), format="test", identifiers=(("pmid", "5"),)
    )

    def bring_in() -> None:
        sources.import_record(by=None, record=record, origin_name="test")

    assert together(bring_in, bring_in) == []
    assert Source.objects.count() == 1


def test_two_new_texts_at_once_are_two_versions() -> None:
    source = factories.source()

    def add(text: str) -> None:
        record = Record(title="T", document=Document(text), format="test")
        held = Source.objects.get(pk=source.pk)
        sources.add_version(source=held, record=record, origin_name="test", text_basis="abstract")

    assert together(lambda: add("One."), lambda: add("Two.")) == []
    texts = source.versions.order_by("number").values_list("number", "text")
    assert list(texts) == [(1, factories.TEXT), (2, "One."), (3, "Two.")]
    source.refresh_from_db()
    assert source.current_version is not None
    assert source.current_version.text == "Two."


def test_a_new_text_and_a_decision_at_once_wait_for_each_other() -> None:
    claim = factories.claim(status="submitted", submitted_by=factories.user("a"), accepted_by=None)
    record = Record(title="T", document=Document("Other words."), format="test")
    failures = together(
        lambda: sources.save_source(by=factories.user("b"), source=claim.source, tags={}, record=record),
        lambda: claims.accept(by=factories.user("c"), claim=claim, seen=claim.updated_at),
    )
    assert "Somebody changed this claim" in str(failures)
    claim.refresh_from_db()
    assert (claim.status, claim.anchor_state) == ("submitted", "missing")


def test_of_two_edits_of_one_source_at_once_the_second_is_refused() -> None:
    first = factories.source(title="Before")
    second = Source.objects.get(pk=first.pk)
    seen, first.title, second.title = first.updated_at, "First", "Second"
    by = factories.user("a")
    failures = together(
        lambda: sources.save_source(by=by, source=first, tags={}, seen=seen),
        lambda: sources.save_source(by=by, source=second, tags={}, seen=seen),
    )
    assert "Somebody changed this source" in str(failures)
    assert Source.objects.get().title == "First"


def test_of_two_sources_given_one_identifier_at_once_the_second_is_told_in_the_form() -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("admin"))
    first, second = factories.source(), factories.source()
    data = source_data(second, identifiers=[("pmid", "123")])
    pages: list[str] = []

    def by_form() -> None:
        answer = client.post(reverse("admin:articles_source_change", args=[second.pk]), data)
        pages.append(f"{answer.status_code} {answer.content.decode()}")

    failures = together(lambda: Identifier.objects.create(source=first, scheme="pmid", value="123"), by_form)
    assert failures == []
    assert pages[0].startswith("200 ")
    assert "Another source already has this identifier." in pages[0]
    assert Identifier.objects.get().source == first


def test_a_decision_is_about_the_claim_as_it_is_now() -> None:
    claim = factories.claim(status="submitted", submitted_by=factories.user("a"), accepted_by=None)
    seen_before = Claim.objects.get(pk=claim.pk)
    editor = factories.user("editor")
    edited = {"quote": claim.quote, "therapies": list(Therapy.objects.all()), "fields": {"statement": "Changed."}}
    claims.edit_claim(by=editor, claim=claim, **edited)
    with pytest.raises(ValidationError, match="You submitted"):
        claims.accept(by=editor, claim=seen_before)
    claims.accept(by=factories.user("reviewer"), claim=Claim.objects.get(pk=claim.pk))
    with pytest.raises(ValidationError, match="cannot be rejected"):
        claims.reject(by=factories.user("reviewer"), claim=seen_before, reason="So.")
    claim.refresh_from_db()
    assert (claim.status, claim.statement) == ("accepted", "Changed.")
