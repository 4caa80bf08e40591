"""New sources, many at once."""

import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.actions import digests, facts, listings, notices, publishers, suggesting
from articles.actions.bulk import copy_in, new_keys
from articles.actions.incoming import Known, Outcome, Result
from articles.actions.versions import new_version
from articles.importers.record import Record
from articles.lib import titles
from articles.lib import vocabulary as vocab
from articles.models import DuplicatePair, Identifier, ImportRun, Reading, Source, SourceVersion, StudyGroup
from articles.queries import identity


def create_all(known: list[Known], by: User | None, run: ImportRun | None) -> None:
    """Write a new source for each, and set its outcome."""
    known = [one for one in known if _is_valid(one)]
    if not known:
        return
    now = timezone.now()
    keys, versions = new_keys(Source, len(known)), new_keys(SourceVersion, len(known))
    pairs = [(one, _new_source(one, pk, version)) for one, pk, version in zip(known, keys, versions, strict=True)]
    for one, source in pairs:
        _name_publisher_and_study(source, one.item.record)
    _write(pairs, run, now)
    for one, source in pairs:
        if one.item.stands_alone:
            digests.add_tags_and_claims(source=source, record=one.item.record, origin_name=one.item.origin_name, by=by)
    suggesting.suggest([(source, one.item.record) for one, source in pairs])
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
    copy_in([identifier for one, source in pairs for identifier in _identifiers(one, source)])
    for rows in _by_model(facts.parts(source, one.values) for one, source in pairs):
        copy_in(rows)
    copy_in([new_reading(one, source.pk, source.current_version_id, run, now) for one, source in pairs])


def _identifiers(one: Known, source: Source) -> list[Identifier]:
    return [Identifier(source=source, scheme=scheme, value=value) for scheme, value in one.identifiers]


def _is_valid(one: Known) -> bool:
    """Whether every value fits its field; if not, the outcome says which does not."""
    source = _new_source(one, None, None)
    try:
        source.clean_fields(exclude=("title_key", "publisher", "current_version", "study_group", "merged_into"))
    except ValidationError as error:
        one.outcome = Outcome(Result.FAILED, note=in_words(error))
        return False
    return True


def in_words(error: ValidationError) -> str:
    """Each field with what is wrong with it."""
    return " ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())


def _new_source(one: Known, pk: int | None, version: int | None) -> Source:
    record, item = one.item.record, one.item
    kind = item.kind or record.kind or vocab.Kind.OTHER.value
    given = {name for name, value in (("kind", item.kind), ("publisher_interest", item.interest)) if value}
    source = Source(
        pk=pk,
        kind=kind,
        publisher_interest=item.interest or _interest(record, kind),
        text_basis=record.text_basis or vocab.TextBasis.EXCERPT.value,
        guesses={name: reason for name, reason in record.guesses.items() if name not in given},
        current_version_id=version,
    )
    facts.fill(source, one.values)
    source.title_key = titles.key(source.title)
    return source


def _name_publisher_and_study(source: Source, record: Record) -> None:
    source.publisher = publishers.named(record.publisher)
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
        fetched_at=now,
    )
    version.pk = source.current_version_id
    return version


def _by_model(of_each: Iterable[dict[type[Any], list[Any]]]) -> list[list[Any]]:
    gathered: dict[type[Any], list[Any]] = {}
    for rows in of_each:
        for model, some in rows.items():
            gathered.setdefault(model, []).extend(some)
    return list(gathered.values())


def new_reading(one: Known, source: int, version: int | None, run: ImportRun | None, now: datetime) -> Reading:
    """The record as it was read, not stored yet."""
    return Reading(
        source_id=source,
        fingerprint=one.item.fingerprint,
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
