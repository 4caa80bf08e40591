"""Which of the blocks of a page are what the page says.

trafilatura finds where the main text stands. It is made to leave out what may be boilerplate, and on pages of clinics
drops questions and answers, tables and short pages of stories; so all between its first and its last passage is kept,
and outside of these what is prose or stands under a heading, except menus, banners and the like.
"""

import copy
import logging
import re
import unicodedata
from collections.abc import Sequence
from itertools import islice

import trafilatura
from lxml import html

from articles.importers.web_page.blocks import Block
from articles.importers.web_page.furniture import Place

# Beyond them trafilatura's time grows with the square of the size.
_MOST_ELEMENTS = 20_000
_MOST_TABLES = 200
_DEEPEST = 150
_WORD = re.compile(r"\w+")
_SHINGLE = 5
_FEWEST_WORDS = 8
_DISCLAIMER = re.compile(
    r"\bnot (?:been )?(?:evaluated|approved|reviewed|intended|guaranteed)\b"
    r"|\b(?:not|no substitute for) medical advice\b"
    r"|\b(?:experimental|investigational|unproven|off-label)\b|\bresults (?:may|can|will) (?:vary|differ)\b"
    r"|\bno guarantees?\b|\bindividual results\b",
    re.IGNORECASE,
)

_REFERENCES = re.compile(r"(?:references|bibliography|literature cited|works cited|cited literature):?", re.IGNORECASE)

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def of(root: html.HtmlElement, blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks that are kept, in order, and those left out; a passage that stands twice on the page is kept once."""
    known = _Known(_found_by_trafilatura(root))
    is_found = [block.place is Place.TEXT and known.holds(block.text) for block in blocks]
    places = [number for number, is_in in enumerate(is_found) if is_in] or [0, len(blocks) - 1]
    before = [None, *blocks]
    is_kept = [
        is_found[number]
        or _is_kept(block, is_within=places[0] <= number <= places[-1], is_answer=_is_heading(before[number]))
        for number, block in enumerate(blocks)
    ]
    if not any(is_kept):
        # A page that is built of nothing else says what it says there.
        is_kept = [block.place is Place.FURNITURE and _says_something(block) for block in blocks]
    _keep_headings(blocks, is_kept)
    _drop_repetitions(blocks, is_kept)
    chosen = list(zip(blocks, is_kept, strict=True))
    return [block for block, kept in chosen if kept], [block for block, kept in chosen if not kept]


def without_references(kept: list[Block]) -> tuple[list[Block], tuple[str, ...]]:
    """The blocks without the list of references, and the references: what others say is not what the page says."""
    text: list[Block] = []
    references: list[str] = []
    is_reference = False
    for block in kept:
        if block.kind == "heading":
            is_reference = _REFERENCES.fullmatch(block.text) is not None
        elif is_reference:
            references.append(" ".join(block.text.split()))
        if not is_reference:
            text.append(block)
    return (text, tuple(references)) if references else (kept, ())


def _is_kept(block: Block, *, is_within: bool, is_answer: bool) -> bool:
    if block.place is Place.FURNITURE:
        return block.is_prose and _DISCLAIMER.search(block.text) is not None
    if block.place is not Place.TEXT:
        return False
    if block.is_link:
        return is_within and block.is_prose
    return is_within or _says_something(block) or (is_answer and block.kind != "heading")


def _is_heading(block: Block | None) -> bool:
    return block is not None and block.kind == "heading" and block.place is Place.TEXT and not block.is_link


def _says_something(block: Block) -> bool:
    words = len(block.text.split())
    return block.is_prose or words >= _FEWEST_WORDS or (block.kind == "list_item" and words > 1)


def _keep_headings(blocks: Sequence[Block], is_kept: list[bool]) -> None:
    """A heading belongs to the first passage below it."""
    is_next_kept = False
    for number in range(len(blocks) - 1, -1, -1):
        block = blocks[number]
        if block.kind == "heading" and block.place is Place.TEXT and not is_kept[number]:
            is_kept[number] = is_next_kept
        is_next_kept = is_kept[number] if block.place is Place.TEXT else is_next_kept


def _drop_repetitions(blocks: Sequence[Block], is_kept: list[bool]) -> None:
    """Pages made for wide and for narrow screens hold some passages twice."""
    seen: set[str] = set()
    for number, block in enumerate(blocks):
        if is_kept[number] and len(block.text.split()) >= _FEWEST_WORDS:
            is_kept[number] = block.text not in seen
            seen.add(block.text)


def is_too_much(root: html.HtmlElement) -> bool:
    """Whether the page has more elements, tables or levels than trafilatura reads in a short time."""
    sizes = (
        (root.iter(), _MOST_ELEMENTS),
        (root.iter("table"), _MOST_TABLES),
        (root.xpath(f"/{'*/' * _DEEPEST}*"), 0),
    )
    return any(next(islice(found, most, None), None) is not None for found, most in sizes)


class _Known:
    """A text in which passages are looked up by their words, in time that does not grow with its length."""

    def __init__(self, text: str) -> None:
        lines = [_words(line) for line in text.split("\n")]
        self._lines = {tuple(words) for words in lines}
        self._shingles = {shingle for words in lines for shingle in _shingles(words)}

    def holds(self, passage: str) -> bool:
        """Whether most of the passage stands in the text."""
        words = _words(passage)
        shingles = _shingles(words)
        if not shingles:
            return tuple(words) in self._lines
        return sum(shingle in self._shingles for shingle in shingles) * 2 >= len(shingles)


def _words(text: str) -> list[str]:
    # Trafilatura prints raised and lowered figures flat.
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def _shingles(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[start : start + _SHINGLE]) for start in range(len(words) - _SHINGLE + 1)]


def _found_by_trafilatura(root: html.HtmlElement) -> str:
    """The main text as trafilatura sees it; empty where it finds none, or where the page is too much for it."""
    if is_too_much(root):
        return ""
    try:
        found = trafilatura.extract(copy.deepcopy(root), favor_recall=True, include_comments=False, include_tables=True)
    except Exception:  # whatever a hostile page makes it raise, the page can be read without it
        return ""
    return found or ""
