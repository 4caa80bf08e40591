"""Raised and lowered figures: one rule for every format, so that no number changes and what is typed flat is found."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import importers
from articles.importers.shared import raised
from articles.lib.text import normalise

FIGURES = [
    ("10<sup>6</sup> cells", "10⁶ cells"),
    ("10<sup>-6</sup> cells", "10⁻⁶ cells"),
    ("10<sup>\u22126</sup> cells", "10⁻⁶ cells"),
    ("10<sup>6.5</sup> cells", "10⁶.⁵ cells"),
    ("10 <sup>6</sup> cells", "10 ⁶ cells"),
    ("10<sup>n</sup> cells", "10ⁿ cells"),
    ("10<sup><i>6</i></sup> cells", "10⁶ cells"),
    ("in 2010<sup>3,4</sup> too", "in 2010³,⁴ too"),
    ("in 2010.<sup>3</sup> Then", "in 2010.³ Then"),
    ("(a + b)<sup>2</sup> is", "(a + b)² is"),
    ("the clinic<sup>2</sup> is", "the clinic² is"),
    ("log<sub>2</sub>8 is", "log₂8 is"),
    ("SO<sub>4</sub><sup>2-</sup> is", "SO4²⁻ is"),
    ("CO<sub>2</sub> and H<sub>2</sub>O", "CO2 and H2O"),
    ("per m<sup>2</sup> of", "per m2 of"),
    ("CD4<sup>+</sup> and Ca<sup>2+</sup> too", "CD4+ and Ca2+ too"),
    ("with <sup>18</sup>F and 5 <sup>18</sup>F too", "with 18F and 5 18F too"),
    ("the 5<sup>th</sup> day", "the 5th day"),
]
MATHS = "<mml:math><mml:msup><mml:mn>10</mml:mn><mml:mn>6</mml:mn></mml:msup></mml:math>"


def pubmed_xml(markup: str) -> str:
    return (
        "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>Alpha</ArticleTitle><Abstract>"
        f"<AbstractText>{markup}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>"
    )


def jats(markup: str) -> str:
    italic = markup.replace("<i>", "<italic>").replace("</i>", "</italic>")
    return (
        "<article><front><article-meta><title-group><article-title>Alpha</article-title></title-group>"
        f"<abstract><p>{italic}</p></abstract></article-meta></front></article>"
    )


def web_page(markup: str) -> str:
    prose = (
        "<br>".join(["This sentence is long enough to be taken for what a page has to say to its readers."] * 5)
        + "<br>"
    )
    return f"<!DOCTYPE html><html><head><title>Alpha</title></head><body><p>{prose}{markup}</p></body></html>"


def pubmed_page(markup: str) -> str:
    return (
        '<!DOCTYPE html><html><head><title>Alpha - PubMed</title><meta name="citation_title" content="Alpha">'
        '<meta name="citation_pmid" content="1"></head><body><h1 class="heading-title">Alpha</h1>'
        f'<div class="abstract" id="abstract"><div class="abstract-content selected" id="eng-abstract"><p>{markup}</p>'
        "</div></div></body></html>"
    )


FILES = {
    "pubmed-xml": pubmed_xml,
    "jats": jats,
    "web-page": web_page,
    "pubmed-page": pubmed_page,
    "ris": "TY  - JOUR\nTI  - Alpha\nAB  - {}\nER  - \n".format,
    "csl-json": lambda markup: json.dumps([{"type": "article-journal", "title": "Alpha", "abstract": markup}]),
    "markdown-page": "---\ntitle: Alpha\n---\n\n{}\n".format,
}


@pytest.mark.parametrize(("markup", "text"), FIGURES)
@pytest.mark.parametrize("name", FILES)
def test_every_format_prints_them_alike(name: str, markup: str, text: str):
    (record,) = importers.read(FILES[name](markup).encode(), format=name)
    assert record.document.text.split("\n")[-1] == text


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        ("$10^{6}$ cells", "10⁶ cells"),
        ("10\\textsuperscript{6} cells", "10⁶ cells"),
        ("10$^{-6}$ cells", "10⁻⁶ cells"),
        ("CO$_2$ per m$^2$", "CO2 per m2"),
        ("log\\textsubscript{2}8", "log₂8"),
    ],
)
def test_tex_prints_them_alike(tex: str, text: str):
    (record,) = importers.read(f"@article{{a, title={{Alpha}}, abstract={{{tex}}}}}".encode())
    assert record.document.text == text


@pytest.mark.parametrize("name", ["ris", "csl-json"])
def test_a_power_in_mathml_stays_one(name: str):
    (record,) = importers.read(FILES[name](f"about {MATHS} cells").encode())
    assert record.document.text == "about 10^6 cells"


def test_a_link_inside_does_not_lower_them():
    (record,) = importers.read(web_page('in 2010<sup><a href="https://a.example/">3</a></sup>').encode())
    assert record.document.text.endswith("in 2010³")


UNMARKED = st.text(st.characters(exclude_characters="\x0e\x0f\x10\x11"))


FIGURED = st.from_regex(r"[0-9+=()n-]*[0-9][0-9+=()n-]*", fullmatch=True)


@given(UNMARKED, FIGURED, st.sampled_from(["sup", "sub"]), UNMARKED)
def test_no_figure_ever_runs_into_a_number(before: str, figures: str, script: str, after: str):
    text = raised.printed(f"{before}5{raised.mark(figures, script)}{after}")
    assert text.startswith(f"{before}5")
    assert not text.startswith(f"{before}5{figures}")
    assert text.endswith(after)


@given(st.text("0123456789+-=()n", min_size=1))
def test_the_signs_outlast_normalisation(figures: str):
    text = raised.printed(f"5{raised.mark(figures, 'sup')}")
    assert normalise(text) == text


@pytest.mark.parametrize("piece", ["<sup>", "<sup>1</sup>", "1<sup>a", "<sup><sub>", "<mml:math>"])
def test_many_of_them_take_linear_time(piece: str):
    began = time.process_time()
    assert len(importers.read(FILES["ris"](piece * 20_000).encode())) == 1
    assert time.process_time() - began < 3
