"""What imports say of a source: where it came from, each record as it came, and values that a curator wrote over."""

import zlib
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, Func, IntegerField, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from articles import importers
from articles.actions import facts, sources
from articles.admin import comparison
from articles.admin.comparison import Row
from articles.admin.fact_words import in_words, label
from articles.forms import SeenField
from articles.models import ImportEntry, Reading, Source

# What nothing at all comes to when it is compressed.
EMPTY = len(zlib.compress(b"", 1))
MOST_ENTRIES = 50
FORMATS = {known.name: known.label for known in importers.FORMATS}


@dataclass(frozen=True)
class Otherwise:
    """A field of which an import says something else than the curator; `row` has the curator's value first."""

    row: Row
    reading: Reading

    @property
    def format(self) -> str:
        """What the format is called."""
        return format_name(self.reading)


def otherwise(source: Source) -> list[Otherwise]:
    """Every field in which a curator's value stands against an import's."""
    readings = list(source.readings.defer("data"))
    found = facts.differences(source, readings) if readings else []
    return [
        Otherwise(
            comparison.held_against(
                one.field, label(one.field), in_words(one.field, one.held), in_words(one.field, one.said)
            ),
            one.reading,
        )
        for one in found
    ]


def readings(source: Source) -> list[tuple[Reading, str, bool]]:
    """The records that told of the source, the newest first, each with its format and whether its bytes are kept."""
    size = Func(F("data"), function="octet_length", output_field=IntegerField())
    found = source.readings.defer("data", "values").annotate(size=size).order_by("-pk")
    return [(reading, format_name(reading), reading.size > EMPTY) for reading in found]


def format_name(reading: Reading) -> str:
    """What the format of a record is called."""
    return FORMATS.get(reading.format, reading.format.replace("_", " "))


def entries(source: Source) -> QuerySet[ImportEntry]:
    """What imports did to the source and to those merged into it, the newest first."""
    of_it = ImportEntry.objects.filter(Q(source=source) | Q(source__merged_into=source)).defer("before")
    return of_it.select_related("file__run").order_by("-pk")[:MOST_ENTRIES]


@require_POST
def take(request: HttpRequest, model_admin: ModelAdmin, pk: int) -> HttpResponse:
    """The import's value of one field replaces the curator's."""
    source = get_object_or_404(Source, pk=pk)
    if not model_admin.has_change_permission(request, source):
        raise PermissionDenied
    field = request.POST.get("field", "")
    try:
        seen = SeenField().clean(request.POST.get("seen", ""))
        sources.take_imported(by=request.user, source=source, field=field, seen=seen)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"{label(field)}: the import's value stands now.")
    return redirect("admin:articles_source_change", pk)


@require_GET
def record(request: HttpRequest, model_admin: ModelAdmin, pk: int, reading: int) -> HttpResponse:
    """A record as it came, as a file of plain text: whatever it holds, no browser runs it."""
    found = get_object_or_404(Reading.objects.select_related("source"), pk=reading, source_id=pk)
    if not model_admin.has_view_permission(request, found.source):
        raise PermissionDenied
    answer = HttpResponse(zlib.decompress(found.data), content_type="text/plain")
    answer["Content-Disposition"] = f'attachment; filename="source-{pk}-record-{reading}.txt"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
