"""The form above the evidence map: what stands where, and the filters that are asked for most."""

from dataclasses import dataclass

from articles.filters import ClaimFilter
from articles.queries.evidence_map import AXES, DEEPEST, EvidenceMap, counts_by_condition
from articles.queries.facets import BY_NAME
from articles.queries.map_heads import TREES
from articles.views.map_address import Asked

CHOICES = ("condition", "kind", "level")
YEARS = (("year_min", "From year"), ("year_max", "To year"))
SET_HERE = ("q", *CHOICES, *(name for name, _ in YEARS))
INDENT = "\u2003"
Option = tuple[str, str, bool]


@dataclass(frozen=True)
class Choice:
    """A field of the form with (value, label, is chosen); several values already chosen are left to the chips."""

    name: str
    label: str
    options: list[Option]

    @property
    def is_several(self) -> bool:
        return sum(is_chosen for _, _, is_chosen in self.options) > 1


@dataclass(frozen=True)
class Form:
    """The fields, and what of the address goes along with them; rows start folded anew."""

    axes: list[Choice]
    depths: Choice | None
    choices: list[Choice]
    years: list[tuple[str, str, int | None]]
    kept: list[tuple[str, str]]


def form(wanted: Asked, found: EvidenceMap) -> Form:
    """The form as it stands for this map."""
    shape = wanted.shape
    axes = [_axis("rows", "Rows", shape.rows), _axis("columns", "Columns", shape.columns)]
    choices = [_choice(wanted, name) for name in CHOICES]
    several = [choice.name for choice in choices if choice.is_several]
    listed = wanted.listed.items()
    kept = [(name, value) for name, values in listed if name not in SET_HERE or name in several for value in values]
    years = [(name, label, wanted.filters.values[name]) for name, label in YEARS]
    return Form(axes, _depths(wanted) if shape.rows in TREES else None, choices, years, kept)


def _axis(name: str, label: str, current: str) -> Choice:
    return Choice(name, label, [(key, one, key == current) for key, (one, _) in AXES.items()])


def _depths(wanted: Asked) -> Choice:
    labels = {"": "as fits", "1": "1", "2": "2", "3": "3", str(DEEPEST): "all"}
    current = str(wanted.shape.depth or "")
    labels.setdefault(current, current)
    return Choice("depth", "Levels", [(depth, label, depth == current) for depth, label in labels.items()])


def _choice(wanted: Asked, name: str) -> Choice:
    chosen = wanted.filters.chosen.get(name, [])
    found = _conditions(wanted, chosen) if name == "condition" else BY_NAME[name].choices(wanted.filters.trees)
    return Choice(name, BY_NAME[name].label, [(value, label, value in chosen) for value, label in found])


def _conditions(wanted: Asked, chosen: list[str]) -> list[tuple[str, str]]:
    """The conditions that have claims, each with the length of the list once it is the one chosen."""
    trees = wanted.filters.trees
    others = wanted.filters.data.copy()
    others.pop("condition", None)
    counts = counts_by_condition(ClaimFilter(others, trees).qs, trees)
    return [
        (node.slug, f"{INDENT * depth}{node.name} ({counts.get(node.slug, 0)})")
        for depth, node in trees.condition.walk()
        if node.slug in counts or node.slug in chosen
    ]
