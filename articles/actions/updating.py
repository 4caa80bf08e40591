"""Known sources that a record tells of again."""

from collections.abc import Sequence

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from articles.actions import facts, listings, notices
from articles.actions.bulk import copy_in
from articles.actions.creating import misfit, new_reading
from articles.actions.incoming import Conflict, Known, Outcome, Result, refusal, sha256
from articles.actions.versions import add_version, basis_of
from articles.importers.record import Record
from articles.lib import vocabulary as vocab
from articles.models import Identifier, ImportRun, Reading, Source, SourceVersion

# Of two texts of one source the one with the higher number is the better one.
WORTH = {"full_text": 3, "abstract": 2, "web_page": 2, "excerpt": 1, "digest": 1, "metadata_only": 0}


def update_all(known: list[Known], run: ImportRun | None) -> None:
    """Another text makes a version, blanks are filled, imported facts renewed; a curator's edits stay."""
    wanted = [one.source for one in known if one.source is not None]
    parts = ("identifiers", "contributors", "references", "links", "readings")
    sources = Source.objects.filter(pk__in=wanted).select_related("current_version").prefetch_related(*parts)
    by_key = {source.pk: source for source in sources}
    for one in known:
        if one.source is not None and one.outcome is None:
            try:
                with transaction.atomic():
                    one.outcome = _update(by_key[one.source], one, run)
            except (DataError, IntegrityError, Conflict) as error:
                one.outcome = Outcome(Result.FAILED, note=refusal(error))


def _update(source: Source, one: Known, run: ImportRun | None) -> Outcome:
    now = timezone.now()
    readings = list(source.readings.all())
    held = facts.of_source(source)
    news = facts.news(held, one.values, one.item.standing, readings)
    missing = [pair for pair in one.identifiers if pair not in {(i.scheme, i.value) for i in source.identifiers.all()}]
    kind = _kind_now_known(source, one)
    takes_text, note = _about_text(source, one, readings)
    before = {
        "values": {name: held.get(name, facts.blank(name)) for name in news},
        "identifiers": missing,
        "kind": [source.kind, source.publisher_interest, source.guesses] if kind else None,
        "version": source.current_version_id if takes_text else None,
    }
    version = source.current_version_id if _holds(source, one.item.record) else None
    if takes_text:
        version = _take_text(source, one).pk
        note = f"new text, version {source.versions.count()}"
    copy_in([Identifier(source=source, scheme=scheme, value=value) for scheme, value in missing])
    _write_news(source, news, kind)
    copy_in([new_reading(one, source.pk, version, run, now)])
    other = [name for name, is_new in (("kind", kind), ("text", takes_text)) if is_new]
    changed = (*news, *other, *(scheme for scheme, _ in missing))
    if not changed:
        return Outcome(Result.UNCHANGED, source.pk, note)
    notices.apply([source.pk])
    listings.refresh([source.pk])
    return Outcome(Result.UPDATED, source.pk, note, changed, before)


def _write_news(source: Source, news: facts.Values, kind: str) -> None:
    facts.fill(source, news)
    if kind:
        source.kind = kind
        source.guesses = {name: reason for name, reason in source.guesses.items() if name != "kind"}
    problem = misfit(source)
    if problem:
        raise Conflict(problem)
    source.save()
    facts.replace_parts(source, news)


def _kind_now_known(source: Source, one: Known) -> str:
    """A kind that the record states, where the one held was only guessed; a clinic's page stays one."""
    record = one.item.record
    is_fact = bool(record.kind) and "kind" not in record.guesses
    if not is_fact or "kind" not in source.guesses or record.kind == source.kind:
        return ""
    return "" if vocab.Kind.CLINIC_PAGE in (record.kind, source.kind) else record.kind


def _about_text(source: Source, one: Known, readings: Sequence[Reading]) -> tuple[bool, str]:
    """Whether the record's text becomes the current one, and a sentence where a differing one does not."""
    record, current = one.item.record, source.current_version
    if not record.document.text or _holds(source, record):
        return False, ""
    if current is None or not current.text:
        return True, ""
    new, old = WORTH.get(basis_of(record, source), 0), WORTH.get(current.text_basis, 0)
    standing = max((reading.standing for reading in readings if reading.version_id == current.pk), default=0)
    if new > old or (new == old and one.item.standing >= standing):
        return True, ""
    return False, f"its other text was not taken: the {current.get_text_basis_display().lower()} held is the better one"


def _take_text(source: Source, one: Known) -> SourceVersion:
    record = one.item.record
    return add_version(
        source=source,
        record=record,
        origin_name=one.item.origin_name,
        text_basis=basis_of(record, source),
        fetched_at=one.item.fetched_at,
    )


def _holds(source: Source, record: Record) -> bool:
    return source.current_version is not None and source.current_version.sha256 == sha256(record.document.text)
