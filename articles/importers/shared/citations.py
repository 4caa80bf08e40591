"""What the files of reference managers have in common: a citation and an abstract as plain text, and loose habits."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from articles.importers.record import Contributor
from articles.importers.shared.abstracts import line
from articles.importers.shared.names import family_first, given_first
from articles.importers.shared.orcid import orcid
from articles.importers.shared.publication_types import kind_and_design
from articles.lib import identifiers
from articles.lib.identifiers import InvalidIdentifier
from articles.lib.vocabulary import IdentifierScheme, Kind

UNKNOWN_INTEREST = "The record does not say who paid for the work."

_OF_ONE_DOCUMENT = (IdentifierScheme.DOI.value, IdentifierScheme.PMID.value, IdentifierScheme.PMCID.value)
_WRITTEN_PMID = re.compile(r"(?:PMID|PubMed|PubMed ID|MEDLINE)[:\s]{1,5}(\d{1,9})\.?", re.IGNORECASE | re.ASCII)
_WRITTEN_PMCID = re.compile(r"(?:PMCID[:\s]{1,5})?(PMC\d{1,9})\.?", re.IGNORECASE | re.ASCII)
_BETWEEN_NOTES = re.compile(r"[\n;,|]")

# What only bodies have in their names. A body written like a person would else get a given name.
_GROUP = re.compile(
    r"\b(?:(?-i:of|for|at|on|the|and)|group|committee|organi[sz]ation|society|association|collaborat\w+|consortium|institute"
    r"|council|network|investigators|study|trial|ministry|agency|department|university|cent(?:er|re)|foundation|team"
    r"|panel|federation|union|academy|college|corporation|inc|ltd|gmbh|task force|initiative|program(?:me)?)\b",
    re.IGNORECASE,
)

# Types that say no more than that it is a paper, and what other databases call what PubMed has a name for.
_SAYS_LITTLE = frozenset({"journal article", "article", "journal", "text", "research article", "article in press"})
_SAME_TYPES = {
    "editorial material": "Editorial",
    "meeting abstract": "Journal Article",
    "conference abstract": "Journal Article",
    "conference paper": "Journal Article",
    "proceedings paper": "Journal Article",
    "practice guideline": "Practice Guideline",
    "review article": "Review",
    "case report": "Case Reports",
    "retraction": "Retraction of Publication",
    "correction": "Published Erratum",
    "erratum": "Published Erratum",
}
_REGISTRATIONS = frozenset({"trial registry record", "clinical trial registration", "trial registration"})


@dataclass
class Identifiers:
    """The identifiers of one document as they are found in its record: of each scheme the first valid one."""

    found: dict[str, str] = field(default_factory=dict)

    def add(self, scheme: str, written: str) -> bool:
        """Takes an identifier. False where it is none, or not the one that is known already: then it is to be kept."""
        try:
            value = identifiers.normalise(scheme, written.strip().removesuffix("[doi]").rstrip(" .,;"))
        except InvalidIdentifier:
            return False
        return self.found.setdefault(str(scheme), value) == value

    def add_from_note(self, written: str) -> None:
        """Takes what is unmistakably a PMID or PMCID in a note, such as "PMID: 23203029"; the note is to be kept.

        It must stand by itself: "Comment in: PMID 1" names another publication.
        """
        for note in _BETWEEN_NOTES.split(written):
            if pmid := _WRITTEN_PMID.fullmatch(note.strip(" ()")):
                self.add(IdentifierScheme.PMID, pmid[1])
            elif pmcid := _WRITTEN_PMCID.fullmatch(note.strip(" ()")):
                self.add(IdentifierScheme.PMCID, pmcid[1])

    def add_addresses(self, written: Iterable[str]) -> list[str]:
        """Takes the web addresses of a record, when all else was taken, and gives back those that are to be kept.

        Those of a DOI or of PubMed are its numbers. Any other counts only where the record has nothing better: many
        exports give the address of a search, a journal or a catalogue, and what shares that is not one document.
        """
        kept = [address for address in written if not self._add_resolver(address)]
        if any(scheme in self.found for scheme in _OF_ONE_DOCUMENT):
            return kept
        own = next((one for one in kept if _leads_to_a_document(one) and self.add(IdentifierScheme.URL, one)), None)
        return [address for address in kept if address != own]

    def _add_resolver(self, address: str) -> bool:
        bare = address.strip().split("?")[0]
        return bare.lower().startswith("http") and any(self.add(scheme, bare) for scheme in _OF_ONE_DOCUMENT)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The identifiers as (scheme, value)."""
        return tuple((str(scheme), value) for scheme, value in self.found.items())


