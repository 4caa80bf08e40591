"""Two sources that are one document."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from articles.actions import claims, merging, runs
from articles.models import DuplicatePair, Identifier, ImportRun, Reading, Source, SourceListing, TagSuggestion, Therapy
from tests import factories

pytestmark = pytest.mark.django_db


def pair() -> tuple[Source, Source]:
    kept = factories.source("Pain fell in all.", title="Cells for pain", volume="")
    gone = factories.source("Pain fell in all. Walking got better.", title="Cells for pain!", volume="3", year=2021)
    Identifier.objects.create(source=gone, scheme="doi", value="10.1000/x")
    DuplicatePair.objects.create(first=kept, second=gone, reason="the titles are the same", similarity=1)
    return kept, gone


def test_everything_of_both_is_in_the_one_that_stays(client: Client) -> None:
    kept, gone = pair()
    gone.therapies.add(factories.node(Therapy, "exosomes"))
    first, second = factories.claim(gone, "Pain fell in all"), factories.claim(gone, "Walking got better")
    merging.merge(by=factories.user("curator"), kept=kept, gone=gone)
    kept.refresh_from_db()
    assert (kept.volume, kept.year) == ("3", 2020)
    assert kept.identifiers.get().value == "10.1000/x"
    assert [str(node) for node in kept.therapies.all()] == ["Exosomes"]
    assert [version.text for version in kept.versions.order_by("number")] == [
        "Pain fell in all.",
        "Pain fell in all. Walking got better.",
    ]
    for claim, state, number in ((first, "exact", 1), (second, "missing", 2)):
        claim.refresh_from_db()
        assert (claim.source, claim.anchor_state, claim.version.number) == (kept, state, number)
    assert list(SourceListing.objects.values_list("source", flat=True)) == [kept.pk]
    assert DuplicatePair.objects.get().state == "merged"
    answer = client.get(f"/sources/{gone.pk}/")
    assert (answer.status_code, answer["Location"]) == (301, kept.get_absolute_url())
    assert gone.versions.count() == 1


def test_the_curator_chooses_whose_fact_stays() -> None:
    kept, gone = pair()
    merging.merge(by=factories.user("curator"), kept=kept, gone=gone, taken=["date", "title"])
    kept.refresh_from_db()
    assert (kept.year, kept.title) == (2021, "Cells for pain!")


def test_a_merged_source_is_not_merged_again_and_chains_are_short(client: Client) -> None:
    kept, gone = pair()
    curator = factories.user("curator")
    merging.merge(by=curator, kept=kept, gone=gone)
    with pytest.raises(ValidationError, match="already"):
        merging.merge(by=curator, kept=kept, gone=gone)
    with pytest.raises(ValidationError, match="itself"):
        merging.merge(by=curator, kept=kept, gone=kept)
    last = factories.source(title="Cells for pain")
    merging.merge(by=curator, kept=last, gone=kept)
    gone.refresh_from_db()
    assert gone.merged_into == last


def test_what_was_seen_must_still_be_there() -> None:
    kept, gone = pair()
    seen = (kept.updated_at, gone.updated_at)
    gone.save()
    with pytest.raises(ValidationError, match="changed this source"):
        merging.merge(by=factories.user("curator"), kept=kept, gone=gone, seen=seen)


def test_two_documents_are_kept_apart_once() -> None:
    pair()
    curator = factories.user("curator")
    assert merging.keep_apart(by=curator, pair=DuplicatePair.objects.get()).state == "distinct"
    with pytest.raises(ValidationError, match="decided before"):
        merging.keep_apart(by=curator, pair=DuplicatePair.objects.get())


def page(title: str, words: str, more: str = "") -> bytes:
    return f"---\ntitle: {title}\n{more}---\n{words}\n".encode()


def brought(*files: bytes) -> ImportRun:
    run = runs.start(by=None, origin="command", files=[runs.Given(f"{n}.md") for n, _ in enumerate(files)])
    list(runs.carry_out(run, open_file=lambda file: io.BytesIO(files[file.position])))
    return run


def test_both_records_of_a_merged_pair_are_known_afterwards() -> None:
    files = page("Cells", "One text stands here."), page("Cells!", "Another text stands here, and so do these words.")
    assert brought(*files).duplicate_total == 1
    found = DuplicatePair.objects.get()
    merging.merge(by=factories.user("curator"), kept=found.first, gone=found.second)
    again = brought(*files)
    assert (again.unchanged_total, again.total) == (2, 2)
    assert Source.objects.filter(merged_into=None).count() == 1


def test_a_person_makes_a_pair_and_opens_a_decided_one_again() -> None:
    curator = factories.user("curator")
    one, other = factories.source(title="Cells for pain"), factories.source(title="Cells for pain")
    made = merging.suspect(by=curator, one=other, other=one)
    assert (made.first, made.second, made.state, made.similarity) == (one, other, "open", 1)
    merging.keep_apart(by=curator, pair=made)
    again = merging.suspect(by=curator, one=one, other=other)
    assert (again.pk, again.state, again.decided_by) == (made.pk, "open", None)
    with pytest.raises(ValidationError, match="itself"):
        merging.suspect(by=curator, one=one, other=one)
    merging.merge(by=curator, kept=one, gone=other)
    with pytest.raises(ValidationError, match="already"):
        merging.suspect(by=curator, one=one, other=Source.objects.get(pk=other.pk))


def test_a_suggestion_of_the_one_that_is_a_tag_of_the_other_is_kept() -> None:
    kept, gone = pair()
    exosomes = factories.node(Therapy, "exosomes")
    gone.therapies.add(exosomes.pk)
    suggestion = TagSuggestion.objects.create(source=kept, therapy_id=exosomes.pk, reason="so")
    merging.merge(by=factories.user("curator"), kept=kept, gone=gone)
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.source) == ("kept", kept)


def test_no_claim_is_taken_from_a_merged_source() -> None:
    kept, gone = pair()
    merging.merge(by=factories.user("curator"), kept=kept, gone=gone)
    gone.refresh_from_db()
    assert gone.current_version is not None
    with pytest.raises(ValidationError, match=f"merged into source {kept.pk}"):
        claims.add_claim(by=None, version=gone.current_version, quote="Pain fell", therapies=[], fields={})


def ris(title: str, journal: str, more: str = "") -> bytes:
    return f"TY  - JOUR\nTI  - {title}\nAU  - Whit, Ada\nPY  - 2019\nJO  - {journal}\n{more}ER  - \n".encode()


def test_what_a_person_decided_in_a_merge_is_not_imported_over() -> None:
    assert brought(ris("Bladder and cells", "Bladder J"), ris("Bladder & cells", "Bladder Journal")).total == 2
    first, second = Source.objects.order_by("pk")
    merging.merge(by=factories.user("curator"), kept=first, gone=second, taken=["container", "title"])
    brought(ris("Bladder and cells", "Bladder J", "VL  - 3\n"))
    merged = Source.objects.get(pk=first.pk)
    assert (merged.container, merged.title) == ("Bladder Journal", "Bladder & cells")


def test_the_same_bytes_are_the_same_source_whichever_way_they_were_read_before() -> None:
    file = ris("Bladder and cells", "Bladder J")
    brought(file)
    Reading.objects.update(fingerprint="of an older reader")
    again = brought(file)
    assert (again.created_total, again.duplicate_total, again.unchanged_total) == (0, 0, 1)
    assert Source.objects.count() == 1
