"""Highlights: matches of a search, and quotes in the text of a source."""

from dataclasses import dataclass

import html5lib
from django.utils.safestring import mark_safe

from articles.lib.document import Document, Link, Part
from articles.lib.highlight import Mark, blocks
from articles.queries.search import START, STOP
from articles.templatetags.marking import marked, source_text


@dataclass(frozen=True)
class Numbered:
    """As much of a claim as the text needs."""

    public_id: str


def shown(document: Document, *quotes: tuple[str, str]) -> str:
    """The text with these quotes, (public id, words), marked."""
    marks = [Mark(document.text.index(words), document.text.index(words) + len(words), key) for key, words in quotes]
    return source_text(blocks(document, marks), [Numbered(key) for key, _ in quotes])


def paragraph(text: str, *links: Link) -> Document:
    return Document.from_parts([Part("paragraph", text, links=links)])


def is_well_formed(html: str) -> bool:
    parser = html5lib.HTMLParser()
    parser.parseFragment(html)
    return not parser.errors


def test_matches_are_marked_and_everything_is_escaped() -> None:
    text = f"<b>{START}pain{STOP}</b> & {START}<i>{STOP}"
    assert marked(text) == "&lt;b&gt;<mark>pain</mark>&lt;/b&gt; &amp; <mark>&lt;i&gt;</mark>"


def test_text_declared_safe_is_escaped_all_the_same() -> None:
    assert marked(mark_safe(f"<script>{START}x{STOP}")) == "&lt;script&gt;<mark>x</mark>"


def test_a_sign_without_its_pair_marks_nothing() -> None:
    assert marked(f"a{STOP}b{START}c") == "abc"
    assert marked(f"{START}a{START}b{STOP}") == "a<mark>b</mark>"


def test_a_quote_is_marked_numbered_and_linked() -> None:
    html = shown(paragraph("Before. It helped. After."), ("C-000007", "It helped."))
    assert '<mark data-claim="C-000007" id="q-C-000007">It helped.<sup' in html
    assert 'href="#claim-C-000007"' in html
    assert html.startswith("<p>Before. <mark")
    assert html.rstrip().endswith("</mark> After.</p>")


def test_quotes_inside_each_other_nest() -> None:
    html = shown(paragraph("It helped most people."), ("C-000001", "It helped most people."), ("C-000002", "helped"))
    assert html.count("<mark") == html.count("</mark>") == 2
    assert '<mark data-claim="C-000001" id="q-C-000001">It <mark data-claim="C-000002" id="q-C-000002">helped' in html
    assert is_well_formed(html)


def test_quotes_that_cross_are_both_marked_to_their_end() -> None:
    html = shown(paragraph("one two three"), ("C-000001", "one two"), ("C-000002", "two three"))
    assert is_well_formed(html)
    assert html.count(' id="q-C-000001"') == html.count(' id="q-C-000002"') == 1
    tail = html.split("three")[0].rsplit("<mark", 1)[1]
    assert "C-000002" in tail


def test_a_quote_over_two_paragraphs_goes_on_with_one_id_and_one_number() -> None:
    document = Document.from_parts([Part("paragraph", "First."), Part("paragraph", "Second.")])
    html = shown(document, ("C-000001", "First.\n\nSecond."))
    assert html.count('data-claim="C-000001"') == 2
    assert html.count('id="q-C-000001"') == html.count("<sup") == 1
    assert is_well_formed(html)


def test_a_quote_around_a_link_stays_one_mark() -> None:
    html = shown(
        paragraph("See this paper now.", Link(9, 14, "https://example.org/?a=1&b=2")), ("C-000001", "this paper now")
    )
    assert html.count("<mark") == 1
    assert '<a href="https://example.org/?a=1&amp;b=2" rel="nofollow noopener external">paper</a>' in html


def test_a_link_to_anything_but_the_web_is_text() -> None:
    html = shown(paragraph("Click here.", Link(6, 10, "javascript:alert(1)")))
    assert html == "<p>Click here.</p>\n"


def test_text_of_a_source_is_escaped() -> None:
    assert "&lt;img onerror=x&gt;" in shown(paragraph("a <img onerror=x> b"))


def test_headings_stand_below_those_of_the_page_and_deeper_items_inside_the_item_before() -> None:
    document = Document.from_parts(
        [
            Part("heading", "Results", 2),
            Part("list_item", "one", 1),
            Part("list_item", "deep", 2),
            Part("list_item", "two", 1),
            Part("quote", "said"),
        ]
    )
    html = shown(document).replace("\n", "")
    assert html == (
        "<h3>Results</h3><ul><li>one<ul><li>deep</li></ul></li><li>two</li></ul><blockquote><p>said</p></blockquote>"
    )
