"""Titles and abstracts as reference managers' files hold them: on one line, with leftovers of markup, with labels."""

import html
import re
from collections.abc import Iterable
from itertools import pairwise

from articles.importers.record import ParseError
from articles.importers.shared import labelled, mathml, raised, xml_tree
from articles.lib.document import Document, Part, Section, sections
from articles.lib.text import normalise

# Markup that publishers leave in titles and abstracts; `<` and `>` of other meaning are not touched.
_TAG = re.compile(
    r"<(/?)(?:jats:|mml:)?(i|b|em|strong|italic|bold|u|sc|scp|span|sub|sup|inf|p|br|div|title|sec|list|list-item|math"
    r"|mrow|mi|mn|mo|msup|msub|mtext|mstyle|semantics|ext-link|xref|inline-formula|h[1-6])"
    r"(?:\s+[\w:-]{1,40}=(?:\"[^\"<>]{0,300}\"|'[^'<>]{0,300}')){0,6}\s{0,3}/?>",
    re.IGNORECASE,
)
_MATH = re.compile(r"<((?:mml:)?math)(?:\s[^<>]{0,300})?>(?:(?!</?(?:mml:)?math)[^\0]){0,5000}</\1>", re.IGNORECASE)
_PREFIX = re.compile(r"<(/?)mml:", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE | re.ASCII)
_BREAKING = frozenset({"p", "br", "div", "title", "sec", "list", "list-item", "h1", "h2", "h3", "h4", "h5", "h6"})
_SCRIPTS = {"sup": "sup", "sub": "sub", "inf": "sub"}

# As publishers print them, "Patients and methods:"; labels in capitals are those of PubMed.
_LABEL = re.compile(r"(?:^|(?<=[.!?)\]\"'] ))([A-Z][A-Za-z ,/&'()-]{2,60}): ?(?=\S)")
_WORDS_OF_LABELS = """
background objective objectives aim aims purpose introduction context rationale importance method methods material
materials patient patients participants subjects design setting settings intervention interventions measure measures
measurement measurements outcome outcomes result results finding findings observation observations conclusion
conclusions interpretation discussion significance implication implications limitations relevance funding registration
evidence source sources data selection extraction synthesis search hypothesis question summary recommendations case
report reports presentation procedure approach eligibility criteria analysis study trial main key messages level
clinical practice primary secondary review
"""
_LABEL_WORDS = frozenset(_WORDS_OF_LABELS.split())
_SMALL_WORDS = frozenset({"and", "of", "for", "in", "the", "to", "with", "or"})


def line(written: str) -> str:
    """The text on one line, normalised, without markup."""
    return " ".join(normalise(without_markup(written)).split())


def without_markup(written: str) -> str:
    """The text without the tags and entities of HTML and JATS; raised and lowered figures stay so."""
    written = _without_tags(written) if "<" in written else written
    if "&" not in written:
        return written
    # What was escaped may have been markup.
    return _without_tags(_ENTITY.sub(lambda entity: html.unescape(entity[0]), written))


def _without_tags(written: str) -> str:
    pieces: list[str] = []
    position, script = 0, ""
    written = _MATH.sub(_formula, written)
    for tag in _TAG.finditer(written):
        pieces.append(raised.mark(written[position : tag.start()], script))
        position, name = tag.end(), tag[2].lower()
        if name in _SCRIPTS:
            script = "" if tag[1] else _SCRIPTS[name]
        elif name in _BREAKING:
            script = ""
            pieces.append("\n")
    return raised.printed("".join((*pieces, raised.mark(written[position:], script))))


def _formula(written: re.Match[str]) -> str:
    """A formula on one line; one that cannot be read loses its tags like everything else."""
    try:
        return mathml.text(xml_tree.parse(_PREFIX.sub(r"<\1", written[0]), "formula"))
    except ParseError:
        return written[0]


def title(written: str) -> str:
    """A title without its final full stop, and without the square brackets that mark a translation."""
    text = line(written)
    bare = text.removesuffix(".")
    if bare.startswith("[") and bare.endswith("]") and "]" not in bare[1:-1]:
        text = bare[1:-1].strip()
    return text if text.endswith("...") else text.removesuffix(".").rstrip()


def is_translated(written: str) -> bool:
    """Whether a title stands in the square brackets of a translation."""
    text = line(written).removesuffix(".")
    return text.startswith("[") and text.endswith("]")


def abstract(paragraphs: Iterable[str]) -> tuple[Document, tuple[Section, ...]]:
    """The text of an abstract and its sections. Each labelled part of a structured abstract becomes a paragraph.

    An abstract is structured where its first words are a label that such abstracts have: "METHODS:", or "Methods:".
    """
    whole = [text for written in paragraphs for one in written.split("\n") if (text := line(one))]
    if not whole or _labels(whole[0])[:1] != [0]:
        return labelled.document(whole)
    pieces = [piece for paragraph in whole for piece in _cut(paragraph, _labels(paragraph))]
    document = Document.from_parts(Part("paragraph", piece) for piece in pieces)
    starts = {block.start: _label_of(document.text[block.start : block.end]) for block in document.blocks}
    return document, sections(document, {start: label for start, label in starts.items() if label})


def _labels(paragraph: str) -> list[int]:
    """Where labels in small letters begin, all of whose words are such as labels have."""
    return [match.start(1) for match in _LABEL.finditer(paragraph) if _is_label(match[1])]


def _is_label(words: str) -> bool:
    given = [word for word in re.findall("[a-z]+", words.lower()) if word not in _SMALL_WORDS]
    return not words.isupper() and all(word in _LABEL_WORDS for word in given)


def _cut(paragraph: str, places: list[int]) -> list[str]:
    edges = sorted({0, *places, len(paragraph)})
    return [paragraph[start:end].strip() for start, end in pairwise(edges)]


def _label_of(paragraph: str) -> str:
    match = _LABEL.match(paragraph)
    return match[1].strip().capitalize() if match and _is_label(match[1]) else ""


def labelled_parts(parts: Iterable[tuple[str, Iterable[str]]]) -> tuple[Document, tuple[Section, ...]]:
    """The abstract made of labels, each with its paragraphs, the first of which begins with the label as PubMed prints
    it ("METHODS: ..."); and its sections. A part without label has none."""
    pairs: list[tuple[str, str]] = []
    for label, paragraphs in parts:
        first, *others = [text for one in paragraphs if (text := line(one))] or [""]
        pairs += [(label, f"{label}: {first}".strip() if label else first), *(("", other) for other in others)]
    pairs = [pair for pair in pairs if pair[1]]
    document = Document.from_parts(Part("paragraph", text) for _label, text in pairs)
    labels = {block.start: label.capitalize() for block, (label, _text) in zip(document.blocks, pairs, strict=True)}
    labelled_ones = {start: label for start, label in labels.items() if label}
    return document, sections(document, labelled_ones or None)
