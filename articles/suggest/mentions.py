"""The places of terms in the fields of a source, and what the abbreviations mean there."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from articles.suggest import words
from articles.suggest.forms import Forms, Place, Term

# What stands in brackets straight behind a name: "ocrelizumab (OCR)", "mesenchymal stem cells [MSCs; ...]".
_IN_BRACKETS = re.compile(r"\s{0,3}[(\[]\s?([^\W\d_]{2,7})\s?[)\];,]")


class Mention(NamedTuple):
    """A term at its place.

    `field` is "mesh", "keyword", "title" or "text", `item` the number of the heading or keyword, from 0; `words` are
    what is written there. `full` is the full name of what is abbreviated. `is_main` is true of MeSH's main headings.
    """

    term: Term
    field: str
    item: int
    start: int
    end: int
    words: str
    full: str = ""
    is_main: bool = False


class Written(NamedTuple):
    """One piece of a source's writing; the fields are those of `Mention`."""

    field: str
    item: int
    text: str


def find(forms: Forms, pieces: Sequence[Written]) -> list[Mention]:
    """The terms in the pieces, without abbreviations that might mean something else.

    An abbreviation counts where it is long enough to be clear, or where the pieces hold the full name. One that only
    this source uses counts where it is defined. A definition and what it defines are one mention.
    """
    found = [(piece, forms.find(piece.text)) for piece in pieces]
    if not any(places for _piece, places in found):
        return []
    glossary = _Glossary(forms)
    for piece, places in found:
        for place in places:
            glossary.read(piece, place)
    return [mention for piece, places in found for mention in glossary.mentions(piece, places)]


class _Glossary:
    """The full names in a source and the abbreviations they make clear."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._full: dict[Term, str] = {}
        self._own: dict[str, Term] = {}
        self._definitions: set[tuple[str, int, int]] = set()

    def read(self, piece: Written, place: Place) -> None:
        """Learn from a full name and from the abbreviation in brackets behind it."""
        if place.form.is_abbreviation:
            return
        term, full = place.form.term, piece.text[place.start : place.end]
        self._full.setdefault(term, full)
        bracket = _IN_BRACKETS.match(piece.text, place.end)
        if bracket and (abbreviation := words.singular_abbreviation(bracket[1])):
            self._definitions.add((piece.field, piece.item, bracket.start(1)))
            self._define(abbreviation, term, full)

    def _define(self, abbreviation: str, term: Term, full: str) -> None:
        known = self._forms.whole(abbreviation)
        if known is None and abbreviation[0].lower() == full[0].lower():
            self._own.setdefault(abbreviation, term)
        elif known and known.term in self._forms.ancestors(term):
            # "umbilical cord mesenchymal stem cells (MSCs)" defines the name within the name.
            self._full.setdefault(known.term, full)

    def mentions(self, piece: Written, places: Sequence[Place]) -> Iterator[Mention]:
        """The terms in a piece, once everything has been read."""
        for place in places:
            term = place.form.term
            if not place.form.needs_definition or term in self._full:
                yield from self._mention(piece, term, place.start, place.end, place.form.is_abbreviation)
        if any(abbreviation in piece.text for abbreviation in self._own):
            for word in words.each(piece.text):
                if own := self._own.get(word[0]) or self._own.get(word[0].removesuffix("s")):
                    yield from self._mention(piece, own, word.start(), word.end(), True)

    def _mention(self, piece: Written, term: Term, start: int, end: int, is_abbreviation: bool) -> Iterator[Mention]:
        if (piece.field, piece.item, start) not in self._definitions:
            full = self._full.get(term, "") if is_abbreviation else ""
            yield Mention(term, piece.field, piece.item, start, end, piece.text[start:end], full)
