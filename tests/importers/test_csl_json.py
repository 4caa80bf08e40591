"""CSL-JSON: every item arrives whichever way the file holds it, alone where its neighbours are broken."""

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers import csl_json
from articles.importers.format import Raw, Unreadable
from articles.importers.record import ParseError, Record

SAMPLE = {"type": "article-journal", "title": "Sample"}


def pieces(text: str) -> list[Raw | Unreadable]:
    return list(csl_json.FORMAT.split(io.BytesIO(text.encode())))


def titles(text: str) -> list[str]:
    return [piece.read().title for piece in pieces(text) if isinstance(piece, Raw)]


def read(**values: Any) -> Record:
    (record,) = importers.read(json.dumps([SAMPLE | values]).encode())
    return record


A, B = '{"title": "A {\\"[}", "DOI": "10.1234/a"}', '{"title": "B", "author": [{"family": "X"}]}'


@pytest.mark.parametrize(
    "text",
    [
        f"[{A},{B}]",
        f"[\n  {A},\n  {B}\n]\n",
        f"[\n{A}\n,\n{B}]",
        f"{A}\n{B}\n",
        f"\x1e{A}\n\x1e{B}\n",
        f'{{"items": [{A}, {B}]}}',
        f'{{"status": "ok", "message-type": "work-list", "message": {{"total-results": 2, "items": [{A}, {B}]}}}}',
        json.dumps([json.loads(A), json.loads(B)], indent=1),
    ],
    ids=["one line", "lines", "comma first", "JSON lines", "JSON sequence", "Zotero", "Crossref", "indented"],
)
def test_items_are_found_however_the_file_holds_them(text: str):
    assert titles(text) == ['A {"[}', "B"]
    assert csl_json.FORMAT.matches(text) or text.startswith("\x1e")


def test_one_item_and_one_answer_are_one_record():
    assert titles(A) == ['A {"[}']
    assert titles(f'{{"status": "ok", "message-type": "work", "message": {A}}}') == ['A {"[}']


def test_crossref_housekeeping_around_items_does_not_change_their_fingerprint():
    one, other = (pieces(f'{{"status": "ok", "x": {x}, "message": {A}}}')[0] for x in (1, 2))
    assert csl_json.FORMAT.fingerprint(one.data) == csl_json.FORMAT.fingerprint(other.data)


@pytest.mark.parametrize(
    "broken",
    [
        '{"title": "no end of the text}',
        '{"title": "no end of the object", "author": [{"family": "X"}',
        '{"title": "brackets crossed", "author": [}]',
        '{"title": nothing}',
        '{"title": ""}',
        '{"DOI": "10.1234/no-title"}',
        "[1, 2]",
        '{"title": "deep", "x": ' + "[" * 60 + "]" * 60 + "}",
        '{"title": "deeper", "x": ' + "[" * 200_000 + "]" * 200_000 + "}",
    ],
)
@pytest.mark.parametrize("between", [",\n ", ",\n", "\n"])
def test_broken_item_fails_alone(broken: str, between: str):
    first, bad, second = pieces("[" + between.lstrip(",") + between.join([A, broken, B]) + "\n]")
    assert [first.read().title, second.read().title] == ['A {"[}', "B"]
    with pytest.raises(ParseError):
        bad.read()


def test_what_is_no_item_is_told():
    first, between, second = pieces(f'[{A}, null, "text",\n {B}]')
    assert isinstance(between, Unreadable)
    assert "null" in between.message
    assert (first.read().title, second.read().title) == ('A {"[}', "B")


@pytest.mark.parametrize("text", ["[]", " [ ] "])
def test_empty_list_is_refused(text: str):
    with pytest.raises(ParseError, match="empty list"):
        importers.read(text.encode())


def test_duplicate_names_and_odd_numbers_are_kept():
    text = '{"title": "T", "volume": 1, "volume": 2, "x": NaN, "y": 1e999, "z": ' + "9" * 5000 + "}"
    (piece,) = pieces(text)
    record = piece.read()
    assert (record.title, record.volume) == ("T", "1")
    assert record.extra == {"volume (2)": 2, "x": "NaN", "y": "1e999", "z": "9" * 5000}
    json.dumps(record.extra, allow_nan=False)


