from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from articles.filters import ClaimFilter, parameters
from articles.lib import vocabulary as vocab
from articles.models import ClaimListing, Source
from articles.queries import sources
from articles.queries.facets import BY_NAME
from articles.queries.grid import grid
from articles.queries.tallies import tagged_therapies
from articles.queries.trees import Trees
from articles.views.errors import bad_request
from articles.views.listing import without_tracking

FEWEST, MOST = 2, 5
LISTED_ONLY = ("page", "sort")


@dataclass(frozen=True)
class Column:
    """One of the things compared: its key in the grid, its page, and the claims that are its own."""

    key: str
    label: str
    href: str
    condition: Q


def compare(request: HttpRequest) -> HttpResponse:
    """Two to five therapies or sources side by side, by outcome; without any, a page to choose them."""
    data = without_tracking(request)
    wanted = {name: data.getlist(name) for name in ("therapy", "source") if data.getlist(name)}
    trees = Trees.load()
    if not wanted:
        return _compared(request, trees, data, [], "therapy")
    problems = _problems(wanted)
    if problems:
        return bad_request(request, problems)
    name, values = next(iter(wanted.items()))
    try:
        columns = COLUMNS[name](values, trees)
    except LookupError as error:
        return bad_request(request, [str(error.args[0])])
    return _compared(request, trees, data, columns, name)


def _problems(wanted: dict[str, list[str]]) -> list[str]:
    if len(wanted) > 1:
        return ["Compare therapies or sources, not both at once."]
    name, values = next(iter(wanted.items()))
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        return [f"{name}: “{repeated[0][:80]}” is given twice. Choose {FEWEST} to {MOST} different ones."]
    if not FEWEST <= len(values) <= MOST:
        return [f"{name}: {len(values)} given. Choose {FEWEST} to {MOST} to compare."]
    return []


def _therapies(slugs: list[str], trees: Trees) -> list[Column]:
    unknown = [slug for slug in slugs if slug not in trees.therapy.by_slug]
    if unknown:
        raise LookupError(f"therapy: “{unknown[0][:80]}” is not one of its values.")
    nodes = [trees.therapy.by_slug[slug] for slug in slugs]
    facet = BY_NAME["therapy"]
    return [
        Column(node.slug, node.name, node.get_absolute_url(), facet.condition(ClaimListing, [node.slug], trees))
        for node in nodes
    ]


def _sources(numbers: list[str], trees: Trees) -> list[Column]:
    found: dict[str, Source] = {
        str(source.pk): source
        for source in sources.public().filter(
            pk__in=[int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 12]
        )
    }
    unknown = [number for number in numbers if number not in found]
    if unknown:
        raise LookupError(f"source: there is no source “{unknown[0][:80]}”.")
    return [Column(n, found[n].title, found[n].get_absolute_url(), Q(source_id=found[n].pk)) for n in numbers]


COLUMNS: dict[str, Callable[[list[str], Trees], list[Column]]] = {"therapy": _therapies, "source": _sources}


def _compared(request: HttpRequest, trees: Trees, data: QueryDict, columns: list[Column], name: str) -> HttpResponse:
    rest = data.copy()
    rest.pop("therapy", None)
    rest.pop("source", None)
    filters = ClaimFilter(rest, trees)
    listed_only = [
        f"“{name}” is for lists: a comparison has no pages and its own order." for name in LISTED_ONLY if name in rest
    ]
    problems = [*filters.problems(), *listed_only]
    if problems:
        return bad_request(request, problems)
    conditions = {column.key: column.condition for column in columns}
    rows = grid(filters.qs, conditions, trees) if columns else []
    context: dict[str, Any] = {
        "columns": [(column, sum(row.cells[column.key].total for row in rows)) for column in columns],
        "rows": sorted(rows, key=lambda row: list(vocab.Agreement).index(row.agreement)),
        "by": name,
        "chosen": [column.key for column in columns],
        "kept": [(key, value) for key, values in parameters(filters).items() for value in values],
        "choices": _choices(trees),
        "most": MOST,
    }
    return render(request, "articles/compare.html", context)


def _choices(trees: Trees) -> list[tuple[str, str, int]]:
    """(slug, name, depth) of the therapies that have claims."""
    shown = trees.therapy.above(tagged_therapies())
    return [(node.slug, node.name, depth) for depth, node in trees.therapy.walk() if node.pk in shown]