def _leads_to_a_document(address: str) -> bool:
    """Whether the address is more than that of a site's first page."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.path.strip("/") or parts.query)


def author(written: str) -> Contributor:
    """An author as reference managers write one: "Family, Given", "Family, Given, Jr", "Family G.", or a body.

    A comma at the end marks a body, as does a name that only bodies have.
    """
    written = line(written)
    family, comma, given = (part.strip() for part in written.partition(","))
    if comma and given:
        name, _comma, suffix = given.partition(",")
        return Contributor(written, family=family, given=f"{name.strip()} {suffix.strip()}".strip())
    if comma or _GROUP.search(written):
        return Contributor(written.rstrip(","), collective=family)
    by_initials = family_first(written)
    if _is_initials(by_initials.given):
        return by_initials
    return given_first(written)


def _is_initials(given: str) -> bool:
    return bool(given) and len(given) <= 6 and given.replace(".", "").replace("-", "").isupper()


def is_group(written: str) -> bool:
    """Whether a name is one that only bodies have."""
    return _GROUP.search(written) is not None


def types(written: Iterable[str]) -> tuple[str, ...]:
    """Publication types, each once, of entries that may hold several, such as "Article; Proceedings Paper"."""
    return tuple(dict.fromkeys(part for entry in written for one in entry.split(";") if (part := line(one))))


def kind(given: Sequence[str], shelf: str, otherwise: Kind) -> tuple[str, str, dict[str, str]]:
    """Kind and design of a record, and the reason where the kind is a guess.

    `given` are its publication types; where they do not say it, `otherwise` is what files of this sort mostly are, and
    `shelf` is the sort the record names.
    """
    lowered = [one.lower() for one in given]
    if _REGISTRATIONS & set(lowered):
        return Kind.TRIAL_REGISTRATION.value, "", {}
    telling = [_SAME_TYPES.get(low, one) for low, one in zip(lowered, given, strict=True) if low not in _SAYS_LITTLE]
    known, design = kind_and_design(telling)
    if known:
        return known, design, {}
    more = "; it may also be a review" if otherwise is Kind.ABSTRACT else ""
    said = f'says only "{shelf}"' if shelf else "does not say what sort of document it is"
    return otherwise.value, design, {"kind": f"The record {said}{more}."}


def with_facts(contributor: Contributor, orcids: dict[str, str]) -> Contributor:
    """The author with the ORCID that a list gives beside a name like theirs."""
    known = orcids.get(_name_key(f"{contributor.family}, {contributor.given}"), "")
    return replace(contributor, orcid=contributor.orcid or known)


def orcids(entries: Iterable[str]) -> dict[str, str]:
    """The ORCIDs of a list such as "Family, Given/0000-0001-2345-6789", by name, for `with_facts`."""
    return {_name_key(name): number for name, written in _pairs(entries) if (number := orcid(written))}


def names_others(entries: Iterable[str], people: Iterable[Contributor]) -> bool:
    """Whether such a list says more than these people hold: a number of somebody else, or one that is no ORCID."""
    known = {person.orcid for person in people if person.orcid}
    return any(orcid(written) not in known for name, written in _pairs(entries) if name.strip())


def _pairs(entries: Iterable[str]) -> Iterator[tuple[str, str]]:
    for one in re.split(r"[;\n]", "\n".join(entries)):
        name, _slash, written = one.partition("/")
        yield name, written


def _name_key(name: str) -> str:
    family, _comma, given = line(name).partition(",")
    return f"{family.strip()} {given.strip()[:1]}".casefold()
