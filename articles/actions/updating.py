"""Known sources that a record tells of again."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from articles.actions import facts, listings, notices
from articles.actions.bulk import copy_in
from articles.actions.creating import misfit, new_reading
from articles.actions.incoming import REFUSALS, Conflict, Known, Outcome, Result, refusal, sha256
from articles.actions.versions import TYPED, add_version, basis_of
from articles.importers.record import Record
from articles.lib import vocabulary as vocab
from articles.models import Identifier, ImportRun, Reading, Source, SourceVersion

# Of two texts of one source the one with the higher number is the better one.
WORTH = {"full_text": 3, "abstract": 2, "web_page": 2, "excerpt": 1, "digest": 1, "metadata_only": 0}


def update_all(known: list[Known], run: ImportRun | None) -> None:
    """Another text makes a version, blanks are filled, imported facts renewed; a curator's edits stay."""
    wanted = [one.source for one in known if one.source is not None]
    parts = ("identifiers", "contributors", "references", "links", "readings")
    # What a curator writes meanwhile is neither missed nor overwritten: they wait, or we do.
    held = Source.objects.filter(pk__in=wanted).select_for_update(no_key=True, of=("self",)).order_by("pk")
    by_key = {source.pk: source for source in held.select_related("current_version").prefetch_related(*parts)}
    for one in known:
        if one.source is not None and one.outcome is None:
            try:
                with transaction.atomic():
                    one.outcome = _update(by_key[one.source], one, run)
            except REFUSALS as error:
                one.outcome = Outcome(Result.FAILED, note=refusal(error))


def _update(source: Source, one: Known, run: ImportRun | None) -> Outcome:
    now = timezone.now()
    readings = list(source.readings.all())
    held = facts.of_source(source)
    news = facts.news(held, one.values, one.item.standing, readings) | _graver_status(source, one.values)
    missing = [pair for pair in one.identifiers if pair not in {(i.scheme, i.value) for i in source.identifiers.all()}]
    kind = _kind_now_known(source, one)
    takes_text, note = _about_text(source, one, readings)
    before = {
        "values": {name: held.get(name, facts.blank(name)) for name in news},
        "identifiers": missing,
        "kind": [source.kind, source.publisher_interest, source.guesses] if kind else None,
        "version": (source.current_version_id or 0) if takes_text else None,
        "text_basis": source.text_basis,
    }
    version = source.current_version_id if _holds(source, one.item.record) else None
    if takes_text:
        version = _take_text(source, one).pk
        note = f"new text, version {source.versions.count()}"
    copy_in([Identifier(source=source, scheme=scheme, value=value) for scheme, value in missing])
    copy_in([new_reading(one, source.pk, version, run, now)])
    other = [name for name, is_new in (("kind", kind), ("text", takes_text)) if is_new]
    changed = (*news, *other, *(scheme for scheme, _ in missing))
    if not changed:
        return Outcome(Result.UNCHANGED, source.pk, note)
    _write_news(source, news, kind)
    notices.apply([source.pk])
    listings.refresh([source.pk])
    return Outcome(Result.UPDATED, source.pk, note, changed, before)


def _graver_status(source: Source, values: facts.Values) -> facts.Values:
    """The record's own status where the one held is what a notice said, and less grave."""
    status = values.get("publication_status", source.publication_status)
    if not notices.gave_status(source) or not notices.is_graver(status, source.publication_status):
        return {}
    return {"publication_status": status, "status_notice": values.get("status_notice", "")}


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
    if not record.document.text or (_holds(source, record) and not _says_more(record, current)):
        return False, ""
    if current is None or not current.text:
        return True, ""
    new, old = WORTH.get(basis_of(record, source), 0), WORTH.get(current.text_basis, 0)
    standing = max((reading.standing for reading in readings if reading.version_id == current.pk), default=0)
    # A curator's own text gives way to a better sort of text only, never to another of the same sort.
    if new > old or (new == old and one.item.standing >= standing and current.origin_name != TYPED):
        return True, ""
    if _holds(source, record):
        return False, ""
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


def _says_more(record: Record, current: SourceVersion | None) -> bool:
    """Whether beside the same text it has titles or abstracts in other languages where there were none."""
    return bool(record.other_texts) and (current is None or not current.other_texts)


def _holds(source: Source, record: Record) -> bool:
    return source.current_version is not None and source.current_version.sha256 == sha256(record.document.text)
