"""A text with its structure: plain normalised text, and blocks, links and sections as offsets into it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from lxml import html
from lxml.etree import ParserError

from articles.lib.text import normalise

KINDS = ("heading", "paragraph", "list_item", "quote")

_HEADING_LEVELS = {"h2": 2, "h3": 3, "h4": 4}
_LISTS = ("ul", "ol")
_BLOCK_TAGS = frozenset({"p", "li", "blockquote", *_LISTS, *_HEADING_LEVELS})
_SPACE = re.compile(r"\s+")


class Block(NamedTuple):
    """A stretch of text of one kind (see `KINDS`). `level`: 2 to 4 for headings, depth for list items, else 0."""

    kind: str
    level: int
    start: int
    end: int


class Link(NamedTuple):
    """A stretch of text that leads to an address."""

    start: int
    end: int
    href: str


class Section(NamedTuple):
    """A stretch of text under one label; the label is empty where the text gives none."""

    label: str
    start: int
    end: int


class Part(NamedTuple):
    """A block before it has a place: its text, and links as offsets into this text, which must be normalised."""

    kind: str
    text: str
    level: int = 0
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Document:
    """A normalised text and its structure.

    Blocks stand in order, never overlap and cover all text but the line ends between them: one between two items of a
    list, else two.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()

    @classmethod
    def from_parts(cls, parts: Iterable[Part]) -> "Document":
        """The document made of these parts; parts without text are left out."""
        pieces: list[str] = []
        blocks: list[Block] = []
        links: list[Link] = []
        position = 0
        for part in parts:
            if not part.text:
                continue
            gap = _gap(blocks[-1].kind, part.kind) if blocks else ""
            start = position + len(gap)
            position = start + len(part.text)
            pieces += [gap, part.text]
            blocks.append(Block(part.kind, part.level, start, position))
            links += [Link(start + link.start, start + link.end, link.href) for link in part.links]
        return cls("".join(pieces), tuple(blocks), tuple(links))

    @classmethod
    def from_html(cls, clean_html: str) -> "Document":
        """The document of HTML that `markup.clean_html` returned."""
        try:
            root = html.fragment_fromstring(clean_html, create_parent="div")
        except (ParserError, ValueError):
            return cls("")
        collector = _Collector()
        collector.walk(root, "paragraph", 0)
        collector.close()
        return cls.from_parts(collector.parts)

    def to_json(self) -> dict[str, Any]:
        """The document as plain lists and dictionaries, which `from_json` reads back."""
        return {
            "text": self.text,
            "blocks": [list(block) for block in self.blocks],
            "links": [list(link) for link in self.links],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Document":
        """The document that `to_json` wrote; raises ValueError where the structure does not fit its text."""
        try:
            blocks = tuple(
                Block(str(kind), int(level), int(start), int(end)) for kind, level, start, end in data["blocks"]
            )
            links = tuple(Link(int(start), int(end), str(href)) for start, end, href in data["links"])
            document = cls(str(data["text"]), blocks, links)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"This is not the structure of a document: {error}") from error
        document._check()
        return document

    def _check(self) -> None:
        position = 0
        for block in self.blocks:
            if block.kind not in KINDS or not position <= block.start < block.end <= len(self.text):
                raise ValueError(f"The block {block} does not fit the text.")
            position = block.end
        for link in self.links:
            if not 0 <= link.start < link.end <= len(self.text):
                raise ValueError(f"The link {link} does not fit the text.")


def sections(document: Document, labels: Mapping[int, str] | None = None) -> tuple[Section, ...]:
    """The sections of a document, which together cover its text.

    A section begins at each heading, which is its label and part of it; or, where `labels` is given, at the offsets it
    names, which must be starts of blocks. Text before the first one is a section with an empty label.
    """
    if not document.blocks:
        return ()
    starts = labels if labels is not None else _headings(document)
    begun: list[tuple[str, int, int]] = []
    for block in document.blocks:
        if block.start in starts or not begun:
            begun.append((starts.get(block.start, ""), block.start, block.end))
        else:
            label, start, _end = begun[-1]
            begun[-1] = (label, start, block.end)
    return tuple(Section(*section) for section in begun)


