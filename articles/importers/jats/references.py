"""The works an article cites, each as one readable line."""

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from articles.importers.jats.inline import Line, attribute, name, text
from articles.importers.shared.tidying import tidy

_CITATIONS = frozenset({"mixed-citation", "element-citation", "citation", "nlm-citation"})
_SPACE_BEFORE_SIGN = re.compile(r" +([,.;:)\]])")
_LETTERS = frozenset(
    {"", "bold", "italic", "sub", "sup", "sc", "underline", "monospace", "styled-content", "named-content"}
)
_PEOPLE = frozenset({"person-group", "name", "string-name", "collab", "etal", "name-alternatives"})
_NUMBERED = ("volume", "issue", "supplement", "fpage", "lpage", "page-range", "elocation-id")
_IN_ORDER = frozenset({*_PEOPLE, *_NUMBERED, "article-title", "source", "year", "month", "day", "pub-id", "label"})
_ID_LABELS = {"doi": "doi:", "pmid": "PMID ", "pmcid": "", "pmc": ""}


def references(article: Element) -> tuple[str, ...]:
    """Every reference of an article, wherever its lists stand, those of its parts left out."""
    places = (child for child in article if name(child) in ("body", "back", "floats-group"))
    found = (ref for place in places for ref in place.iter() if name(ref) == "ref")
    return tuple(filter(None, map(_reference, found)))


def _reference(element: Element) -> str:
    """The citations of one reference, with the notes among them."""
    parts = [_citation(child) for child in _parts(element)]
    return " ".join(filter(None, parts))


def _parts(element: Element) -> Iterator[Element]:
    for child in element:
        if name(child) == "citation-alternatives":
            # The same citation, marked up once as printed and once by its parts: the printed one is enough.
            yield from sorted(child, key=lambda one: name(one) != "mixed-citation")[:1]
        elif name(child) not in ("", "label"):
            yield child


def _citation(element: Element) -> str:
    if name(element) not in _CITATIONS or _is_printed(element):
        return _SPACE_BEFORE_SIGN.sub(r"\1", _printed(element))
    return _composed(element)


def _printed(element: Element) -> str:
    """A citation as it is printed, with a space where two of its parts meet, and its numbers with their names."""
    line = Line(leave_out=frozenset({"label"}))
    line.add(element.text)
    before, part_before = element.text or "", ""
    for child in element:
        kind = name(child)
        if part_before and kind not in _LETTERS:
            line.add("-" if (part_before, kind) == ("fpage", "lpage") else " ")
        line.add(_number_name(child, before))
        line.add_element(child)
        line.add(child.tail)
        before = child.tail or ""
        part_before = kind if not child.tail and kind not in _LETTERS else ""
    return line.text


def _number_name(element: Element, before: str) -> str:
    """The name of an identifier, unless it is printed before it."""
    scheme = attribute(element, "pub-id-type") if name(element) == "pub-id" else ""
    return "" if not scheme or scheme in before[-12:].lower() else _ID_LABELS.get(scheme, f"{scheme} ")


def _is_printed(element: Element) -> bool:
    """Whether the signs between the parts are in the file, or left to the reader's program."""
    between = [element.text, *(child.tail for child in element)]
    return not len(element) or any((written or "").strip() for written in between)


def _composed(element: Element) -> str:
    """The parts of a citation in the usual order: "Alpha A, Beta B. Title. Journal 2001;2(3):4-5. doi:10.1/x"."""
    found = _found(element)
    year = " ".join(filter(None, (_first(found, part) for part in ("year", "month", "day"))))
    numbers = _numbers(found)
    dated = (":" if numbers.startswith(":") else ";").join(filter(None, (year, numbers.lstrip(":"))))
    where = " ".join(filter(None, (_first(found, "source"), dated)))
    sentences = [", ".join(_people(found)), *found.get("article-title", []), where, *_others(element)]
    line = " ".join(_ended(sentence) for sentence in sentences if sentence)
    return tidy(" ".join(filter(None, (line, *_ids(element)))))


def _found(element: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for child in element:
        written = _people_in(child) if name(child) in _PEOPLE else text(child)
        if written:
            found.setdefault(name(child), []).append(written)
    return found


def _first(found: dict[str, list[str]], part: str) -> str:
    return next(iter(found.get(part, [])), "")


def _people_in(element: Element) -> str:
    """The people of an element as citations print them."""
    if name(element) != "person-group" or any((child.tail or "").strip() for child in element):
        return _SPACE_BEFORE_SIGN.sub(r"\1", text(element))
    return ", ".join(filter(None, map(text, element)))


def _people(found: dict[str, list[str]]) -> Iterator[str]:
    for part, written in found.items():
        if part in _PEOPLE:
            yield from written


def _numbers(found: dict[str, list[str]]) -> str:
    """Volume, issue and pages: "2(3):4-5"."""
    issue = " ".join(filter(None, (_first(found, "issue"), _first(found, "supplement"))))
    volume = _first(found, "volume") + (f"({issue})" if issue else "")
    span = "-".join(dict.fromkeys(filter(None, (_first(found, "fpage"), _first(found, "lpage")))))
    pages = span or _first(found, "page-range") or _first(found, "elocation-id")
    return f"{volume}:{pages}" if pages else volume


def _others(element: Element) -> Iterator[str]:
    """Publisher, edition, comments and whatever else there is, in the order of the file."""
    yield from (text(child) for child in element if name(child) and name(child) not in _IN_ORDER)


def _ids(element: Element) -> Iterator[str]:
    for child in element:
        if name(child) == "pub-id":
            yield f"{_number_name(child, '')}{text(child)}"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
