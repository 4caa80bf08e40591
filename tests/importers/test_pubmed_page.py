"""PubMed's own pages, saved from a browser: the record, and the pages that hold none."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers.record import ParseError, Record

SAMPLE = Path(__file__).parents[1] / "samples" / "pubmed-page" / "structured.txt"
DUMP = Path(__file__).parents[3] / "shared" / "data" / "pubmed-xml" / "biopython" / "pubmed3.html"
HEAD = '<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="ncbi_app" content="pubmed">'


def read(text: str) -> Record:
    (record,) = importers.read(text.encode(), format="pubmed-page")
    return record


def page(body: str, metas: str = '<meta name="citation_title" content="On samples.">') -> Record:
    return read(f"{HEAD}{metas}<title>On samples - PubMed</title></head><body><main>{body}</main></body></html>")


def test_page_without_abstract_is_a_citation_only():
    record = page("<span class=cit>2001 Mar-Apr;5:1-2.</span>")
    assert (record.title, record.text_basis, record.document.text) == ("On samples", "metadata_only", "")
    assert (str(record.date), record.volume, record.pages) == ("2001 Mar-Apr", "5", "1-2")


def test_abstract_without_labels_is_one_paragraph():
    record = page("<div class='abstract-content selected'><p>One &lt; two,\n and all.</p></div>")
    assert record.document.text == "One < two, and all."
    assert [section.label for section in record.sections] == [""]


def test_identifiers_of_similar_articles_are_not_its_own():
    own = '<meta name="citation_title" content="On samples"><meta name="citation_pmid" content="7">'
    assert page("<ul id=similar><li>Other. PMID: 9999. doi: 10.1234/x</li></ul>", own).identifiers == (("pmid", "7"),)


@pytest.mark.parametrize(
    ("heading", "relation", "status"),
    [
        ("Retraction in", "retraction_in", "retracted"),
        ("Expression of concern in", "concern_in", "expression_of_concern"),
        ("Comment in", "comment_in", ""),
    ],
)
def test_notices_are_linked_and_decide_how_it_stands(heading: str, relation: str, status: str):
    record = page(f"<div><h3>{heading}</h3><ul><li>J Sample. 2020;1:2. PMID: 12.</li></ul></div>")
    (link,) = record.links
    assert (link.relation, link.identifiers) == (relation, (("pmid", "12"),))
    assert record.publication_status == status


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{HEAD}<title>samples - Search Results - PubMed</title><div class=search-results-chunk>", "All results"),
        (f"{HEAD}<title>x - PubMed</title><div class=search-results-chunk>", "search results"),
        (f"{HEAD}<title>PubMed</title><p>About PubMed", "no article"),
        ("<html><head><title>PmFetch response</title></head><pre>pmid 12,\n pmid 77,\n", "PMID, 77"),
    ],
)
def test_page_that_is_no_article_is_refused_with_what_to_do(text: str, message: str):
    with pytest.raises(ParseError, match=message):
        importers.read(text.encode())


@pytest.mark.skipif(not DUMP.is_file(), reason="the folder ../shared/data/pubmed-xml is absent")
def test_old_dump_is_refused_with_its_pmid():
    with pytest.raises(ParseError, match=r"PmFetch.*19304878"):
        importers.read(DUMP.read_bytes())


PIECES = st.lists(st.integers(0, 4_000), max_size=4)


@settings(deadline=None, max_examples=60)
@given(PIECES, st.text(alphabet="<>&;\"'= /pdivh3", max_size=12))
def test_damaged_page_is_read_or_refused(cuts: list[int], junk: str):
    text = SAMPLE.read_text(encoding="utf-8")
    for cut in cuts:
        text = text[:cut] + junk + text[cut + 20 :]
    try:
        record = read(text)
    except ParseError:
        return
    assert record.title
