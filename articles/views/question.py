"""One question: what sellers promise and what the literature reports on a therapy, a condition and an outcome."""

import difflib

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify

from articles.filters import ClaimFilter, parameters
from articles.queries.independence import table
from articles.queries.questions import ANY, Question
from articles.queries.trees import Tree, Trees
from articles.views.errors import bad_request, not_found
from articles.views.listing import State, address, without_tracking

PLURALS = {"therapy": "therapies", "condition": "conditions", "outcome": "outcomes"}
LISTED_ONLY = ("page", "sort")
NEAR = 4


def question(request: HttpRequest, therapy: str, condition: str, outcome: str) -> HttpResponse:
    """Everything claimed for one question; any filter of the list of claims may narrow it."""
    trees = Trees.load()
    slugs = {"therapy": therapy, "condition": condition, "outcome": outcome}
    try:
        asked = Question.named(**slugs, trees=trees)
    except KeyError:
        return _unknown(request, slugs, trees)
    data = without_tracking(request)
    if repeats := _repeats(asked, data, trees):
        return redirect(_without(request.path, data, repeats))
    filters = _filters(asked, data, trees)
    problems = [*_misplaced(asked, data), *filters.problems()]
    if problems:
        return bad_request(request, problems)
    return _page(request, asked, filters)


def _page(request: HttpRequest, asked: Question, filters: ClaimFilter) -> HttpResponse:
    trees = filters.trees
    context = {
        "asked": asked,
        "paths": [(name, trees.named(name).path(node.pk)) for name, node in asked.parts.items()],
        "counted": table(filters.qs, trees).cell(),
        "list": address(reverse("claims"), parameters(filters)),
    }
    return render(request, "articles/question.html", context)


def _filters(asked: Question, data: QueryDict, trees: Trees) -> ClaimFilter:
    """The filter of the list of claims with the same conditions: its rows are the question's."""
    listed = data.copy()
    for name, node in asked.parts.items():
        listed.setlist(name, [node.slug])
    return ClaimFilter(listed, trees)


def _repeats(asked: Question, data: QueryDict, trees: Trees) -> list[str]:
    """Parameters that only say again, or more broadly, what the path says."""
    return [
        name
        for name, node in asked.parts.items()
        if {trees.named(name).by_id[pk].slug for pk in trees.named(name).ancestors(node.pk)} & set(data.getlist(name))
    ]


def _without(path: str, data: QueryDict, names: list[str]) -> str:
    left: State = {name: data.getlist(name) for name in data if name not in names}
    return address(path, left)


def _misplaced(asked: Question, data: QueryDict) -> list[str]:
    """One sentence for each parameter that has no meaning here."""
    in_path = [
        f"{name}: a question has one {name}, and “{node.name}” stands in its address."
        for name, node in asked.parts.items()
        if any(data.getlist(name))
    ]
    listed_only = [f"“{name}” is for lists: a question has no pages and its own order." for name in LISTED_ONLY]
    return [*in_path, *(said for name, said in zip(LISTED_ONLY, listed_only, strict=True) if name in data)]


def _unknown(request: HttpRequest, slugs: dict[str, str], trees: Trees) -> HttpResponse:
    """Names the first part that is unknown, and questions with a part of a similar name."""
    name = next(name for name, slug in slugs.items() if not _is_known(name, slug, trees))
    tree, slug = trees.named(name), slugs[name]
    plural = PLURALS[name]
    said = f"There is no {name} “{slug}”."
    if slug == ANY:
        said = f"“{ANY}” may stand for the condition only: a question needs one {name}."
    near = [
        (reverse("question", kwargs=slugs | {name: found}), f"Did you mean {tree.by_slug[found].name}?")
        for found in _near(slug, tree)
    ]
    return not_found(request, said, [*near, (reverse(plural), f"See all {plural}")])


def _is_known(name: str, slug: str, trees: Trees) -> bool:
    return slug in trees.named(name).by_slug or (name == "condition" and slug == ANY)


def _near(slug: str, tree: Tree) -> list[str]:
    """Slugs of the nodes whose slug, name or synonym is most like this one, each once."""
    names = {slugify(name): node.slug for node in tree.by_id.values() for name in (*node.synonyms, node.name)}
    names |= {known: known for known in tree.by_slug}
    close = difflib.get_close_matches(slug, list(names), NEAR)
    return list(dict.fromkeys(names[name] for name in close))
