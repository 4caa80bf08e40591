from django.http import HttpRequest, HttpResponse

from articles.filters import ClaimFilter
from articles.queries import claims as queries
from articles.views.listing import render_list


def claims(request: HttpRequest) -> HttpResponse:
    """The list of claims."""
    return render_list(request, ClaimFilter, queries.rows, "articles/claims.html")
