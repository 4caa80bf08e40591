from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import SourceListing
from articles.queries import sources, tallies
from articles.queries.trees import Trees

NEWEST = 5


def home(request: HttpRequest) -> HttpResponse:
    """What this is, the corpus in numbers, search, the map in small, newest."""
    newest = SourceListing.objects.order_by("-pk").values_list("pk", flat=True)[:NEWEST]
    context = {
        "corpus": tallies.corpus(),
        "map": tallies.small_map(Trees.load()),
        "newest": sources.rows(list(newest)),
    }
    return render(request, "articles/home.html", context)
