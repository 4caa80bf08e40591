"""Tags that a record's words suggest: a curator keeps or drops each."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from django.utils import timezone

from articles.actions import listings
from articles.actions.bulk import copy_rows
from articles.actions.holding import hold_source
from articles.actions.recording import recorded
from articles.importers.record import Record
from articles.lib import vocabulary as vocab
from articles.models import Condition, Source, TagSuggestion, Therapy
from articles.suggest.tags import Tagger, Term

State = vocab.SuggestionState
# A node that stands for the lack of one.
NO_SUBJECT = ("no-condition-named",)
Tree = type[Therapy] | type[Condition]
TREES: dict[str, Tree] = {"therapy": Therapy, "condition": Condition}


Suggested = tuple[tuple[str, str, str], ...]


def suggester() -> Callable[[Record], Suggested]:
    """What suggests tags for a record by the trees as they are now: (tree, slug, reason). It needs no database."""
    tagger, _keys = _tagger()

    def suggested(record: Record) -> Suggested:
        has = {"therapy": record.therapies, "condition": record.conditions}
        found = tagger.suggest(
            title=record.title, text=record.document.text, mesh=record.mesh_headings, keywords=record.keywords
        )
        return tuple((one.tree, one.slug, one.reason) for one in found if one.slug not in has[one.tree])

    return suggested


def store(sources: Sequence[tuple[Source, Suggested]]) -> None:
    """Store the suggested tags of new sources."""
    _suggester, keys = _tagger()
    rows = {
        tree: [
            (source.pk, keys[tree, slug], reason, State.OPEN.value)
            for source, suggested in sources
            for of, slug, reason in suggested
            if of == tree
        ]
        for tree in TREES
    }
    for tree in TREES:
        copy_rows(TagSuggestion, ("source_id", f"{tree}_id", "reason", "state"), rows[tree])


def keep(*, by: User, suggestion: TagSuggestion) -> TagSuggestion:
    """Make the suggestion a tag. Raises ValidationError where it was decided before."""
    return _decide(suggestion, State.KEPT, "keep_tag", by)


def drop(*, by: User, suggestion: TagSuggestion) -> TagSuggestion:
    """Turn the suggestion down. Raises ValidationError where it was decided before."""
    return _decide(suggestion, State.DROPPED, "drop_tag", by)


def reopen(*, by: User, suggestion: TagSuggestion) -> TagSuggestion:
    """Take a decision back: a tag that came of it goes. Raises ValidationError where nothing was decided."""
    return _decide(suggestion, State.OPEN, "reopen_tag", by)


def settle(*, by: User, source: Source) -> None:
    """Open suggestions whose term is a tag by now were kept, by whoever tagged it."""
    tagged = Q(therapy__in=source.therapies.all()) | Q(condition__in=source.conditions.all())
    settled = TagSuggestion.objects.filter(tagged, source=source, state=State.OPEN)
    settled.update(state=State.KEPT, decided_by=by, decided_at=timezone.now())


def _decide(suggestion: TagSuggestion, state: State, action: str, by: User) -> TagSuggestion:
    with recorded(action, by):
        hold_source(suggestion.source_id)
        held = TagSuggestion.objects.select_related("source", "therapy", "condition").get(pk=suggestion.pk)
        if (held.state == State.OPEN) == (state == State.OPEN):
            raise ValidationError(f"This was decided before: {held.get_state_display().lower()}.")
        tags: Any = held.source.therapies if held.therapy else held.source.conditions
        if state == State.KEPT:
            tags.add(held.node)
        elif held.state == State.KEPT:
            tags.remove(held.node)
        held.state = state.value
        held.decided_by, held.decided_at = (None, None) if state == State.OPEN else (by, timezone.now())
        held.save()
        # The list of what was edited since an import looks at the source.
        held.source.save(update_fields=["updated_at"])
        listings.refresh([held.source_id])
    return held


def _tagger() -> tuple[Tagger, dict[tuple[str, str], int]]:
    """For the trees as they are now."""
    return _tagger_of(*(_state(model) for model in TREES.values()))


def _state(model: Tree) -> tuple[int, int]:
    """Another number after each change of a tree: the newest event of its history."""
    newest = model.pgh_event_model.objects.aggregate(newest=Max("pgh_id"))["newest"] or 0  # type: ignore[union-attr]
    return newest, model.objects.count()


@lru_cache(maxsize=1)
def _tagger_of(*states: tuple[int, int]) -> tuple[Tagger, dict[tuple[str, str], int]]:
    nodes = [(tree, node) for tree, model in TREES.items() for node in _subjects(model)]
    return Tagger(_term(tree, node) for tree, node in nodes), {(tree, node.slug): node.pk for tree, node in nodes}


def _term(tree: str, node: Therapy | Condition) -> Term:
    mesh = node.outside_ids.get("mesh", [])
    return Term(
        tree=tree,
        slug=node.slug,
        name=node.name,
        synonyms=tuple(node.synonyms),
        mesh_ids=(mesh,) if isinstance(mesh, str) else tuple(mesh),
        parent=node.parent.slug if node.parent else "",
    )


def _subjects(model: Tree) -> Iterable[Therapy | Condition]:
    return model.objects.select_related("parent").exclude(slug__in=NO_SUBJECT)
