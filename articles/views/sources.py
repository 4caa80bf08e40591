from django.http import HttpRequest, HttpResponse

from articles.filters import SourceFilter
from articles.queries import sources as queries
from articles.views.listing import render_list


def sources(request: HttpRequest) -> HttpResponse:
    """The list of sources."""
    return render_list(request, SourceFilter, queries.rows, "articles/sources.html")
