"""The blocks of a JATS text in the order of reading: headings, paragraphs, lists, quotes, tables, figures, notes."""

import re
from collections.abc import Callable, Iterable, Iterator

from lxml.etree import _Element as Element

from articles.importers.jats.inline import SILENT, Line, formula, name, text
from articles.importers.shared.tidying import tidy
from articles.lib.document import Part
from articles.lib.text import normalise

_LOWEST_HEADING = 4
# Where these have no title of their own, their text would belong to the section before them.
_UNTITLED = {
    "ack": "Acknowledgements",
    "app": "Appendix",
    "fn-group": "Footnotes",
    "floats-group": "Figures and tables",
    "glossary": "Glossary",
    "notes": "Notes",
}
# Said elsewhere in the record, or for machines.
_LEFT_OUT = SILENT | {"label", "title", "subtitle", "ref-list", "sec-meta", "permissions", "front-stub"}
_HOLDS_BLOCKS = frozenset({"p", "sec", "title", "list", "def-list", "disp-quote", "fig", "table-wrap", "fn", "caption"})
# They interrupt the paragraph in which they stand.
_IN_FLOW = frozenset({"list", "def-list", "disp-quote", "verse-group", "preformat", "code", "speech", "statement"})
_CELLS = frozenset({"td", "th", "entry"})
_ROWS = frozenset({"tr", "row"})
# What the archive adds to files that can be fetched.
_FURNITURE = re.compile(r"Click here (?:for|to)\b[^.]{0,40}\.?(?:\([^()]{0,40}\))?")

Parts = Iterator[Part]


def blocks(parent: Element, level: int, *, depth: int = 0) -> Parts:
    """The blocks inside an element. `level` is that of headings among them, `depth` that of the list around them."""
    if (parent.text or "").strip():
        yield _block(parent.text or "")
    for child in parent:
        yield from block(child, level, depth=depth)
        if (child.tail or "").strip():
            yield _block(child.tail or "")


def block(element: Element, level: int, *, depth: int = 0) -> Parts:
    """The blocks of one element, as `blocks` gives them for all inside another."""
    kind = name(element)
    if kind and kind not in _LEFT_OUT:
        yield from _READERS.get(kind, _any)(element, level, depth)


def heading(element: Element) -> str:
    """The title of a section with its number; empty where it has none."""
    words = [text(child) for child in element if name(child) in ("label", "title", "subtitle")]
    return " ".join(filter(None, words))


def _block(written: str) -> Part:
    return Part("paragraph", tidy(written))


def _any(element: Element, level: int, depth: int) -> Parts:
    if any(name(child) in _HOLDS_BLOCKS for child in element):
        yield Part("paragraph", heading(element))
        yield from blocks(element, level, depth=depth)
    else:
        yield from _paragraph(element, level, depth)


def _section(element: Element, level: int, depth: int) -> Parts:
    title = heading(element) or _UNTITLED.get(name(element), "")
    if title:
        yield Part("heading", title, min(level, _LOWEST_HEADING))
    yield from blocks(element, level + 1 if title else level, depth=depth)


def _paragraph(element: Element, level: int, depth: int, before: str = "") -> Parts:
    """A paragraph, cut where a list or quote interrupts it; what is printed apart follows it."""
    line = Line()
    line.add(f"{before} " if before else "")
    line.add(element.text)
    asides: list[Element] = []
    for child in element:
        if name(child) in _IN_FLOW:
            yield Part("paragraph", line.text)
            asides += line.asides
            yield from block(child, level, depth=depth)
            line = Line()
        else:
            line.add_element(child)
        line.add(child.tail)
    yield Part("paragraph", line.text)
    for aside in [*asides, *line.asides]:
        yield from block(aside, level, depth=depth)


def _list(element: Element, level: int, depth: int) -> Parts:
    for child in element:
        if name(child) == "list-item":
            yield from _item(child, level, depth + 1)
        elif name(child) == "title":
            yield Part("paragraph", text(child))


def _item(element: Element, level: int, depth: int) -> Parts:
    """The paragraphs of an item are one block; lists inside it are items of their own."""
    own: list[str] = [text(child) for child in element if name(child) in ("label", "title")]
    mark = " ".join(filter(None, own))
    gathered: list[str] = []
    for part in blocks(element, level, depth=depth):
        if part.kind == "paragraph":
            gathered.append(part.text)
            continue
        yield _of_item(mark, gathered, depth)
        mark, gathered = "", []
        yield part
    yield _of_item(mark, gathered, depth)


