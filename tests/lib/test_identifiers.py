"""Each identifier has one written form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.lib.identifiers import SCHEMES, InvalidIdentifier, label, link, normalise, trial

GOOD = [
    ("pmid", "23203029", "23203029"),
    ("pmid", " PMID: 023203029 ", "23203029"),
    ("pmid", "https://pubmed.ncbi.nlm.nih.gov/23203029/", "23203029"),
    ("pmcid", "pmc3497350", "PMC3497350"),
    ("pmcid", "PMC3497350.2", "PMC3497350"),
    ("pmcid", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7698327/", "PMC7698327"),
    ("doi", "10.3390/IJMS131013713", "10.3390/ijms131013713"),
    ("doi", "https://doi.org/10.1002/(SICI)1%3C2%3E3", "10.1002/(sici)1<2>3"),
    ("doi", "doi: 10.1000/abc", "10.1000/abc"),
    ("nct", "nct01815632", "NCT01815632"),
    ("isrctn", "ISRCTN27232902", "ISRCTN27232902"),
    ("eudract", "2012-000734-19", "2012-000734-19"),
    ("url", "HTTP://Example.ORG:80/A?b=1&utm_source=x&FBCLID=y#part", "http://example.org/A?b=1"),
    ("url", "https://example.org", "https://example.org/"),
    ("url", "https://b\u00fccher.example/\u00e4", "https://xn--bcher-kva.example/%C3%A4"),
    ("archive_url", "https://web.archive.org/web/2020/http://a.b/?utm_source=x", None),
    ("isbn", "0-306-40615-2", "9780306406157"),
    ("isbn", "978 0 306 40615 7", "9780306406157"),
]
BAD = [
    ("pmid", "12a"),
    ("pmid", ""),
    ("pmid", "\u0661\u0662"),
    ("pmcid", "3497350"),
    ("doi", "11.1000/abc"),
    ("doi", "10.1000/a b"),
    ("nct", "NCT1815632"),
    ("isrctn", "27232902"),
    ("eudract", "2012-734-19"),
    ("url", "javascript:alert(1)"),
    ("url", "ftp://example.org/"),
    ("url", "//example.org/"),
    ("url", "http://user:secret@example.org/"),
    ("url", "http://"),
    ("url", "http://exa mple.org/"),
    ("url", "http://example.org:99999/"),
    ("url", "http://[::1/"),
    ("url", 'http://example.org/"onclick='),
    ("url", "https://example.org/" + "a" * 600),
    ("isbn", "0-306-40615-3"),
    ("isbn", "9780306406158"),
    ("orcid", "1"),
]


@pytest.mark.parametrize(("scheme", "written", "normal"), GOOD)
def test_written_forms_become_one(scheme: str, written: str, normal: str | None):
    assert normalise(scheme, written) == (normal or written)


@pytest.mark.parametrize(("scheme", "written"), BAD)
def test_what_is_none_is_refused(scheme: str, written: str):
    with pytest.raises(InvalidIdentifier):
        normalise(scheme, written)


def test_error_says_what_is_expected():
    with pytest.raises(InvalidIdentifier, match=r"'12a' is not a valid PMID; expected digits, such as"):
        normalise("pmid", "12a")


@pytest.mark.parametrize(("scheme", "written", "_normal"), GOOD)
def test_link_leads_somewhere_safe(scheme: str, written: str, _normal: str | None):
    address = link(scheme, normalise(scheme, written))
    assert address is None if scheme == "isbn" else address.startswith(("https://", "http://"))
    assert not set('"<> ') & set(address or "")


def test_links():
    assert link("doi", "10.1000/a<b") == "https://doi.org/10.1000/a%3Cb"
    assert link("pmid", "42") == "https://pubmed.ncbi.nlm.nih.gov/42/"


@given(st.sampled_from(SCHEMES), st.text(max_size=60))
def test_any_text_is_normalised_or_refused(scheme: str, written: str):
    try:
        normal = normalise(scheme, written)
    except InvalidIdentifier:
        return
    assert normalise(scheme, normal) == normal


@given(st.text(max_size=40), st.text(max_size=20))
def test_normalising_an_address_twice_changes_nothing(path: str, query: str):
    try:
        normal = normalise("url", f"https://example.org/{path}?{query}")
    except InvalidIdentifier:
        return
    assert normalise("url", normal) == normal
    assert normal.isascii()


def test_every_scheme_has_a_label():
    assert all(label(scheme) for scheme in SCHEMES)


def test_a_registered_study_knows_its_register_and_address() -> None:
    found = trial("nct:NCT01194570")
    assert (found.register, found.number) == ("ClinicalTrials.gov", "NCT01194570")
    assert found.address == "https://clinicaltrials.gov/study/NCT01194570"
    assert trial("ACTRN123").address is None
    assert trial("somewhere:12").number == "somewhere:12"
