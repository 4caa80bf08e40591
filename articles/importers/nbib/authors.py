"""The authors of a record in MEDLINE's tagged text: each has several tags, one below the other."""

from dataclasses import dataclass, field

from articles.importers.nbib.cutting import Tagged
from articles.importers.record import Contributor
from articles.importers.shared.names import family_first
from articles.importers.shared.orcid import orcid

# What begins a person who is no author; the affiliations below are not the author's before.
_OTHERS = frozenset({"FED", "ED", "FIR", "IR", "FPS", "PS"})


@dataclass
class _Author:
    full: str = ""
    short: str = ""
    collective: str = ""
    orcid: str = ""
    affiliations: list[str] = field(default_factory=list)

    def contributor(self) -> Contributor:
        """The author as records hold it."""
        contributor = self._named()
        return Contributor(
            contributor.as_written,
            contributor.family,
            contributor.given,
            contributor.collective,
            self.orcid,
            "; ".join(self.affiliations),
        )

    def _named(self) -> Contributor:
        if self.collective:
            return Contributor(self.collective, collective=self.collective)
        name = self.full or self.short
        if "," in name or self.full:
            family, _comma, given = name.partition(",")
            return Contributor(self.short or self.full, family.strip(), given.strip())
        return family_first(self.short)


def divide(tags: Tagged) -> tuple[tuple[Contributor, ...], Tagged]:
    """The authors in order, and the tags that are left."""
    authors: list[_Author] = []
    left: Tagged = []
    is_open = False
    for tag, value in tags:
        if _begins(tag, value, authors, is_open):
            authors.append(_Author())
            is_open = True
        is_open = is_open and tag not in _OTHERS
        if not (value and is_open and _add(authors[-1], tag, value)):
            left.append((tag, value))
    return tuple(author.contributor() for author in authors), left


def _begins(tag: str, value: str, authors: list[_Author], is_open: bool) -> bool:
    if not value or (tag == "AU" and value.lower().startswith("et al")):
        return False
    if tag == "AU":
        last = authors[-1] if is_open else None
        return last is None or bool(last.short or last.collective)
    return tag in ("FAU", "CN")


def _add(author: _Author, tag: str, value: str) -> bool:
    """Whether the tag says something about the author that could be taken up."""
    if tag == "FAU" and not author.full:
        author.full = value
    elif tag == "AU" and not author.short and not author.collective and not value.lower().startswith("et al"):
        author.short = value
    elif tag == "CN" and not author.collective:
        author.collective = value
    elif tag == "AD":
        author.affiliations.append(value)
    elif tag == "AUID" and not author.orcid:
        author.orcid = orcid(value)
        return bool(author.orcid)
    else:
        return False
    return True