def _of_item(mark: str, gathered: list[str], depth: int) -> Part:
    written = "\n".join(filter(None, gathered))
    return Part("list_item", f"{mark} {written}".strip(), depth)


def _definitions(element: Element, level: int, depth: int) -> Parts:
    if title := heading(element):
        yield Part("heading", title, min(level, _LOWEST_HEADING))
    for item in element:
        if name(item) == "def-item":
            words = [text(child) for child in item if name(child) in ("term", "def")]
            yield Part("list_item", ": ".join(filter(None, words)), depth + 1)
        elif name(item) == "def-list":
            yield from _definitions(item, level, depth + 1)


def _quote(element: Element, level: int, depth: int) -> Parts:
    for part in blocks(element, level):
        yield Part("quote", part.text) if part.kind == "paragraph" else part


def _verse(element: Element, level: int, depth: int) -> Parts:
    lines = [text(child) for child in element.iter() if name(child) in ("title", "verse-line", "attrib")]
    yield Part("paragraph", "\n".join(filter(None, lines)))


def _verbatim(element: Element, level: int, depth: int) -> Parts:
    yield Part("paragraph", normalise("".join(str(piece) for piece in element.itertext())))


def _formula(element: Element, level: int, depth: int) -> Parts:
    yield Part("paragraph", formula(element))


def _captioned(element: Element, level: int, depth: int) -> Parts:
    """A figure, table or file: its number and title, its caption, and what is readable of it."""
    caption = next((child for child in element if name(child) == "caption"), None)
    title = heading(caption) if caption is not None else ""
    captions = (
        [part for part in blocks(caption, level) if not _FURNITURE.fullmatch(part.text)] if caption is not None else []
    )
    if not title and captions:
        title = captions.pop(0).text
    yield Part("paragraph", _joined(filter(None, (heading(element), title))))
    yield from captions
    for child in element:
        if name(child) != "caption":
            yield from block(child, level, depth=depth)


def _joined(words: Iterable[str]) -> str:
    """A number and a title: "Table 2. Beta"."""
    number, *title = [*words, ""]
    ends = number.endswith((".", ":", "?", "!"))
    return f"{number}{'' if ends or not title[0] else '.'} {title[0]}".strip() if title else number


def _table(element: Element, level: int, depth: int) -> Parts:
    """A paragraph for each row, with strokes between its cells."""
    for child in element:
        if name(child) in _ROWS:
            cells = [text(cell) for cell in child if name(cell) in _CELLS]
            yield Part("paragraph", tidy(" | ".join(cells)) if any(cells) else "")
        elif name(child) not in _LEFT_OUT:
            yield from _table(child, level, depth)


def _alternatives(element: Element, level: int, depth: int) -> Parts:
    """The same thing in several forms: a table that can be read, else a formula."""
    table = next((child for child in element if name(child) in ("table", "array")), None)
    yield from _formula(element, level, depth) if table is None else _table(table, level, depth)


def _note(element: Element, level: int, depth: int) -> Parts:
    """A footnote; its mark stands before its first paragraph."""
    mark = heading(element)
    for child in element:
        if name(child) == "p":
            yield from _paragraph(child, level, depth, before=mark)
            mark = ""
    if mark:
        yield Part("paragraph", mark)


def _speech(element: Element, level: int, depth: int) -> Parts:
    yield Part("paragraph", ": ".join(filter(None, map(text, element))))


_READERS: dict[str, Callable[[Element, int, int], Parts]] = {
    **dict.fromkeys(("sec", "ack", "app", "app-group", "bio", "boxed-text", "fn-group", "floats-group"), _section),
    **dict.fromkeys(("glossary", "notes", "statement", "question-wrap", "table-wrap-group", "abstract"), _section),
    **dict.fromkeys(("fig", "fig-group", "table-wrap", "supplementary-material", "media", "graphic"), _captioned),
    **dict.fromkeys(("chem-struct-wrap", "chem-struct-wrapper"), _captioned),
    **dict.fromkeys(("table", "array"), _table),
    **dict.fromkeys(("disp-formula", "inline-formula", "math", "tex-math"), _formula),
    **dict.fromkeys(("preformat", "code"), _verbatim),
    "alternatives": _alternatives,
    "def-list": _definitions,
    "disp-quote": _quote,
    "fn": _note,
    "list": _list,
    "p": _paragraph,
    "speech": _speech,
    "verse-group": _verse,
}
