"""Bringing records in: each becomes a new source, a new version of a known one, or nothing."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain, count
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from articles.actions import claims, listings
from articles.actions.holding import hold_source
from articles.actions.recording import explained, recorded
from articles.importers.record import ClaimRecord, Record
from articles.lib import anchoring, identifiers, text
from articles.lib import vocabulary as vocab
from articles.models import (
    CitedReference,
    Claim,
    Condition,
    Contributor,
    Identifier,
    Node,
    Outcome,
    Publisher,
    Source,
    SourceVersion,
    StudyGroup,
    Therapy,
)

# Where a version came from when a curator typed or pasted it.
TYPED = "typed by a curator"
# Registers that give each document one number.
ONE_FOR_EACH = ("pmid", "pmcid", "doi")
CITATION_FIELDS = ("container", "volume", "issue", "pages", "language", "licence", "description")

N = TypeVar("N", bound=Node)


class Result(StrEnum):
    """What became of a record."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Imported:
    """The result, its source, and a sentence where there is something to say."""

    result: Result
    source: Source
    note: str = ""


class Conflict(ValueError):
    """The record cannot go in as it is; the message says why and what to do. Nothing was written."""


def import_record(*, by: User | None, record: Record, origin_name: str, kind: str = "", interest: str = "") -> Imported:
    """Bring one record in. `kind` and `interest`, where given, stand instead of what the record says or was guessed.

    Raises Conflict where the record contradicts what is already held.
    """
    known = _known_identifiers(record)
    with recorded("import_source", by, origin=origin_name), listings.at_the_end():
        _wait_for_other_imports()
        source = _same_source(record, known, origin_name)
        if source is None:
            return _create(record, known, origin_name, kind, interest, by)
        return _update(source, record, known, origin_name)


def save_source(
    *,
    by: User,
    source: Source,
    tags: Mapping[str, Iterable[Node]],
    parts: Iterable[Identifier | Contributor | CitedReference] = (),
    removed: Iterable[Identifier | Contributor | CitedReference] = (),
    record: Record | None = None,
    seen: datetime | None = None,
) -> Source:
    """Store a source as a curator wrote it: its fields, its tags by field, the parts changed and those taken away.

    The record carries a new text: it becomes the next version unless it says the same as the current one. Raises
    ValidationError where the stored source is not the one `seen` (its `updated_at`), or where an identifier belongs
    to another source.
    """
    is_known = source.pk is not None
    action = "edit_source" if is_known else "add_source"
    with explained(Identifier), recorded(action, by), listings.at_the_end():
        if is_known:
            hold_source(source.pk, seen)
        source.save()
        for part in removed:
            part.delete()
        for part in parts:
            part.source = source
            part.save()
        for name, nodes in tags.items():
            getattr(source, name).set(nodes)
        if record is not None and not _holds(source, record):
            add_version(source=source, record=record, origin_name=TYPED, text_basis=source.text_basis)
        listings.refresh([source.pk])
    return source


def twin(*, source: Source) -> Source | None:
    """Another source with the same title, which may be the same document."""
    others = Source.objects.filter(title__iexact=source.title).exclude(pk=source.pk).order_by("pk")
    return next((other for other in others if title_key(other.title) == title_key(source.title)), None)


def confirm_guesses(*, by: User, source: Source) -> Source:
    """A person looked at what the import guessed: the guesses become facts."""
    source.guesses = {}
    with recorded("confirm_guesses", by):
        source.save(update_fields=["guesses", "updated_at"])
    return source


@transaction.atomic
def add_version(*, source: Source, record: Record, origin_name: str, text_basis: str) -> SourceVersion:
    """Store the record's text as the source's next, now current version; its claims are looked up in it anew."""
    hold_source(source.pk)
    last = source.versions.order_by("-number").first()
    version = SourceVersion.objects.create(
        source=source,
        number=last.number + 1 if last else 1,
        text=record.document.text,
        text_basis=text_basis,
        structure={key: value for key, value in record.document.to_json().items() if key != "text"},
        sections=[[section.label, section.start, section.end] for section in record.sections],
        sha256=_sha256(record.document.text),
        raw_sha256=record.raw_sha256,
        raw_record=record.extra,
        repairs=list(record.repairs),
        normaliser_version=text.NORMALISER_VERSION,
        origin_format=record.format,
        origin_name=origin_name,
        fetched_at=timezone.now(),
    )
    source.current_version, source.text_basis = version, text_basis
    source.save(update_fields=["current_version", "text_basis", "updated_at"])
    for claim in source.claims.select_related("version"):
        _reanchor(claim, version)
    return version


def _reanchor(claim: Claim, version: SourceVersion) -> None:
    """Move a claim to the new text only where its words stand there beyond doubt; else mark it for a person."""
    state, found = anchoring.reanchor(claim, version.text, old_text=claim.version.text)
    claim.anchor_state = str(state)
    if found is not None:
        claim.version, claim.start, claim.end = version, found.start, found.end
        # The same words, but perhaps broken into other lines.
        claim.quote, claim.prefix, claim.suffix = found.quote, found.prefix, found.suffix
    claim.save()


