"""Query strings: read strictly, written in one order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.lib.querystring import MAX_PARAMETERS, MAX_VALUE_LENGTH, BadQuery, encode, is_tracking, parse


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("", {}),
        ("a=1&b=2&a=3", {"a": ["1", "3"], "b": ["2"]}),
        ("q=stem+cells%20%CE%B1", {"q": ["stem cells \u03b1"]}),
        ("q=", {"q": [""]}),
        ("q", {"q": [""]}),
        ("q=a;b", {"q": ["a;b"]}),
        ("utm_source=x&UTM_Medium=y&fbclid=z&gclid=1&msclkid=2&q=1", {"q": ["1"]}),
        (b"q=1", {"q": ["1"]}),
    ],
)
def test_parse(query: str | bytes, parameters: dict[str, list[str]]):
    assert parse(query) == parameters


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("q=%00", "NUL"),
        ("%00=1", "NUL"),
        ("q=%FF", "UTF-8"),
        (b"q=\xff", "UTF-8"),
        ("q=\ud800", "UTF-8"),
        ("%C3=1", "UTF-8"),
        ("q=" + "a" * (MAX_VALUE_LENGTH + 1), "4001 characters"),
        ("a" * (MAX_VALUE_LENGTH + 1) + "=1", "4001 characters"),
        ("&".join("a=1" for _ in range(MAX_PARAMETERS + 1)), "201 parameters"),
    ],
)
def test_bad_query_is_refused_with_the_reason(query: str | bytes, message: str):
    with pytest.raises(BadQuery, match=message):
        parse(query)


def test_longest_value_and_most_parameters_are_read():
    assert len(parse("q=" + "a" * MAX_VALUE_LENGTH)["q"][0]) == MAX_VALUE_LENGTH
    assert len(parse("&".join("a=1" for _ in range(MAX_PARAMETERS)))["a"]) == MAX_PARAMETERS


def test_encode_orders_names_and_keeps_the_order_of_values():
    assert encode({"b": ["2", "1"], "a": ["x y", "\u03b1&"]}) == "a=x+y&a=%CE%B1%26&b=2&b=1"


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NAMES = TEXT.filter(lambda name: not is_tracking(name))


@given(st.dictionaries(NAMES, st.lists(TEXT, min_size=1, max_size=4), max_size=8))
def test_what_is_written_is_read_back(parameters: dict[str, list[str]]):
    assert parse(encode(parameters)) == parameters


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(query: str):
    try:
        parameters = parse(query)
    except BadQuery:
        return
    assert encode(parse(encode(parameters))) == encode(parameters)
