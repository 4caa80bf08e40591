from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from articles.exporters.csv import CONTENT_TYPE
from articles.lib import vocabulary as vocab
from articles.models import Publisher
from articles.queries import compared, grid
from articles.queries.export_compared import csv_blocks
from articles.queries.tallies import tagged_therapies
from articles.queries.trees import Tree, Trees
from articles.views.comparison import MOST, Column, Comparison, Trouble, read
from articles.views.listing import address, in_words, less, without_tracking

# So many of each effect, so that a cell shows every effect that is claimed. Only therapies have a list for the rest.
# So many publishers can be ticked; who looks for another one begins at its page.
MOST_PUBLISHERS = 100
SHOWN_OF_EACH = {"therapy": 1, "source": 3, "publisher": 3}


def compare(request: HttpRequest) -> HttpResponse:
    """Two to five therapies, sources or publishers side by side, by outcome; without any, a page to choose them."""
    trees = Trees.load()
    asked = read(without_tracking(request), trees)
    if asked.troubles:
        return _troubled(request, asked, asked.troubles, trees, status=200 if asked.is_begun else 400)
    if asked.is_moved:
        return redirect(address(request.path, asked.state))
    context = _compared(request, asked, trees) if asked.columns else {}
    return render(request, "articles/compare.html", context | _chooser(asked, trees))


def compare_csv(request: HttpRequest) -> HttpResponseBase:
    """The claims of the table as CSV, each once for every column that it stands in."""
    trees = Trees.load()
    asked = read(without_tracking(request), trees)
    if asked.troubles or not asked.columns:
        nothing = Trouble("Nothing is chosen to compare, so there is no file.")
        return _troubled(request, asked, asked.troubles or [nothing], trees, status=400)
    table = grid.count(asked.filters.qs, _conditions(asked), trees)
    blocks = csv_blocks(asked.filters.qs, [(c.key, c.label, c.condition) for c in asked.columns], _in_order(table))
    response = StreamingHttpResponse(blocks, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="mskb-compare-{timezone.now():%Y-%m-%d}.csv"'
    return response


def _troubled(
    request: HttpRequest, asked: Comparison, troubles: list[Trouble], trees: Trees, status: int
) -> HttpResponse:
    """What is wrong, the ways out, and the page to choose anew."""
    context = {"troubles": troubles, "begun": asked.columns[0] if asked.is_begun else None} | _chooser(asked, trees)
    return render(request, "articles/compare.html", context, status=status)


def _chooser(asked: Comparison, trees: Trees) -> dict[str, Any]:
    shown = trees.therapy.above(tagged_therapies())
    offered = list(compared.with_claims()[: MOST_PUBLISHERS + 1])
    return {
        "by": asked.name,
        "chosen": [column.key for column in asked.columns],
        "kept": [(name, value) for name, values in asked.kept.items() for value in values],
        "therapies": [(node.slug, node.name, depth) for depth, node in trees.therapy.walk() if node.pk in shown],
        "publishers": _with_chosen(offered[:MOST_PUBLISHERS], asked),
        "most_publishers": MOST_PUBLISHERS if len(offered) > MOST_PUBLISHERS else 0,
        "most": MOST,
    }


def _with_chosen(offered: list[Publisher], asked: Comparison) -> list[tuple[str, str]]:
    """(slug, name) of the publishers that can be ticked: those offered, then those that are chosen besides."""
    chosen = asked.columns if asked.name == "publisher" else []
    return list(({one.slug: one.name for one in offered} | {column.key: column.label for column in chosen}).items())


def _conditions(asked: Comparison) -> dict[str, Any]:
    return {column.key: column.condition for column in asked.columns}


def _in_order(table: grid.Table) -> list[grid.Row]:
    """The most telling rows first; among equals in the order of the outcomes."""
    return sorted(table.rows, key=lambda row: list(vocab.Agreement).index(row.agreement))


def _compared(request: HttpRequest, asked: Comparison, trees: Trees) -> dict[str, Any]:
    conditions = _conditions(asked)
    table = grid.count(asked.filters.qs, conditions, trees)
    grid.show(table.rows, asked.filters.qs, conditions, SHOWN_OF_EACH[asked.name], each_effect=True)
    state = asked.state
    return {
        "columns": [(column, table.shared(column.key)) for column in asked.columns],
        "many": asked.choice.many if asked.choice else "",
        "rows": _in_order(table),
        "table": table,
        "lines": sum(table.shared(column.key) for column in asked.columns),
        "overlaps": _overlaps(asked, table, trees.therapy),
        "chips": [(text, address(request.path, less(state, n, value))) for text, n, value in in_words(asked.filters)],
        "all_claims": address(request.path, {asked.name: state[asked.name]}),
        "csv": address(reverse("compare_csv"), state),
        "address": request.build_absolute_uri(address(request.path, state)),
    }


def _overlaps(asked: Comparison, table: grid.Table, tree: Tree) -> list[str]:
    """One sentence for each two columns that have claims in common, or of which one holds the other."""
    pairs = [(one, other) for i, one in enumerate(asked.columns) for other in asked.columns[i + 1 :]]
    return [
        text for one, other in pairs if (text := _overlap(one, other, table.shared(one.key, other.key), asked, tree))
    ]


def _overlap(one: Column, other: Column, n: int, asked: Comparison, tree: Tree) -> str:
    stand = f"{n} claim{' stands' if n == 1 else 's stand'} in both columns"
    if asked.name == "therapy":
        for narrow, wide in ((one, other), (other, one)):
            if tree.by_slug[wide.key].pk in tree.ancestors(tree.by_slug[narrow.key].pk):
                return f"Everything about {narrow.label} also counts under {wide.label}, which is wider: {stand}."
    return f"{one.short} and {other.short}: {stand}, because they are about both." if n else ""
