"""Finding a quote in a text, and finding it again in the text's next version.

Offsets count code points. A quote is found when its words stand in the text exactly, after the shared
normalisation and with any run of white space (line ends too) equal to any other. There is no fuzzy match:
what only resembles the quote is shown to a person and never taken.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from typing import Protocol

from rapidfuzz import fuzz, process

from articles.lib.text import normalise
from articles.lib.vocabulary import AnchorState

CONTEXT = 32
"""Characters of text kept before and after a quote."""

_MOST_PLACES = 1_000
_PLACES_SHOWN = 20
_NEAR = 3
# Sentences about one subject resemble each other up to about 60 of 100; a quote with every fifth word wrong, from 79.
_NEAR_SCORE = 70
_NEAR_LENGTH = 300
_MOST_PASSAGES = 20_000
_WHITE_SPACE = re.compile(r"\s+")
_SENTENCE = re.compile(r"[^\n]{1,300}?(?:[.!?](?=\s)|(?=\n)|\Z)|[^\n]{1,300}")


class AnchorLike(Protocol):
    """What `reanchor` needs to know of a quote that was anchored before."""

    @property
    def start(self) -> int: ...
    @property
    def quote(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def suffix(self) -> str: ...


@dataclass(frozen=True)
class Anchor:
    """A quote at its place: `quote` is the text from `start` to `end`, letter for letter."""

    start: int
    end: int
    quote: str
    prefix: str
    suffix: str
    state: str = AnchorState.EXACT.value


class QuoteNotFound(ValueError):
    """The words do not stand in the text. `near` holds up to three passages that resemble them, for a person."""

    def __init__(self, quote: str, near: Sequence[str]) -> None:
        super().__init__(_not_found_message(quote, near))
        self.quote = quote
        self.near = list(near)


class QuoteAmbiguous(ValueError):
    """The words stand in the text more than once. `places` holds the first places; `count` how many were seen."""

    def __init__(self, quote: str, places: Sequence[Anchor], count: int) -> None:
        super().__init__(
            f"The quote {_shortened(quote)!r} stands in the text {count} times. "
            "Quote more words, so that it stands once."
        )
        self.quote = quote
        self.places = list(places)
        self.count = count


def find(text: str, quote: str, prefix: str = "", suffix: str = "") -> Anchor:
    """The one place of the quote in a normalised text.

    Where it stands several times, the words before (`prefix`) and after it (`suffix`) may single out one.
    Raises `QuoteNotFound` or `QuoteAmbiguous`.
    """
    haystack = _Haystack(text)
    places = haystack.places(quote)
    if not places:
        raise QuoteNotFound(quote, near(text, quote))
    if len(places) == 1:
        return haystack.anchor(places[0])
    chosen = [place for place in places if (prefix or suffix) and haystack.has_context(place, prefix, suffix)]
    if len(chosen) != 1 or len(places) == _MOST_PLACES:
        shown = [haystack.anchor(place) for place in islice(chosen or places, _PLACES_SHOWN)]
        raise QuoteAmbiguous(quote, shown, len(places))
    return haystack.anchor(chosen[0])


def reanchor(old: AnchorLike, new_text: str, *, old_text: str | None = None) -> tuple[str, Anchor | None]:
    """Where a quote of an earlier version stands in the new text: its `AnchorState` and, if certain, the anchor.

    exact: at the same offset; moved: the same words at another place; ambiguous: several places, none singled out by
    the words around it; missing: nowhere. Give `old_text` where it is at hand: a quote that stood in it more than
    once is recognised by its context only, since the one place left may be the other one.
    """
    haystack = _Haystack(new_text)
    places = haystack.places(old.quote)
    if not places:
        return AnchorState.MISSING.value, None
    was_unique = old_text is None or len(_Haystack(old_text).places(old.quote)) < 2
    if len(places) == _MOST_PLACES:
        return AnchorState.AMBIGUOUS.value, None
    if len(places) > 1 or not was_unique:
        places = [place for place in places if haystack.has_context(place, old.prefix, old.suffix)]
    if len(places) != 1:
        return AnchorState.AMBIGUOUS.value, None
    anchor = haystack.anchor(places[0])
    state = AnchorState.EXACT if anchor.start == old.start else AnchorState.MOVED
    return state.value, replace(anchor, state=state.value)


def near(text: str, quote: str) -> list[str]:
    """Up to three passages that resemble the quote, best first; for a person to look at, never to anchor."""
    wanted = " ".join(normalise(quote[: 2 * _NEAR_LENGTH]).split())[:_NEAR_LENGTH]
    shortest = min(len(wanted) // 2, 40)
    passages = (match.group().strip() for match in _SENTENCE.finditer(text))
    candidates = list(islice((p for p in passages if len(p) > shortest), _MOST_PASSAGES))
    found = process.extract(wanted, candidates, scorer=fuzz.partial_ratio, limit=_NEAR, score_cutoff=_NEAR_SCORE)
    return [passage for passage, _score, _index in found]


class _Haystack:
    """A text searched with every run of white space as one space; places are (start, end) in that collapsed text."""

    def __init__(self, text: str) -> None:
        long_runs = [match.span() for match in _WHITE_SPACE.finditer(text) if len(match.group()) > 1]
        shifts = list(accumulate(end - start - 1 for start, end in long_runs))
        self._text = text
        self._collapsed = _WHITE_SPACE.sub(" ", text)
        self._shifts = [0, *shifts]
        self._shift_begins = [end - shift for (_start, end), shift in zip(long_runs, shifts, strict=True)]

    def places(self, quote: str) -> list[tuple[int, int]]:
        """Where the quote stands: at most `_MOST_PLACES` places, which may overlap."""
        wanted = _collapse(quote)
        places: list[tuple[int, int]] = []
        start = self._collapsed.find(wanted) if wanted else -1
        while start >= 0 and len(places) < _MOST_PLACES:
            places.append((start, start + len(wanted)))
            start = self._collapsed.find(wanted, start + 1)
        return places

    def has_context(self, place: tuple[int, int], prefix: str, suffix: str) -> bool:
        """Whether these words stand before and after the place; white space beside the quote does not matter."""
        start, end = place
        before, after = _collapse(prefix), _collapse(suffix)
        text_before = self._collapsed[max(0, start - len(before) - 1) : start].rstrip()
        text_after = self._collapsed[end : end + len(after) + 1].lstrip()
        return text_before.endswith(before) and text_after.startswith(after)

    def anchor(self, place: tuple[int, int]) -> Anchor:
        """The anchor in the text itself."""
        start, end = self._offset(place[0]), self._offset(place[1] - 1) + 1
        before, after = self._text[max(0, start - CONTEXT) : start], self._text[end : end + CONTEXT]
        return Anchor(start, end, self._text[start:end], before, after)

    def _offset(self, place: int) -> int:
        return place + self._shifts[bisect_right(self._shift_begins, place)]


def _collapse(text: str) -> str:
    return " ".join(normalise(text).split())


def _not_found_message(quote: str, near: Sequence[str]) -> str:
    if not quote.strip():
        return "The quote is empty."
    message = f"The quote {_shortened(quote)!r} does not stand in the text."
    return f"{message} Nearest: {'; '.join(repr(_shortened(passage)) for passage in near)}." if near else message


def _shortened(text: str, length: int = 120) -> str:
    return text if len(text) <= length else f"{text[: length - 3]}..."