def _holds(source: Source, record: Record) -> bool:
    return source.current_version is not None and source.current_version.sha256 == _sha256(record.document.text)


def _sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _wait_for_other_imports() -> None:
    """One import at a time, to the end of its transaction: of two at once neither would find what the other brings."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import_source'))")


def _known_identifiers(record: Record) -> list[tuple[str, str]]:
    try:
        return sorted({(scheme, identifiers.normalise(scheme, value)) for scheme, value in record.identifiers})
    except identifiers.InvalidIdentifier as error:
        raise Conflict(str(error)) from error


def title_key(title: str) -> str:
    """A title without case, accents of punctuation or spacing, for telling whether two are the same."""
    return re.sub(r"[\W_]+", " ", title.casefold()).strip()


def _same_source(record: Record, known: list[tuple[str, str]], origin_name: str) -> Source | None:
    """The source the record is another reading of: by identifier, by its very text, or by title and origin."""
    by_identifier = _by_identifier(record, known)
    if by_identifier is not None:
        return by_identifier
    same_text = Source.objects.filter(versions__sha256=_sha256(record.document.text)).order_by("pk").first()
    if same_text is not None and title_key(same_text.title) == title_key(record.title):
        return None if _has_another_number(same_text, known) else same_text
    for source in _titled(record):
        if _has_another_number(source, known):
            continue
        same_publisher = (
            bool(record.publisher) and source.publisher is not None and source.publisher.name == record.publisher
        )
        if same_publisher or source.versions.filter(origin_name=origin_name).exists():
            return source
    return None


def _by_identifier(record: Record, known: list[tuple[str, str]]) -> Source | None:
    wanted = Q()
    for scheme, value in known:
        wanted |= Q(scheme=scheme, value=value)
    found = Identifier.objects.filter(wanted).select_related("source").order_by("source_id") if wanted else []
    sources = {identifier.source_id: identifier for identifier in found}
    if len(sources) > 1:
        listed = ", ".join(f"{identifier} (source {pk})" for pk, identifier in sources.items())
        raise Conflict(f"Its identifiers belong to different sources: {listed}. Merge those first, or mend the record.")
    for identifier in sources.values():
        if title_key(identifier.source.title) != title_key(record.title):
            raise Conflict(
                f"{identifier} already belongs to source {identifier.source_id}, “{identifier.source.title}”, "
                f"whose title is another. Nothing was changed: mend the identifier or the title."
            )
        return identifier.source
    return None


def _has_another_number(source: Source, known: list[tuple[str, str]]) -> bool:
    """Whether the source has a number of a register that gave the record another one: then they are two documents."""
    held = set(source.identifiers.filter(scheme__in=ONE_FOR_EACH).values_list("scheme", "value"))
    return any((scheme, value) not in held and scheme in dict(held) for scheme, value in known)


def _titled(record: Record) -> list[Source]:
    key = title_key(record.title)
    alike = Source.objects.filter(title__iexact=record.title).select_related("publisher").order_by("pk")
    return [source for source in alike if title_key(source.title) == key]


def _alike(record: Record) -> Source | None:
    """A source with the same title that nothing else proves to be the same."""
    return next(iter(_titled(record)), None)


def _create(
    record: Record, known: list[tuple[str, str]], origin_name: str, kind: str, interest: str, by: User | None
) -> Imported:
    alike = _alike(record)
    guesses = {name: reason for name, reason in record.guesses.items() if not _is_given(name, kind, interest)}
    source = Source(
        title=record.title,
        kind=kind or record.kind or vocab.Kind.OTHER.value,
        publisher=_publisher(record.publisher),
        publisher_interest=interest or _interest(record, kind or record.kind),
        text_basis=record.text_basis or vocab.TextBasis.EXCERPT.value,
        publication_types=list(record.publication_types),
        is_medline=record.is_medline,
        is_free_full_text=record.is_free_full_text,
        full_text_providers=list(record.full_text_providers),
        guesses=guesses,
        **{field: getattr(record, field) for field in CITATION_FIELDS},
        **_date_fields(record),
        **_study_group(record),
    )
    _cleaned(source)
    source.save()
    _write_parts(source, record, known)
    version = add_version(source=source, record=record, origin_name=origin_name, text_basis=source.text_basis)
    _draft_claims(record, version, by, origin_name)
    listings.refresh([source.pk])
    if alike is None:
        return Imported(Result.CREATED, source)
    return Imported(Result.DUPLICATE, source, f"kept, but it may be source {alike.pk} again: the titles are the same")


def _interest(record: Record, kind: str) -> str:
    """What the record says, but a clinic page sells the therapy whatever it says of itself."""
    if kind == vocab.Kind.CLINIC_PAGE:
        return vocab.PublisherInterest.SELLS_THERAPY.value
    return record.publisher_interest or vocab.PublisherInterest.UNKNOWN.value


def _is_given(name: str, kind: str, interest: str) -> bool:
    return bool((name == "kind" and kind) or (name == "publisher_interest" and interest))


def _cleaned(source: Source) -> None:
    try:
        source.full_clean()
    except ValidationError as error:
        raise Conflict(
            " ".join(f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
        ) from error


def _publisher(name: str) -> Publisher | None:
    if not name:
        return None
    publisher, _ = Publisher.objects.get_or_create(name=name, defaults={"slug": _free_slug(name)})
    return publisher


def _free_slug(name: str) -> str:
    """The name as it reads in an address, with a number where a publisher with a similar name has it already."""
    slug = slugify(name)[:70] or "publisher"
    taken = set(Publisher.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in count(2))
    return next(free for free in chain([slug], numbered) if free not in taken)


def _date_fields(record: Record) -> dict[str, Any]:
    date = record.date
    if date is None:
        return {}
    return {"year": date.year, "month": date.month, "day": date.day, "season": date.season or ""}


def _study_group(record: Record) -> dict[str, Any]:
    if not record.study_group:
        return {}
    group, _ = StudyGroup.objects.get_or_create(name=record.study_group["name"])
    return {"study_group": group, "study_group_relation": record.study_group["relation"]}


def _write_parts(source: Source, record: Record, known: list[tuple[str, str]]) -> None:
    Identifier.objects.bulk_create(Identifier(source=source, scheme=s, value=v) for s, v in known)
    Contributor.objects.bulk_create(
        Contributor(
            source=source,
            position=position,
            family=c.family,
            given=c.given,
            collective=c.collective,
            as_written=c.as_written,
            orcid=c.orcid,
            affiliation=c.affiliation,
        )
        for position, c in enumerate(record.contributors, start=1)
    )
    CitedReference.objects.bulk_create(
        CitedReference(source=source, position=position, text=reference)
        for position, reference in enumerate(record.references, start=1)
    )
    source.therapies.set(_in_order(Therapy, record.therapies))
    source.conditions.set(_in_order(Condition, record.conditions))


def _draft_claims(record: Record, version: SourceVersion, by: User | None, origin_name: str) -> None:
    """The claims a demonstration file carries, as drafts."""
    for number, drafted in enumerate(record.claims, start=1):
        try:
            claims.add_claim(
                by=by,
                version=version,
                quote=drafted.quote,
                therapies=_in_order(Therapy, drafted.therapies),
                fields=_claim_fields(drafted, origin_name),
            )
        except ValidationError as error:
            raise Conflict(f"claim {number}: {'; '.join(error.messages)}") from error


def _update(source: Source, record: Record, known: list[tuple[str, str]], origin_name: str) -> Imported:
    """A known source: another text makes a version; identifiers it lacked are added; a curator's edits stay."""
    held = set(source.identifiers.values_list("scheme", "value"))
    missing = [pair for pair in known if pair not in held]
    is_same = _holds(source, record)
    if is_same and not missing:
        return Imported(Result.UNCHANGED, source)
    Identifier.objects.bulk_create(Identifier(source=source, scheme=s, value=v) for s, v in missing)
    note = f"added {', '.join(scheme for scheme, _ in missing)}" if missing else ""
    if not is_same:
        basis = record.text_basis or source.text_basis
        version = add_version(source=source, record=record, origin_name=origin_name, text_basis=basis)
        note = "; ".join(filter(None, [f"new text, version {version.number}", note]))
    listings.refresh([source.pk])
    return Imported(Result.UPDATED, source, note)


def _in_order(model: type[N], slugs: tuple[str, ...]) -> list[N]:
    found = {node.slug: node for node in model.objects.filter(slug__in=slugs)}
    missing = [slug for slug in slugs if slug not in found]
    if missing:
        name = model._meta.verbose_name
        raise Conflict(f"unknown {name} {', '.join(missing)}; the slugs stand in fixtures/vocabularies.")
    return [found[slug] for slug in slugs]


def _claim_fields(drafted: ClaimRecord, origin_name: str) -> dict[str, Any]:
    try:
        condition = Condition.objects.get(slug=drafted.condition)
        outcome = Outcome.objects.get(slug=drafted.outcome)
    except (Condition.DoesNotExist, Outcome.DoesNotExist) as error:
        raise Conflict(f"unknown condition {drafted.condition!r} or outcome {drafted.outcome!r}") from error
    plain = {name: getattr(drafted, name) for name in claims.PLAIN_FACTS}
    return {
        **plain,
        "disclosures": list(drafted.disclosures),
        "not_reported": list(drafted.not_reported),
        "condition": condition,
        "outcome": outcome,
        "evidence_level_override": drafted.evidence_level,
        "origin": vocab.Origin.IMPORT.value,
        "origin_detail": origin_name,
    }
