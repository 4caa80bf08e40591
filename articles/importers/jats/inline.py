"""The words of JATS elements on one line: markup goes, formulas become readable, figures stay what they were."""

import re
from collections.abc import Callable

from lxml.etree import _Element as Element

from articles.importers.shared import mathml, raised
from articles.importers.shared.tidying import tidy

# Pictures, what only describes them, and marks for machines.
SILENT = frozenset(
    {
        *("graphic", "inline-graphic", "inline-media", "alt-text", "long-desc", "object-id", "index-term"),
        *("index-term-range-end", "institution-id", "milestone-start", "milestone-end", "processing-meta"),
    }
)
# Set apart from the line in which they stand in the file.
FLOATS = frozenset(
    {
        *("fig", "fig-group", "table-wrap", "table-wrap-group", "boxed-text", "supplementary-material", "media", "fn"),
        *("chem-struct-wrap", "chem-struct-wrapper", "graphic", "fn-group", "table-wrap-foot", "floats-group"),
    }
)
_FORMULAS = frozenset({"disp-formula", "inline-formula", "chem-struct", "math", "tex-math", "alternatives"})
# Parts of a block: where they come together in one line, they stand apart from each other.
_APART = frozenset(
    {
        *(
            "p",
            "title",
            "subtitle",
            "label",
            "caption",
            "attrib",
            "sec",
            "break",
            "hr",
            "list",
            "list-item",
            "def-list",
        ),
        *("def-item", "def", "disp-quote", "verse-line", "verse-group", "preformat", "speech", "speaker", "statement"),
        *(
            "table",
            "thead",
            "tbody",
            "tfoot",
            "tr",
            "td",
            "th",
            "row",
            "entry",
            "disp-formula-group",
            "note",
            "nlm-citation",
        ),
        *(
            "element-citation",
            "mixed-citation",
            "citation",
            "contrib",
            "aff",
            "subject",
            "kwd",
            "license-p",
            "license_ref",
        ),
        *("surname", "given-names", "prefix", "suffix", "degrees", "collab", "role", "person-group", "sig"),
    }
)
_MARKS = frozenset({"bibr", "fn", "table-fn", "author-notes", "aff", "corresp"})
_NOTE_MARK = re.compile(r"[a-z*\u2020\u2021\u00a7\u00b6#]{1,2}")
_ENDS_IN_WORD = re.compile(r"[^\s(\[{/,;\u2010-\u2015-]\Z")
_TEX_BODY = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)


def name(element: Element) -> str:
    """The name of an element without its namespace; empty for comments and the like."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element, wanted: str) -> str:
    """The attribute of this name, whatever its namespace; empty where there is none."""
    return next((str(value).strip() for key, value in element.attrib.items() if _local(str(key)) == wanted), "")


def text(element: Element | None, leave_out: frozenset[str] = frozenset()) -> str:
    """All words of an element on one line, but for the elements of these names; empty where there is none."""
    return "" if element is None else Line(element, leave_out).text


class Line:
    """What an element says on one line. `asides` are the elements in it that are printed apart from the line."""

    def __init__(self, element: Element | None = None, leave_out: frozenset[str] = frozenset()) -> None:
        self.asides: list[Element] = []
        self._pieces: list[str] = []
        self._is_after_formula = False
        self._leave_out = leave_out
        if element is not None:
            self.add_inside(element)

    @property
    def text(self) -> str:
        """The words so far."""
        return tidy(raised.printed("".join(self._pieces)))

    def add(self, written: str | None) -> None:
        """Text as it stands in the file."""
        if written:
            self._pieces.append(f" {written}" if self._is_after_formula and written[0].isalnum() else written)
            self._is_after_formula = False

    def add_inside(self, element: Element) -> None:
        """What stands between the tags of an element."""
        self.add(element.text)
        for child in element:
            self.add_element(child)
            self.add(child.tail)

    def add_element(self, child: Element) -> None:
        """An element in the line, without the text that follows it."""
        kind = name(child)
        if kind in FLOATS:
            self.asides.append(child)
        elif not kind or kind in SILENT or kind in self._leave_out:
            return
        elif kind in _FORMULAS:
            self._add_formula(formula(child))
        elif kind in ("sup", "sub", "xref"):
            self._add_shifted(child, kind)
        else:
            self._add_words(child, " " if kind in _APART else "")

    def _add_formula(self, written: str) -> None:
        """A formula, which some files join to the words around it."""
        self.add(" " if self._last()[-1:].isalnum() else "")
        self.add(written)
        self._is_after_formula = True

    def _add_words(self, child: Element, gap: str) -> None:
        self.add(gap)
        if not len(child) and not (child.text or "").strip():
            # Some files leave it to the reader's program to print an address.
            self.add(attribute(child, "href"))
        self.add_inside(child)
        self.add(gap)

    def _add_shifted(self, child: Element, kind: str) -> None:
        if _is_mark(child, kind):
            # The mark of a note or citation would run together with the word or number before it.
            self.add(" " if _ENDS_IN_WORD.search(self._last()) else "")
            self.add_inside(child)
        elif kind == "xref":
            self.add_inside(child)
        elif not self._last().strip() and _NOTE_MARK.fullmatch(tidy(child.text or "")):
            self.add(f"{child.text} ")
        else:
            self._add_marked(child, kind)

    def _add_marked(self, child: Element, kind: str) -> None:
        inner = Line(child, self._leave_out)
        self.asides += inner.asides
        self.add(raised.mark("".join(inner._pieces), kind))

    def _last(self) -> str:
        return next((bare for piece in reversed(self._pieces) if (bare := raised.bare(piece))), "")


def formula(element: Element) -> str:
    """A formula on one line, with its number: its MathML, else its TeX; empty where it is only a picture."""
    label = text(_descendant(element, "label"))
    readable = next(filter(None, (_read(element, kind) for kind in _NOTATIONS)), "")
    if not readable and name(element) != "alternatives":
        readable = text(element, frozenset({"label"})) if name(element) not in ("math", "tex-math") else ""
    return f"{readable} {label}".strip()


def _read(element: Element, kind: str) -> str:
    found = _descendant(element, kind)
    return _NOTATIONS[kind](found) if found is not None else ""


def _descendant(element: Element, kind: str) -> Element | None:
    return next((found for found in element.iter() if name(found) == kind), None)


def _tex(element: Element) -> str:
    written = "".join(str(piece) for piece in element.itertext())
    body = _TEX_BODY.search(written)
    return tidy((body[1] if body else written).strip().strip("$"))


_NOTATIONS: dict[str, Callable[[Element], str]] = {
    "math": mathml.text,
    "textual-form": text,
    "tex-math": _tex,
}


def _is_mark(element: Element, kind: str) -> bool:
    """Whether this is the mark of a note, a reference or an address."""
    reference = element if kind == "xref" else next((child for child in element if name(child) == "xref"), None)
    return reference is not None and kind != "sub" and attribute(reference, "ref-type") in _MARKS


def _local(name: str) -> str:
    return name.rpartition("}")[2]
