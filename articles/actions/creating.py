"""New sources, many at once."""

import zlib
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.actions import digests, facts, listings, notices, publishers, suggesting
from articles.actions.bulk import copy_in, copy_rows, new_keys
from articles.actions.incoming import Known, Outcome, Result
from articles.actions.versions import new_version
from articles.importers.record import Record
from articles.lib import titles
from articles.lib import vocabulary as vocab
from articles.models import DuplicatePair, Identifier, ImportRun, Publisher, Reading, Source, SourceVersion, StudyGroup
from articles.queries import identity

# What is set later, or follows from other fields, or is no field that a record fills.
UNCHECKED = frozenset(
    {"title_key", "publisher", "current_version", "study_group", "merged_into", "curation_state", "exclusion_reason"}
    | {"study_group_relation", "is_whole_text_shown", "guesses", "status_checked_at", "updated_at", "created_at"}
)


def create_all(known: list[Known], by: User | None, run: ImportRun | None) -> None:
    """Write a new source for each, and set its outcome."""
    pairs = [(one, source) for one in known if (source := _new_source(one)) is not None]
    if not pairs:
        return
    keys, versions = new_keys(Source, len(pairs)), new_keys(SourceVersion, len(pairs))
    known_publishers = _publishers(pairs)
    for (one, source), pk, version in zip(pairs, keys, versions, strict=True):
        source.pk, source.current_version_id = pk, version
        _name_publisher_and_study(source, one.item.record, known_publishers)
    _write(pairs, run, timezone.now())
    for one, source in pairs:
        if one.item.stands_alone:
            digests.add_tags_and_claims(source=source, record=one.item.record, origin_name=one.item.origin_name, by=by)
    suggesting.store([(source, one.item.suggested) for one, source in pairs])
    notices.apply(keys)
    listings.refresh(keys)
    alike = _flag_duplicates(keys)
    for one, source in pairs:
        result = Result.DUPLICATE if source.pk in alike else Result.CREATED
        one.outcome = Outcome(result, source.pk, alike.get(source.pk, ""))


def _write(pairs: Sequence[tuple[Known, Source]], run: ImportRun | None, now: datetime) -> None:
    """The sources with all their rows. A source may name its version first: the database looks at the end only."""
    copy_in([source for _one, source in pairs])
    copy_in([_first_version(one, source, now) for one, source in pairs])
    identifiers = [(source.pk, *pair) for one, source in pairs for pair in one.identifiers]
    copy_rows(Identifier, ("source_id", "scheme", "value"), identifiers)
    facts.write_parts((source.pk, one.values) for one, source in pairs)
    copy_in([new_reading(one, source.pk, source.current_version_id, run, now) for one, source in pairs])


def _new_source(one: Known) -> Source | None:
    """The source, not stored yet. None where a value does not fit its field: then the outcome says which."""
    record, item = one.item.record, one.item
    kind = item.kind or record.kind or vocab.Kind.OTHER.value
    given = {name for name, value in (("kind", item.kind), ("publisher_interest", item.interest)) if value}
    interest = item.interest or _interest(record, kind)
    if interest == vocab.PublisherInterest.UNKNOWN:
        # Left open, not guessed: there would be nothing to confirm.
        given.add("publisher_interest")
    source = Source(
        kind=kind,
        publisher_interest=interest,
        text_basis=record.text_basis or vocab.TextBasis.EXCERPT.value,
        guesses={name: reason for name, reason in record.guesses.items() if name not in given},
    )
    facts.fill(source, one.values)
    source.title_key = titles.key(source.title)
    problem = misfit(source)
    if problem:
        one.outcome = Outcome(Result.FAILED, note=problem)
        return None
    return source


def misfit(source: Source) -> str:
    """Each field whose value does not fit it, with what is wrong; blank where all fit."""
    try:
        source.clean_fields(exclude=UNCHECKED)
    except ValidationError as error:
        return " ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
    return ""


def _publishers(pairs: Sequence[tuple[Known, Source]]) -> dict[str, Publisher | None]:
    names = {one.item.record.publisher for one, _source in pairs}
    return {publisher.name: publisher for publisher in Publisher.objects.filter(name__in=names)}


def _name_publisher_and_study(source: Source, record: Record, known: dict[str, Publisher | None]) -> None:
    if record.publisher not in known:
        known[record.publisher] = publishers.named(record.publisher)
    source.publisher = known[record.publisher]
    if record.study_group:
        source.study_group, _ = StudyGroup.objects.get_or_create(name=record.study_group["name"])
        source.study_group_relation = record.study_group["relation"]


def _interest(record: Record, kind: str) -> str:
    """What the record says, but a clinic page sells the therapy whatever it says of itself."""
    if kind == vocab.Kind.CLINIC_PAGE:
        return vocab.PublisherInterest.SELLS_THERAPY.value
    return record.publisher_interest or vocab.PublisherInterest.UNKNOWN.value


def _first_version(one: Known, source: Source, now: datetime) -> SourceVersion:
    version = new_version(
        source=source,
        record=one.item.record,
        number=1,
        origin_name=one.item.origin_name,
        text_basis=source.text_basis,
        fetched_at=one.item.fetched_at or now,
    )
    version.pk = source.current_version_id
    return version


def new_reading(one: Known, source: int, version: int | None, run: ImportRun | None, now: datetime) -> Reading:
    """The record as it was read, not stored yet."""
    return Reading(
        source_id=source,
        fingerprint=one.item.fingerprint,
        raw_sha256=one.item.record.raw_sha256,
        format=one.item.record.format,
        standing=one.item.standing,
        origin_name=one.item.origin_name,
        data=zlib.compress(one.item.data, 1),
        values=one.values,
        version_id=version,
        run=run,
        read_at=now,
    )


def _flag_duplicates(keys: Sequence[int]) -> dict[int, str]:
    """Store which of the new sources are like others; returns for each of those a sentence."""
    found = identity.likely_duplicates(keys)
    copy_in(
        [DuplicatePair(first_id=p.first, second_id=p.second, reason=p.reason, similarity=p.similarity) for p in found]
    )
    notes: dict[int, str] = {}
    for pair in found:
        notes.setdefault(pair.second, f"kept, but it may be source {pair.first} again: {pair.reason}")
    return notes
