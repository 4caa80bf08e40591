"""One question: what sellers promise and what the literature reports on a therapy, a condition and an outcome."""

import difflib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from articles.filters import NOT, ClaimFilter, parameters
from articles.lib import querystring
from articles.lib import question_words as words
from articles.models import Assessment, ClaimListing, Condition, Outcome, Therapy
from articles.queries import kept, questions
from articles.queries.independence import UNCOUNTED, Cell, Table, table
from articles.queries.questions import ANY, Question
from articles.queries.relations import assessment_of
from articles.queries.trees import Tree, Trees
from articles.queries.voices import VOICES
from articles.views.errors import bad_request, not_found
from articles.views.listing import Chip, State, address, in_words, less, listed_only, without_tracking
from articles.views.question_parts import (
    NAMED_TRIALS,
    Place,
    alone,
    column,
    comparison,
    elsewhere,
    harms,
    linked,
    narrower,
    scale,
    wider,
)

PLURALS = {"therapy": "therapies", "condition": "conditions", "outcome": "outcomes"}
# Filters that hold for harms too: by who was treated and who says so, not by what is said, nor in which words.
HARM_FACETS = ("kind", "interest", "publication_status", "text_basis", "therapy", "condition")
HARM_FILTERS = (*HARM_FACETS, *(NOT + name for name in HARM_FACETS), "year_min", "year_max")
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
    filters = ClaimFilter(data, trees)
    problems = [*_misplaced(asked, data), *filters.problems()]
    if problems:
        return bad_request(request, problems)
    return _page(request, asked, filters)


def _page(request: HttpRequest, asked: Question, filters: ClaimFilter) -> HttpResponse:
    place = Place(asked, parameters(filters))
    at = kept.state()
    context = _head(request, place, filters) | _said(place, filters, at) | _around(place, filters, at)
    if not context["counted"].claims:
        context["alone"] = alone(questions.alone(filters.qs, asked.parts, filters.trees), place)
    return render(request, "articles/question.html", context)


def _head(request: HttpRequest, place: Place, filters: ClaimFilter) -> dict[str, Any]:
    trees, asked = filters.trees, place.asked
    chips = [
        Chip(words, address(request.path, less(place.kept, name, value))) for words, name, value in in_words(filters)
    ]
    return {
        "asked": asked,
        "paths": [(PLURALS[name], trees.named(name).path(node.pk)) for name, node in asked.parts.items()],
        "chips": chips,
        "list": place.list(),
        "csv": address(reverse("claims_csv"), place.listed),
        "address": request.build_absolute_uri(address(request.path, place.kept)),
        "today": timezone.localdate(),
        "changed_at": questions.changed_at(),
        "assessment": _assessment(asked),
    }


def _said(place: Place, filters: ClaimFilter, at: str) -> dict[str, Any]:
    """What each voice says: counts, sentences, bars, claims, harms."""
    trees, parts = filters.trees, place.asked.parts
    rows = questions.rows(filters.qs, parts, trees)
    cell, agreement = table(rows, trees).cell(), questions.agreement(rows, at)
    harm_place, harm = _harm(place, trees)
    retracted = {voice: cell.of(voice).uncounted for voice in agreement}
    conflicts = words.conflicts(agreement["literature"], agreement["seller"], is_selective=place.is_selective)
    summary = [*_summary(agreement, place), _harm_in_words(harm.cell(), harm_place)]
    context = {
        "counted": cell,
        "summary": linked(summary, place, retracted),
        "conflicts": linked(conflicts, place, retracted),
        "retracted": sum(retracted.values()),
        "retracted_list": place.list({"publication_status": tuple(UNCOUNTED)}),
        "harms": harms(harm, harm_place, trees),
        "harm": harm.cell(),
        "are_harms_filtered": harm_place.is_selective,
        "are_filters_lifted": harm_place.kept != place.kept,
    }
    return context | _columns(place, rows, cell, agreement, at)


def _columns(
    place: Place, rows: QuerySet[ClaimListing], cell: Cell, agreement: Mapping[str, words.Bars], at: str
) -> dict[str, Any]:
    papers, claims, longest = questions.papers(rows, at), questions.first_claims(rows, at), scale(agreement)
    literature, seller, other = (
        column(cell.of(voice), agreement[voice], claims, papers, place, longest)
        for voice in ("literature", "seller", "other")
    )
    return {
        "columns": [literature, seller],
        "others": other,
        "trials": _trials(papers),
        "unnamed_trials": max(0, len(papers.by_trial) - NAMED_TRIALS),
        "years": questions.by_year(rows, at),
        "years_query": querystring.encode(place.listed),
    }


