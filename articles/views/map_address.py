"""The address of the evidence map: its own parameters beside the filters of the lists, and where its cells lead.

`rows`, `columns`: what stands there. `depth`: levels of the rows. `open`, `shut`: rows unfolded or folded whatever the
depth, repeatable. `domains=1`: columns by domain only. `gaps=1`: also rows and columns without any claim.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from articles.filters import ClaimFilter, parameters
from articles.queries.evidence_map import AXES, DEEPEST, Shape
from articles.queries.facets import BLANK
from articles.queries.map_heads import TREES, Head
from articles.queries.questions import ANY
from articles.queries.trees import Trees
from articles.views.listing import LISTED_ONLY, State, address, listed_only, without_tracking

FLAGS = ("domains", "gaps")
FOLDS = ("open", "shut")
OWN = ("rows", "columns", "depth", *FOLDS, *FLAGS)
OPPOSITE = {"therapy": "outcome", "outcome": "therapy"}


@dataclass(frozen=True)
class Asked:
    """What an address asks for: the rows of the list, the shape of the map, and what was not understood."""

    filters: ClaimFilter
    shape: Shape
    own: State
    problems: list[str]

    @property
    def listed(self) -> State:
        """The parameters that the map shares with the list of claims."""
        return parameters(self.filters)

    @property
    def state(self) -> State:
        """Every parameter."""
        return self.own | self.listed

    @property
    def is_selective(self) -> bool:
        """True where cells do not hold all claims on a question: what a cell lacks may have been filtered away."""
        return bool({self.shape.rows, self.shape.columns, *self.listed} - set(TREES))


def asked(request: HttpRequest) -> Asked:
    """Read the address. Where `problems` is not empty the shape is the usual one."""
    data = without_tracking(request)
    own = {name: values for name in OWN if (values := _values(data, name))}
    listed = data.copy()
    for name in (*OWN, *LISTED_ONLY):
        listed.pop(name, None)
    filters = ClaimFilter(listed, Trees.load())
    problems = [*_problems(data, own, filters.trees), *filters.problems()]
    return Asked(filters, Shape() if problems else _shape(own), own, problems)


def _values(data: QueryDict, name: str) -> list[str]:
    return [value for value in dict.fromkeys(data.getlist(name)) if value]


def _axes(own: State) -> tuple[str, str]:
    """Rows and columns; where only one is given, the other is what it is read against."""
    rows, columns = (next(iter(own.get(name, [])), "") for name in ("rows", "columns"))
    rows = rows or OPPOSITE.get(columns, "therapy")
    return rows, columns or OPPOSITE.get(rows, "outcome")


def _shape(own: State) -> Shape:
    rows, columns = _axes(own)
    return Shape(
        rows,
        columns,
        depth=int(own["depth"][0]) if "depth" in own else None,
        opened=frozenset(own.get("open", [])),
        shut=frozenset(own.get("shut", [])),
        is_by_domain="domains" in own,
        has_gaps="gaps" in own,
    )


def _problems(data: QueryDict, own: State, trees: Trees) -> Iterator[str]:
    yield from listed_only(data, "a map")
    for name in OWN:
        if name not in FOLDS and len(own.get(name, [])) > 1:
            yield f"{name}: given more than once."
    yield from _axis_problems(own)
    yield from _value_problems(own)
    yield from _fold_problems(own, trees)


def _axis_problems(own: State) -> Iterator[str]:
    for name in ("rows", "columns"):
        for value in own.get(name, []):
            if value not in AXES:
                yield f"{name}: “{value[:80]}” cannot stand there. Choose one of {', '.join(AXES)}."
    rows, columns = _axes(own)
    if rows == columns:
        yield f"rows and columns: both are “{rows[:80]}”. Choose two that differ, such as rows=therapy&columns=outcome."


def _value_problems(own: State) -> Iterator[str]:
    levels = [str(number) for number in range(1, DEEPEST + 1)]
    for value in own.get("depth", []):
        if value not in levels:
            yield f"depth: “{value[:80]}” is not a number of levels. Give one from 1 to {DEEPEST}."
    for name in FLAGS:
        for value in own.get(name, []):
            if value != "1":
                yield f"{name}: “{value[:80]}” is not understood. Give 1, or leave it out."


def _fold_problems(own: State, trees: Trees) -> Iterator[str]:
    rows = _axes(own)[0]
    if rows not in AXES:
        return
    known = trees.named(rows).by_slug if rows in TREES else {}
    for name in FOLDS:
        for value in own.get(name, []):
            if value not in known:
                yield f"{name}: “{value[:80]}” is none of the rows, which are {AXES[rows][1]}."
    for value in own.get("open", []):
        if value in own.get("shut", []):
            yield f"open and shut: “{value[:80]}” is in both."


@dataclass(frozen=True)
class Links:
    """Where rows, columns and cells lead: to the list of exactly their claims; a cell to its question if it has one."""

    listed: State
    shape: Shape

    def list_of(self, row: Head | None = None, column: Head | None = None) -> str:
        """The list of claims; blank where no address can name it, as for sources without a date."""
        state = self._state(row, column)
        return "" if state is None else address(reverse("claims"), state)

    def cell(self, row: Head, column: Head) -> str:
        """The question where therapy and outcome are known, else the list."""
        state = self._state(row, column)
        if state is None:
            return ""
        if any(len(state.get(name, [])) != 1 for name in ("therapy", "outcome")):
            return address(reverse("claims"), state)
        return _question(state)

    def _state(self, row: Head | None, column: Head | None) -> State | None:
        state = self.listed
        for axis, head in ((self.shape.rows, row), (self.shape.columns, column)):
            if head is None:
                continue
            if axis == "year" and head.key == BLANK:
                return None
            names = ("year_min", "year_max") if axis == "year" else (axis,)
            state = state | {name: [head.key] for name in names}
        return state


def _question(state: State) -> str:
    condition = state.get("condition", [])
    in_path: dict[str, Any] = {
        "therapy": state["therapy"][0],
        "condition": condition[0] if len(condition) == 1 else ANY,
        "outcome": state["outcome"][0],
    }
    named = ("therapy", "outcome", *(["condition"] if len(condition) == 1 else []))
    return address(
        reverse("question", kwargs=in_path), {name: values for name, values in state.items() if name not in named}
    )


def folded(state: State, row: Head, depth: int) -> State:
    """The state of the map with this row unfolded, or folded where it is open."""
    key, other = ("shut", "open") if row.is_open else ("open", "shut")
    is_so_by_depth = (row.depth + 1 < depth) == (key == "open")
    kept = [slug for slug in state.get(key, []) if slug != row.key]
    changed = {
        key: kept if is_so_by_depth else [*kept, row.key],
        other: [slug for slug in state.get(other, []) if slug != row.key],
    }
    return {name: values for name, values in (state | changed).items() if values}