def test_lone_surrogates_and_nul_do_not_come_through():
    (piece,) = pieces('{"title": "T\\ud800\\u0000", "x\\u0000": ["\\udfff"]}')
    record = piece.read()
    assert (record.title, record.extra) == ("T", {"x": [""]})


@pytest.mark.parametrize(
    ("issued", "date"),
    [
        ({"date-parts": [[2012, 10, 22]]}, "2012-10-22"),
        ({"date-parts": [["2012", "10"]]}, "2012-10"),
        ({"date-parts": [[2012, 3], [2012, 4]]}, "2012 Mar-Apr"),
        ({"date-parts": [[2012, 12], [2013, 1]]}, "2012"),
        ({"date-parts": [[2012]], "season": 1}, "2012 Spring"),
        ({"date-parts": [[2012]], "season": "winter"}, "2012 Winter"),
        ({"raw": "2012-10-22"}, "2012-10-22"),
        ({"literal": "Spring 2012"}, "2012 Spring"),
        ({"date-parts": [[None]], "literal": "2012"}, "2012"),
        ("2012-10", "2012-10"),
        ({"date-parts": [[2012, 13, 99]]}, "2012"),
        ({"date-parts": "soon"}, ""),
        ({"date-parts": [[99999999]]}, ""),
    ],
)
def test_dates_are_read_as_far_as_they_are_clear(issued: Any, date: str):
    record = read(issued=issued)
    assert str(record.date or "") == date
    if date in ("", "2012"):
        assert "issued" in record.extra or issued == {"date-parts": [[None]], "literal": "2012"}


@pytest.mark.parametrize(
    ("values", "identifiers"),
    [
        ({"DOI": "https://doi.org/10.1234/A", "URL": "https://a.example/b"}, {"doi": "10.1234/a"}),
        ({"PMID": 123, "PMCID": "PMC45"}, {"pmid": "123", "pmcid": "PMC45"}),
        ({"note": "PMID: 123\nPMCID: PMC45"}, {"pmid": "123", "pmcid": "PMC45"}),
        ({"note": "see PMID: 123 too"}, {}),
        ({"custom": {"PMID": "123"}}, {"pmid": "123"}),
        ({"URL": "https://pubmed.ncbi.nlm.nih.gov/123/"}, {"pmid": "123"}),
        ({"URL": "https://a.example/b"}, {"url": "https://a.example/b"}),
        ({"type": "book", "ISBN": "978-0-306-40615-7"}, {"isbn": "9780306406157"}),
        ({"type": "chapter", "ISBN": "978-0-306-40615-7"}, {}),
        ({"reference": [{"key": "1", "DOI": "10.1234/other"}]}, {}),
    ],
)
def test_numbers_are_identifiers_of_the_document_alone(values: dict[str, Any], identifiers: dict[str, str]):
    assert dict(read(**values).identifiers) == identifiers


def test_number_that_is_none_is_kept():
    assert read(DOI="none", PMID="P12").extra == {"type": "article-journal", "DOI": "none", "PMID": "P12"}


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"family": "Alpha", "given": "Ann", "suffix": "Jr"}, ("Alpha", "Ann Jr", "")),
        ({"family": "Alpha", "given": "Ann", "dropping-particle": "de", "non-dropping-particle": "la"},
         ("de la Alpha", "Ann", "")),
        ({"literal": "A Body"}, ("", "", "A Body")),
        ({"name": "A Body"}, ("", "", "A Body")),
        ({"given": "Ann"}, ("Ann", "", "")),
        ("Alpha, Ann", ("Alpha", "Ann", "")),
    ],
)  # fmt: skip
def test_names_are_divided(author: Any, expected: tuple[str, str, str]):
    (found,) = read(author=[author]).contributors
    assert (found.family, found.given, found.collective) == expected


