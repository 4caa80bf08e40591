"""Whatever the text: no exception, every place holds its term, and twice the text takes about twice the time."""

from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.suggest import words
from articles.suggest.sieve import Sieve
from articles.suggest.tags import Strength, Tagger, Term
from tests.suggest.trees import terms

TERMS = terms()
TAGGER = Tagger(TERMS)
BROKEN_UP = [
    word for term in TERMS for name in (term.name, *term.synonyms) for word in (name, *name.replace("-", " ").split())
]
PIECES = st.lists(
    st.sampled_from(BROKEN_UP)
    | st.sampled_from([" ", "-", "\u2013", " (", ") ", "[", "]", ". ", "s", "'s ", "\n\n", ","]),
    max_size=40,
).map("".join)
TEXTS = st.text() | PIECES


@given(title=TEXTS, text=TEXTS, mesh=st.lists(TEXTS, max_size=3), keywords=st.lists(TEXTS, max_size=3))
def test_every_place_holds_words_of_its_term(title: str, text: str, mesh: list[str], keywords: list[str]) -> None:
    suggestions = TAGGER.suggest(title=title, text=text, mesh=mesh, keywords=keywords, at_least=Strength.PASSING)
    assert len({(each.tree, each.slug) for each in suggestions}) == len(suggestions)
    fields = {"mesh": mesh, "keyword": keywords, "title": [title], "text": [text]}
    for each in suggestions:
        place = fields[each.field][each.item][each.start : each.end]
        assert place
        assert f"“{place}”" in each.reason
        # A heading counts as a whole, with what stands about its words.
        assert each.field == "mesh" or (place[0].isalnum() and place[-1].isalnum())


@given(st.sampled_from([term for term in TERMS if term.slug != "no-condition-named"]), PIECES)
def test_a_full_name_in_the_title_is_found_whatever_stands_behind_it(term: Term, text: str) -> None:
    found = TAGGER.suggest(title=f"{term.name}.\n\n{text}", at_least=Strength.PASSING)
    below = {each.slug for each in TERMS if term.slug in _line(each.slug)}
    assert below & {each.slug for each in found}


def _line(slug: str) -> set[str]:
    parents = {term.slug: term.parent for term in TERMS}
    line = set()
    while slug:
        line.add(slug)
        slug = parents[slug]
    return line


@given(st.text())
def test_words_are_told_apart_the_same_way_each_time(text: str) -> None:
    found = list(words.each(text))
    assert [word[0] for word in found] == words.split(text)
    assert all(text[word.start() : word.end()] == word[0] for word in found)


# Letters of which plurals, British spellings, possessives, abbreviations, codes and Greek are made.
HARD = st.text("aoesiymdztunrAOESIMDZ\u00e6\u0153'\u2019\u03b24_- .", max_size=20)


@given(TEXTS | HARD)
@example("Ses's, medIa-tumoURS IFNs MSCss aes isation's_4\u03b2")
@example("Devic'S 4S.E KAoE scleroses")
def test_the_sieve_lets_every_form_through(text: str) -> None:
    found = list(words.each(text))
    keys = [words.fold(word[0]) for word in found]
    for at, first in enumerate(found[:10]):
        for length in (1, 2):
            places = list(Sieve([tuple(keys[at : at + length])]).places(text))
            stretch = next((start, end) for start, end in places if start <= first.start() and first.end() <= end)
            assert first.span() in [word.span() for word in words.each(text, *stretch)]


def test_the_sieve_keeps_back_words_that_begin_no_form() -> None:
    sieve = Sieve([("stem", "cell"), ("pain",)])
    text = "Stem borers in 14 cells; stems, cells. It pains"
    assert [text[start:end] for start, end in sieve.places(text)] == ["stems", "pains"]


def test_only_some_words_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_MOST_REMEMBERED", 3)
    remembered = words.Remembered(str.upper)
    for word in ("a", "b", "c", "d", "a", "e" * 1000):
        assert remembered[word] == word.upper()
        assert len(remembered) <= 3
    assert "e" * 1000 not in remembered


@pytest.mark.parametrize(
    "unit",
    [
        "multiple ",
        "mesenchymal stem ",
        "stem cell (",
        "MS (",
        "ocrelizumab (OCR) ",
        "a",
        "s'",
        "interferon beta 1 ",
        "\u03b2",
        "9",
        "(" * 8,
    ],
)
def test_time_grows_with_the_length_of_a_hostile_text(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        started = process_time()
        TAGGER.suggest(title=text, text=text, mesh=[text], keywords=[text])
        return process_time() - started

    short, long = 10_000, 80_000
    quickest = min(seconds(short) for _ in range(3))
    # Eight times the text; sixty-four times the time if it grew with the square.
    assert min(seconds(long) for _ in range(2)) < 24 * quickest + 0.05
