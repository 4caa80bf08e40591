"""The texts of a source, each as it was at one moment."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from articles.actions.holding import hold_source
from articles.importers.record import Record
from articles.lib import anchoring, text
from articles.lib import vocabulary as vocab
from articles.models import Claim, Source, SourceVersion

# Where a version came from when a curator typed or pasted it.
TYPED = "typed by a curator"


def new_version(
    *, source: Source, record: Record, number: int, origin_name: str, text_basis: str, fetched_at: datetime
) -> SourceVersion:
    """The record's text as a version that is not stored yet."""
    return SourceVersion(
        source=source,
        number=number,
        text=record.document.text,
        text_basis=text_basis,
        structure={key: value for key, value in record.document.to_json().items() if key != "text"},
        sections=[[section.label, section.start, section.end] for section in record.sections],
        sha256=hashlib.sha256(record.document.text.encode()).hexdigest(),
        raw_sha256=record.raw_sha256,
        raw_record=dict(record.extra),
        other_texts=[
            {"part": other.part, "language": other.language, "label": other.label, "text": other.text}
            for other in record.other_texts
        ],
        repairs=list(record.repairs),
        normaliser_version=text.NORMALISER_VERSION,
        origin_format=record.format,
        origin_name=origin_name,
        fetched_at=fetched_at,
    )


def basis_of(record: Record, source: Source) -> str:
    """Which sort of text the record brings to a source."""
    return record.text_basis or source.text_basis or vocab.TextBasis.EXCERPT.value


@transaction.atomic
def add_version(
    *, source: Source, record: Record, origin_name: str, text_basis: str, fetched_at: datetime | None = None
) -> SourceVersion:
    """Store the record's text as the source's next, now current version; its claims are looked up in it anew.

    `fetched_at` is now unless given.
    """
    hold_source(source.pk)
    last = source.versions.order_by("-number").first()
    version = new_version(
        source=source,
        record=record,
        number=last.number + 1 if last else 1,
        origin_name=origin_name,
        text_basis=text_basis,
        fetched_at=fetched_at or timezone.now(),
    )
    version.save()
    make_current(source=source, version=version)
    return version


def make_current(*, source: Source, version: SourceVersion) -> None:
    """Let a version be the text that is shown and quoted; the claims of the source are looked up in it anew."""
    source.current_version, source.text_basis = version, version.text_basis
    source.save(update_fields=["current_version", "text_basis", "updated_at"])
    reanchor_all(source=source, version=version)


def reanchor_all(*, source: Source, version: SourceVersion) -> None:
    """Look every claim of the source up in this text."""
    for claim in source.claims.select_related("version"):
        _reanchor(claim, version)


def _reanchor(claim: Claim, version: SourceVersion) -> None:
    """Move a claim to the new text only where its words stand there beyond doubt; else mark it for a person."""
    state, found = anchoring.reanchor(claim, version.text, old_text=claim.version.text)
    claim.anchor_state = str(state)
    if found is not None:
        claim.version, claim.start, claim.end = version, found.start, found.end
        # The same words, but perhaps broken into other lines.
        claim.quote, claim.prefix, claim.suffix = found.quote, found.prefix, found.suffix
    claim.save()
