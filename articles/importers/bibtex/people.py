"""The names in a BibTeX author field: "Last, First and von Last, Jr, First and {A Body} and others"."""

import re

from articles.importers.bibtex.tex import plain
from articles.importers.record import Contributor
from articles.importers.shared import citations
from articles.importers.shared.abstracts import line, without_markup
from articles.importers.shared.names import given_first

_MARKS = re.compile(r"\\.|[{}]| and (?=\S)|[,; ]", re.DOTALL | re.IGNORECASE)
_COMMAND_AT_END = re.compile(r"\\(?:[A-Za-z]+|[`'^~=.\"])$")
# Stands for a space in braces, which divides no name.
_JOINED = "\ue000"


def authors(tex: str) -> tuple[tuple[Contributor, ...], bool]:
    """The authors in order, and whether the file says that there are others whom it does not name."""
    tex = " ".join(without_markup(tex).split())
    # Some exports put semicolons where "and" belongs.
    mark = ";" if ";" in tex and " and " not in tex.lower() else " and "
    names = [name.strip() for name in _divided(tex, mark) if name.strip()]
    named = [name for name in names if name.lower() != "others"]
    found = [_author(name) for name in named]
    return tuple(author for author in found if author.as_written), len(named) < len(names)


def _author(tex: str) -> Contributor:
    written = line(plain(tex))
    if _is_in_braces(tex):
        return Contributor(written, collective=written)
    family, *rest = (line(plain(part)) for part in _divided(tex, ","))
    if len(rest) > 1:
        return Contributor(written, family=family, given=" ".join(filter(None, (*rest[1:], rest[0]))))
    if rest:
        return Contributor(written, family=family, given=rest[0])
    if citations.is_group(written):
        return Contributor(written, collective=written)
    parted = given_first(_joined(tex))
    return Contributor(written, parted.family.replace(_JOINED, " "), parted.given.replace(_JOINED, " "))


def _divided(tex: str, mark: str) -> list[str]:
    """The text divided at a mark that stands outside of braces."""
    depth, begun, parts = 0, 0, list[str]()
    for found in _MARKS.finditer(tex):
        depth = max(0, depth + {"{": 1, "}": -1}.get(found[0], 0))
        if found[0].lower() == mark and depth == 0:
            parts.append(tex[begun : found.start()])
            begun = found.end()
    return [*parts, tex[begun:]]


def _joined(tex: str) -> str:
    """The name as text whose spaces divide it; those in braces do not."""
    words: list[str] = []
    for word in _divided(tex, " "):
        if words and _COMMAND_AT_END.search(words[-1]):
            words[-1] += f" {word}"
        else:
            words.append(word)
    return " ".join(line(plain(word)).replace(" ", _JOINED) for word in words)


def _is_in_braces(tex: str) -> bool:
    """Whether one pair of braces holds the whole name, which marks a body."""
    if not (tex.startswith("{") and tex.endswith("}")):
        return False
    depth = 0
    for found in _MARKS.finditer(tex):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0 and found.end() < len(tex):
            return False
    return True
