"""A therapy, a condition or an outcome: what sellers and literature say, promises with their evidence, and when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.lib import querystring
from articles.models import ClaimListing, SourceListing
from articles.queries import voices
from articles.queries.facets import BY_NAME
from articles.queries.grid import grid
from articles.queries.promises import LISTED, promises
from articles.queries.trees import Trees
from articles.queries.years import years
from articles.views.errors import not_found

# Where promises stand beside their evidence; an outcome has its questions for that.
MATCHED = ("therapy", "condition")


def therapy(request: HttpRequest, slug: str) -> HttpResponse:
    """One therapy."""
    return _node(request, "therapy", slug)


def condition(request: HttpRequest, slug: str) -> HttpResponse:
    """One condition."""
    return _node(request, "condition", slug)


def outcome(request: HttpRequest, slug: str) -> HttpResponse:
    """One outcome."""
    return _node(request, "outcome", slug)


def _node(request: HttpRequest, name: str, slug: str) -> HttpResponse:
    trees = Trees.load()
    tree, facet = trees.named(name), BY_NAME[name]
    if slug not in tree.by_slug:
        plural = {"therapy": "therapies", "condition": "conditions", "outcome": "outcomes"}[name]
        return not_found(request, f"There is no {name} “{slug}”.", [(f"/{plural}/", f"See all {plural}")])
    node = tree.by_slug[slug]
    claims = ClaimListing.objects.filter(facet.condition(ClaimListing, [slug], trees))
    rows = grid(claims, voices.VOICES, trees)
    shown = [key for key in voices.VOICES if key != "other" or any(row.cells[key].total for row in rows)]
    context = {
        "name": name,
        "node": node,
        "path": tree.path(node.pk)[:-1],
        "children": tree.children.get(node.pk, []),
        "rows": rows,
        "shared": [row for row in rows if row.cells["seller"].total and row.cells["literature"].total],
        "columns": [(key, voices.LABELS[key], sum(row.cells[key].total for row in rows)) for key in shown],
        "promises": promises(claims, trees) if name in MATCHED else None,
        "promises_query": querystring.encode(LISTED | {name: [slug]}),
        "years": years(claims),
        "sources": SourceListing.objects.filter(facet.condition(SourceListing, [slug], trees)).count(),
    }
    return render(request, "articles/node.html", context)
