"""Formulas of MathML as one would type them: "a/b", "x^(n+1)", "√2"."""

from collections.abc import Callable

from lxml.etree import _Element as Element

# Elements that say nothing, or say again in another notation what stands before them.
_SILENT = frozenset({"annotation", "annotation-xml", "mprescripts", "none", "mspace", "maligngroup", "malignmark"})
_SPACED_SIGNS = frozenset("=<>≤≥≠≈≡∼≃≅∝→←↔⇒⇔±+×÷∈")


def text(element: Element) -> str:
    """The formula on one line; `element` is a `math` element or any part of one."""
    return " ".join(_written(element).split())


def _written(element: Element) -> str:
    name = _local(element)
    if name in _SILENT:
        return " " if name == "mspace" else ""
    if not len(element):
        return _sign(name, (element.text or "").strip())
    parts = [_written(child) for child in _in_order(element) if isinstance(child.tag, str)]
    if name == "mfenced":
        return _fenced(element, parts)
    return _WRITTEN.get(name, "".join)(parts)


def _sign(name: str, written: str) -> str:
    if name == "mtext":
        return f" {written} "
    return f" {written} " if name == "mo" and written in _SPACED_SIGNS else written


def _in_order(element: Element) -> list[Element]:
    """The children as they are read: what stands before a sign, such as the 18 of a fluorine, comes first."""
    children = list(element)
    names = [_local(child) for child in children]
    if "mprescripts" not in names:
        return children
    border = names.index("mprescripts")
    return [*children[border + 1 :], *children[:border]]


def _grouped(part: str) -> str:
    part = part.strip()
    return part if part.isalnum() else f"({part})"


def _fraction(parts: list[str]) -> str:
    return "/".join(map(_grouped, parts))


def _power(parts: list[str]) -> str:
    return f"{''.join(parts[:-1])}^{_grouped(parts[-1])}" if parts else ""


def _root(parts: list[str]) -> str:
    return f"√{_grouped(''.join(parts))}"


def _fenced(element: Element, parts: list[str]) -> str:
    separators = element.get("separators", ",").replace(" ", "")
    inner = f"{separators[:1]} ".join(parts) if separators else "".join(parts)
    return f"{element.get('open', '(')}{inner}{element.get('close', ')')}"


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


_WRITTEN: dict[str, Callable[[list[str]], str]] = {
    "mfrac": _fraction,
    "msup": _power,
    "msubsup": _power,
    "msqrt": _root,
    "mtr": ", ".join,
    "mtable": "; ".join,
}
