"""Error pages: what was wrong, where, and what to do."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, problems: Sequence[str], clear: str = "") -> HttpResponse:
    """HTTP 400 that names each problem; `clear` is the address of the page without any parameter."""
    context = {"problems": problems, "clear": clear or request.path}
    return render(request, "400.html", context, status=400)


def not_found(request: HttpRequest, message: str, links: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    """HTTP 404 that says what does not exist and where to go instead: links are (address, label)."""
    return render(request, "404.html", {"message": message, "links": links}, status=404)


def handle_400(request: HttpRequest, exception: Exception) -> HttpResponse:
    return bad_request(request, ["The request could not be understood."])


def handle_403(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def handle_404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return not_found(request, "There is no page at this address.")


def handle_500(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