def _headings(document: Document) -> dict[int, str]:
    return {block.start: document.text[block.start : block.end] for block in document.blocks if block.kind == "heading"}


def _gap(before: str, after: str) -> str:
    return "\n" if before == after == "list_item" else "\n\n"


class _Collector:
    """Walks clean HTML and gathers the inline text of each block as runs of (text, href)."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._runs: list[tuple[str, str]] = []
        self._block = ("paragraph", 0)

    def walk(self, element: html.HtmlElement, kind: str, level: int, href: str = "") -> None:
        """Gathers the text of an element whose blocks are of this kind."""
        self._add(element.text or "", href)
        for child in element:
            self._child(child, kind, level, href)
            self._add(child.tail or "", href)

    def close(self) -> None:
        """Ends the block that is being gathered."""
        kind, level = self._block
        part = _part(kind, level, self._runs)
        self._runs = []
        if part.text:
            self.parts.append(part)

    def _child(self, child: html.HtmlElement, kind: str, level: int, href: str) -> None:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag == "br":
            self._break(kind, level)
        elif tag not in _BLOCK_TAGS:
            self.walk(child, kind, level, child.get("href", href) if tag == "a" else href)
        else:
            inner_kind, inner_level = _inside(tag, kind, level)
            self._open(inner_kind, inner_level)
            self.walk(child, inner_kind, inner_level, href)
            self._open(kind, level)

    def _break(self, kind: str, level: int) -> None:
        """A line break separates paragraphs and quotes; elsewhere it is a space."""
        if kind in ("paragraph", "quote"):
            self._open(kind, level)
        else:
            self._add(" ", "")

    def _open(self, kind: str, level: int) -> None:
        self.close()
        self._block = (kind, level)

    def _add(self, text: str, href: str) -> None:
        if text:
            self._runs.append((_SPACE.sub(" ", text), href))


def _inside(tag: str, kind: str, level: int) -> tuple[str, int]:
    """Kind and level of the blocks inside a tag, given those around it."""
    if tag in _HEADING_LEVELS:
        return "heading", _HEADING_LEVELS[tag]
    if tag in _LISTS:
        return kind, level + 1 if kind == "list_item" else 1
    if tag == "li":
        return "list_item", max(level, 1)
    if tag == "blockquote":
        return "quote", 0
    return kind, level


def _part(kind: str, level: int, runs: list[tuple[str, str]]) -> Part:
    """Joins the runs of one block to its normalised text and finds the links in it."""
    pieces: list[str] = []
    links: list[Link] = []
    position, ends_blank = 0, True
    for text, href in _tidy(runs):
        piece = text.lstrip() if ends_blank else text
        if not piece:
            continue
        start, position = position, position + len(piece)
        pieces.append(piece)
        ends_blank = piece[-1].isspace()
        if href and piece.strip():
            links.append(_trimmed(start, piece, href))
    joined = "".join(pieces).rstrip()
    text = normalise(joined)
    # Letters that only become one across the edge of a link shift all offsets: the text counts more than its links.
    return Part(kind, text, level if kind in ("heading", "list_item") else 0, tuple(links) if text == joined else ())


def _tidy(runs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Runs to one address joined and normalised, with a space kept where they began or ended with one."""
    for href, group in groupby(runs, key=itemgetter(1)):
        text = "".join(run for run, _href in group)
        inner = normalise(text)
        before, after = " " if text[0].isspace() else "", " " if text[-1].isspace() else ""
        yield f"{before}{inner}{after}" if inner else before, href


def _trimmed(start: int, piece: str, href: str) -> Link:
    inner = piece.strip()
    begin = start + piece.index(inner)
    return Link(begin, begin + len(inner), href)
