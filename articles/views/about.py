from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def about(request: HttpRequest) -> HttpResponse:
    """The project: what it is for, what it is not, how to use its data."""
    return render(request, "articles/about.html")
