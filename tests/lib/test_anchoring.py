"""Quotes are found exactly or not at all."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.lib.anchoring import CONTEXT, Anchor, QuoteAmbiguous, QuoteNotFound, find, near, reanchor
from articles.lib.text import normalise

TEXT = normalise(
    """Mesenchymal stem cells reduced relapses in mice.

    Fatigue did not change. No harm was seen.

    Less pain
    No harm was seen."""
)


def test_anchor_is_the_place_in_the_text():
    anchor = find(TEXT, "Fatigue did not change.")
    assert TEXT[anchor.start : anchor.end] == anchor.quote == "Fatigue did not change."
    assert anchor.prefix == TEXT[anchor.start - CONTEXT : anchor.start]
    assert anchor.suffix == TEXT[anchor.end : anchor.end + CONTEXT]
    assert anchor.state == "exact"


def test_offsets_count_code_points():
    anchor = find("\U0001d6fc\U0001d6fc cells help", "cells")
    assert (anchor.start, anchor.end) == (3, 8)


@pytest.mark.parametrize(
    "quote",
    [
        "Mesenchymal  stem\u00a0cells",
        " Mesenchymal stem cells reduced relapses in mice.\r\nFatigue did\nnot change. ",
        "mice.\n\n\n\nFatigue",
    ],
)
def test_white_space_does_not_matter(quote: str):
    anchor = find(TEXT, quote)
    assert anchor.quote == TEXT[anchor.start : anchor.end]
    assert anchor.quote.split() == quote.split()


def test_quotation_marks_and_dashes_of_any_shape_are_found():
    assert find("a 'b' - c", "\u2018b\u2019 \u2013 c").quote == "'b' - c"


@pytest.mark.parametrize("quote", ["stem cell reduced", "fatigue did not", "Fatigue did not change!", "", " \n "])
def test_what_is_not_there_is_not_found(quote: str):
    with pytest.raises(QuoteNotFound):
        find(TEXT, quote)


def test_nearest_passages_are_shown():
    with pytest.raises(QuoteNotFound) as raised:
        find(TEXT, "Fatigue did not really change.")
    assert raised.value.near[0] == "Fatigue did not change."
    assert len(raised.value.near) <= 3
    assert "Fatigue did not change." in str(raised.value)


def test_quote_that_stands_twice_is_ambiguous():
    with pytest.raises(QuoteAmbiguous) as raised:
        find(TEXT, "No harm was seen.")
    assert [TEXT[place.start : place.end] for place in raised.value.places] == ["No harm was seen."] * 2
    assert raised.value.count == 2


@pytest.mark.parametrize(
    ("prefix", "suffix"), [("change. ", ""), ("did not change.", ""), ("", "\n\nLess"), ("", "Less")]
)
def test_context_singles_out_one_place(prefix: str, suffix: str):
    assert find(TEXT, "No harm was seen.", prefix, suffix).start == TEXT.index("No harm")


def test_context_that_fits_nowhere_leaves_it_ambiguous():
    with pytest.raises(QuoteAmbiguous):
        find(TEXT, "No harm was seen.", prefix="never ")


def test_overlapping_places_are_ambiguous():
    with pytest.raises(QuoteAmbiguous):
        find("ababa", "aba")


@given(st.text(max_size=200), st.data())
def test_every_stretch_of_a_text_is_found_or_ambiguous(raw: str, data: st.DataObject):
    text = normalise(raw)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = text[start:end]
    if normalise(quote) != quote or not quote:
        return
    expected = Anchor(start, end, quote, text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])
    words = " ".join(text.split())
    collapsed = " ".join(quote.split())
    if words.find(collapsed) == words.rfind(collapsed):
        assert find(text, quote) == expected
    else:
        with pytest.raises(QuoteAmbiguous):
            find(text, quote)


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=6))
def test_found_means_the_words_stand_there_once(raw: str, quote: str):
    text = normalise(raw)
    try:
        anchor = find(text, quote)
    except (QuoteNotFound, QuoteAmbiguous):
        return
    assert anchor.quote.split() == quote.split()
    words = " ".join(text.split())
    assert words.count(" ".join(quote.split())) == 1


OLD = "Intro. Cells help a lot. More text follows."


@pytest.mark.parametrize(
    ("new", "state"),
    [
        (OLD, "exact"),
        ("Intro. Cells help a lot. Other words now.", "exact"),
        ("A longer intro. Cells help a lot. More text follows.", "moved"),
        ("Intro. Cells help a\nlot. More text follows.", "exact"),
        ("Intro. Cells help a little. More text follows.", "missing"),
        ("Intro. cells help a lot. More text follows.", "missing"),
        ("", "missing"),
        ("Cells help a lot. Cells help a lot.", "ambiguous"),
        ("Cells help a lot. Intro. Cells help a lot. More text follows.", "moved"),
        (f"{OLD} {OLD}", "ambiguous"),
    ],
)
def test_reanchor(new: str, state: str):
    old = find(OLD, "Cells help a lot.")
    found_state, anchor = reanchor(old, new)
    assert found_state == state
    assert (anchor is not None) == (state in ("exact", "moved"))
    if anchor:
        assert anchor.state == state
        assert new[anchor.start : anchor.end] == anchor.quote
        assert anchor.quote.split() == old.quote.split()


def test_reanchor_takes_the_place_with_the_same_context():
    old = find(OLD, "Cells help a lot.")
    new = "Cells help a lot. Intro. Cells help a lot. More text follows."
    _state, anchor = reanchor(old, new)
    assert anchor is not None
    assert anchor.start == new.rindex("Cells")


def test_last_place_of_a_quote_that_stood_twice_is_not_taken_for_the_one_that_went():
    text = "In mice: it worked. In people: it worked."
    old = find(text, "it worked.", prefix="In mice: ")
    new = "In people: it worked."
    assert reanchor(old, new, old_text=text) == ("ambiguous", None)
    assert reanchor(old, "Well. In mice: it worked. In people: it worked.", old_text=text)[0] == "moved"


@given(st.text(alphabet="ab .", max_size=40), st.text(alphabet="ab .", max_size=40), st.data())
def test_reanchor_never_attaches_to_other_words(before: str, after: str, data: st.DataObject):
    old_text, new_text = normalise(before), normalise(after)
    start = data.draw(st.integers(0, len(old_text)))
    end = data.draw(st.integers(start, len(old_text)))
    old = Anchor(start, end, old_text[start:end], old_text[:start], old_text[end:])
    state, anchor = reanchor(old, new_text)
    assert (anchor is None) == (state in ("missing", "ambiguous"))
    if anchor:
        assert anchor.quote.split() == old.quote.split()


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("stem cells may help patients. " * 33_000, "stem cells will help no patients " * 300),
        ("a" * 1_000_000, "a" * 9_999 + "b"),
        ("a" * 1_000_000, "a" * 10_000),
        ("a " * 500_000, "a " * 4_999 + "b"),
        (". " * 500_000, "nothing of this is there"),
    ],
    ids=["sentences", "one word", "ambiguous", "one letter", "no words"],
)
def test_hostile_text_of_a_million_characters_takes_seconds_at_most(text: str, quote: str):
    text = normalise(text)
    began = time.process_time()
    with pytest.raises((QuoteNotFound, QuoteAmbiguous)):
        find(text, quote)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "quote", ["zzzz qqqq xxxx", "The drug was stopped in three.", "The price of the treatment is paid in advance."]
)
def test_near_is_empty_where_nothing_resembles(quote: str):
    assert near("Fewer relapses were seen after treatment. Two patients had an infection.", quote) == []
