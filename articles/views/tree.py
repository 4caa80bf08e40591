"""The three trees with counts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Condition, Outcome, Therapy
from articles.queries.tallies import tally
from articles.queries.trees import Trees


def therapies(request: HttpRequest) -> HttpResponse:
    """The tree of therapies."""
    return _tree(request, "therapy", Therapy)


def conditions(request: HttpRequest) -> HttpResponse:
    """The tree of conditions."""
    return _tree(request, "condition", Condition)


def outcomes(request: HttpRequest) -> HttpResponse:
    """The tree of outcomes, by domain."""
    return _tree(request, "outcome", Outcome)


def _tree(request: HttpRequest, name: str, model: type[Therapy] | type[Condition] | type[Outcome]) -> HttpResponse:
    context = {"name": name, "plural": model._meta.verbose_name_plural, "tallies": tally(name, Trees.load())}
    return render(request, "articles/tree.html", context)
