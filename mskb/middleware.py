"""Refuses what no page can mean, before any page sees it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from articles.lib import querystring
from articles.views.errors import bad_request

Handler = Callable[[HttpRequest], HttpResponse]


class RefuseBadQuery:
    """A query string with NUL, broken UTF-8 or without bound gets a page that says so (HTTP 400)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            querystring.parse(request.META.get("QUERY_STRING", ""))
        except querystring.BadQuery as error:
            return bad_request(request, [str(error)])
        return self.get_response(request)
