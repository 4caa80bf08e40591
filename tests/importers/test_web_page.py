"""Saved pages: what becomes text and what does not, what the page says of itself, and pages that are walls."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers.record import ParseError, Record

PROSE = "This page says in one sentence what eight words can say."
LONG = " ".join(f"Sentence number {number} of this page says something of its own." for number in range(30))


def page(body: str = f"<p>{PROSE}</p>", head: str = "", title: str = "A title") -> bytes:
    opened = f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
    return f"{opened}<body>{body}</body></html>".encode()


def read(data: bytes) -> Record:
    (record,) = importers.read(data)
    assert record.format == "web-page"
    return record


def text(body: str) -> str:
    return read(page(body)).document.text


def linked_data(*nodes: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(nodes)}</script>'


# What becomes text


def test_blocks_keep_their_kinds_and_links():
    record = read(
        page(
            f"<h2>Head</h2><p>{PROSE}</p><ul><li>one <a href='/x?a=1&amp;b=2'>link</a><ol><li>inner</li></ol></li></ul>"
            "<blockquote>Quoted words.</blockquote>",
            head="<link rel=canonical href='https://site.example/page'>",
        )
    )
    document = record.document
    assert [(block.kind, block.level) for block in document.blocks] == [
        ("heading", 2), ("paragraph", 0), ("list_item", 1), ("list_item", 2), ("quote", 0),
    ]  # fmt: skip
    (link,) = document.links
    assert document.text[link.start : link.end] == "link"
    assert link.href == "https://site.example/x?a=1&b=2"
    assert [section.label for section in record.sections] == ["Head"]


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "data:text/html,x", "file:///etc", "//[", "#top", "/relative", ""]
)
def test_link_that_leads_nowhere_safe_is_only_text(href: str):
    document = read(page(f"<p>{PROSE} <a href='{href}'>words</a></p>")).document
    assert document.text == f"{PROSE} words"
    assert document.links == ()


def test_rows_of_a_table_are_paragraphs():
    rows = "<tr><th>Package</th><th>Price</th></tr><tr><td><p>Small</p></td><td>$5,000 <b>only</b></td></tr>"
    assert text(f"<p>{PROSE}</p><table><caption>Prices</caption>{rows}</table>").endswith(
        "Prices\n\nPackage | Price\n\nSmall | $5,000 only"
    )


def test_table_that_only_arranges_the_page_is_read_as_the_page():
    cells = f"<td><ul><li>Home thing</li></ul></td><td><h2>Head</h2><p>{PROSE}</p><p>{LONG}</p></td>"
    assert text(f"<table><tr>{cells}</tr></table>").endswith(f"Head\n\n{PROSE}\n\n{LONG}")


@pytest.mark.parametrize(
    "body",
    [
        "<details><summary>Does it hurt?</summary><p>Not much.</p></details>",
        "<h3><button aria-expanded=false aria-controls=a>Does it hurt?</button></h3><div id=a hidden>Not much.</div>",
        "<button class=accordion>Does it hurt?</button><div class=panel style='display:none'>Not much.</div>",
        "<div class=card><h4><a href='#c'>Does it hurt?</a></h4><div id=c class='x d-none'>Not much.</div></div>",
        "<dl><dt>Does it hurt?</dt><dd>Not much.</dd></dl>",
        "<label class=faq-title>Does it hurt?</label><div class=faq-answer style='display: none'>Not much.</div>",
    ],
)
def test_what_a_click_opens_is_text_under_its_question(body: str):
    record = read(page(f"<p>{LONG}</p>{body}"))
    assert record.document.text == f"{LONG}\n\nDoes it hurt?\n\nNot much."
    assert [section.label for section in record.sections] == ["", "Does it hurt?"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>secret()</script>",
        "<style>.secret{}</style>",
        "<p style='color:red;display : none'>secret words</p>",
        "<p hidden>secret words</p>",
        "<p class=sr-only>secret words</p>",
        "<div class=d-none><p>secret words</p></div>",
        "<template><p>secret words</p></template>",
        "<!-- secret words -->",
        "<svg><text>secret</text></svg>",
        "<select><option>secret</select><textarea>secret</textarea>",
        "<div id=CookieConsent><p>We use cookies, which is no secret to anybody who reads this sentence.</p></div>",
        "<nav><ul><li><a href=/>secret</a></li></ul></nav>",
        "<div class='site-footer'><p>A secret of the site in a sentence of more than eight words.</p></div>",
        "<div id=comments><p>A comment tells a secret in a sentence of more than eight words.</p></div>",
        "<aside class=related-posts><article>A secret of another page, told in eight words.</article></aside>",
        "<div class=share-buttons><a href='https://x.example'>secret</a></div>",
        "<div class=slick-cloned><p>A secret that is shown a second time in more than eight words.</p></div>",
    ],
)
def test_what_nobody_reads_is_no_text(hidden: str):
    assert text(f"<p>{PROSE}</p>{hidden}<p>{LONG}</p>") == f"{PROSE}\n\n{LONG}"


@pytest.mark.parametrize(
    "shown",
    [
        "<div class='hidden md:block'><p>{0}</p></div>",
        "<div class='d-none d-md-block'><p>{0}</p></div>",
        "<div class=pain-related-questions><p>{0}</p></div>",
        "<section class=faq><p>{0}</p></section>",
        "<div class=testimonials><p>{0}</p></div>",
        "<form id=aspnetForm><p>{0}</p></form>",
        "<header class=menu-page><h1>A title</h1><p>{0}</p></header>",
        "<amp-story-page><p>{0}</p></amp-story-page>",
        "<p hidden=until-found>{0}</p>",
        "<div class=has-sidebar><p>{0}</p></div>",
    ],
)
def test_what_readers_see_is_text(shown: str):
    assert PROSE in text(f"<p>{LONG}</p>{shown.format(PROSE)}")


def test_disclaimer_in_the_footer_is_kept_and_the_rest_is_named():
    record = read(
        page(
            f"<p>{LONG}</p><footer><p>These statements have not been evaluated by any authority at all.</p>"
            "<p>This site was built by somebody who also builds other sites.</p></footer>"
        )
    )
    assert record.document.text.endswith("These statements have not been evaluated by any authority at all.")
    assert record.extra["left_out"] == ["This site was built by somebody who also builds other sites."]


def test_passage_that_stands_twice_for_two_widths_is_kept_once():
    assert text(f"<div class=desktop><p>{PROSE}</p></div><div class=mobile><p>{PROSE}</p></div>") == PROSE


def test_exponent_does_not_run_together_with_its_base():
    assert "2 x 10⁶ cells" in text(f"<p>{PROSE} 2 x 10<sup>6</sup> cells</p>")


def test_references_are_no_text_of_the_page():
    record = read(
        page(f"<p>{PROSE}</p><h2>References</h2><ol><li>Alpha A. On samples.</li></ol><h2>More</h2><p>{LONG}</p>")
    )
    assert record.references == ("Alpha A. On samples.",)
    assert record.document.text == f"{PROSE}\n\nMore\n\n{LONG}"


def test_heading_that_is_the_title_is_not_said_twice():
    assert text(f"<h1>A title</h1><p>{PROSE}</p>") == PROSE


def test_question_for_machines_only_never_becomes_text():
    faq = {
        "@type": "FAQPage",
        "mainEntity": [
            {"@type": "Question", "name": "Seen?", "acceptedAnswer": {"@type": "Answer", "text": "Yes."}},
            {"@type": "Question", "name": "Unseen?", "acceptedAnswer": {"text": "<p>No &amp; never.</p>"}},
        ],
    }
    record = read(page(f"<p>{PROSE}</p><h3>Seen?</h3><p>Yes.</p>", head=linked_data(faq)))
    assert "Unseen" not in record.document.text
    assert record.extra["questions_only_in_json_ld"] == [{"question": "Unseen?", "answer": "No & never."}]


# What the page says of itself


@pytest.mark.parametrize(
    ("head", "written", "title", "site"),
    [
        ("", "Cells for pain | Samplewood", "Cells for pain", "Samplewood"),
        ("<meta property=og:site_name content=Samplewood>", "Pain - Samplewood", "Pain", "Samplewood"),
        ("<link rel=canonical href='https://samplewood.example/a'>", "Cells | Pain - Samplewood", "Cells | Pain",
         "Samplewood"),
        ("", "Cells for pain - and more", "Cells for pain - and more", ""),
        ("", "One | of the many things that pages say", "One | of the many things that pages say", ""),
    ],
)  # fmt: skip
def test_title_is_without_the_site_that_it_names(head: str, written: str, title: str, site: str):
    record = read(page(head=head, title=written))
    assert (record.title, record.publisher) == (title, site)


def test_publisher_told_by_the_title_only_is_a_guess():
    assert "ends with" in read(page(title="Cells | Samplewood")).guesses["publisher"]
    stated = read(page(head=linked_data({"@type": ["MedicalClinic", "Thing"], "name": "Samplewood"})))
    assert stated.publisher == "Samplewood"
    assert "publisher" not in stated.guesses


@pytest.mark.parametrize(
    ("head", "date"),
    [
        (linked_data({"@type": "Article", "datePublished": "2021-03-04T05:06:07Z"}), "2021-03-04"),
        (linked_data({"@graph": [{"@type": "WebPage", "datePublished": "2021-03-04"}]}), "2021-03-04"),
        ("<meta property=article:published_time content=2021-03-04T05:06:07+02:00>", "2021-03-04"),
        ("<meta name=citation_publication_date content=2021/3/4>", "2021-03-04"),
        ("<meta name=citation_publication_date content=2021/03>", "2021-03"),
        ("<meta name=date content='March 4, 2021'>", "2021-03-04"),
        ("<meta itemprop=datePublished content=2021>", "2021"),
    ],
)
def test_stated_date_is_a_fact(head: str, date: str):
    record = read(page(head=head))
    assert str(record.date) == date
    assert "date" not in record.guesses


def test_date_that_only_stands_there_is_a_guess():
    record = read(page(f"<p>{PROSE}</p><time datetime=2020-02-01>a day</time>"))
    assert str(record.date) == "2020-02-01"
    assert "date" in record.guesses


def test_unreadable_date_is_kept_aside():
    record = read(page(head="<meta name=date content='some day'>"))
    assert record.extra["unread_dates"] == ["some day"]


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ("<link rel=canonical href='HTTPS://Site.example/a?utm_source=x#y'>", "https://site.example/a"),
        ("<meta property=og:url content=https://site.example/a>", "https://site.example/a"),
        ("<link rel=canonical href=/a><base href=https://site.example/b/>", "https://site.example/a"),
        ("<!-- saved from url=(0022)https://site.example/a -->", "https://site.example/a"),
        ("<!--\n Page saved with SingleFile \n url: https://site.example/a \n-->", "https://site.example/a"),
        (linked_data({"@type": "Article", "url": "https://site.example/a"}), "https://site.example/a"),
        ("<link rel=canonical href=https://site.example/><meta property=og:url content=https://site.example/a>",
         "https://site.example/a"),
        ("<link rel=canonical href=file:///home/a.html>", ""),
        ("<link rel=canonical href=/a>", ""),
        ("<link rel=canonical href='javascript:x'>", ""),
    ],
)  # fmt: skip
def test_address_is_the_canonical_one(head: str, address: str):
    record = read(page(head=head))
    assert record.identifiers == ((("url", address),) if address else ())
    assert ("no_address" in record.extra) is (not address)


def test_authors_of_an_article():
    record = read(
        page(
            head=linked_data(
                {
                    "@type": "NewsArticle",
                    "author": [
                        {"@type": "Person", "name": "Dr. Ann van Alpha, PhD"},
                        {"@type": "Organization", "name": "Desk"},
                    ],
                }
            )
        )
    )
    one, other = record.contributors
    assert (one.as_written, one.given, one.family) == ("Dr. Ann van Alpha, PhD", "Ann", "van Alpha")
    assert other.collective == "Desk"
    assert record.kind == "news"


def test_paper_on_its_publishers_page():
    names = [
        ("citation_title", "On samples"),
        ("citation_journal_title", "Journal of Samples"),
        ("citation_author", "Alpha, Ann"),
        ("citation_author_institution", "Samplewood"),
        ("citation_author_orcid", "http://orcid.org/0000-0001-2345-6789"),
        ("citation_author", "Beta, Ben"),
        ("citation_volume", "12"),
        ("citation_issue", "3"),
        ("citation_firstpage", "45"),
        ("citation_lastpage", "67"),
        ("citation_doi", "doi:10.1234/ABC"),
        ("citation_pmid", "none"),
        ("citation_keywords", "samples; tests"),
    ]
    metas = "".join(f'<meta name="{name}" content="{value}">' for name, value in names)
    record = read(page(head=metas))
    assert (record.title, record.container) == ("On samples", "Journal of Samples")
    assert (record.volume, record.issue, record.pages) == ("12", "3", "45-67")
    assert record.identifiers == (("doi", "10.1234/abc"),)
    assert record.extra["invalid_identifiers"] == ["none"]
    assert [(author.family, author.affiliation, author.orcid) for author in record.contributors] == [
        ("Alpha", "Samplewood", "0000-0001-2345-6789"),
        ("Beta", "", ""),
    ]
    assert (record.kind, record.text_basis) == ("abstract", "abstract")
    assert {"kind", "text_basis"} <= set(record.guesses)
    assert record.keywords == ("samples", "tests")


def test_page_of_pubmed_central_is_identified_by_its_address():
    record = read(page(head="<link rel=canonical href='https://pmc.ncbi.nlm.nih.gov/articles/PMC123/'>"))
    assert ("pmcid", "PMC123") in record.identifiers


def test_facts_for_machines_are_kept_as_plain_json_and_tokens_are_not():
    record = read(
        page(head=linked_data({"@type": "Thing", "n": 1.5, "bad": "a\0b\ud800"}) + "<meta name=csrf-token content=x>")
    )
    assert record.extra["json_ld"] == [{"@type": "Thing", "n": "1.5", "bad": "ab"}]
    assert "csrf" not in json.dumps(record.extra)


@pytest.mark.parametrize(
    "broken", ["{", "[" * 100_000, '{"a": NaN}', "nonsense", "<!-- {} -->", "//<![CDATA[\n{}\n//]]>"]
)
def test_broken_json_ld_does_not_break_the_page(broken: str):
    assert read(page(head=f"<script type='application/ld+json'>{broken}</script>")).document.text == PROSE


# Encodings


@pytest.mark.parametrize(
    ("declared", "encoding", "said"),
    [
        ("<meta charset=windows-1252>", "cp1252", "was in windows-1252"),
        ("<meta http-equiv=Content-Type content='text/html; charset=ISO-8859-1'>", "cp1252", "was in iso-8859-1"),
        ("<?xml version='1.0' encoding='iso-8859-2'?>", "iso-8859-2", "was in iso-8859-2"),
        ("<meta charset=windows-1252>", "utf-8", "but it is in UTF-8"),
        ("<meta charset=utf-8>", "utf-8", ""),
        ("", "utf-8", ""),
        ("", "utf-8-sig", ""),
        ("<meta charset=utf-16>", "utf-8", ""),
        ("<meta charset=latin1>", "utf-16", "UTF-16"),
    ],
)
def test_encoding_is_the_one_of_the_page(declared: str, encoding: str, said: str):
    document = (
        f"<html><head>{declared}<title>Caf\u00e9</title></head><body><p>{PROSE} \u00e4\u00f6\u00fc</p></body></html>"
    )
    if declared.startswith("<?xml"):
        document = declared + document.replace(declared, "")
    record = read(document.encode(encoding))
    assert record.title == "Caf\u00e9"
    assert record.document.text == f"{PROSE} \u00e4\u00f6\u00fc"
    assert any(said in note for note in record.repairs) if said else not record.repairs


def test_double_encoded_apostrophe_is_repaired_and_named():
    record = read(page(f"<p>{PROSE} The patient\u00e2\u20ac\u2122s course.</p>"))
    assert "The patient's course." in record.document.text
    assert "wrongly encoded" in record.repairs[0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<html><title>T</title><p>caf\xe9 and more", "not UTF-8: line 1"),
        (b"<html><meta charset=windows-1252><title>T</title>\n<p>\x81", "line 2: .*windows-1252"),
        (b"<html><meta charset=utf-7><title>T</title><p>\xe9", "utf-7"),
        (b"<html><meta charset=rot13><title>T</title><p>\xe9", "rot13"),
        (b"<html><title>T</title><p>a\0b", "control character 0"),
    ],
)
def test_wrong_encoding_is_refused_with_the_reason(data: bytes, message: str):
    with pytest.raises(ParseError, match=message):
        importers.read(data)


# Walls


@pytest.mark.parametrize(
    ("body", "title", "name"),
    [
        (
            "<div id=consent><h2>We value your privacy</h2><p>Accept all cookies to go on.</p></div>",
            "Site",
            "cookie wall",
        ),
        (
            "<h1>404</h1><p>This page could not be found on the site, try one of the others.</p>",
            "Page not found",
            "error",
        ),
        ("<h1>Access Denied</h1><p>Reference 18.2f</p>", "Access Denied", "refusal"),
        ("<p>Checking your browser before you go on to the site.</p>", "Just a moment...", "check for robots"),
        ("<p>Please log in to read this.</p><form><input name=user></form>", "Members", "login"),
        ("<p>Subscribe to continue reading.</p>", "A story", "paywall"),
        (
            "<div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript>",
            "App",
            "empty shell",
        ),
    ],
)
def test_wall_without_a_part_of_the_page_is_refused_by_name(body: str, title: str, name: str):
    with pytest.raises(ParseError, match=f"The page is .*{name}.*: it says"):
        importers.read(page(body, title=title))


def test_shell_without_words_is_refused():
    with pytest.raises(ParseError, match="filled by scripts"):
        importers.read(page("<div id=app></div><script src=x.js></script>"))


def test_part_before_a_paywall_is_an_excerpt_without_the_walls_words():
    record = read(page(f"<p>{LONG}</p><p>Subscribe now to continue reading this story.</p>"))
    assert record.text_basis == "excerpt"
    assert "Subscribe now to continue" in record.guesses["text_basis"]
    assert record.document.text == LONG


def test_page_that_says_not_everybody_may_read_it_is_an_excerpt():
    article = {"@type": "NewsArticle", "isAccessibleForFree": "False"}
    assert read(page(f"<p>{LONG}</p>", head=linked_data(article))).text_basis == "excerpt"
    free = {"@type": "NewsArticle", "isAccessibleForFree": True}
    assert read(page(f"<p>{LONG}</p>", head=linked_data(free))).text_basis == "web_page"


@pytest.mark.parametrize(
    "mention",
    [
        "<div class=cookie-banner><p>We use cookies. Accept all cookies?</p></div>",
        "<p>Without JavaScript the pictures do not move.</p>",
        "<p>This form is protected by reCAPTCHA.</p>",
        "<p>The trial is described on page 404 of the report; access was denied to nobody.</p>",
        "<noscript>Please enable JavaScript.</noscript>",
        "<p>Please log in for your patient file.</p>",
    ],
)
def test_page_that_only_mentions_a_wall_is_whole(mention: str):
    record = read(page(f"<p>{LONG}</p>{mention}"))
    assert record.text_basis == "web_page"
    assert "text_basis" not in record.guesses


# Saved by a browser as one file

MESSAGE = (
    "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://site.example/a\r\nSubject: A title\r\n"
    'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="--x--"\r\n\r\n\r\n'
    "----x--\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    "Content-Location: https://site.example/a\r\n\r\n<html><head><title>A title</title></head>\r\n"
    "<body><p>{prose} caf=C3=A9</p></body></html>\r\n----x----\r\n"
)


def test_page_in_a_message_is_read_with_its_address():
    record = read(MESSAGE.format(kind="text/html", prose=PROSE.replace("eight ", "eight =\r\n")).encode())
    assert record.document.text == f"{PROSE} caf\u00e9"
    assert record.identifiers == (("url", "https://site.example/a"),)


def test_message_without_a_page_is_refused():
    with pytest.raises(ParseError, match="no HTML in it"):
        importers.read(MESSAGE.format(kind="text/css", prose=PROSE).encode())


# What is no page, and what is made to harm


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<html><body><p>Words without any title at all.</p>", "no title"),
        (b"<html><title>T</title><body></body></html>", "no text"),
        (b"<html><title>T</title>" + b"<p>" * 300_000, "200,000 tags"),
        (b"<html><title>T</title>" + b"<div>x" * 20_000, "500 levels"),
        (b"<html><title>T</title><p>" + b"word " * 500_000, "2,000,000 characters"),
    ],
    ids=["title", "text", "tags", "levels", "characters"],
)
def test_page_that_is_none_is_refused(data: bytes, message: str):
    with pytest.raises(ParseError, match=message):
        importers.read(data)


def test_entities_expand_to_single_characters_and_nothing_is_fetched():
    bomb = b'<!DOCTYPE html [<!ENTITY a "&#x26;b;"><!ENTITY x SYSTEM "file:///etc/passwd">]><html><title>T</title>'
    record = read(bomb + f"<p>{PROSE} &x; &a; &amp;lt; &#0;&#xD800;</p>".encode())
    assert PROSE in record.document.text
    assert "root:" not in record.document.text
    assert "&lt;" in record.document.text


CONTAINERS = st.sampled_from(
    [
        "<p>{}</p>",
        "<div>{}</div>",
        "<li>{}</li>",
        "<section><p>{}</p></section>",
        "<details><summary>{}</summary></details>",
        "<table><tr><td>{}</td><td>x</td></tr></table>",
        "<blockquote>{}</blockquote>",
        "<h2>{}</h2>",
        "<span>{}</span><br>",
        "<div class=accordion><div class=panel hidden>{}</div></div>",
        "<font><center>{}</center></font>",
        "{}<hr>",
    ]
)
JUNK = st.sampled_from(
    [
        "",
        "<script>if (a < b) {}</script>",
        "<nav><a href=/>Home</a></nav>",
        "</div>",
        "<b>",
        "&nbsp;",
        "<!-- - -->",
        "<p>",
        "<img alt=x>",
        "<form><input></form>",
        "<style>p{}</style>",
        "</p></p>",
        "<table>",
        "</table>",
    ]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(CONTAINERS, JUNK), min_size=1, max_size=8))
def test_no_sentence_is_lost_whatever_stands_around_it(parts: list[tuple[str, str]]):
    sentences = [f"This is sentence {number} of all that the page has to say." for number in range(len(parts))]
    body = "".join(f"{junk}{container.format(said)}" for said, (container, junk) in zip(sentences, parts, strict=True))
    found = text(body)
    places = [found.find(sentence) for sentence in sentences]
    assert -1 not in places
    # The parser moves what stands in a table outside of its cells before the table, as browsers do.
    assert places == sorted(places) or "<table>" in body


TAGS = st.sampled_from(
    [
        "<!doctype html>",
        "<html>",
        "<title>",
        "</title>",
        "<p>",
        "<table><tr><td>",
        "<a href='",
        "'>",
        "<li>",
        "<meta charset=",
        "<script type=application/ld+json>",
        '{"@type":',
        "]",
        "</script>",
        "<h1>",
        "<button aria-controls=a>",
        "<div id=a hidden>",
        "<details>",
        "<time>",
        "&#xD800;",
        "&amp",
        "<![CDATA[",
        "<!--",
        "-->",
        "<amp-story publisher=x>",
        "404",
        "Log in",
        "<link rel=canonical href=//[",
        "<base href=",
        "<noscript>",
        "<main>",
        "<footer>",
        "words and words",
        "\xe2\u20ac\u2122",
    ]
)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.one_of(TAGS, st.text(max_size=8)), max_size=20).map("".join))
def test_any_html_is_read_or_refused(written: str):
    try:
        (record,) = importers.read(written.encode("utf-8", "ignore"), format="web-page")
    except ParseError:
        return
    assert record.title
    json.dumps(dict(record.extra)).encode("utf-8")
    assert "\\u0000" not in json.dumps(dict(record.extra))
    for block in record.document.blocks:
        assert record.document.text[block.start : block.end].strip()
