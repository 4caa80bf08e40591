"""Elements of PubMed's XML as plain text, and as plain lists and dictionaries."""

from collections.abc import Container, Iterator
from typing import Any

from lxml.etree import _Element as Element

from articles.importers.shared import mathml, raised
from articles.importers.shared.tidying import tidy

_INLINE = frozenset({"b", "i", "u", "sub", "sup", "math", "DispFormula"})


def text(element: Element | None) -> str:
    """The text of an element on one line, without its markup; empty where there is none."""
    if element is None:
        return ""
    written = raised.printed("".join(_runs(element))) if len(element) else element.text
    if not written:
        return ""
    return tidy(written)


def named(parent: Element | None) -> dict[str, Element]:
    """The children of an element by their names; of several with the same name the first."""
    return {child.tag: child for child in reversed(parent)} if parent is not None else {}


def texts(parent: Element | None, *names: str) -> tuple[str, ...]:
    """The texts of all elements with these names, each below the one before, that have any text."""
    if parent is None or not names:
        return ()
    found = parent.iterchildren(names[0])
    if len(names) == 1:
        return tuple(filter(None, map(text, found)))
    return tuple(written for child in found for written in texts(child, *names[1:]))


def plain(element: Element) -> Any:
    """An element with its attributes and children as text, lists and dictionaries, under their own names."""
    parts: dict[str, Any] = {str(name): str(value) for name, value in element.items()}
    children = [child for child in element if local(child) not in _INLINE] if len(element) else []
    if not children:
        return parts | {"text": text(element)} if parts else text(element)
    if date := printed_date(element):
        return parts | {"date": date} if parts else date
    add(parts, "text", tidy(element.text or ""))
    for child in children:
        add(parts, local(child), plain(child))
    return parts


def add(extra: dict[str, Any], name: str, value: Any) -> None:
    """Keeps a value under a name; a second one under the same name makes a list of them. Empty ones are not kept."""
    if value in ("", None, [], {}, ()):
        return
    if name not in extra:
        extra[name] = value
    elif isinstance(extra[name], list):
        extra[name].append(value)
    else:
        extra[name] = [extra[name], value]


def keep(extra: dict[str, Any], parent: Element | None, *, known: Container[str]) -> None:
    """Keeps the attributes and children of an element, but for those that are known otherwise."""
    if parent is None:
        return
    for name, value in parent.items():
        add(extra, str(name), str(value))
    for child in parent:
        if child.tag not in known:
            add(extra, local(child), plain(child))


def printed_date(element: Element) -> str:
    """Elements Year, Month, Day and no others, with hours and minutes or without, as "2012-10-22 06:00"."""
    parts = {child.tag: (child.text or "").strip() for child in element}
    if parts.keys() - _DATE_PARTS or not parts.keys() >= _WHOLE_DATE:
        return ""
    day = "-".join(parts[name].zfill(2) for name in ("Year", "Month", "Day"))
    time = ":".join(parts[name].zfill(2) for name in ("Hour", "Minute") if name in parts)
    return f"{day} {time}".strip()


_WHOLE_DATE = frozenset({"Year", "Month", "Day"})
_DATE_PARTS = _WHOLE_DATE | {"Hour", "Minute"}


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    name = str(element.tag)
    return name.rpartition("}")[2] if name.startswith("{") else name


def _runs(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if local(child) == "math":
            yield mathml.text(child)
        elif child.tag in ("sup", "sub"):
            yield raised.mark("".join(_runs(child)), child.tag)
        else:
            yield from _runs(child)
        yield child.tail or ""
