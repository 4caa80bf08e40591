"""Documents: text with blocks, links and sections as offsets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.lib.document import Block, Document, Link, Part, Section, sections
from articles.lib.markup import clean_html
from articles.lib.text import normalise


def of(html: str) -> Document:
    return Document.from_html(clean_html(html))


def blocks(document: Document) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, document.text[block.start : block.end]) for block in document.blocks]


def test_blocks_of_a_page():
    document = of(
        "<h1>Head</h1>lead<p>one\n two</p><ul><li>a<ul><li>b</li></ul></li><li><p>c</p></li></ul>"
        "<blockquote><p>said</p></blockquote><h3>Sub</h3><p></p><p>end</p>"
    )
    assert blocks(document) == [
        ("heading", 2, "Head"),
        ("paragraph", 0, "lead"),
        ("paragraph", 0, "one two"),
        ("list_item", 1, "a"),
        ("list_item", 2, "b"),
        ("list_item", 1, "c"),
        ("quote", 0, "said"),
        ("heading", 3, "Sub"),
        ("paragraph", 0, "end"),
    ]
    assert document.text == "Head\n\nlead\n\none two\n\na\nb\nc\n\nsaid\n\nSub\n\nend"


def test_line_breaks_part_paragraphs():
    assert of("<p>a<br>b<br><br>c</p>").text == "a\n\nb\n\nc"


@pytest.mark.parametrize(
    ("html", "text", "linked"),
    [
        ('<p>x <a href="https://a.b/?c=d&amp;e">y <em>z</em></a> w</p>', "x y z w", [("y z", "https://a.b/?c=d&e")]),
        ('<p>x<a href="https://a.b"> \u201cy\u201d </a> z</p>', 'x "y" z', [('"y"', "https://a.b")]),
        ('<p><a href="https://a.b">\u00ad</a>x</p>', "x", []),
        ("<p><a>x</a></p>", "x", []),
        (
            '<ul><li><a href="https://a.b">x</a></li></ul><p><a href="https://c.d">y</a></p>',
            "x\n\ny",
            [("x", "https://a.b"), ("y", "https://c.d")],
        ),
    ],
)
def test_links_stand_at_their_words(html: str, text: str, linked: list[tuple[str, str]]):
    document = of(html)
    assert document.text == text
    assert [(document.text[link.start : link.end], link.href) for link in document.links] == linked


@pytest.mark.parametrize("html", ["", "<p></p>", "<p> &nbsp; </p>", "<!-- x -->"])
def test_page_without_text_is_an_empty_document(html: str):
    assert of(html) == Document("")


TAGS = [
    "<p>",
    "</p>",
    "<ul>",
    "<li>",
    "</li>",
    "</ul>",
    "<h2>",
    "</h2>",
    "<br>",
    "<blockquote>",
    "</blockquote>",
    "</a>",
    "<em>",
    "</em>",
    "e",
    "́",
    "\u200b",
    "’",
]
PIECES = st.sampled_from([*TAGS, '<a href="https://a.b">', " ", "\n", "\u00a0"])


@settings(deadline=None, max_examples=300)
@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=20).map("".join))
def test_blocks_cover_the_text_in_order(html: str):
    document = of(html)
    text = document.text
    assert normalise(text) == text
    between = []
    position = 0
    for block in document.blocks:
        assert position <= block.start < block.end
        between.append(text[position : block.start])
        position = block.end
    assert position == len(text)
    assert set(between) <= {"", "\n", "\n\n"}
    for link in document.links:
        assert text[link.start : link.end].strip() == text[link.start : link.end] != ""
    assert Document.from_json(document.to_json()) == document


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"text": "a", "blocks": [["paragraph", 0, 0, 2]], "links": []},
        {"text": "ab", "blocks": [["paragraph", 0, 0, 2], ["paragraph", 0, 1, 2]], "links": []},
        {"text": "a", "blocks": [["poem", 0, 0, 1]], "links": []},
        {"text": "a", "blocks": [["paragraph"]], "links": []},
        {"text": "a", "blocks": [], "links": [[0, 5, "x"]]},
    ],
)
def test_structure_that_does_not_fit_is_refused(data: dict):
    with pytest.raises(ValueError, match=r"document|fit"):
        Document.from_json(data)


def test_parts_without_text_are_left_out():
    document = Document.from_parts([Part("paragraph", ""), Part("list_item", "a", 1), Part("list_item", "b", 1)])
    assert document.text == "a\nb"
    assert document.blocks == (Block("list_item", 1, 0, 1), Block("list_item", 1, 2, 3))


def test_links_of_parts_move_with_them():
    document = Document.from_parts(
        [Part("paragraph", "ab"), Part("paragraph", "cd", links=(Link(1, 2, "https://a.b"),))]
    )
    assert document.links == (Link(5, 6, "https://a.b"),)


def test_sections_follow_headings():
    document = of("<p>lead</p><h2>One</h2><p>a</p><p>b</p><h3>Two</h3>")
    assert sections(document) == (Section("", 0, 4), Section("One", 6, 15), Section("Two", 17, 20))
    assert [document.text[s.start : s.end] for s in sections(document)] == ["lead", "One\n\na\n\nb", "Two"]


def test_sections_follow_given_labels():
    document = of("<p>AIM: a</p><p>b</p><p>END: c</p>")
    assert sections(document, {0: "Aim", 11: "End"}) == (Section("Aim", 0, 9), Section("End", 11, 17))
    assert sections(document, {}) == (Section("", 0, 17),)


def test_empty_document_has_no_sections():
    assert sections(Document("")) == ()
