"""Which therapies and conditions a source is about, by its MeSH headings, keywords, title and text.

A tag says what a source is about, not what it found: negations are not judged. Only the most specific terms are
suggested: a term makes way for one below it that the source is at least as much about.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from articles.suggest import mentions, words
from articles.suggest.forms import Forms, Term
from articles.suggest.mentions import Mention, Written

__all__ = ["Strength", "Suggestion", "Tagger", "Term"]

_MENTIONS_OF_A_DISCUSSION = 2
_MESH_ID = re.compile(r"D\d{6,9}")
_FIELDS = ("mesh", "keyword", "title", "text")


class Strength(IntEnum):
    """How much a source is about a term."""

    PASSING = 1
    """It stands in the text, too seldom to say what the source is about."""
    DISCUSSED = 2
    """It stands in the text more than once, or indexers gave it as a lesser heading."""
    SUBJECT = 3
    """It stands in the title or among the keywords, or indexers gave it as a main heading."""


class Suggestion(NamedTuple):
    """A tag with its reason, one plain sentence.

    `tree` is "therapy" or "condition". What speaks for it stands from `start` to `end` in the `field`, which is
    "mesh", "keyword", "title" or "text"; of headings and keywords, in the one numbered `item`, from 0.
    """

    tree: str
    slug: str
    reason: str
    start: int
    end: int
    field: str
    item: int
    strength: Strength


class Tagger:
    """Suggests tags; built once for the terms, used for any number of sources."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._forms = Forms(terms)
        self._named = words.Remembered(self._term_of)
        self._headings = {
            heading: term
            for term in self._forms.terms.values()
            for heading in (*term.mesh_ids, *(name.lower() for name in (term.name, *term.synonyms)))
        }

    def suggest(
        self,
        *,
        title: str = "",
        text: str = "",
        mesh: Sequence[str] = (),
        keywords: Sequence[str] = (),
        at_least: Strength = Strength.DISCUSSED,
    ) -> list[Suggestion]:
        """The tags for a source, each once, the strongest first.

        `mesh` holds headings as MEDLINE writes them, such as "Multiple Sclerosis/*drug therapy", or descriptor ids.
        """
        pieces = [Written("keyword", at, keyword) for at, keyword in enumerate(keywords)]
        pieces += [Written("title", 0, title), Written("text", 0, text)]
        topics: dict[Term, list[Mention]] = {}
        for mention in (*self._indexed(mesh), *mentions.find(self._forms, pieces)):
            topics.setdefault(mention.term, []).append(mention)
        strengths = {term: _strength(places) for term, places in topics.items()}
        chosen = [term for term in self._most_specific(strengths) if strengths[term] >= at_least]
        return [_suggestion(topics[term], strengths[term]) for term in sorted(chosen, key=lambda t: -strengths[t])]

    def _indexed(self, mesh: Sequence[str]) -> Iterator[Mention]:
        """The terms that MeSH headings name; a heading counts as a whole, never a part of it."""
        for item, heading in enumerate(mesh):
            descriptor = heading.partition("/")[0].strip().strip("*")
            if term := self._named[descriptor]:
                start = heading.index(descriptor)
                end = start + len(descriptor)
                yield Mention(term, "mesh", item, start, end, descriptor, is_main="*" in heading)

    def _term_of(self, descriptor: str) -> Term | None:
        if _MESH_ID.fullmatch(descriptor):
            return self._headings.get(descriptor)
        # MeSH turns names round: "Multiple Sclerosis, Relapsing-Remitting".
        plain = " ".join(reversed(descriptor.split(", ")))
        if term := self._headings.get(descriptor.lower()) or self._headings.get(plain.lower()):
            return term
        form = self._forms.whole(descriptor) or self._forms.whole(plain)
        return form.term if form else None

    def _most_specific(self, strengths: Mapping[Term, Strength]) -> list[Term]:
        """The terms without those that have one below them of at least their strength."""
        best_below: dict[Term, Strength] = {}
        for term, strength in strengths.items():
            for above in self._forms.ancestors(term):
                best_below[above] = max(strength, best_below.get(above, strength))
        return [term for term, strength in strengths.items() if best_below.get(term, 0) < strength]


def _strength(places: Sequence[Mention]) -> Strength:
    if any(place.field in ("keyword", "title") or place.is_main for place in places):
        return Strength.SUBJECT
    if len(places) >= _MENTIONS_OF_A_DISCUSSION or any(place.field == "mesh" for place in places):
        return Strength.DISCUSSED
    return Strength.PASSING


def _suggestion(places: Sequence[Mention], strength: Strength) -> Suggestion:
    best = min(places, key=lambda place: (not place.is_main, _FIELDS.index(place.field), bool(place.full)))
    in_text = sum(place.field == "text" for place in places)
    return Suggestion(
        best.term.tree, best.term.slug, _reason(best, in_text), best.start, best.end, best.field, best.item, strength
    )


def _reason(place: Mention, in_text: int) -> str:
    named = f"“{place.words}”"
    if place.full:
        named += f", short for “{place.full}”,"
    if place.field == "mesh":
        return f"{'Main MeSH' if place.is_main else 'MeSH'} heading {named}."
    if place.field == "keyword":
        return f"Keyword {named.rstrip(',')}."
    if place.field == "title":
        return f"{named} stands in the title."
    return f"{named} stands in the text, where this comes {_times(in_text)}."


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
