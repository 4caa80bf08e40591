"""Adding sources by identifier or address: say which, see how it was understood, confirm; the worker fetches them."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from articles.actions import background
from articles.admin.rehearsed import OptionsForm
from articles.lib import vocabulary as vocab
from articles.models import ImportRun
from articles.outside import Identifier, wanted
from articles.outside.wanted import Wanted
from articles.queries.identity import owners

MOST_WANTED, LINES_SHOWN = 10_000, 500
RIGHTS = ("articles.add_importrun", "articles.add_source")


class WantedForm(OptionsForm):
    """What to fetch, as a person types it."""

    wanted = forms.CharField(
        label="PMIDs, PMCIDs, DOIs, web addresses",
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "Type or paste at least one."},
    )
    field_order = ("wanted",)

    def clean_wanted(self) -> str:
        """Raises ValidationError where nothing can be fetched, or too much is wanted."""
        text: str = self.cleaned_data["wanted"]
        self.understood = wanted.read(text)
        number = len(self.understood.identifiers)
        if number > MOST_WANTED:
            raise forms.ValidationError(f"These are {number:,}; at most {MOST_WANTED:,} are fetched at once.")
        if not number:
            reasons = "; ".join(piece.reason for piece in self.understood.unclear[:5])
            raise forms.ValidationError(f"Nothing in it can be fetched. {reasons}")
        return text


@dataclass(frozen=True)
class Line:
    """One thing to fetch, and the source that has it already, if one does."""

    identifier: Identifier
    source: int | None


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """Asks what to fetch, shows how it was understood, and leaves it to the worker."""
    if not request.user.has_perms(RIGHTS):
        raise PermissionDenied
    if request.method == "GET":
        return _ask(request, model_admin, WantedForm(initial={"wanted": _again(request)}))
    form = WantedForm(request.POST)
    if not form.is_valid() or "change" in request.POST:
        return _ask(request, model_admin, form)
    if "confirm" not in request.POST:
        return _show(request, model_admin, form)
    return redirect(_start(request, form))


def _start(request: HttpRequest, form: WantedForm) -> ImportRun:
    return background.start(
        by=request.user,
        origin=vocab.RunOrigin.IDENTIFIER.value,
        wanted=[(one.scheme, one.value) for one in form.understood.identifiers],
        kind=form.cleaned_data["kind"],
        interest=form.cleaned_data["interest"],
    )


def _again(request: HttpRequest) -> str:
    """What an earlier import could not fetch, one on each line."""
    again = request.GET.get("again", "")
    run = (
        ImportRun.objects.filter(pk=again).first() if again.isascii() and again.isdigit() and len(again) < 10 else None
    )
    if run is None:
        return ""
    missing = [file for file in run.files.all() if file.is_of_missing]
    return "\n".join(str(Identifier(scheme, value)) for file in missing for scheme, value in file.settles)


def _ask(request: HttpRequest, model_admin: ModelAdmin, form: WantedForm) -> HttpResponse:
    return _render(request, model_admin, "fetch", {"title": "Fetch sources", "form": form})


def _show(request: HttpRequest, model_admin: ModelAdmin, form: WantedForm) -> HttpResponse:
    understood: Wanted = form.understood
    held = owners({(one.scheme, one.value) for one in understood.identifiers})
    lines = [Line(one, held.get((one.scheme, one.value))) for one in understood.identifiers]
    context = {
        "title": "What would be fetched",
        "form": form,
        "lines": lines,
        "more": len(lines) - LINES_SHOWN,
        "shown": lines[:LINES_SHOWN],
        "unclear": understood.unclear,
    }
    return _render(request, model_admin, "fetch_check", context)


def _render(request: HttpRequest, model_admin: ModelAdmin, template: str, context: dict[str, Any]) -> HttpResponse:
    shared = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
    return TemplateResponse(request, f"admin/articles/importrun/{template}.html", {**shared, **context})
