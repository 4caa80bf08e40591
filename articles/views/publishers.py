from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.queries import publishers as queries
from articles.queries.paging import NoSuchPage, page_of
from articles.views.errors import bad_request, not_found
from articles.views.listing import paged_problems


def publishers(request: HttpRequest) -> HttpResponse:
    """Who runs the pages: sellers first."""
    problems = paged_problems(request)
    if problems:
        return bad_request(request, problems)
    listed = queries.listed()
    try:
        page = page_of(listed, listed.count(), int(request.GET.get("page") or 1))
    except NoSuchPage as error:
        return not_found(request, str(error), [(f"?page={error.pages}", "Go to the last page")])
    context = {
        "page": page,
        "publishers": queries.rows(page.ids),
        "previous": f"?page={page.number - 1}" if page.number > 1 else "",
        "next": f"?page={page.number + 1}" if page.number < page.pages else "",
    }
    return render(request, "articles/publishers.html", context)