def _summary(agreement: Mapping[str, words.Bars], place: Place) -> list[words.Sentence]:
    said = words.summary(agreement["literature"], agreement["seller"], agreement["other"])
    return words.under_filters(said) if place.is_selective else said


def _harm(place: Place, trees: Trees) -> tuple[Place, Table]:
    """What is said about harm, and the question under those filters only that leave no harm out by what it is."""
    kept_filters = {name: values for name, values in place.kept.items() if name in HARM_FILTERS}
    rows = ClaimFilter(QueryDict(querystring.encode(kept_filters)), trees).qs
    any_outcome = {name: node for name, node in place.asked.parts.items() if name != "outcome"}
    return replace(place, kept=kept_filters), questions.harms(questions.rows(rows, any_outcome, trees), trees)


def _harm_in_words(harm: Cell, place: Place) -> words.Sentence:
    speakers = {voice: {effect: n.speakers for effect, n in harm.of(voice).balance} for voice in VOICES}
    said = words.harms(harm.claims, speakers)
    return words.under_filters([said])[0] if place.is_selective else said


def _trials(papers: questions.Papers) -> list[tuple[str, int]]:
    """(name, papers) of the trials with most papers."""
    most = sorted(papers.by_trial.items(), key=lambda counted: (-counted[1], counted[0]))[:NAMED_TRIALS]
    names = questions.trials(trial for trial, _ in most)
    return [(names[trial], n) for trial, n in most if trial in names]


def _around(place: Place, filters: ClaimFilter, at: str) -> dict[str, Any]:
    """Questions next to this one, and where else to go from here."""
    trees, parts = filters.trees, place.asked.parts
    counts = {}
    for name in PLURALS:
        others = {other: node for other, node in parts.items() if other != name}
        counts[name] = questions.by_node(name, questions.rows(filters.qs, others, trees), trees, at)
    return {
        "narrower": narrower(counts, place, trees),
        "wider": wider(counts, place, trees),
        "elsewhere": elsewhere(counts, place),
        "map": place.without("outcome", "map"),
        "comparison": comparison(counts, place, trees),
    }


def _assessment(asked: Question) -> Assessment | None:
    """A reviewer judges a question with a condition."""
    if asked.condition is None:
        return None
    return assessment_of(cast(Therapy, asked.therapy), cast(Condition, asked.condition), cast(Outcome, asked.outcome))


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
    return [*in_path, *listed_only(data, "a question")]


def _unknown(request: HttpRequest, slugs: dict[str, str], trees: Trees) -> HttpResponse:
    """Names each part that is unknown, with what has a similar name."""
    unknown = {name: slug for name, slug in slugs.items() if not _is_known(name, slug, trees)}
    near = {name: _near(slug, trees.named(name)) for name, slug in unknown.items()}
    said = " ".join(_no_such(name, slug) for name, slug in unknown.items())
    nearest = {name: found[0] for name, found in near.items() if found}
    links: list[tuple[str, str]] = []
    for name, found in near.items():
        # A question needs its other parts: where one of them has nothing similar, the node's own page is all there is.
        is_whole = not unknown.keys() - {name} - nearest.keys()
        for node in (trees.named(name).by_slug[slug] for slug in found):
            path = reverse("question", kwargs=slugs | nearest | {name: node.slug})
            links.append((path if is_whole else node.get_absolute_url(), f"Did you mean {node.name}?"))
        links.append((reverse(PLURALS[name]), f"See all {PLURALS[name]}"))
    return not_found(request, said, links)


def _no_such(name: str, slug: str) -> str:
    if slug == ANY:
        return f"“{ANY}” may stand for the condition only: a question needs one {name}."
    return f"There is no {name} “{slug}”."


def _is_known(name: str, slug: str, trees: Trees) -> bool:
    return slug in trees.named(name).by_slug or (name == "condition" and slug == ANY)


def _near(slug: str, tree: Tree) -> list[str]:
    """Slugs of the nodes whose slug, name or synonym is most like this one, each once; nothing is like “any”."""
    if slug == ANY:
        return []
    names = {slugify(name): node.slug for node in tree.by_id.values() for name in (*node.synonyms, node.name)}
    names |= {known: known for known in tree.by_slug}
    close = difflib.get_close_matches(slug.lower(), list(names), NEAR)
    return list(dict.fromkeys(names[name] for name in close))
