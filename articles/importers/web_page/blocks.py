"""The visible text of a page as blocks, in order: headings, paragraphs, items of lists, rows of tables."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import NamedTuple
from urllib.parse import urljoin

from lxml import html
from lxml.etree import iterwalk

from articles.importers.record import ParseError
from articles.importers.shared import raised
from articles.importers.web_page.furniture import Furniture, Place
from articles.lib.document import Document
from articles.lib.text import normalise

MOST_CHARACTERS = 2_000_000
MOST_BLOCKS = 50_000
_DEEPEST_LIST = 20
_HEADINGS = {"h1": 2, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend",
        "li", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot",
        "th", "thead", "tr", "ul", *_HEADINGS,
    }
)  # fmt: skip
_LISTS = ("ul", "ol", "menu", "dir")
_CELLS = ("td", "th")
_LAYOUT_INSIDE = ("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "form", "article", "section")
_ABSOLUTE = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20\x7f]+", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[.!?][\"')\]]*(?:\s|$)")
_FEWEST_WORDS = 8


class Run(NamedTuple):
    """Text, and the address it leads to, if any."""

    text: str
    href: str


@dataclass(frozen=True)
class Block:
    """A stretch of a page; `kind` and `level` as those of `document.Block`."""

    kind: str
    level: int
    runs: tuple[Run, ...]
    place: Place = Place.TEXT

    @cached_property
    def text(self) -> str:
        """The text, normalised."""
        return normalise("".join(run.text for run in self.runs))

    @property
    def is_link(self) -> bool:
        """Whether all of it leads elsewhere."""
        return all(run.href or not any(map(str.isalnum, run.text)) for run in self.runs)

    @property
    def is_prose(self) -> bool:
        """Whether it says something in whole sentences."""
        return len(self.text.split()) >= _FEWEST_WORDS and _SENTENCE_END.search(self.text) is not None

    @property
    def html(self) -> str:
        """The block as the clean HTML of which documents are made."""
        inner = "".join(
            f'<a href="{escape(run.href)}">{escape(run.text)}</a>' if run.href else escape(run.text)
            for run in self.runs
        )
        if self.kind == "heading":
            return f"<h{self.level}>{inner}</h{self.level}>"
        if self.kind == "list_item":
            return f"{'<ul><li>' * self.level}{inner}{'</li></ul>' * self.level}"
        return f"<blockquote>{inner}</blockquote>" if self.kind == "quote" else f"<p>{inner}</p>"


def of_page(root: html.HtmlElement, address: str = "") -> list[Block]:
    """The blocks of a page. `address` is where it stood, from which its links lead on. Raises `ParseError`."""
    walker = _Walker(Furniture(root), _data_tables(root), address)
    walk = iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            walker.leave(element)
        elif not walker.enter(element):
            walk.skip_subtree()
    return walker.blocks


def document(blocks: Iterable[Block]) -> Document:
    """The document that these blocks make."""
    return Document.from_html("".join(block.html for block in blocks))


@dataclass(frozen=True)
class _Frame:
    """What holds inside an element."""

    kind: str = "paragraph"
    level: int = 0
    href: str = ""
    place: Place = Place.TEXT
    is_row: bool = False
    is_block: bool = True
    script: str = ""


@dataclass
class _Walker:
    """Gathers runs of text until a block ends."""

    furniture: Furniture
    data_tables: set[html.HtmlElement]
    address: str
    blocks: list[Block] = field(default_factory=list)
    _frames: list[_Frame] = field(default_factory=lambda: [_Frame()])
    _runs: list[Run] = field(default_factory=list)
    _characters: int = 0

    def enter(self, element: html.HtmlElement) -> bool:
        """Takes the beginning of an element; false where nothing inside it is read."""
        around = self._frames[-1]
        if self.furniture.is_skipped(element):
            self._frames.append(around)
            return False
        frame = self._inside(element, around)
        if frame.is_block:
            self._close()
        elif around.is_row and element.tag in _BLOCKS:
            self._add(" | " if element.tag in _CELLS and self._runs else " ", "")
        self._frames.append(frame)
        if element.tag == "br":
            self._break()
        self._add(raised.mark(element.text or "", frame.script), frame.href)
        return True

    def leave(self, element: html.HtmlElement) -> None:
        """Takes the end of an element, and the text behind it."""
        frame = self._frames[-1]
        if frame is not self._frames[-2] and frame.is_block:
            self._close()
        elif frame.is_row and element.tag in _BLOCKS:
            self._add(" ", "")
        self._frames.pop()
        around = self._frames[-1]
        self._add(raised.mark(element.tail or "", around.script), around.href)

    def _inside(self, element: html.HtmlElement, around: _Frame) -> _Frame:
        tag = str(element.tag)
        place = around.place if around.place is not Place.TEXT else self.furniture.place(element)
        href = (self._target(element) or around.href) if tag == "a" else around.href
        script = tag if tag in ("sup", "sub") else around.script
        if around.is_row:
            return _Frame(around.kind, around.level, href, place, is_row=True, is_block=False, script=script)
        kind, level = self._kind(element, tag, around)
        is_row = tag == "tr" and _table(element) in self.data_tables
        is_block = tag in _BLOCKS or "-" in tag or kind != around.kind
        return _Frame(kind, level, href, place, is_row, is_block, "" if is_block else script)

    def _kind(self, element: html.HtmlElement, tag: str, around: _Frame) -> tuple[str, int]:
        if tag in _HEADINGS:
            return "heading", _HEADINGS[tag]
        if self.furniture.is_opener(element) or (tag == "dt" and _asks(element)):
            return "heading", around.level if around.kind == "heading" else 4
        if tag in _LISTS:
            return around.kind, around.level + 1 if around.kind == "list_item" else 1
        if tag == "li":
            return "list_item", min(max(around.level, 1), _DEEPEST_LIST)
        if tag == "blockquote":
            return "quote", 0
        return around.kind, around.level

    def _target(self, element: html.HtmlElement) -> str:
        written = element.get("href", "").strip()
        try:
            target = urljoin(self.address, written) if written and not written.startswith("#") else ""
        except ValueError:
            return ""
        return target if len(target) <= 2_000 and _ABSOLUTE.fullmatch(target) else ""

    def _break(self) -> None:
        """A line break separates paragraphs and quotes; elsewhere it is a space."""
        if self._frames[-1].kind in ("paragraph", "quote") and not self._frames[-1].is_row:
            self._close()
        else:
            self._add(" ", "")

    def _add(self, text: str, href: str) -> None:
        if not text:
            return
        self._characters += len(text)
        if self._characters > MOST_CHARACTERS:
            raise ParseError(f"The page has more than {MOST_CHARACTERS:,} characters of text.")
        self._runs.append(Run(_SPACE.sub(" ", text), href))

    def _close(self) -> None:
        texts = raised.printed_each(run.text for run in self._runs)
        frame, runs = self._frames[-1], tuple(map(Run, texts, (run.href for run in self._runs)))
        self._runs = []
        if any(not run.text.isspace() for run in runs):
            level = frame.level if frame.kind in ("heading", "list_item") else 0
            block = Block(frame.kind, level, runs, frame.place)
            if block.text:
                self.blocks.append(block)
        if len(self.blocks) > MOST_BLOCKS:
            raise ParseError(f"The page has more than {MOST_BLOCKS:,} paragraphs.")


def _table(row: html.HtmlElement) -> html.HtmlElement | None:
    return next(row.iterancestors("table"), None)


def _asks(element: html.HtmlElement) -> bool:
    return str(element.text_content()).rstrip().endswith("?")


def _data_tables(root: html.HtmlElement) -> set[html.HtmlElement]:
    """The tables whose rows are to be read as rows; the others only arrange the page."""
    tables = set(root.iter("table"))
    for table in list(tables):
        for around in table.iterancestors("table"):
            if around not in tables:
                break
            tables.discard(around)
    return {table for table in tables if _is_data(table)}


def _is_data(table: html.HtmlElement) -> bool:
    if table.get("role") in ("presentation", "none") or next(table.iter(*_LAYOUT_INSIDE), None) is not None:
        return False
    return any(len(row.findall("td")) + len(row.findall("th")) > 1 for row in table.iter("tr"))