def test_author_that_is_none_is_kept():
    record = read(author=[{"family": "Alpha"}, {"x": 1}, 5])
    assert [one.family for one in record.contributors] == ["Alpha"]
    assert record.extra["author"] == [{"family": "Alpha"}, {"x": 1}, 5]


@pytest.mark.parametrize(
    ("values", "status", "relations"),
    [
        ({"updated-by": [{"DOI": "10.1234/n", "type": "retraction"}]}, "retracted", ["retraction_in"]),
        ({"updated-by": [{"DOI": "10.1234/n", "type": "corrigendum"}]}, "corrected", ["erratum_in"]),
        ({"update-to": [{"DOI": "10.1234/p", "type": "retraction"}]}, "", ["retraction_of"]),
        ({"relation": {"is-preprint-of": [{"id-type": "doi", "id": "10.1234/p"}]}}, "current", ["update_in"]),
        ({"relation": {"is-part-of": [{"id-type": "doi", "id": "10.1234/p"}]}}, "", []),
        ({"title": "RETRACTED: Sample"}, "retracted", []),
    ],
)
def test_notices_are_links_and_set_the_status(values: dict[str, Any], status: str, relations: list[str]):
    record = read(**values)
    assert record.publication_status == status
    assert [link.relation for link in record.links] == relations


def test_abstract_in_jats_becomes_labelled_paragraphs():
    record = read(
        abstract="<jats:title>Abstract</jats:title><jats:p>Before.</jats:p><jats:sec><jats:title>Methods</jats:title>"
        "<jats:p>CD4<jats:sup>+</jats:sup> cells,\n   p &lt; 0.05.</jats:p><jats:p>More.</jats:p></jats:sec>"
    )
    assert record.document.text == "Before.\n\nMETHODS: CD4+ cells, p < 0.05.\n\nMore."
    assert [section.label for section in record.sections] == ["", "Methods"]


def test_abstract_escaped_twice_is_text():
    assert read(abstract="&lt;jats:p&gt;It is &amp;lt; 5.&lt;/jats:p&gt;").document.text == "It is < 5."


@pytest.mark.parametrize(
    ("values", "kind", "is_guess"),
    [
        ({}, "abstract", True),
        ({"type": "posted-content"}, "abstract", True),
        ({"genre": "Review"}, "review", False),
        ({"type": "article-newspaper"}, "news", True),
        ({"type": "webpage"}, "other", True),
    ],
)
def test_kind_is_a_fact_only_where_the_item_names_a_type(values: dict[str, Any], kind: str, is_guess: bool):
    record = read(**values)
    assert record.kind == kind
    assert ("kind" in record.guesses) is is_guess


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.just("2012"), st.just("<p>")
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["family", "literal", "date-parts", "DOI", "type", "name", "URL", "x"]), inner),
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["title", "author", "issued", "DOI", "PMID", "URL", "ISBN", "abstract", "note", "custom", "keyword", "genre",
     "type", "funder", "license", "reference", "update-to", "relation", "volume", "page", "language", "publisher"]
)  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_any_item_is_read_or_refused(values: dict[str, Any]):
    (piece,) = pieces(json.dumps([SAMPLE | values]))
    try:
        record = piece.read()
    except ParseError:
        return
    assert record.title
    json.dumps(record.extra, allow_nan=False)


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from(["null", "1", "x", ":", "}", "]", "[]", "true"]),
                  st.text(st.characters(codec="utf-8", exclude_characters='{["\\'), max_size=6)),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_no_well_formed_item_is_lost_among_junk(junk: list[str]):
    items = [json.dumps(SAMPLE | {"title": f"Sample {number}"}) for number in range(len(junk))]
    lines = [line for item, between in zip(items, junk, strict=True) for line in (item, ",", f" {between}", ",")]
    found = [piece for piece in pieces("\n".join(["[", *lines])) if isinstance(piece, Raw) and b"Sample" in piece.data]
    assert [piece.read().title for piece in found] == [f"Sample {number}" for number in range(len(items))]
