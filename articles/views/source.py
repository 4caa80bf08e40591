from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from articles.lib import highlight
from articles.models import Source
from articles.queries import claims
from articles.queries import sources as queries
from articles.views.errors import not_found


def source(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """One source: citation, text with its claims highlighted, versions, identifiers."""
    try:
        found = queries.by_number(pk)
    except (Source.DoesNotExist, OverflowError):
        return not_found(request, f"There is no source {pk}.", [("/sources/", "See all sources")])
    if slug and slug != found.slug:
        return redirect(found, permanent=True)
    said = claims.of_source(pk)
    version = found.current_version
    here = [claim for claim in said if version and claim.version_id == version.pk]
    marks = [highlight.Mark(claim.start, claim.end, claim.public_id) for claim in here]
    context = {
        "source": found,
        "version": version,
        "versions": found.versions.order_by("-number").defer("text", "structure", "raw_record"),
        "claims": said,
        "blocks": highlight.blocks(version.document, marks) if version else [],
        "elsewhere": [claim for claim in said if claim not in here],
    }
    return render(request, "articles/source.html", context)
