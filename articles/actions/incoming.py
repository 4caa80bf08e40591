"""A record on its way in: what it says, and which source it tells of."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError
from rapidfuzz import fuzz

from articles.actions import facts
from articles.importers.record import Record
from articles.lib import identifiers, titles
from articles.lib import vocabulary as vocab
from articles.models import Source, SourceVersion
from articles.queries import identity

Result = vocab.ImportResult
Pair = tuple[str, str]

TRIALS = ("nct", "isrctn", "eudract")
# Pages have no numbers: the same title by the same publisher, or from the same file, is the same page.
PAGES = (vocab.TextBasis.WEB_PAGE, vocab.TextBasis.DIGEST, vocab.TextBasis.EXCERPT)
# Below this (0 to 100) two titles under one identifier are so unlike that one of them must be wrong.
LEAST_ALIKE = 50


class Conflict(ValueError):
    """The record cannot go in as it is; the message says why and what to do. Nothing was written."""


# What a record itself may be to blame for: half a character (a lone surrogate) is refused before the database sees it.
REFUSALS = (Conflict, DataError, IntegrityError, UnicodeEncodeError)


@dataclass(frozen=True)
class Item:
    """A record to bring in. `kind` and `interest`, where given, stand instead of what it says or was guessed.

    `fetched_at` is when it was fetched; a file of a person's own counts as fetched when it is brought in.
    `suggested` are the tags its words suggest: (tree, slug, reason).
    """

    record: Record
    fingerprint: str
    origin_name: str
    data: bytes = b""
    standing: int = 1
    kind: str = ""
    interest: str = ""
    fetched_at: datetime | None = None
    suggested: tuple[tuple[str, str, str], ...] = ()

    @property
    def stands_alone(self) -> bool:
        """Whether it is a digest with claims or tags of its own: it may fail in more ways, and is written by itself."""
        record = self.record
        return bool(record.claims or record.therapies or record.conditions or record.study_group)


@dataclass(frozen=True)
class Outcome:
    """What became of a record. `before` is what an update replaced."""

    result: Result
    source: int | None = None
    note: str = ""
    changed: tuple[str, ...] = ()
    before: dict[str, Any] = field(default_factory=dict)


@dataclass
class Known:
    """A record with what was found out about it before anything is written."""

    item: Item
    identifiers: list[Pair]
    values: facts.Values
    source: int | None = None
    outcome: Outcome | None = None

    @property
    def is_new(self) -> bool:
        """Whether it tells of a source that is not known, and nothing is wrong with it so far."""
        return self.source is None and self.outcome is None


def understood(item: Item, before: dict[str, int]) -> Known:
    """What the record says; with its outcome where the same bytes were read `before`, or an identifier is none."""
    if item.fingerprint in before:
        return Known(item, [], {}, outcome=Outcome(Result.UNCHANGED, before[item.fingerprint]))
    try:
        pairs = sorted({(s, identifiers.normalise(s, value)) for s, value in item.record.identifiers})
    except identifiers.InvalidIdentifier as error:
        return Known(item, [], {}, outcome=Outcome(Result.FAILED, note=str(error)))
    own, trials = pairs, []
    if (item.kind or item.record.kind) != vocab.Kind.TRIAL_REGISTRATION:
        # A paper does not own the number of the trial it reports: other papers report it too.
        own = [pair for pair in pairs if pair[0] not in TRIALS]
        trials = [f"{scheme}:{value}" for scheme, value in pairs if scheme in TRIALS]
    values = facts.of_record(item.record)
    if trials:
        values["trial_ids"] = sorted({*values.get("trial_ids", []), *trials})
    return Known(item, own, values)


def find_sources(known: list[Known]) -> None:
    """Sets the source each record tells of, where there is one; a contradiction becomes its outcome."""
    for one in known:
        one.source, one.outcome = None, None
    owners = identity.owners({pair for one in known for pair in one.identifiers})
    held = dict(Source.objects.filter(pk__in=set(owners.values())).values_list("pk", "title"))
    by_text = _by_text(known)
    by_bytes = identity.held_before({one.item.record.raw_sha256 for one in known})
    for one in known:
        # The number that PubMed gave last: it decides alone where there is one.
        shared = sorted((p for p in one.identifiers if p in owners), key=lambda pair: pair[0] == "pmid")
        mine = {owners[pair]: pair for pair in shared}
        try:
            if mine:
                one.source = _only(mine, one, held)
            else:
                same_bytes = by_bytes.get(one.item.record.raw_sha256)
                one.source = same_bytes or _same_text(one, by_text) or _same_page(one)
        except Conflict as conflict:
            one.outcome = Outcome(Result.FAILED, note=str(conflict))


def _only(mine: dict[int, Pair], one: Known, titles_held: dict[int, str]) -> int:
    if len(mine) > 1:
        listed = ", ".join(f"{_label(pair)} (source {pk})" for pk, pair in sorted(mine.items()))
        raise Conflict(f"Its identifiers belong to different sources: {listed}. Merge those first, or mend the record.")
    ((source, pair),) = mine.items()
    key = titles.key(one.item.record.title)
    # PubMed hands its numbers out itself; other identifiers are typed and copied, and end up at the wrong record.
    if pair[0] != "pmid" and fuzz.token_set_ratio(key, titles.key(titles_held[source])) < LEAST_ALIKE:
        raise Conflict(
            f"{_label(pair)} already belongs to source {source}, “{titles_held[source]}”, whose title is quite "
            "another. Nothing was changed: mend the identifier or the title."
        )
    return source


def _label(pair: Pair) -> str:
    return f"{identifiers.label(pair[0])} {pair[1]}"


def _by_text(known: list[Known]) -> dict[tuple[str, str], list[Source]]:
    hashes = {sha256(one.item.record.document.text) for one in known if one.item.record.document.text}
    found = SourceVersion.objects.filter(sha256__in=hashes, source__merged_into=None).select_related("source")
    by_text: dict[tuple[str, str], list[Source]] = {}
    for version in found.order_by("source_id").only("sha256", "source"):
        by_text.setdefault((version.sha256, version.source.title_key), []).append(version.source)
    return by_text


def _same_text(one: Known, by_text: dict[tuple[str, str], list[Source]]) -> int | None:
    key = (sha256(one.item.record.document.text), titles.key(one.item.record.title))
    same = by_text.get(key, []) if one.item.record.document.text else []
    return next((s.pk for s in same if not identity.has_another_number(s, one.identifiers)), None)


def _same_page(one: Known) -> int | None:
    record = one.item.record
    if record.text_basis not in PAGES:
        return None
    for source in identity.titled(record.title):
        if identity.has_another_number(source, one.identifiers):
            continue
        same_publisher = bool(record.publisher) and source.publisher and source.publisher.name == record.publisher
        if same_publisher or source.versions.filter(origin_name=one.item.origin_name).exists():
            return source.pk
    return None


def sha256(content: str) -> str:
    """The digest by which two texts are the same."""
    return hashlib.sha256(content.encode()).hexdigest()


def refusal(error: Exception) -> str:
    """Why a record was not taken, in one sentence."""
    if isinstance(error, Conflict):
        return str(error)
    if isinstance(error, UnicodeEncodeError):
        return f"half a character stands in it, which no text can hold (U+{ord(error.object[error.start]):04X})"
    return f"a value does not fit its field ({str(error).strip().splitlines()[0]})"
