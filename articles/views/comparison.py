"""What an address sets side by side: two to five therapies, sources or publishers; and what is wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from articles.filters import NOT, ClaimFilter, parameters
from articles.lib import querystring
from articles.models import ClaimListing, Node, Publisher, Source
from articles.queries import compared
from articles.queries.facets import BY_NAME
from articles.queries.tallies import tagged_therapies
from articles.queries.trees import Trees
from articles.views.listing import LISTED_ONLY, State, address, listed_only

FEWEST, MOST = 2, 5
# Of many wrong values or possible partners so many are named.
NAMED = 5
LONGEST_NAME = 80


@dataclass(frozen=True)
class Column:
    """One of the things compared: its key in the grid, its page, and the claims that are its own."""

    key: str
    label: str
    href: str
    condition: Q
    note: str = ""

    @property
    def short(self) -> str:
        """The label where there is little room."""
        return short(self.label)


Way = tuple[str, str]


@dataclass(frozen=True)
class Trouble:
    """Something wrong with the address, and ways out of it: (address, label)."""

    text: str
    ways: list[Way] = field(default_factory=list)


class Choice(Protocol):
    """One sort of things to compare: the parameter that names them and the words for them; `many` names their list."""

    name: str
    one: str
    many: str

    def known(self, values: Sequence[str]) -> dict[str, Column]:
        """The column for each value that stands for something; its key may be another one."""

    def near(self, value: str) -> list[str]:
        """Values that an unknown one may have been meant for, the likeliest first."""

    def beside(self, column: Column) -> list[Column]:
        """What a column alone could be compared with."""


class Therapies:
    """Therapies by slug; a column holds everything below its therapy."""

    name, one, many = "therapy", "therapy", "therapies"

    def __init__(self, trees: Trees) -> None:
        self.trees = trees
        self.tree = trees.therapy

    def known(self, values: Sequence[str]) -> dict[str, Column]:
        return {slug: self._column(self.tree.by_slug[slug]) for slug in values if slug in self.tree.by_slug}

    def _column(self, node: Node) -> Column:
        condition = BY_NAME["therapy"].condition(ClaimListing, [node.slug], self.trees)
        return Column(node.slug, node.name, node.get_absolute_url(), condition)

    def near(self, value: str) -> list[str]:
        spellings = {node.slug: node.slug for node in self.tree.by_id.values()}
        for node in self.tree.by_id.values():
            spellings |= {name.lower(): node.slug for name in (node.name, *node.synonyms)}
        return _closest(value, spellings)

    def beside(self, column: Column) -> list[Column]:
        """The kinds of the therapy, then those beside it and beside what stands above it; only what has claims."""
        line = self.tree.ancestors(self.tree.by_slug[column.key].pk)
        shown = self.tree.above(tagged_therapies())
        relatives = [child for pk in (*line, None) for child in self.tree.children.get(pk, [])]
        return [self._column(other) for other in relatives if other.pk in shown and other.pk not in line]


class Sources:
    """Sources by number."""

    name, one, many = "source", "source", "sources"

    def known(self, values: Sequence[str]) -> dict[str, Column]:
        return {value: self._column(found) for value, found in compared.sources_by_number(values).items()}

    def _column(self, source: Source) -> Column:
        note = ", ".join(str(fact) for fact in (source.get_kind_display(), source.year) if fact)
        return Column(str(source.pk), source.title, source.get_absolute_url(), Q(source_id=source.pk), note)

    def near(self, value: str) -> list[str]:
        return []

    def beside(self, column: Column) -> list[Column]:
        return []


class Publishers:
    """Clinics and other publishers by slug; a column holds the claims of all their sources."""

    name, one, many = "publisher", "publisher", "publishers"

    def known(self, values: Sequence[str]) -> dict[str, Column]:
        found = {publisher.slug: publisher for publisher in compared.publishers().filter(slug__in=values)}
        return {slug: self._column(found[slug]) for slug in values if slug in found}

    def _column(self, publisher: Publisher) -> Column:
        href = reverse("publisher", args=[publisher.slug])
        return Column(publisher.slug, publisher.name, href, Q(publisher_id=publisher.pk))

    def near(self, value: str) -> list[str]:
        return [publisher.slug for publisher in compared.near(value[:LONGEST_NAME], NAMED)]

    def beside(self, column: Column) -> list[Column]:
        return [self._column(other) for other in compared.with_claims().exclude(slug=column.key)[:NAMED]]


def _closest(value: str, spellings: dict[str, str]) -> list[str]:
    """The things that are spelled most like the value, each once."""
    found = get_close_matches(value[:LONGEST_NAME].lower(), spellings, n=NAMED)
    return list(dict.fromkeys(spellings[spelling] for spelling in found))


def short(text: str) -> str:
    """The text, cut where it is longer than a name should be."""
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME].rstrip()}…"


@dataclass(frozen=True)
class Comparison:
    """What the address asks for. Without troubles `columns` are none, where nothing is chosen yet, or two to five."""

    choice: Choice | None
    columns: list[Column]
    filters: ClaimFilter
    kept: State
    troubles: list[Trouble]
    given: Sequence[str] = ()

    @property
    def is_begun(self) -> bool:
        """Whether one thing is chosen and nothing is wrong but that another one is wanted beside it."""
        return len(self.columns) == 1 and len(self.troubles) == 1 and len(self.given) == 1

    @property
    def is_moved(self) -> bool:
        """Whether something is named otherwise than its column: a merged source, or a number with noughts before it."""
        return len(self.columns) > 1 and list(self.given) != [column.key for column in self.columns]

    @property
    def name(self) -> str:
        """The parameter by which the columns are named; therapy where nothing is chosen yet."""
        return self.choice.name if self.choice else "therapy"

    @property
    def state(self) -> State:
        """The parameters of the address: the columns in their order and the filters."""
        chosen = {self.name: [column.key for column in self.columns]} if self.columns else {}
        return chosen | self.kept

    @property
    def query(self) -> str:
        return querystring.encode(self.state)


def read(data: QueryDict, trees: Trees) -> Comparison:
    """The comparison that the parameters of an address ask for."""
    choices: list[Choice] = [Therapies(trees), Sources(), Publishers()]
    wanted = [(choice, values) for choice in choices if (values := [v for v in data.getlist(choice.name) if v])]
    rest = data.copy()
    for choice in choices:
        rest.pop(choice.name, None)
    filters = ClaimFilter(rest, trees)
    kept = _understood(filters)
    if len(wanted) > 1:
        return Comparison(None, [], filters, kept, [_several_kinds(wanted, kept)])
    if not wanted:
        return Comparison(None, [], filters, kept, _of_filters(filters, {}, kept))
    return _of_one_kind(*wanted[0], filters, kept)


def _of_one_kind(choice: Choice, values: list[str], filters: ClaimFilter, kept: State) -> Comparison:
    known = choice.known(list(dict.fromkeys(values)))
    columns = list({column.key: column for value in values if (column := known.get(value))}.values())
    mending = Mending(choice, values, known, columns, kept)
    chosen = {choice.name: [column.key for column in columns]} if FEWEST <= len(columns) <= MOST else None
    troubles = [*mending.troubles(), *_of_filters(filters, chosen, kept)]
    return Comparison(choice, columns, filters, kept, troubles, values)


def _several_kinds(wanted: list[tuple[Choice, list[str]]], kept: State) -> Trouble:
    ways = [
        (address(reverse("compare"), {choice.name: values} | kept), f"Only the {choice.many} ({len(values)})")
        for choice, values in wanted
    ]
    named = " and ".join(choice.many for choice, _ in wanted)
    return Trouble(f"{named.capitalize()} cannot stand in one table: compare one sort, not both at once.", ways)


def _understood(filters: ClaimFilter) -> State:
    """The filters without those that are wrong or that only lists have."""
    state = {name: values for name, values in parameters(filters).items() if name not in LISTED_ONLY}
    if not filters.problems():
        return state
    right = {name: values for name, values in state.items() if name not in filters.form.errors}
    once = {name: values for name, values in right.items() if _is_facet(name) or len(values) == 1}
    again = ClaimFilter(QueryDict(querystring.encode(once)), filters.trees)
    # What is wrong now is no single value: the years, which exclude each other.
    return {name: values for name, values in once.items() if _is_facet(name)} if again.problems() else once


def _is_facet(name: str) -> bool:
    return name.removeprefix(NOT) in BY_NAME


def _of_filters(filters: ClaimFilter, chosen: State | None, kept: State) -> list[Trouble]:
    """Every filter that is not understood, and the same comparison without those, where there is one."""
    problems = [*filters.problems(), *listed_only(filters.data, "a comparison")]
    if chosen is None:
        return [Trouble(problem) for problem in problems]
    way = (address(reverse("compare"), chosen | kept), "Go on without what was not understood")
    troubles = [Trouble(problem) for problem in problems]
    return [*troubles[:-1], Trouble(problems[-1], [way])] if problems else []


@dataclass(frozen=True)
class Mending:
    """The values of one parameter against what they stand for: what is wrong, and the addresses that mend it."""

    choice: Choice
    values: list[str]
    known: dict[str, Column]
    columns: list[Column]
    kept: State

    def troubles(self) -> list[Trouble]:
        """Unknown values first, then repeats, then too few or too many."""
        unknown = [value for value in dict.fromkeys(self.values) if value not in self.known]
        found = [*self._unknown(unknown), *self._repeated()]
        if len(self.columns) > MOST:
            found.append(self._too_many())
        elif len(self.columns) < FEWEST and not unknown:
            found.append(self._too_few())
        return found

    def _way(self, columns: Sequence[Column], label: str = "") -> Iterator[Way]:
        """The comparison of these columns, where it is one."""
        if FEWEST <= len(columns) <= MOST:
            state = {self.choice.name: [column.key for column in columns]} | self.kept
            named = ", ".join(column.short for column in columns)
            yield address(reverse("compare"), state), label or f"Compare {named}"

    def _unknown(self, unknown: list[str]) -> Iterator[Trouble]:
        for value in unknown[:NAMED]:
            near = self.choice.known(self.choice.near(value)).values()
            ways = [way for column in near for way in self._in_place(value, column)]
            ways.append((reverse(self.choice.many), f"See all {self.choice.many}"))
            yield Trouble(f"{self.choice.name}: there is no {self.choice.one} “{short(value)}”.", ways)
        if len(unknown) > NAMED:
            yield Trouble(f"{len(unknown) - NAMED} more are unknown.")
        if unknown:
            yield from (Trouble("The others stand here.", [way]) for way in self._way(self.columns))

    def _in_place(self, value: str, meant: Column) -> Iterator[Way]:
        """The comparison with another column in the place of an unknown value; alone, the page of that one."""
        mended = [meant if given == value else self.known.get(given) for given in dict.fromkeys(self.values)]
        columns = list({column.key: column for column in mended if column}.values())
        label = f"“{meant.short}” in its place"
        return self._way(columns, label) if len(columns) >= FEWEST else iter([(meant.href, f"See {meant.short}")])

    def _repeated(self) -> Iterator[Trouble]:
        ways = list(self._way(self.columns))
        for column in self.columns:
            given = [value for value in self.values if value in self.known and self.known[value].key == column.key]
            moved = [value for value in given if value != column.key]
            if len(given) > 1 and moved:
                names = " and ".join(dict.fromkeys(given))
                yield Trouble(f"{self.choice.name}: {names} are one {self.choice.one}, {column.key}.", ways)
            elif len(given) > 1:
                yield Trouble(f"{self.choice.name}: “{column.short}” is given twice.", ways)

    def _too_many(self) -> Trouble:
        named = "; ".join(column.short for column in self.columns)
        text = f"{len(self.columns)} {self.choice.many} are given: {named}. Choose {FEWEST} to {MOST} to compare."
        return Trouble(text, list(self._way(self.columns[:MOST], f"Compare the first {MOST}")))

    def _too_few(self) -> Trouble:
        (only,) = self.columns
        partners = [way for other in self.choice.beside(only)[:NAMED] for way in self._way([only, other])]
        text = f"Only one {self.choice.one} is given: {only.short}. Choose {FEWEST} to {MOST} to compare."
        return Trouble(text, [*partners, (only.href, f"See {only.short} by itself")])
