"""What the two list pages share: the rail of facets, the chips, the pages."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.filters import NOT, PAGE_PARAMETERS, SORTS, ListFilter, not_known, parameters
from articles.lib import querystring
from articles.queries.facets import FACETS, Facet, FacetCounts
from articles.queries.paging import NoSuchPage, Page, page_of
from articles.queries.trees import Trees
from articles.views.errors import bad_request, not_found

State = dict[str, list[str]]
# What maps, comparisons and the like do not share with the lists.
LISTED_ONLY = ("page", "sort")
OPEN_AT_FIRST = ("kind", "therapy", "effect")


@dataclass(frozen=True)
class Value:
    """A facet value with the length of the list once it is chosen, and where choosing or excluding it leads."""

    value: str
    label: str
    depth: int
    count: int
    is_chosen: bool
    is_excluded: bool
    toggle: str
    exclude: str


@dataclass(frozen=True)
class Group:
    """A facet as the rail shows it."""

    name: str
    label: str
    values: list[Value]
    is_open: bool


@dataclass(frozen=True)
class Chip:
    """One condition of the list in plain English, and the address of the list without it."""

    text: str
    without: str


def render_list(
    request: HttpRequest,
    filter_class: type[ListFilter],
    rows: Callable[[Sequence[int], str], list[Any]],
    template: str,
) -> HttpResponse:
    """The list page, or an error page that names what was not understood."""
    trees = Trees.load()
    filters = filter_class(without_tracking(request), trees)
    problems = [*filters.problems(), *page_problems(request)]
    if problems:
        return bad_request(request, problems)
    counts = filters.counts()
    try:
        page = page_of(filters.ordered(), counts.total, _page_number(request))
    except NoSuchPage as error:
        last = address(request.path, parameters(filters) | {"page": [str(error.pages)]})
        return not_found(request, str(error), [(last, "Go to the last page"), (request.path, "See the whole list")])
    state = parameters(filters)
    context = {
        "filters": filters,
        "rows": rows(page.ids, filters.words),
        "page": page,
        "groups": [_group(facet, filters, counts, state, request.path) for facet in FACETS],
        "chips": _chips(filters, state, request.path),
        "hidden": _kept(state, ("sort",)),
        "kept_by_search": _kept(state, ("q",)),
        "kept_by_years": _kept(state, ("year_min", "year_max")),
        "sorts": [(key, label, key == filters.order) for key, label in SORTS.items() if _offers(key, filters)],
        "query": querystring.encode(state),
        "previous": _page_link(request.path, state, page.number - 1, page),
        "next": _page_link(request.path, state, page.number + 1, page),
    }
    return render(request, template, context)


def _offers(sort: str, filters: ListFilter) -> bool:
    return sort != "relevance" or bool(filters.words)


def without_tracking(request: HttpRequest) -> Any:
    data = request.GET.copy()
    for name in list(data):
        if querystring.is_tracking(name):
            del data[name]
    return data


def _page_number(request: HttpRequest) -> int:
    return int(request.GET.get("page") or 1)


def page_problems(request: HttpRequest) -> list[str]:
    page = request.GET.get("page") or "1"
    if page.isascii() and page.isdigit() and 1 <= int(page[:12]) <= 10**9:
        return []
    return [f"page: “{page[:40]}” is not the number of a page."]


def paged_problems(request: HttpRequest) -> list[str]:
    """What is wrong with the address of a page that has several pages and no filters."""
    data = without_tracking(request)
    unknown = [not_known(name) for name in data if name not in PAGE_PARAMETERS]
    repeated = ["page: given more than once."] if len(set(data.getlist("page"))) > 1 else []
    return [*unknown, *repeated, *page_problems(request)]


def listed_only(given: Container[str], page: str) -> list[str]:
    """One sentence for each parameter given that only lists have; `page` says what has none, such as "a map"."""
    return [f"“{name}” is for lists: {page} has no pages and its own order." for name in LISTED_ONLY if name in given]


def address(path: str, state: State) -> str:
    """The page with this state."""
    encoded = querystring.encode(state)
    return f"{path}?{encoded}" if encoded else path


def _with(state: State, name: str, value: str) -> State:
    return state | {name: [*state.get(name, []), value]}


def less(state: State, name: str, value: str) -> State:
    """The state without one value of a parameter."""
    left = [kept for kept in state.get(name, []) if kept != value]
    rest = _cleared(state, name)
    return rest | {name: left} if left else rest


def _cleared(state: State, name: str) -> State:
    return {key: values for key, values in state.items() if key != name}


def _kept(state: State, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """What a small form must carry along as hidden fields."""
    return [(name, value) for name, values in state.items() if name not in names for value in values]


def _group(facet: Facet, filters: ListFilter, counts: FacetCounts, state: State, path: str) -> Group:
    chosen, excluded = filters.chosen.get(facet.name, []), filters.excluded.get(facet.name, [])
    values = [
        _value(facet.name, value, label, depth, counts, value in chosen, value in excluded, state, path)
        for value, label, depth in _choices(facet, filters.trees)
        if counts.counts[facet.name].get(value) or value in chosen or value in excluded
    ]
    return Group(facet.name, facet.label, values, bool(chosen or excluded) or facet.name in OPEN_AT_FIRST)


def _choices(facet: Facet, trees: Trees) -> list[tuple[str, str, int]]:
    if facet.terms is None:
        return [(node.slug, node.name, depth) for depth, node in trees.named(facet.name).walk()]
    return [(value, label, 0) for value, label in facet.choices(trees)]


def _value(
    name: str,
    value: str,
    label: str,
    depth: int,
    counts: FacetCounts,
    is_chosen: bool,
    is_excluded: bool,
    state: State,
    path: str,
) -> Value:
    toggled = less(state, name, value) if is_chosen else _with(less(state, NOT + name, value), name, value)
    excluded = less(state, NOT + name, value) if is_excluded else _with(less(state, name, value), NOT + name, value)
    count = counts.counts[name].get(value, 0)
    return Value(value, label, depth, count, is_chosen, is_excluded, address(path, toggled), address(path, excluded))


def _chips(filters: ListFilter, state: State, path: str) -> list[Chip]:
    return [Chip(text, address(path, less(state, name, value))) for text, name, value in in_words(filters)]


def in_words(filters: ListFilter) -> list[tuple[str, str, str]]:
    """(plain English, parameter, value) of each condition of the list, in the order of the rail."""
    state = parameters(filters)
    said = [(f"Search: {filters.words}", "q", words) for words in state.get("q", []) if filters.words]
    for facet in FACETS:
        labels = dict(facet.choices(filters.trees))
        for name, verb in ((facet.name, "is"), (NOT + facet.name, "is not")):
            said += [(f"{facet.label} {verb} {labels[value]}", name, value) for value in state.get(name, [])]
    for name, text in (("year_min", "From"), ("year_max", "Up to")):
        said += [(f"{text} {year}", name, year) for year in state.get(name, [])]
    return said


def _page_link(path: str, state: State, number: int, page: Page) -> str:
    if not 1 <= number <= page.pages:
        return ""
    return address(path, state | {"page": [str(number)]} if number > 1 else state)
