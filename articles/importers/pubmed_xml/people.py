"""Authors of PubMed's XML."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml.etree import _Element as Element

from articles.importers.pubmed_xml.elements import add, plain, text
from articles.importers.record import Contributor
from articles.importers.shared.orcid import orcid

_OLD_GIVEN = ("FirstName", "MiddleName")
_NAMES = frozenset({"LastName", "ForeName", *_OLD_GIVEN, "Initials", "Suffix", "CollectiveName"})


class _Name(NamedTuple):
    """A person as MEDLINE prints one ("King TE Jr"), or a group; all empty where there is no name."""

    as_written: str
    family: str = ""
    given: str = ""
    collective: str = ""

    @classmethod
    def of(cls, parts: dict[str, str]) -> "_Name":
        family, initials, suffix = parts.get("LastName", ""), parts.get("Initials", ""), parts.get("Suffix", "")
        given = parts.get("ForeName") or " ".join(parts[name] for name in _OLD_GIVEN if name in parts)
        if family:
            return cls(_joined(family, initials or given, suffix), family, _joined(given or initials, suffix))
        collective = parts.get("CollectiveName") or given
        return cls(collective, collective=collective)


@dataclass
class People:
    """The authors in order; `extra` keeps what is said of them beside names, ORCID and affiliations."""

    authors: list[Contributor] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def add_list(self, people: Element) -> None:
        """Adds the members of an AuthorList; those of a list of editors, and names no longer valid, are only kept."""
        if people.get("CompleteYN") == "N":
            self.extra["AuthorList CompleteYN"] = "N"
        for person in people.iterfind("Author"):
            if people.get("Type") == "editors":
                add(self.extra, "Editors", plain(person))
            elif person.get("ValidYN") == "N":
                add(self.extra, "Author ValidYN N", plain(person))
            else:
                self._add(person)

    def _add(self, person: Element) -> None:
        parts: dict[str, str] = {}
        others: list[Element] = []
        for child in person:
            if child.tag in _NAMES:
                parts[child.tag] = text(child)
            else:
                others.append(child)
        name = _Name.of(parts)
        if not name.as_written:
            add(self.extra, "Author", plain(person))
            return
        if person.get("EqualContrib") == "Y":
            add(self.extra, "EqualContrib", name.as_written)
        self.authors.append(self._with(name, others))

    def _with(self, name: _Name, others: list[Element]) -> Contributor:
        """The author with what the record says beside the name."""
        number, affiliations = "", list[str]()
        for child in others:
            if child.tag == "AffiliationInfo":
                affiliations += self._affiliations(child, name.as_written)
            elif child.tag == "Affiliation":
                affiliations.append(text(child))
            elif child.tag == "Identifier":
                number = self._orcid(child, number, name.as_written)
            else:
                add(self.extra, "Author", {"of": name.as_written, str(child.tag): plain(child)})
        return Contributor(*name, number, "; ".join(filter(None, affiliations)))

    def _affiliations(self, info: Element, of: str) -> list[str]:
        found = []
        for child in info:
            if child.tag == "Affiliation":
                found.append(text(child))
            else:
                add(self.extra, "AffiliationInfo", {"of": of, str(child.tag): plain(child)})
        return found

    def _orcid(self, identifier: Element, found: str, of: str) -> str:
        """The first valid ORCID; other identifiers, and one whose check digit is wrong, are kept apart."""
        number = orcid(text(identifier)) if identifier.get("Source", "").upper() == "ORCID" else ""
        if not number or found not in ("", number):
            add(self.extra, "Author Identifier", {"of": of, "Identifier": plain(identifier)})
        return found or number


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))
