"""What `read` refuses, and that nothing but `ParseError` ever comes out of it."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import importers
from articles.importers.record import ParseError
from articles.importers.stream import MAX_BYTES
from tests.importers import soundness

PAGE = "A title\n\nThis page says in one sentence what eight words can say.\n"
NAMES = [form.name for form in importers.FORMATS]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"%PDF-1.7 and so on", "PDF"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"A title\n\nwith a \0 in it", "control character 0"),
        (b"A title\n\x01\x02", "control character 1"),
        (b"A title\ncaf\xe9 au lait", "line 2, byte 11"),
        (b"\xff\xfea\x00b", "UTF-16"),
        (b"<html><body><p>This page says in one sentence what eight words can say.", "no title"),
        (b"JA  - J Sample\nSO  - A record of another format, with more than eight words in it.\n\n", "no format"),
        (b'{"words": "This page says in one sentence what eight words can say."}\n\n', "no format"),
        (b"just a few words", "no format"),
        (b"---\ntitle: [\n---\nText", "not YAML"),
        (b"---\ntitle: x\nText without an end", "does not end"),
        (b"---\ndescription: x\n---\nText", "title"),
        (b"---\ntitle: x\n---\n", "no text"),
    ],
)
def test_bad_file_is_refused_with_the_reason(data: bytes, message: str):
    with pytest.raises(ParseError, match=message):
        importers.read(data)


def test_file_that_is_too_large_is_refused_before_it_is_read():
    with pytest.raises(ParseError, match="20 MB"):
        importers.read(PAGE.encode() + b"x" * MAX_BYTES)


def test_unknown_format_is_named_with_those_there_are():
    with pytest.raises(ParseError, match=r"'docx'.*pubmed-text"):
        importers.read(PAGE.encode(), format="docx")


def test_given_format_is_used_whatever_the_content():
    with pytest.raises(ParseError, match="citation"):
        importers.read(PAGE.encode(), format="pubmed-text")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_page_reads_the_same_in_every_encoding_and_line_end(encoding: str):
    (record,) = importers.read(PAGE.replace("\n", "\r\n").encode(encoding))
    assert record.title == "A title"
    assert record.document.text == "This page says in one sentence what eight words can say."


def test_conversion_is_recorded():
    (record,) = importers.read(PAGE.encode("utf-16"))
    assert "UTF-16" in record.repairs[0]


def test_hash_is_of_the_bytes_as_they_came():
    (one,), (other,) = importers.read(PAGE.encode()), importers.read(b"\xef\xbb\xbf" + PAGE.encode())
    assert one.raw_sha256 != other.raw_sha256
    assert one.document == other.document


def read_or_refuse(data: bytes, name: str | None) -> None:
    started = time.process_time()
    with contextlib.suppress(ParseError):
        for record in importers.read(data, format=name):
            soundness.check(record)
    assert time.process_time() - started < MOST_SECONDS


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, *NAMES]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str | None):
    read_or_refuse(data, name)


PIECES = st.sampled_from(
    [
        "---\n",
        "title: x\n",
        "basis_of_digest: y\n",
        "claims:\n  - quote: z\n",
        "J X. 2012 Oct 22;13(10):1-5. doi: 10.1/x.\n",
        "Author information\n",
        "Abstract\n",
        "[Indexed for MEDLINE]\n",
        "Publication types\n",
        '"',
        "\u2022 item\n",
        "Ann Alpha, Bea Beta\n",
        "See the publication\n",
        "Image from:\n",
        "Alpha A. Title. J. 2001;1:2.\n",
        "\n\n\n",
        "## head\n",
        "[a](http://b.c)",
        "<p>",
        "</p>",
        "\u00c3\u00a9 \u00e2\u20ac\u2122",
        "This sentence has more than eight words in it, surely.\n",
        "TY  - JOUR\n",
        "TI  - Sample\n",
        "AU  - Alpha, Ann\n",
        "PY  - 2012/10/22/\n",
        "ER  - \n",
        "PMID- 12\n",
        "AID - 10.1234/x [doi]\n",
        "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\n",
        "ER\n",
        "@article{key,\n title = {Sample",
        "}\n}\n",
        "author = {Alpha, Ann and {\\'E}ta, B},",
        "@string{a = ",
        '[{"title": "Sample", "type": "article-journal"',
        '"issued": {"date-parts": [[2012, 10]]}}]',
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year\n",
        '"12","Sample","Alpha A","J. 2012"\n',
        "1: Alpha A. Sample. J X. 2012 Oct;1(2):3. doi: 10.1234/x. PMID: 12.\n",
        "1. J X. 2012 Oct;1(2):3. doi: 10.1234/x.\n\nSample.\n\nAlpha A(1).\n\nPMID: 12\n",
        "<?xml version='1.0'?>\n",
        "<!DOCTYPE article PUBLIC '-//NLM//DTD JATS' 'x.dtd'>",
        "<article><front><article-meta><title-group><article-title>Sample</article-title></title-group>",
        "</article-meta></front><body><sec><title>Head</title><p>",
        "</p></sec></body></article>",
        "<pmc-articleset>",
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>12</PMID><Article><ArticleTitle>Sample</ArticleTitle>",
        "</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>",
        "<DeleteCitation><PMID>13</PMID></DeleteCitation>",
        "<!DOCTYPE html><html><head><title>Sample</title></head><body>",
        '<script type="application/ld+json">{"headline": "Sample"}</script>',
        "<!-- ",
        " -->",
        "<![CDATA[",
        "&alpha;&#0;&#xD800;",
    ]
)
# Of the processor: a hang takes as long as one waits.
MOST_SECONDS = 5


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=14).map("".join), st.sampled_from([None, *NAMES]))
def test_any_text_is_read_or_refused(text: str, name: str | None):
    read_or_refuse(text.encode("utf-8", "ignore"), name)


HOSTILE_PIECES = [
    "<!-- x -->",
    "<!-- x --> ",
    "<?x ?>",
    "<!DOCTYPE x [",
    "<!DOCTYPE x>",
    "<title>",
    "<meta name='",
    " ",
    "\n",
    "- ",
    "@a{",
    "TY  - ",
    "PMID",
    "1. ",
    '{"',
    "[{",
    "a. 2001 ",
    "---\n",
    "A B, ",
    '"a","',
    "(((",
    "x;y:z.",
]


@pytest.mark.parametrize("piece", HOSTILE_PIECES)
@pytest.mark.parametrize("form", importers.FORMATS, ids=lambda form: form.name)
def test_recognising_a_format_takes_time_in_proportion_to_the_text(form: importers.Format, piece: str):
    """Doubling a hostile beginning must not take ten times as long."""

    def seconds(text: str) -> float:
        begun = time.process_time()
        form.matches(text)
        return time.process_time() - begun

    text = piece * (16_000 // len(piece))
    form.matches(text[:64])
    assert seconds(text + text) < 0.3 + 10 * seconds(text)
