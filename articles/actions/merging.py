"""Two sources that are one document become one; nothing of either is lost."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from articles.actions import facts, listings, suggesting, versions
from articles.actions.holding import hold_imports, hold_source
from articles.actions.recording import explained, recorded
from articles.lib import vocabulary as vocab
from articles.models import Claim, DuplicatePair, Identifier, Reading, Source, SourceVersion, TagSuggestion
from articles.queries import identity

State = vocab.PairState


def merge(
    *,
    by: User,
    kept: Source,
    gone: Source,
    taken: Collection[str] = (),
    seen: tuple[datetime, datetime] | None = None,
) -> Source:
    """Make one source of two; `kept` stays and the address of `gone` leads to it.

    Every claim, identifier, text, tag and reading goes to `kept`; `gone` keeps its own rows and history, unlisted.
    Fields that `kept` lacks come from `gone`, and those named in `taken` (see `facts.NAMES`) too. `seen` are the
    `updated_at` of both as the person saw them. Raises ValidationError where they cannot be merged.
    """
    with explained(Source), recorded("merge_sources", by, kept=str(kept.pk), gone=str(gone.pk)), listings.at_the_end():
        hold_imports()
        _hold_both(kept, gone, seen)
        kept.refresh_from_db()
        gone.refresh_from_db()
        _refuse_what_is_not_two(kept, gone)
        copies = _copy_versions(kept, gone)
        decided = _decided(kept, gone)
        Identifier.objects.filter(source=gone).update(source=kept)
        _take_facts(kept, gone, taken)
        _take_tags(by, kept, gone)
        _take_readings(kept, gone, copies)
        _settle_facts(kept, decided)
        _take_claims(kept, gone, copies)
        Source.objects.filter(merged_into=gone).update(merged_into=kept)
        gone.merged_into = kept
        gone.save(update_fields=["merged_into", "updated_at"])
        _settle_pairs(by, kept, gone)
        listings.refresh([kept.pk, gone.pk])
    return kept


def keep_apart(*, by: User, pair: DuplicatePair) -> DuplicatePair:
    """The two are different documents; they are not held against each other again.

    Raises ValidationError where the pair was decided before.
    """
    with recorded("keep_apart", by):
        held = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
        if held.state != State.OPEN:
            raise ValidationError(f"This pair was decided before: {held.get_state_display().lower()}.")
        _decide(held, State.DISTINCT, by)
    return held


def suspect(*, by: User, one: Source, other: Source) -> DuplicatePair:
    """Two sources that a person takes for one document: an open pair, also where it was once found to be two.

    Raises ValidationError where they cannot be merged.
    """
    first, second = sorted((one, other), key=lambda source: source.pk)
    with recorded("suspect_duplicate", by):
        _hold_both(first, second, None)
        _refuse_what_is_not_two(first, second)
        new = {"reason": f"{by} takes them for one", "similarity": identity.title_similarity(first, second)}
        pair, _is_new = DuplicatePair.objects.get_or_create(first=first, second=second, defaults=new)
        if pair.state != State.OPEN:
            pair.state, pair.decided_by, pair.decided_at = State.OPEN.value, None, None
            pair.save()
    return pair


def _hold_both(kept: Source, gone: Source, seen: tuple[datetime, datetime] | None) -> None:
    moments = dict(zip((kept.pk, gone.pk), seen or (None, None), strict=True))
    for pk in sorted(moments):
        hold_source(pk, moments[pk])


def _refuse_what_is_not_two(kept: Source, gone: Source) -> None:
    if kept.pk == gone.pk:
        raise ValidationError("A source cannot be merged with itself.")
    merged = next((source for source in (kept, gone) if source.merged_into_id), None)
    if merged is not None:
        raise ValidationError(f"Source {merged.pk} was merged into source {merged.merged_into_id} already.")


def _copy_versions(kept: Source, gone: Source) -> dict[int, SourceVersion]:
    """The texts of `gone` as further versions of `kept`, by the key of the original, which stays as it is."""
    last = kept.versions.order_by("-number").first()
    number = last.number if last else 0
    copies: dict[int, SourceVersion] = {}
    for version in gone.versions.order_by("number"):
        original, number = version.pk, number + 1
        version.pk, version.source, version.number = None, kept, number
        version.save(force_insert=True)
        copies[original] = version
    if gone.current_version_id and (kept.current_version is None or not kept.current_version.text):
        versions.make_current(source=kept, version=copies[gone.current_version_id])
    return copies


def _take_facts(kept: Source, gone: Source, taken: Collection[str]) -> None:
    held, other = facts.of_source(kept), facts.of_source(gone)
    news = {name: value for name, value in other.items() if name in taken or name not in held}
    facts.fill(kept, news)
    if kept.publisher is None:
        kept.publisher = gone.publisher
    if kept.study_group is None:
        kept.study_group, kept.study_group_relation = gone.study_group, gone.study_group_relation
    kept.save()
    facts.replace_parts(kept, news)


def _decided(kept: Source, gone: Source) -> set[str]:
    """The fields of which the two said different things: a person decides on them by merging."""
    held, other = facts.of_source(kept), facts.of_source(gone)
    return {name for name in held.keys() & other.keys() if held[name] != other[name]}


def _settle_facts(kept: Source, decided: set[str]) -> None:
    """What was decided is the curator's from now on: no earlier reading speaks of it any more."""
    for reading in Reading.objects.filter(source=kept).defer("data"):
        if not decided.isdisjoint(reading.values):
            reading.values = {name: value for name, value in reading.values.items() if name not in decided}
            reading.save(update_fields=["values"])


def _take_tags(by: User, kept: Source, gone: Source) -> None:
    kept.therapies.add(*gone.therapies.all())
    kept.conditions.add(*gone.conditions.all())
    known = TagSuggestion.objects.filter(source=kept)
    TagSuggestion.objects.filter(source=gone).exclude(
        Q(therapy__in=known.filter(therapy__isnull=False).values("therapy"))
        | Q(condition__in=known.filter(condition__isnull=False).values("condition"))
    ).update(source=kept)
    suggesting.settle(by=by, source=kept)


def _take_readings(kept: Source, gone: Source, copies: Mapping[int, SourceVersion]) -> None:
    for reading in Reading.objects.filter(source=gone).defer("data"):
        reading.source = kept
        reading.version = copies.get(reading.version_id) if reading.version_id else None
        reading.save(update_fields=["source", "version"])


def _take_claims(kept: Source, gone: Source, copies: Mapping[int, SourceVersion]) -> None:
    """Each claim goes on standing in its text, and in the current one where its words are found there."""
    for claim in Claim.objects.filter(source=gone).order_by("pk"):
        claim.source, claim.version = kept, copies[claim.version_id]
        claim.save()
    if kept.current_version is not None and copies:
        versions.reanchor_all(source=kept, version=kept.current_version)


def _settle_pairs(by: User, kept: Source, gone: Source) -> None:
    """This pair is decided; what else was like the merged one may be the one that stays."""
    for pair in DuplicatePair.objects.filter(Q(first=gone) | Q(second=gone), state=State.OPEN).order_by("pk"):
        other = pair.second_id if pair.first_id == gone.pk else pair.first_id
        _decide(pair, State.MERGED, by)
        if other != kept.pk:
            first, second = sorted((kept.pk, other))
            DuplicatePair.objects.get_or_create(
                first_id=first,
                second_id=second,
                defaults={"reason": pair.reason, "similarity": pair.similarity},
            )


def _decide(pair: DuplicatePair, state: State, by: User) -> None:
    pair.state, pair.decided_by, pair.decided_at = state.value, by, timezone.now()
    pair.save()
