"""A slow and obvious reference of the counts, over the records themselves and in plain Python.

It states the rules once more and shares no code with `articles.queries`:

- public is what was accepted, of a source that is neither excluded nor merged into another one;
- who sells the therapy is a seller; of all others abstracts, reviews, guidelines and registrations are literature;
- a study group speaks with one voice, and so does a publisher that sells; every other source speaks for itself;
- a claim of a retracted or withdrawn source stands in the list and speaks for nothing;
- a claim on a node is a claim on everything above it, and counts once there, whatever else it is tagged with.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product

from articles.models import Claim, Condition, Outcome, Source, Therapy
from articles.models.trees import Node

EVERYTHING = "*"
LITERATURE = ("abstract", "review", "guideline", "trial_registration")
STRONGEST_FIRST = ("1", "2", "3", "4", "5", "0", "")
Speaker = tuple[str, int]


@dataclass(frozen=True)
class Counted:
    """What one voice says in one cell; `effects` gives the claims and the speakers of each effect."""

    claims: int
    retracted: int
    speakers: int
    studies: int
    reviews: int
    statements: int
    best_level: str
    effects: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Record:
    """One public claim with everything a count asks: `keys` holds, by axis, the keys of the cells it stands in."""

    claim: Claim
    keys: Mapping[str, frozenset[str]]

    @property
    def voice(self) -> str:
        if self.claim.source.publisher_interest == "sells_therapy":
            return "seller"
        return "literature" if self.claim.source.kind in LITERATURE else "other"

    @property
    def speaker(self) -> Speaker:
        source = self.claim.source
        if self.voice == "seller":
            return ("publisher", source.publisher_id) if source.publisher_id else ("source", source.pk)
        return ("study group", source.study_group_id) if source.study_group_id else ("source", source.pk)

    @property
    def stands(self) -> bool:
        return self.claim.source.publication_status not in ("retracted", "withdrawn")

    @property
    def level(self) -> str:
        level = self.claim.evidence_level
        return "" if level is None else str(level)


VALUES: dict[str, Callable[[Claim], str]] = {
    "kind": lambda claim: claim.source.kind,
    "interest": lambda claim: claim.source.publisher_interest,
    "design": lambda claim: claim.design or "blank",
    "subject": lambda claim: claim.subject or "blank",
    "year": lambda claim: str(claim.source.year or "blank"),
}
AXES = ("therapy", "condition", "outcome", *VALUES)


def records() -> list[Record]:
    """Every public claim, read anew from the tables of the records."""
    above = {"therapy": _above(Therapy), "condition": _above(Condition), "outcome": _above(Outcome)}
    claims = Claim.objects.select_related("source").prefetch_related("claim_therapies").order_by("pk")
    return [Record(claim, _keys(claim, above)) for claim in claims if _is_public(claim.status, claim.source)]


def _is_public(status: str, source: Source) -> bool:
    return status == "accepted" and source.curation_state != "excluded" and source.merged_into_id is None


def _above(model: type[Node]) -> dict[int, frozenset[str]]:
    """The slugs of each node and of everything above it."""
    nodes = {node.pk: node for node in model.objects.all()}
    above = {}
    for pk, node in nodes.items():
        slugs = {node.slug}
        while node.parent_id is not None:
            node = nodes[node.parent_id]
            slugs.add(node.slug)
        above[pk] = frozenset(slugs)
    return above


def _keys(claim: Claim, above: Mapping[str, Mapping[int, frozenset[str]]]) -> dict[str, frozenset[str]]:
    therapies = (above["therapy"][tag.therapy_id] for tag in claim.claim_therapies.all())
    return {
        "therapy": frozenset[str]().union(*therapies),
        "condition": above["condition"][claim.condition_id],
        "outcome": above["outcome"][claim.outcome_id],
        **{name: frozenset([value(claim)]) for name, value in VALUES.items()},
    }


def within(held: Iterable[Record], axis: str, key: str) -> list[Record]:
    """The records that stand at this key of the axis, or all of them."""
    return [record for record in held if key == EVERYTHING or key in record.keys[axis]]


def said(held: Iterable[Record]) -> dict[str, Counted]:
    """By voice, what these records amount to; a voice that says nothing is left out."""
    voices: dict[str, list[Record]] = defaultdict(list)
    for record in held:
        voices[record.voice].append(record)
    return {voice: counted(spoken) for voice, spoken in voices.items()}


def counted(held: list[Record]) -> Counted:
    """What records of one voice amount to."""
    standing = [record for record in held if record.stands]
    speakers = {record.speaker for record in standing}
    studies = {record.speaker for record in standing if record.claim.quote_role == "own_result"}
    reviews = {record.speaker for record in standing if record.claim.quote_role == "review_synthesis"} - studies
    levels = {record.level for record in standing}
    return Counted(
        claims=len(held),
        retracted=len(held) - len(standing),
        speakers=len(speakers),
        studies=len(studies),
        reviews=len(reviews),
        statements=len(speakers - studies - reviews),
        best_level=next((level for level in STRONGEST_FIRST if level in levels), ""),
        effects={effect: _stated(held, effect) for effect in {record.claim.effect for record in held}},
    )


def _stated(held: Iterable[Record], effect: str) -> tuple[int, int]:
    """How many claims state the effect, and how many speakers whose claim of it stands."""
    stating = [record for record in held if record.claim.effect == effect]
    return len(stating), len({record.speaker for record in stating if record.stands})


def table(held: list[Record], rows: str = "", columns: str = "") -> dict[tuple[str, str], dict[str, Counted]]:
    """Every cell and margin that holds a claim; without a name an axis has the one key of everything."""
    cells = {}
    for row, column in product(_all_keys(held, rows), _all_keys(held, columns)):
        if here := within(within(held, rows, row), columns, column):
            cells[row, column] = said(here)
    return cells


def _all_keys(held: Iterable[Record], axis: str) -> list[str]:
    found = {key for record in held for key in record.keys[axis]} if axis else set()
    return [EVERYTHING, *sorted(found)]
