"""HTML made safe; nh3 gives the second opinion."""

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from articles.lib.markup import ALLOWED_SCHEMES, ALLOWED_TAGS, MarkupError, clean_html, render_markdown

HOSTILE = [
    "<p>one<script>alert(1)</script> two</p>",
    "<script>alert(1)",
    "<scr<script>ipt>alert(1)</script>",
    "<style>p{background:url(javascript:alert(1))}</style><p>x</p>",
    '<p onclick="alert(1)" style="color:red" class="x" id="y">x</p>',
    '<img src=x onerror="alert(1)">text',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="//example.org/">x</a>',
    '<a href="/admin/logout/">x</a>',
    '<a href="https://example.org/" target="_blank" onmouseover=alert(1)>x</a>',
    '<iframe src="https://example.org/"></iframe>x',
    '<svg onload="alert(1)"><circle></svg>x',
    '<form action="https://example.org/"><input name=x><button>go</button></form>',
    "<p>a<!-- <script>alert(1)</script> -->b</p>",
    "<p>1 < 2 & 3 > 2</p>",
    "<b>bold</b><i>it</i><h1>head</h1><div>block</div>",
    "<p>unclosed <strong>tags",
    "</p></div></script>x",
    '<base href="https://example.org/"><meta http-equiv=refresh content="0;url=javascript:alert(1)">x',
    "<object data=x><embed src=y></object>x",
    "0\x0c<p>",
]

# Harmless after both, but with other text left: nh3 drops what stands inside svg and math.
HOSTILE_AND_DISPUTED = [
    '<svg><a xlink:href="javascript:alert(1)">x</a></svg>',
    "<math><mtext>x</mtext></math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
]


def second_opinion(dirty: str) -> str:
    return nh3.clean(
        dirty,
        tags=set(ALLOWED_TAGS),
        attributes={"a": {"href"}},
        url_schemes=set(ALLOWED_SCHEMES),
        link_rel=None,
        attribute_filter=lambda tag, name, value: value if ":" in value else None,
    )


def words(clean: str) -> str:
    return "".join(html.document_fromstring(f"<div>{clean}</div>").text_content().split())


def assert_harmless(clean: str) -> None:
    # As a browser gets it, within a page: lxml's own fragments refuse text before the first tag that XML cannot hold.
    for element in html.document_fromstring(f"<section>{clean}</section>").find("body/section").iterdescendants():
        assert element.tag in ALLOWED_TAGS
        assert set(element.attrib) <= ({"href"} if element.tag == "a" else set())
        assert element.get("href", "https:").split(":")[0].lower() in ALLOWED_SCHEMES


@pytest.mark.parametrize("dirty", HOSTILE + HOSTILE_AND_DISPUTED)
def test_nothing_harmful_is_left(dirty: str):
    assert_harmless(clean_html(dirty))
    assert_harmless(second_opinion(dirty))


@pytest.mark.parametrize("dirty", HOSTILE)
def test_second_opinion_agrees_on_the_text(dirty: str):
    assert words(clean_html(dirty)) == words(second_opinion(dirty))


TAGS = [
    "<p>",
    "</p>",
    "<a",
    ">",
    "<script>",
    "</script>",
    "<style>",
    "<svg>",
    "<math>",
    "<!--",
    "-->",
    "<h1>",
    "</h1>",
    "<ul><li>",
    "<textarea>",
    "<![CDATA[",
    "]]>",
]
PIECES = st.sampled_from([*TAGS, "<a href=", '"javascript:x"', "'https://a.b'", "<b ", "onclick=x", "&lt;", "&#106;"])


@settings(deadline=None, max_examples=300)
@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=12).map("".join))
def test_nothing_harmful_is_left_of_anything(dirty: str):
    clean = clean_html(dirty)
    if clean:
        assert_harmless(clean)


@pytest.mark.parametrize(
    ("written", "rendered"),
    [
        ("# One\n\n##### Five", "<h2>One</h2>\n<h4>Five</h4>"),
        ("**a** _b_", "<p><strong>a</strong> <em>b</em></p>"),
        ("a <b>c</b>", "<p>a <strong>c</strong></p>"),
        ("Lead:\n* one\n* two", "<p>Lead:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("a - b\nc", "<p>a - b\nc</p>"),
        ("[x](https://a.b/#:~:text=c)", '<p><a href="https://a.b/#:~:text=c">x</a></p>'),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_markdown(written: str, rendered: str):
    assert render_markdown(written) == rendered


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000,
        "<![CDATA[" * 2000,
        "a\n=\n" * 5000,
        "> " * 3000 + "x",
        "<blockquote>" * 500 + "x",
        "a" * 1_000_001,
        "&#" * 20_000,
        "- a\n\n" * 20_000,
    ],
    ids=["brackets", "cdata", "lines", "quotes", "tags", "length", "entities", "items"],
)
def test_shapes_that_no_honest_page_has_are_refused(text: str):
    with pytest.raises(MarkupError):
        render_markdown(text)
