"""The forms in which the terms of the trees are written, and where a text holds them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from articles.suggest import words
from articles.suggest.sieve import Sieve

# Words before "stem cells" that leave them what is given: "treated with stem cells", "autologous stem cells".
_LEAVING = re.compile(
    "a|an|the|of|with|and|or|by|for|in|on|to|from|as|at|via|into|own|his|her|their|our|your|these|such|some"
    "|adult|autologous|allogeneic|human|donor|patient|healthy|fresh|therapeutic|(?!derived)[a-z]+(?:ed|ing)"
)
_WORD_BEFORE = re.compile(r"([^\W_]+)[\s\u2010-\u2014-]{1,2}\Z")
_FAR_ENOUGH = 40
_SENTENCE_END = re.compile(r"[.;:!?]\s|\n\n")
_LETTERS_OF_A_CLEAR_ABBREVIATION = 4


@dataclass(frozen=True, eq=False)
class Term:
    """A node of a tree. `tree` is "therapy" or "condition"; `parent` is the slug of the node above it, or "".

    `synonyms` are other names, MeSH headings among them; `mesh_ids` are descriptor ids such as "D009103".
    A term equals only itself, which is quick to tell.
    """

    tree: str
    slug: str
    name: str
    synonyms: tuple[str, ...] = ()
    mesh_ids: tuple[str, ...] = ()
    parent: str = ""


@dataclass(frozen=True)
class Form:
    """One way of writing a term. `exact` has, for each word that is an abbreviation, the letters it must have."""

    term: Term
    keys: tuple[str, ...]
    exact: tuple[str, ...]

    @cached_property
    def abbreviations(self) -> list[tuple[int, str]]:
        """Which of its words are abbreviations, with their letters."""
        return [(at, exact) for at, exact in enumerate(self.exact) if exact]

    @cached_property
    def is_abbreviation(self) -> bool:
        """Whether all of it is abbreviations and figures: "MS", "UC-MSC", "NT-3"."""
        return all(exact or key.isdigit() for key, exact in zip(self.keys, self.exact, strict=True))

    @cached_property
    def is_changed_by_a_word_before(self) -> bool:
        """Whether it means something else behind another noun: "leukaemia stem cells", "T-cell therapy"."""
        return self.keys[0] == "cell" or self.keys == ("stem", "cell")

    @cached_property
    def needs_definition(self) -> bool:
        """Whether it is an abbreviation so short that it may well mean something else, as "MS" and "PRP" do."""
        letters = sum(len(exact) for exact in self.exact)
        is_code = any(key.isdigit() for key in self.keys)
        return self.is_abbreviation and not is_code and letters < _LETTERS_OF_A_CLEAR_ABBREVIATION

    def is_written(self, written: Sequence[str]) -> bool:
        """Whether words that have its keys have the letters of its abbreviations too."""
        return not self.abbreviations or all(
            exact == words.singular_abbreviation(written[at]) for at, exact in self.abbreviations
        )


class Place(NamedTuple):
    """A form found in a text, which has it from `start` to `end`."""

    form: Form
    start: int
    end: int


class _Branch(dict[str, "_Branch"]):
    """The forms that begin with the same keys: those that end here, and under its key each word that may follow."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def grow(self, form: Form) -> None:
        """Take a form in, behind those written alike."""
        branch = self
        for key in form.keys:
            branch = branch.setdefault(key, _Branch())
        branch.forms.append(form)

    def form(self, written: Sequence[str]) -> Form | None:
        """The first of the forms that end here which has the letters of its abbreviations in the words."""
        for form in self.forms:
            if form.is_written(written):
                return form
        return None


class Forms:
    """All forms of some terms, found in one pass over a text: a tree of words, followed as far as the text goes on."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._keys = words.Remembered(words.fold)
        self.terms = {(term.tree, term.slug): term for term in terms}
        self._ancestors = {term: tuple(self._above(term)) for term in self.terms.values()}
        self._root = _Branch()
        # Of two terms written alike, the one further down its tree.
        forms = sorted(dict.fromkeys(self._all()), key=lambda form: -len(self.ancestors(form.term)))
        for form in forms:
            self._root.grow(form)
        self._sieve = Sieve(form.keys for form in forms)

    def ancestors(self, term: Term) -> tuple[Term, ...]:
        """The terms above this one, nearest first; a tree that bites its tail is left where it does."""
        return self._ancestors[term]

    def whole(self, text: str) -> Form | None:
        """The form that the whole text is, whatever its case."""
        branch = self._root
        for word in words.split(text):
            following = branch.get(self._keys[word])
            if following is None:
                return None
            branch = following
        return branch.forms[0] if branch.forms else None

    def find(self, text: str) -> list[Place]:
        """Every form in the text, from left to right; where several begin, the longest."""
        places: list[Place] = []
        end = 0
        for word in self._first_words(text):
            if word.start() >= end and (place := self._longest(word)):
                end = place.end
                places.append(place)
        return [place for place in places if _is_meant(place, text)]

    def _first_words(self, text: str) -> Iterator[re.Match[str]]:
        """The words that forms begin with."""
        for start, end in self._sieve.places(text):
            for word in words.each(text, start, end):
                if self._keys[word[0]] in self._root:
                    yield word

    def _longest(self, first: re.Match[str]) -> Place | None:
        """The longest form that begins with the word."""
        branch, longest = self._root, None
        written: list[str] = []
        for word in words.each(first.string, first.start()):
            following = branch.get(self._keys[word[0]])
            if following is None:
                break
            branch = following
            written.append(word[0])
            if form := branch.form(written):
                longest = Place(form, first.start(), word.end())
        return longest

    def _all(self) -> Iterator[Form]:
        for term in self.terms.values():
            own = self._forms(term)
            yield from own
            for above in self.ancestors(term):
                names = self._forms(above)
                yield from (shorter for form in own for shorter in _abbreviated(form, names))

    def _forms(self, term: Term) -> list[Form]:
        written = [words.split(name) for name in (term.name, *term.synonyms)]
        return [
            Form(term, tuple(map(words.fold, name)), tuple(words.singular_abbreviation(word) for word in name))
            for name in written
            if name
        ]

    def _above(self, term: Term) -> Iterator[Term]:
        seen = {term.slug}
        above = self.terms.get((term.tree, term.parent))
        while above and above.slug not in seen:
            seen.add(above.slug)
            yield above
            above = self.terms.get((above.tree, above.parent))


def _is_meant(place: Place, text: str) -> bool:
    if _SENTENCE_END.search(text, place.start, place.end):
        return False
    if not place.form.is_changed_by_a_word_before:
        return True
    before = _WORD_BEFORE.search(text, max(0, place.start - _FAR_ENOUGH), place.start)
    return before is None or bool(_LEAVING.fullmatch(before[1].lower()))


def _abbreviated(form: Form, above: Sequence[Form]) -> Iterator[Form]:
    """The form with the name of a term above it abbreviated: "progressive MS", "bone marrow MSCs"."""
    short = [name for name in above if name.is_abbreviation]
    for full in above:
        length = len(full.keys)
        places = range(len(form.keys) - length + 1) if not full.is_abbreviation else ()
        for at in (at for at in places if form.keys[at : at + length] == full.keys):
            for name in short:
                keys = form.keys[:at] + name.keys + form.keys[at + length :]
                yield Form(form.term, keys, form.exact[:at] + name.exact + form.exact[at + length :])
