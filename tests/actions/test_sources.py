"""What a curator wrote and what an import says, side by side."""

import io

import pytest
from django.core.exceptions import ValidationError

from articles.actions import facts, runs, sources, suggesting
from articles.models import Contributor, Source, SourceListing, TagSuggestion, Therapy
from tests import factories

pytestmark = pytest.mark.django_db

RIS = b"""TY  - JOUR
AU  - Muller, Andre
TI  - Cells for pain
T2  - The Journal
PY  - 2020
VL  - 3
AN  - 12345
AB  - Pain fell in all.
ER  -
"""


def imported() -> Source:
    run = runs.start(by=None, origin="command", files=[runs.Given("one.ris")])
    list(runs.carry_out(run, open_file=lambda file: io.BytesIO(RIS)))
    return Source.objects.get()


def otherwise(source: Source) -> dict[str, tuple[object, object]]:
    found = facts.differences(Source.objects.get(pk=source.pk), list(source.readings.all()))
    return {one.field: (one.held, one.said) for one in found}


def test_a_curators_value_and_an_emptied_field_stand_against_the_import() -> None:
    source = imported()
    assert otherwise(source) == {}
    Source.objects.filter(pk=source.pk).update(volume="4", container="")
    assert otherwise(source) == {"volume": ("4", "3"), "container": (None, "The Journal")}


def test_the_import_is_right_after_all() -> None:
    source, curator = imported(), factories.user("curator")
    Source.objects.filter(pk=source.pk).update(volume="4", year=2019)
    Contributor.objects.filter(source=source).update(family="Miller", as_written="Miller, Andre")
    for field in ("volume", "date", "contributors"):
        sources.take_imported(by=curator, source=source, field=field)
    source.refresh_from_db()
    assert (source.volume, source.year) == ("3", 2020)
    assert [author.family for author in source.contributors.all()] == ["Muller"]
    assert SourceListing.objects.get(source=source).year == 2020
    with pytest.raises(ValidationError, match="any more"):
        sources.take_imported(by=curator, source=source, field="volume")


def test_what_the_person_saw_must_still_be_there() -> None:
    source = imported()
    seen = source.updated_at
    source.volume = "4"
    source.save()
    with pytest.raises(ValidationError, match="changed this source"):
        sources.take_imported(by=factories.user("curator"), source=source, field="volume", seen=seen)


def test_a_tag_set_by_hand_settles_its_suggestion() -> None:
    source, exosomes = factories.source(), factories.node(Therapy, "exosomes")
    curator = factories.user("curator")
    other = TagSuggestion.objects.create(source=source, therapy_id=factories.node(Therapy, "cells").pk, reason="so")
    suggestion = TagSuggestion.objects.create(source=source, therapy_id=exosomes.pk, reason="so")
    sources.save_source(by=curator, source=source, tags={"therapies": [exosomes]})
    suggestion.refresh_from_db()
    other.refresh_from_db()
    assert (suggestion.state, suggestion.decided_by, other.state) == ("kept", curator, "open")
    with pytest.raises(ValidationError, match="decided before"):
        suggesting.keep(by=curator, suggestion=suggestion)
