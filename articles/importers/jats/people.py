"""The authors of a JATS article, and what is said of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from articles.importers.jats.inline import attribute, name, text
from articles.importers.record import Contributor
from articles.importers.shared.orcid import orcid

_MARK = frozenset({"label", "sup", "institution-id"})
_NAMES = ("name", "string-name", "collab", "anonymous", "name-alternatives", "collab-alternatives", "on-behalf-of")
_AFFILIATIONS = ("aff", "aff-alternatives")
_AUTHOR_TYPES = frozenset({"", "author", "authors", "collab", "group-author"})
_HELD = frozenset({*_NAMES, "contrib-id", "aff", "aff-alternatives", "xref", "email", "address"})
_LOOSE_SIGNS = " ,;.*"


@dataclass
class People:
    """The authors in order. `others` are editors and the like, `details` what is said of people beside their names."""

    authors: list[Contributor] = field(default_factory=list)
    others: list[dict[str, str]] = field(default_factory=list)
    details: list[dict[str, str]] = field(default_factory=list)


def people(meta: Element) -> People:
    """The contributors of an article's (or its part's) metadata."""
    found = People()
    addresses = {attribute(one, "id") or str(number): _address(one) for number, one in enumerate(_all_addresses(meta))}
    of_all = [_address(child) for child in meta if name(child) in _AFFILIATIONS]
    for group in (child for child in meta if name(child) == "contrib-group"):
        everybodys = _everybodys(group, of_all)
        for contrib in group:
            if name(contrib) == "contrib":
                _add(found, contrib, addresses, everybodys)
            elif name(contrib) == "on-behalf-of":
                found.authors.append(_collective(text(contrib)))
    _keep_unclaimed(found, addresses.values())
    return found


def _all_addresses(meta: Element) -> Iterator[Element]:
    for element in meta.iter():
        for child in element if name(element) not in ("", "aff-alternatives") else ():
            if name(child) in _AFFILIATIONS:
                yield child


def _everybodys(group: Element, of_all: list[str]) -> str:
    """The one address to which nobody refers: it is that of all. Of several nobody can tell whose they are."""
    if any(attribute(xref, "ref-type") == "aff" for xref in group.iter() if name(xref) == "xref"):
        return ""
    given = [_address(child) for child in group if name(child) in _AFFILIATIONS] or of_all
    return given[0] if len(given) == 1 else ""


def _keep_unclaimed(found: People, addresses: Iterable[str]) -> None:
    given = [author.affiliation for author in found.authors] + [other.get("affiliation", "") for other in found.others]
    claimed = {part for affiliation in set(given) for part in (affiliation, *affiliation.split("; "))}
    found.others += [{"affiliation": address} for address in addresses if address not in claimed]


def _add(found: People, contrib: Element, addresses: dict[str, str], everybodys: str) -> None:
    names = [author for child in contrib if name(child) in _NAMES for author in _named(child)]
    details = _details(contrib)
    if not names:
        found.others += [details] if details else []
        return
    names[0] = _with(names[0], _orcid(contrib), _addresses(contrib, addresses) or everybodys)
    if attribute(contrib, "contrib-type") in _AUTHOR_TYPES:
        found.authors += names
        found.details += [{"name": names[0].as_written} | details] if details else []
    else:
        kind = {"type": attribute(contrib, "contrib-type"), "affiliation": names[0].affiliation}
        found.others.append({"name": names[0].as_written} | {key: said for key, said in kind.items() if said} | details)


def _named(element: Element) -> Iterator[Contributor]:
    kind = name(element)
    if kind in ("name-alternatives", "collab-alternatives"):
        yield from _preferred(element)
    elif kind == "name" or (kind == "string-name" and any(name(child) == "surname" for child in element)):
        yield from _person(element)
    elif written := text(element, frozenset({"contrib-group", "contrib", "aff"})).strip(_LOOSE_SIGNS):
        yield _collective(written)
    elif kind == "anonymous":
        yield _collective("Anonymous")


def _preferred(element: Element) -> Iterator[Contributor]:
    """Of a name in several scripts the one in Latin letters, else the first."""
    forms = sorted(element, key=lambda one: attribute(one, "lang")[:2] not in ("", "en"))
    for form in forms[:1]:
        yield from _named(form)


def _person(element: Element) -> Iterator[Contributor]:
    family, given, suffix = (_part(element, part) for part in ("surname", "given-names", "suffix"))
    if not family:
        family, given = given, ""
    in_order = (family, given, suffix) if attribute(element, "name-style") == "eastern" else (given, family, suffix)
    if family:
        as_written = " ".join(filter(None, in_order))
        yield Contributor(as_written, family=family, given=" ".join(filter(None, (given, suffix))))


def _part(element: Element, part: str) -> str:
    return next((text(child) for child in element if name(child) == part), "")


def _collective(written: str) -> Contributor:
    return Contributor(written, collective=written)


def _with(author: Contributor, orcid: str, affiliation: str) -> Contributor:
    return Contributor(author.as_written, author.family, author.given, author.collective, orcid, affiliation)


def _orcid(contrib: Element) -> str:
    return next(filter(None, (orcid(written) for _kind, written in _ids(contrib))), "")


def _ids(contrib: Element) -> Iterator[tuple[str, str]]:
    """What may be an ORCID: older files give it as an address."""
    for child in contrib:
        if name(child) in ("contrib-id", "uri", "ext-link"):
            kind = next(filter(None, (attribute(child, part) for part in _ID_TYPES)), "")
            yield kind, text(child) or attribute(child, "href")


_ID_TYPES = ("contrib-id-type", "content-type", "ext-link-type")


def _addresses(contrib: Element, known: dict[str, str]) -> str:
    """The addresses inside the element, and those it refers to, each once."""
    own = [_address(child) for child in contrib if name(child) in _AFFILIATIONS]
    numbers = [
        number
        for child in contrib
        if name(child) == "xref" and attribute(child, "ref-type") in ("aff", "")
        for number in attribute(child, "rid").split()
    ]
    return "; ".join(dict.fromkeys(filter(None, [*own, *(known.get(number, "") for number in numbers)])))


def _address(element: Element) -> str:
    """An address on one line, without its mark; parts that no sign divides are divided by commas."""
    if name(element) == "aff-alternatives":
        return next(filter(None, map(_address, element)), "")
    between = [element.text, *(child.tail for child in element)]
    if len(element) > 1 and not any(re.search(r"\w|,", written or "") for written in between):
        return ", ".join(filter(None, (text(child).strip(_LOOSE_SIGNS) for child in _unmarked(element))))
    return text(element, _MARK).strip(" ,;*")


def _unmarked(element: Element) -> Iterator[Element]:
    return (child for child in element if name(child) not in _MARK)


def _details(contrib: Element) -> dict[str, str]:
    """Roles, degrees, contacts and the like, under their own names."""
    said: dict[str, list[str]] = {}
    for child in contrib:
        if name(child) and name(child) not in _HELD:
            said.setdefault(name(child), []).append(text(child))
    for kind, written in _ids(contrib):
        if not orcid(written):
            said.setdefault(kind or "contrib-id", []).append(written)
    for mark in ("equal-contrib", "corresp", "deceased"):
        said[mark] = [attribute(contrib, mark)]
    return {key: "; ".join(dict.fromkeys(values)) for key, values in said.items() if any(values)}
