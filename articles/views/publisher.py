from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from articles.models import ClaimListing, Publisher
from articles.queries import publishers as queries
from articles.queries.promises import promises
from articles.queries.trees import Trees
from articles.views.errors import bad_request, not_found
from articles.views.listing import paged_problems


def publisher(request: HttpRequest, slug: str) -> HttpResponse:
    """One publisher: its pages, what they claim and disclose, and what stands behind its promises."""
    problems = paged_problems(request)
    if problems:
        return bad_request(request, problems)
    try:
        found = queries.by_slug(slug)
    except Publisher.DoesNotExist:
        everybody = (reverse("publishers"), "See all publishers")
        return not_found(request, f"There is no publisher “{slug}” with public sources.", [everybody])
    trees = Trees.load()
    claims = ClaimListing.objects.filter(publisher=found)
    promised = promises(claims, trees, int(request.GET.get("page") or 1))
    if promised.page > promised.pages:
        message = f"The promises of {found.name} fill {promised.pages} page{'s' if promised.pages > 1 else ''}."
        return not_found(request, message, [(request.path, f"See {found.name}")])
    context = {
        "publisher": found,
        "pages": queries.pages(found),
        "said": queries.said(claims, trees),
        "disclosures": queries.disclosures(claims),
        "promises": promised,
    }
    return render(request, "articles/publisher.html", context)
