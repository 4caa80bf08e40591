"""The forms in which the terms of the trees are written, and where a text holds them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from articles.suggest import words

# Words before "stem cells" that leave them what is given: "treated with stem cells", "autologous stem cells".
_LEAVING = re.compile(
    "a|an|the|of|with|and|or|by|for|in|on|to|from|as|at|via|into|own|his|her|their|our|your|these|such|some"
    "|adult|autologous|allogeneic|human|donor|patient|healthy|fresh|therapeutic|(?!derived)[a-z]+(?:ed|ing)"
)
_WORD_BEFORE = re.compile(r"([^\W_]+)[\s\u2010-\u2014-]{1,2}\Z")
_FAR_ENOUGH = 40
_SENTENCE_END = re.compile(r"[.;:!?]\s|\n\n")
_LETTERS_OF_A_CLEAR_ABBREVIATION = 4


@dataclass(frozen=True)
class Term:
    """A node of a tree. `tree` is "therapy" or "condition"; `parent` is the slug of the node above it, or "".

    `synonyms` are other names, MeSH headings among them; `mesh_ids` are descriptor ids such as "D009103".
    """

    tree: str
    slug: str
    name: str
    synonyms: tuple[str, ...] = ()
    mesh_ids: tuple[str, ...] = ()
    parent: str = ""


class Form(NamedTuple):
    """One way of writing a term. `exact` has, for each word that is an abbreviation, the letters it must have."""

    term: Term
    keys: tuple[str, ...]
    exact: tuple[str, ...]

    @property
    def is_abbreviation(self) -> bool:
        """Whether all of it is abbreviations and figures: "MS", "UC-MSC", "NT-3"."""
        return all(exact or key.isdigit() for key, exact in zip(self.keys, self.exact, strict=True))

    @property
    def is_changed_by_a_word_before(self) -> bool:
        """Whether it means something else behind another noun: "leukaemia stem cells", "T-cell therapy"."""
        return self.keys[0] == "cell" or self.keys == ("stem", "cell")

    @property
    def needs_definition(self) -> bool:
        """Whether it is an abbreviation so short that it may well mean something else, as "MS" and "PRP" do."""
        letters = sum(len(exact) for exact in self.exact)
        is_code = any(key.isdigit() for key in self.keys)
        return self.is_abbreviation and not is_code and letters < _LETTERS_OF_A_CLEAR_ABBREVIATION


class Place(NamedTuple):
    """A form found in a text, which has it from `start` to `end`."""

    form: Form
    start: int
    end: int


class Forms:
    """All forms of some terms, found in one pass over a text: a dictionary by first word, the longest form first."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._folder = words.Folder()
        self.terms = {(term.tree, term.slug): term for term in terms}
        self._by_first: dict[str, list[Form]] = {}
        self._whole: dict[tuple[str, ...], Form] = {}
        # The longest first; of two terms written alike, the one further down its tree.
        for form in sorted(dict.fromkeys(self._all()), key=lambda form: (-len(form.keys), -self._depth(form.term))):
            self._by_first.setdefault(form.keys[0], []).append(form)
            self._whole.setdefault(form.keys, form)

    def ancestors(self, term: Term) -> Iterator[Term]:
        """The terms above this one, nearest first; a tree that bites its tail is left where it does."""
        seen = {term.slug}
        above = self.terms.get((term.tree, term.parent))
        while above and above.slug not in seen:
            seen.add(above.slug)
            yield above
            above = self.terms.get((above.tree, above.parent))

    def whole(self, text: str) -> Form | None:
        """The form that the whole text is, whatever its case."""
        return self._whole.get(tuple(self._folder.keys_of(words.split(text))))

    def find(self, text: str) -> list[Place]:
        """Every form in the text, from left to right; where several begin, the longest."""
        written = words.split(text)
        keys = self._folder.keys_of(written)
        found = list(self._matches(written, keys))
        if not found:
            return []
        spans = words.spans(text)
        places = [Place(form, spans[at][0], spans[at + len(form.keys) - 1][1]) for form, at in found]
        return [place for place in places if _is_meant(place, text)]

    def _matches(self, written: Sequence[str], keys: Sequence[str]) -> Iterator[tuple[Form, int]]:
        firsts, end = self._by_first, 0
        for at in [at for at, key in enumerate(keys) if key in firsts]:
            if at < end:
                continue
            for form in firsts[keys[at]]:
                if _stands_at(form, at, written, keys):
                    end = at + len(form.keys)
                    yield form, at
                    break

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
            Form(term, tuple(self._folder.keys_of(name)), tuple(words.singular_abbreviation(word) for word in name))
            for name in written
            if name
        ]

    def _depth(self, term: Term) -> int:
        return sum(1 for _ in self.ancestors(term))


def _is_meant(place: Place, text: str) -> bool:
    if _SENTENCE_END.search(text, place.start, place.end):
        return False
    if not place.form.is_changed_by_a_word_before:
        return True
    before = _WORD_BEFORE.search(text, max(0, place.start - _FAR_ENOUGH), place.start)
    return before is None or bool(_LEAVING.fullmatch(before[1].lower()))


def _stands_at(form: Form, at: int, written: Sequence[str], keys: Sequence[str]) -> bool:
    end = at + len(form.keys)
    if tuple(keys[at:end]) != form.keys:
        return False
    return all(
        not exact or exact == words.singular_abbreviation(word)
        for exact, word in zip(form.exact, written[at:end], strict=True)
    )


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
