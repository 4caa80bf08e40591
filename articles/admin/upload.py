"""Adding sources by files: choose them, see what would happen, confirm."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from articles.actions import importing
from articles.actions.sources import Result
from articles.admin import uploads
from articles.forms import UploadForm
from articles.lib import vocabulary as vocab
from articles.models import Source

NEW = (Result.CREATED, Result.DUPLICATE)
RESULTS = {
    Result.CREATED: "new source",
    Result.UPDATED: "known source, updated",
    Result.UNCHANGED: "known source, unchanged",
    Result.DUPLICATE: "new source, perhaps a duplicate",
    importing.FAILED: "cannot be taken",
}


class RecordForm(forms.Form):
    """What the curator decides about one record."""

    take = forms.BooleanField(label="Take it", required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("", "as read"), *vocab.Kind.choices()], required=False)
    interest = forms.ChoiceField(
        label="Publisher's interest", choices=[("", "as read"), *vocab.PublisherInterest.choices()], required=False
    )


@dataclass(frozen=True)
class Row:
    """One record of the rehearsal as the page shows it."""

    outcome: importing.Outcome
    label: str
    form: RecordForm | None

    @property
    def is_new(self) -> bool:
        return self.outcome.result in NEW

    @property
    def guesses(self) -> list[tuple[str, str]]:
        """(field, reason)."""
        record = self.outcome.record
        if record is None or not self.is_new:
            return []
        return [(name.replace("_", " "), reason) for name, reason in record.guesses.items()]


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """The page to choose files; what was chosen is kept and shown on the next one."""
    _require_permission(request, model_admin)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        token = uploads.keep(owner=request.user.pk, files=form.cleaned_data["files"])
        return redirect("admin:articles_source_upload_check", token)
    return _page(request, model_admin, "upload", "Upload files", {"form": form})


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, model_admin: ModelAdmin, token: str) -> HttpResponse:
    """What the upload would do; a POST does it."""
    _require_permission(request, model_admin)
    try:
        files = uploads.fetch(owner=request.user.pk, token=token)
    except uploads.UploadGone:
        messages.warning(
            request, "This upload is no longer there: it was confirmed or given up. Choose the files again."
        )
        return redirect("admin:articles_source_upload")
    if request.method == "POST":
        return _finish(request, model_admin, token, files)
    with importing.rehearsal():
        rows = [
            _row(file, number, outcome)
            for file, (name, data) in enumerate(files)
            for number, outcome in enumerate(importing.import_file(by=request.user, data=data, name=name))
        ]
    context = {"rows": rows, "can_confirm": any(row.form for row in rows)}
    return _page(request, model_admin, "upload_check", "What this upload would do", context)


def _finish(request: HttpRequest, model_admin: ModelAdmin, token: str, files: list[tuple[str, bytes]]) -> HttpResponse:
    if "give_up" in request.POST:
        uploads.discard(token=token)
        messages.info(request, "Nothing was stored; the files were removed.")
        return redirect("admin:articles_source_upload")
    done = [
        outcome
        for file, (name, data) in enumerate(files)
        for outcome in importing.import_file(
            by=request.user, data=data, name=name, choice=lambda number, file=file: _choice(request, file, number)
        )
    ]
    uploads.discard(token=token)
    rows = [Row(outcome, RESULTS[outcome.result], None) for outcome in done]
    return _page(request, model_admin, "upload_done", "What was stored", {"rows": rows})


def _row(file: int, number: int, outcome: importing.Outcome) -> Row:
    if outcome.result in (importing.FAILED, Result.UNCHANGED):
        return Row(outcome, RESULTS[outcome.result], None)
    form = RecordForm(prefix=f"{file}-{number}", initial={"take": True})
    if outcome.result in NEW and outcome.source and outcome.record:
        _name_what_was_read(form, outcome.source, outcome.record.guesses)
    else:
        del form.fields["kind"], form.fields["interest"]
    return Row(outcome, RESULTS[outcome.result], form)


def _name_what_was_read(form: RecordForm, source: Source, guesses: Mapping[str, str]) -> None:
    for name, field, label in (
        ("kind", "kind", source.get_kind_display()),
        ("interest", "publisher_interest", source.get_publisher_interest_display()),
    ):
        how = "as guessed" if field in guesses else "as read"
        form.fields[name].choices = [("", f"{label}, {how}"), *form.fields[name].choices[1:]]


def _choice(request: HttpRequest, file: int, number: int) -> importing.Choice:
    form = RecordForm(request.POST, prefix=f"{file}-{number}")
    if not form.is_valid():
        raise BadRequest(f"Record {number + 1} of file {file + 1}: {form.errors.as_text()}")
    return importing.Choice(form.cleaned_data["take"], form.cleaned_data["kind"], form.cleaned_data["interest"])


def _require_permission(request: HttpRequest, model_admin: ModelAdmin) -> None:
    if not model_admin.has_add_permission(request):
        raise PermissionDenied


def _page(
    request: HttpRequest, model_admin: ModelAdmin, template: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    shared = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": title}
    return TemplateResponse(request, f"admin/articles/source/{template}.html", {**shared, **context})
