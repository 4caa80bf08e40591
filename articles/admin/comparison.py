"""Two sources side by side: field by field, what each says, what differs, and what a merge makes of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from articles.actions import facts
from articles.admin.fact_words import in_words, label
from articles.lib import word_diff
from articles.lib.word_diff import Piece
from articles.models import Source

# Of longer values the beginning is held against each other; the page says so.
MOST_SIGNS = 20_000
LONG = 700
STAYS = "that of the source that stays"
FILLED = "that of the source that stays, else that of the other"
ALL_KEPT = "all of both are kept"
CHOSEN = "the one you choose"
COMES_ALONG = "comes along"
SAME, DIFFERS, ONLY_FIRST, ONLY_SECOND, NEITHER = "same", "differs", "first", "second", "neither"


@dataclass(frozen=True)
class Row:
    """One field of both. `state` is same, differs, first or second (only that one has it), or neither."""

    name: str
    label: str
    first: list[Piece]
    second: list[Piece]
    state: str
    outcome: str
    is_cut: bool = False

    @property
    def is_choice(self) -> bool:
        """Whether a person chooses whose value stays."""
        return self.outcome == CHOSEN

    @property
    def is_long(self) -> bool:
        """Whether the values scroll in boxes of their own."""
        return any(sum(len(piece.text) for piece in side) > LONG for side in (self.first, self.second))


def rows(first: Source, second: Source) -> list[Row]:
    """Every field of which one of the two says anything."""
    found = [*_facts(first, second), *_others(first, second)]
    return [row for row in found if row.state != NEITHER]


def texts(first: Source, second: Source) -> Row:
    """The current texts of both."""
    one, other = (source.current_version.text if source.current_version else "" for source in (first, second))
    return held_against("text", "Text", one, other, "both stay, each as a version of its own")


def held_against(name: str, title: str, one: str, other: str, outcome: str = "") -> Row:
    """One field, its values compared word by word."""
    first, second = word_diff.compare(one[:MOST_SIGNS], other[:MOST_SIGNS])
    return Row(name, title, first, second, _state(one, other), outcome, max(len(one), len(other)) > MOST_SIGNS)


def _facts(first: Source, second: Source) -> Iterator[Row]:
    held, other = facts.of_source(first), facts.of_source(second)
    for name in facts.NAMES:
        one, another = (in_words(name, values.get(name)) for values in (held, other))
        is_choice = bool(one and another) and one != another
        yield held_against(name, label(name), one, another, CHOSEN if is_choice else COMES_ALONG)


def _others(first: Source, second: Source) -> Iterator[Row]:
    named = (
        ("kind", STAYS, lambda source: source.get_kind_display()),
        ("publisher_interest", STAYS, lambda source: source.get_publisher_interest_display()),
        ("curation_state", STAYS, lambda source: source.get_curation_state_display()),
        ("publisher", FILLED, lambda source: str(source.publisher or "")),
        ("study_group", FILLED, lambda source: str(source.study_group or "")),
        ("identifiers", ALL_KEPT, lambda source: _lines(source.identifiers.all())),
        ("therapies", ALL_KEPT, lambda source: _lines(source.therapies.all())),
        ("conditions", ALL_KEPT, lambda source: _lines(source.conditions.all())),
    )
    for name, outcome, words in named:
        yield held_against(name, label(name), words(first), words(second), outcome)


def _lines(things: Iterable[object]) -> str:
    return "\n".join(sorted(str(thing) for thing in things))


def _state(one: str, other: str) -> str:
    if one == other:
        return SAME if one else NEITHER
    if one and other:
        return DIFFERS
    return ONLY_FIRST if one else ONLY_SECOND
