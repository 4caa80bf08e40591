"""Taking an import back."""

import io

import pytest
from django.core.exceptions import ValidationError

from articles.actions import runs, sources, undoing
from articles.actions.incoming import Result
from articles.models import ImportRun, Reading, Source, SourceListing, SourceVersion
from tests import factories

pytestmark = pytest.mark.django_db


def page(title: str, words: str = "Our clinic offers stem cells.", more: str = "") -> bytes:
    return f"---\ntitle: {title}\ndate: 2021-05-01\n{more}---\n{words}\n".encode()


def brought(*files: bytes) -> ImportRun:
    run = runs.start(by=None, origin="command", files=[runs.Given(f"{n}.md") for n, _ in enumerate(files)])
    list(runs.carry_out(run, open_file=lambda file: io.BytesIO(files[file.position])))
    run.refresh_from_db()
    return run


def everything() -> dict[str, list[object]]:
    return {
        "sources": list(Source.objects.order_by("pk").values("pk", "title", "year", "description", "current_version")),
        "versions": list(SourceVersion.objects.order_by("pk").values("pk", "number", "text")),
        "listings": list(SourceListing.objects.order_by("pk").values("pk", "year")),
        "readings": list(Reading.objects.order_by("pk").values("pk", "fingerprint", "source")),
    }


def test_what_an_import_created_goes_and_comes_again() -> None:
    run = brought(page("One"), page("Two", "Other words stand here."))
    assert (run.state, run.created_total) == ("finished", 2)
    undone = undoing.undo(by=factories.user("curator"), run=run)
    assert undone.state == "undone"
    assert not Source.objects.exists()
    assert not SourceListing.objects.exists()
    assert not SourceVersion.objects.exists()
    again = brought(page("One"), page("Two", "Other words stand here."))
    assert again.created_total == 2


def test_what_an_import_changed_is_as_it_was() -> None:
    brought(page("One", more="description: First\n"))
    claim = factories.claim(Source.objects.get(), "stem cells")
    before = everything()
    run = brought(page("One", "Our clinic offers many stem cells.", "description: Second\n"))
    assert run.updated_total == 1
    claim.refresh_from_db()
    assert claim.version.number == 2
    assert Source.objects.get().description == "Second"
    undoing.undo(by=factories.user("curator"), run=run)
    claim.refresh_from_db()
    assert (claim.version.number, claim.anchor_state) == (1, "moved")
    assert everything() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("work", ["edited", "claimed", "imported"])
def test_an_import_somebody_worked_on_stays(work: str) -> None:
    run = brought(page("One"))
    source = Source.objects.get()
    if work == "edited":
        source.volume = "3"
        sources.save_source(by=factories.user("curator"), source=source, tags={})
    elif work == "claimed":
        factories.claim(source, "stem cells")
    else:
        brought(page("One", "Our clinic offers many stem cells."))
    before = everything()
    with pytest.raises(ValidationError, match=f"source {source.pk}"):
        undoing.undo(by=factories.user("curator"), run=run)
    assert everything() == before
    run.refresh_from_db()
    assert run.state == "finished"


def test_an_import_is_taken_back_once() -> None:
    run = brought(page("One"))
    undoing.undo(by=factories.user("curator"), run=run)
    with pytest.raises(ValidationError, match="taken back before"):
        undoing.undo(by=factories.user("curator"), run=run)


def test_the_newest_of_two_imports_goes_first() -> None:
    first, second = brought(page("One")), brought(page("One", "Our clinic offers many stem cells."))
    curator = factories.user("curator")
    undoing.undo(by=curator, run=second)
    undoing.undo(by=curator, run=first)
    assert not Source.objects.exists()
    assert brought(page("One")).created_total == 1


def test_results_are_counted() -> None:
    run = brought(page("One"), b"", page("One"))
    assert {result.value: getattr(run, f"{result}_total") for result in Result} == {
        "created": 1,
        "updated": 0,
        "unchanged": 1,
        "duplicate": 0,
        "failed": 1,
    }
