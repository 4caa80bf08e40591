"""What people type: each piece is an identifier or named as unclear, and nothing falls between."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.lib.identifiers import normalise
from articles.outside.wanted import Identifier, read

SICI = "10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2"


def found(text: str) -> list[str]:
    wanted = read(text)
    assert wanted.unclear == ()
    return [f"{identifier.scheme}:{identifier.value}" for identifier in wanted.identifiers]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("123", ["pmid:123"]),
        ("pmid:123 PMID 124\nPMID: 125; pmid125", ["pmid:123", "pmid:124", "pmid:125"]),
        ("PMIDs: 1, 2,3;4\t5", ["pmid:1", "pmid:2", "pmid:3", "pmid:4", "pmid:5"]),
        ("00123 123", ["pmid:123"]),
        ("PMC7 pmc7.2 PMCID: PMC8", ["pmcid:PMC7", "pmcid:PMC8"]),
        ("10.1000/A, 10.1000/b;10.1000/c", ["doi:10.1000/a", "doi:10.1000/b", "doi:10.1000/c"]),
        ("doi:10.1000/a doi 10.1000/b DOI: 10.1000/c.", ["doi:10.1000/a", "doi:10.1000/b", "doi:10.1000/c"]),
        (SICI, [f"doi:{SICI}"]),
        (f"({SICI}),", [f"doi:{SICI}"]),
        ("10.1175/1520(1963)020<0130:dnf>2.0.co;2", ["doi:10.1175/1520(1963)020<0130:dnf>2.0.co;2"]),
        ("10.1000/a,b", ["doi:10.1000/a,b"]),
        ("<https://doi.org/10.1000/a%3Cb>", ["doi:10.1000/a<b"]),
        ("https://dx.doi.org/10.1000/a?via=x#y", ["doi:10.1000/a"]),
        ("https://pubmed.ncbi.nlm.nih.gov/123/?from_term=a,b#abstract", ["pmid:123"]),
        ("http://www.ncbi.nlm.nih.gov/pubmed/123", ["pmid:123"]),
        ("https://europepmc.org/article/MED/123", ["pmid:123"]),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC77/pdf/a.pdf", ["pmcid:PMC77"]),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC77/", ["pmcid:PMC77"]),
        ("https://Clinic.example/a,b;c?utm_source=x&d=e#f.", ["url:https://clinic.example/a,b;c?d=e"]),
        ("https://a.example/x,https://b.example/y", ["url:https://a.example/x", "url:https://b.example/y"]),
        ("https://a.example/x_(y)", ["url:https://a.example/x_(y)"]),
        ("“123”, ‘124’ • [125] (126). |127|", ["pmid:123", "pmid:124", "pmid:125", "pmid:126", "pmid:127"]),
        ("\ufeff123\u200b\r\n\r\n ,;, \n124", ["pmid:123", "pmid:124"]),
        ("", []),
    ],
)
def test_pieces_are_read(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1234567890", "not a valid PMID"),
        ("0", "not a valid PMID"),
        ("stem", "neither a PMID, a PMCID, a DOI nor an address"),
        ("PMC", "not a valid PMCID"),
        ("10.1/", "not a valid DOI"),
        ("https://doi.org/abc", "not a valid DOI"),
        ("https://", "not a valid Web address"),
        ("http://user:pw@a.example/", "not a valid Web address"),
        ("ftp://a.example/b", "neither"),
        ("www.clinic.example/a", "write it with https:// before it"),
        ("clinic.example/a", "write it with https:// before it"),
        ("NCT01234567", "registers of trials are not asked"),
        ("https://pubmed.ncbi.nlm.nih.gov/?term=alpha", "page of PubMed without a PMID"),
    ],
)
def test_unreadable_pieces_are_named_with_their_line(text, words):
    wanted = read(f"123456\n{text}")
    assert wanted.identifiers == (Identifier("pmid", "123456"),)
    (unclear,) = wanted.unclear
    assert (unclear.text, unclear.line) == (text, 2)
    assert words in unclear.reason


def test_years_and_pages_of_a_citation_are_no_pmids():
    wanted = read("Sample Alpha, J Example 2020;12:345. doi: 10.1000/a. PMID: 1234 \n2020")
    assert [str(identifier) for identifier in wanted.identifiers] == ["DOI 10.1000/a", "PMID 1234", "PMID 2020"]
    assert "if it is a PMID, write pmid:2020" in str(wanted.unclear)


def test_number_as_long_as_a_pmid_is_one_even_among_words():
    assert read("see 23203029").identifiers == (Identifier("pmid", "23203029"),)


@pytest.mark.parametrize(
    "text", [")" * 200_000, "a." * 100_000, "PMID " * 50_000, "https://a.example/" + ")," * 100_000]
)
def test_long_nonsense_is_named_soon(text):
    started = time.process_time()
    assert read(text).unclear
    assert time.process_time() - started < 5


IDENTIFIERS = st.one_of(
    st.integers(1, 999_999_999).map(lambda number: Identifier("pmid", str(number))),
    st.integers(1, 999_999_999).map(lambda number: Identifier("pmcid", f"PMC{number}")),
    st.from_regex(r"10\.[0-9]{4,9}/[a-z0-9]([a-z0-9()/;_-]{0,20}[a-z0-9])?", fullmatch=True).map(
        lambda doi: Identifier("doi", doi)
    ),
    st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9/,-]{0,20}[a-z0-9]", fullmatch=True).map(
        lambda address: Identifier("url", address)
    ),
)
SEPARATORS = st.sampled_from(["\n", " ", ", ", ";\n", "\t", "\r\n"])


@given(st.lists(st.tuples(IDENTIFIERS, SEPARATORS)))
def test_every_identifier_of_a_list_is_read_in_order_and_once(pairs):
    wanted = read("".join(identifier.value + separator for identifier, separator in pairs))
    assert wanted.unclear == ()
    assert wanted.identifiers == tuple(dict.fromkeys(identifier for identifier, _ in pairs))


@given(st.text(max_size=200) | st.text("10./:pmcdoihtps,;()<>[]\"' \n", max_size=80))
def test_any_text_is_read_and_no_letter_or_digit_is_passed_over(text):
    wanted = read(text)
    assert all(normalise(one.scheme, one.value) == one.value for one in wanted.identifiers)
    assert all(unclear.reason for unclear in wanted.unclear)
    if any(character.isalnum() for character in text):
        assert wanted.identifiers or wanted.unclear
