"""Lists as files: the address of the list with an ending."""

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone

from articles.exporters.csv import CONTENT_TYPE
from articles.filters import ClaimFilter, ListFilter, SourceFilter
from articles.queries.export import csv_blocks
from articles.queries.trees import Trees
from articles.views.errors import bad_request
from articles.views.listing import page_problems, without_tracking


def claims_csv(request: HttpRequest) -> HttpResponseBase:
    """The filtered claims as CSV."""
    return _csv(request, ClaimFilter, "claims")


def sources_csv(request: HttpRequest) -> HttpResponseBase:
    """The filtered sources as CSV."""
    return _csv(request, SourceFilter, "sources")


def _csv(request: HttpRequest, filter_class: type[ListFilter], name: str) -> HttpResponseBase:
    filters = filter_class(without_tracking(request), Trees.load())
    problems = [*filters.problems(), *page_problems(request)]
    if problems:
        return bad_request(request, problems, clear=reverse(name))
    response = StreamingHttpResponse(csv_blocks(filters.ordered()), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="mskb-{name}-{timezone.now():%Y-%m-%d}.csv"'
    return response
