"""Tags suggested for a source: a curator keeps or drops each."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from articles.actions import suggesting
from articles.lib import vocabulary as vocab
from articles.models import Source, TagSuggestion
from articles.queries import curation

State = vocab.SuggestionState
DECIDE = "articles.change_tagsuggestion"
# On a page with this parameter the first button has the keyboard: Enter keeps, Tab and Enter drop.
AT_WORK = "decide"


@dataclass(frozen=True)
class Decision:
    """What a button does, and what is said afterwards."""

    action: Callable[..., TagSuggestion]
    told: str


DECISIONS = {
    "keep": Decision(suggesting.keep, "“{}” is a tag now."),
    "drop": Decision(suggesting.drop, "“{}” was turned down and is not suggested again."),
    "reopen": Decision(suggesting.reopen, "“{}” waits for a decision again."),
}


@dataclass(frozen=True)
class Box:
    """What the page of a source shows of its suggestions."""

    open: list[TagSuggestion]
    decided: list[TagSuggestion]
    before: Source | None
    after: Source | None
    can_decide: bool
    is_at_work: bool

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.open or self.decided or self.is_at_work)


def box(request: HttpRequest, source: Source) -> Box:
    """The suggestions of a source, and the next sources that have some."""
    found = source.tag_suggestions.select_related("therapy", "condition", "decided_by").order_by("pk")
    waiting = [one for one in found if one.state == State.OPEN]
    is_at_work = AT_WORK in request.GET
    before, after = curation.next_to_tag(source) if waiting or is_at_work else (None, None)
    decided = [one for one in found if one.state != State.OPEN]
    return Box(waiting, decided, before, after, request.user.has_perm(DECIDE), is_at_work)


@require_POST
def decide(request: HttpRequest, model_admin: ModelAdmin, pk: int) -> HttpResponse:
    """Keep, drop or reopen one suggestion, or keep all that were shown."""
    source = get_object_or_404(Source, pk=pk)
    if not model_admin.has_view_permission(request, source) or not request.user.has_perm(DECIDE):
        raise PermissionDenied
    if "keep_all" in request.POST:
        _keep_all(request, source)
    for name in DECISIONS:
        if name in request.POST:
            _decide(request, source, name)
    return redirect(f"{reverse('admin:articles_source_change', args=[pk])}?{AT_WORK}=tags")


def _decide(request: HttpRequest, source: Source, name: str) -> None:
    (suggestion,) = _chosen(source, [request.POST[name]]) or [None]
    if suggestion is None:
        messages.error(request, "This suggestion is no longer there.")
        return
    try:
        DECISIONS[name].action(by=request.user, suggestion=suggestion)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return
    told = format_html(DECISIONS[name].told, suggestion)
    messages.success(request, told if name == "reopen" else format_html("{} {}", told, _undo(suggestion)))


def _keep_all(request: HttpRequest, source: Source) -> None:
    kept = []
    for suggestion in _chosen(source, request.POST.getlist("shown")):
        # What somebody decided meanwhile stays decided.
        with suppress(ValidationError):
            kept.append(suggesting.keep(by=request.user, suggestion=suggestion))
    messages.success(request, f"Tags now: {', '.join(f'“{one}”' for one in kept) or 'none that were not before'}.")


def _chosen(source: Source, numbers: list[str]) -> list[TagSuggestion]:
    known = [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 18]
    found = TagSuggestion.objects.filter(source=source, pk__in=known)
    return list(found.select_related("therapy", "condition").order_by("pk"))


def _undo(suggestion: TagSuggestion) -> SafeString:
    """A button that belongs to the form of the box, which is on every page of a source with suggestions."""
    return format_html(
        "<button type='submit' class='undo' form='suggestions' name='reopen' value='{}'>Undo</button>", suggestion.pk
    )
