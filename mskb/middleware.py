"""Refuses what no page can mean, before any page sees it; switches off what no page needs."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from articles.lib import querystring
from articles.views.errors import bad_request

Handler = Callable[[HttpRequest], HttpResponse]

# The other fields of a form that carries files of the largest size.
FORM_BYTES = 1024 * 1024
# A browser shows the answer only once its upload was taken; beyond this the connection may break instead.
MOST_DISCARDED = 512 * 1024 * 1024
CHUNK = 64 * 1024


class NoDeviceFeatures:
    """Pages need no camera, position or the like; no script that slipped in shall ask for them."""

    POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.POLICY)
        return response


class RefuseBadQuery:
    """A query string with NUL, broken UTF-8 or without bound gets a page that says so (HTTP 400)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            # The server hands over the bytes of the address as Latin-1, whatever they are.
            querystring.parse(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"))
        except querystring.BadQuery as error:
            return bad_request(request, [str(error)])
        return self.get_response(request)


class RefuseLargeBody:
    """A body larger than it may be gets a page that says so (HTTP 413); it is thrown away as it comes in.

    Curators' uploads may be large, everything else is a form.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        size = _announced_size(request)
        if size <= settings.MAX_BODY_BYTES or size <= (limit := _limit(request)) + FORM_BYTES:
            return self.get_response(request)
        _discard(request, min(size, MOST_DISCARDED))
        context = {"size": f"{size / 1024**2:,.0f}", "limit": limit // 1024**2}
        return render(request, "admin/too_large.html", context, status=413)


def _limit(request: HttpRequest) -> int:
    is_upload = request.path == reverse("admin:articles_source_upload")
    may_upload = is_upload and request.user.has_perm("articles.add_source")
    return settings.MAX_UPLOAD_BYTES if may_upload else settings.MAX_BODY_BYTES


def _announced_size(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _discard(request: HttpRequest, size: int) -> None:
    while size > 0:
        chunk = request.read(min(CHUNK, size))
        if not chunk:
            return
        size -= len(chunk)
