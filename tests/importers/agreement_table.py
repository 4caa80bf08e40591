"""How far our records agree with the items that Zotero's tests expect of the same files, and why they differ elsewhere.

`python -m tests.importers.agreement_table` prints the table.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from articles import importers
from tests.importers import agreement

REAL = Path(__file__).parents[3] / "shared" / "data"
FILES = {
    "pubmed-xml": ("pubmed-xml/zotero", "*.xml"),
    "nbib": ("nbib/zotero", "*.nbib"),
    "bibtex": ("bibtex/zotero", "*.bib"),
}


class Verdict(Enum):
    """Whose fault a difference is, if anybody's."""

    MORE = "ours says more"
    OTHERWISE = "the same said otherwise"
    THEIRS = "theirs is wrong"
    OURS = "ours is wrong"


class Place(NamedTuple):
    """A field of one record: the file, the number of the record in it (from 0), and the field."""

    case: str
    number: int
    field: str


class Reason(NamedTuple):
    """Why we differ there."""

    verdict: Verdict
    why: str


_NO_FIELD = Reason(Verdict.MORE, "Zotero's preprints have no field for PMID and PMCID.")
_ADDRESS = Reason(Verdict.MORE, "The record gives its DOI as an address, which Zotero does not read.")
_NOT_PAGES = Reason(Verdict.THEIRS, "The record has no pages; Zotero puts a number of the publisher's in their place.")
_FLAT = Reason(Verdict.OTHERWISE, "An index that changes no number is printed flat, as it is typed in searches.")
_NO_PMID = Reason(Verdict.THEIRS, "'P123456' is no PMID: it is kept, but identifies nothing.")
_BODY = Reason(Verdict.THEIRS, "The name is that of a body; Zotero divides it into a given and a family name.")

EXPLAINED: Mapping[str, Mapping[Place, Reason]] = {
    "pubmed-xml": {
        Place("case07", 0, "pages"): _NOT_PAGES,
        Place("case08", 0, "container"): Reason(Verdict.MORE, "Zotero cuts the place off the name of the journal."),
        Place("case09", 0, "container"): Reason(Verdict.OTHERWISE, "Zotero takes out the blank before a colon."),
        Place("case09", 0, "identifiers"): _NO_FIELD,
        Place("case10", 0, "identifiers"): _NO_FIELD,
        Place("case11", 0, "identifiers"): _NO_FIELD,
    },
    "nbib": {
        Place("case01", 0, "identifiers"): Reason(Verdict.THEIRS, "A PMID of zeros is no PMID; it is kept in `extra`."),
        Place("case05", 1, "date"): Reason(
            Verdict.THEIRS, "'Article 10 2019' is no date: we read the year, and keep what is printed in `extra`."
        ),
        Place("case05", 1, "identifiers"): _ADDRESS,
        Place("case07", 1, "identifiers"): _ADDRESS,
        Place("case08", 0, "identifiers"): Reason(Verdict.MORE, "Zotero has no field for the ISBN of a thesis."),
        Place("case08", 1, "title"): Reason(Verdict.THEIRS, "Zotero takes the title of this book for its series."),
        Place("case09", 0, "pages"): _NOT_PAGES,
    },
    "bibtex": {
        Place("case03", 0, "date"): Reason(
            Verdict.MORE, "The date of the proceedings that the paper's crossref names; Zotero does not look it up."
        ),
        Place("case03", 0, "container"): Reason(Verdict.MORE, "The title of those proceedings."),
        Place("case04", 0, "authors"): Reason(
            Verdict.OTHERWISE, "The suffix stands behind the given name without a comma, as in all our formats."
        ),
        Place("case04", 0, "identifiers"): Reason(
            Verdict.THEIRS, "The check digit of the ISBN is wrong: it is kept, but identifies nothing."
        ),
        Place("case06", 0, "title"): Reason(
            Verdict.THEIRS, "A tilde that stands on no letter is a tilde; Zotero makes the operator of it."
        ),
        Place("case07", 0, "title"): _FLAT,
        Place("case08", 0, "authors"): _BODY,
        Place("case10", 0, "title"): Reason(Verdict.THEIRS, "An empty group prints nothing; Zotero keeps a brace."),
        Place("case12", 0, "identifiers"): _NO_PMID,
        Place("case13", 0, "identifiers"): _NO_PMID,
        Place("case15", 0, "identifiers"): Reason(
            Verdict.OTHERWISE, "The ISBN is that of the proceedings, which all papers share: kept, but no identifier."
        ),
        Place("case18", 0, "authors"): _BODY,
        Place("case19", 0, "title"): Reason(Verdict.THEIRS, "Zotero makes the sign for 'telephone' of TEL."),
        Place("case19", 0, "authors"): Reason(
            Verdict.THEIRS, "The backslashes are doubled in the file; Zotero leaves one of the two."
        ),
        Place("case20", 0, "authors"): Reason(
            Verdict.OTHERWISE, "'KC' stays as it is written; Zotero makes 'K. C.' of it."
        ),
        Place("case22", 0, "authors"): Reason(Verdict.THEIRS, "TeX takes the space after a command for its end."),
        Place("case23", 0, "title"): _FLAT,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """One format: how many fields were compared, and where they differ."""

    format: str
    fields: int
    differing: Mapping[Place, agreement.Difference]

    @property
    def reasons(self) -> Mapping[Place, Reason]:
        """The explained ones among the differences."""
        known = EXPLAINED[self.format]
        return {place: known[place] for place in self.differing if place in known}

    @property
    def unexplained(self) -> set[Place]:
        """Differences without a reason."""
        return self.differing.keys() - self.reasons.keys()

    @property
    def outdated(self) -> set[Place]:
        """Reasons for differences that there are no more."""
        return EXPLAINED[self.format].keys() - self.differing.keys()


def compare(name: str) -> Comparison:
    """The records of all files of a format beside the expected items."""
    folder, pattern = FILES[name]
    fields, differing = 0, {}
    for path in sorted((REAL / folder).glob(pattern)):
        items = json.loads(path.with_suffix("").with_suffix(".expected.json").read_text(encoding="utf-8"))
        for number, (record, item) in enumerate(zip(importers.read(path.read_bytes()), items, strict=True)):
            fields += len(agreement.FIELDS)
            differing |= {Place(path.stem, number, one.field): one for one in agreement.compare(record, item)}
    return Comparison(name, fields, differing)


def lines(compared: list[Comparison]) -> Iterator[str]:
    """The table as text: a line for each format and for all, then each difference with its reason."""
    yield f"{'format':<12}{'fields':>8}{'agree':>8}{'share':>9}{'or explained':>14}" + "".join(
        f"{one.value:>25}" for one in Verdict
    )
    everything = {(one.format, *place): found for one in compared for place, found in one.differing.items()}
    reasons = [reason for one in compared for reason in one.reasons.values()]
    for one in compared:
        yield _row(one.format, one.fields, len(one.differing), list(one.reasons.values()))
    yield _row("all", sum(one.fields for one in compared), len(everything), reasons)
    for one in compared:
        for place, found in one.differing.items():
            reason = one.reasons.get(place, Reason(Verdict.OURS, "NOT EXPLAINED"))
            yield f"\n{one.format} {place.case} record {place.number + 1}, {place.field}: {reason.verdict.value}"
            yield f"  {reason.why}\n  ours:   {found.ours[:200]}\n  theirs: {found.theirs[:200]}"


def _row(name: str, fields: int, differing: int, reasons: list[Reason]) -> str:
    counted = Counter(reason.verdict for reason in reasons)
    share = f"{1 - differing / fields:.1%}" if fields else "-"
    honest = sum(reason.verdict is not Verdict.OURS for reason in reasons)
    explained = f"{1 - (differing - honest) / fields:.1%}" if fields else "-"
    verdicts = "".join(f"{counted[verdict]:>25}" for verdict in Verdict)
    return f"{name:<12}{fields:>8}{fields - differing:>8}{share:>9}{explained:>14}{verdicts}"


if __name__ == "__main__":
    print("\n".join(lines([compare(name) for name in FILES])))
