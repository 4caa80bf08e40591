"""Adding sources by files: choose them, see what would happen, confirm.

Of a small upload everything is shown before, and each record is decided on; a large one is looked into, and the worker
brings it in.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from articles import importers
from articles.actions import background, runs
from articles.actions.importing import rehearsal
from articles.actions.incoming import Result
from articles.actions.runs import Done, Given
from articles.admin import glance, rehearsed, uploads
from articles.admin.glance import Glance
from articles.admin.uploads import Kept
from articles.forms import UploadForm
from articles.lib import vocabulary as vocab

# What a person can decide on one by one, and a request can carry out.
MOST_SMALL_RECORDS, MOST_SMALL_BYTES = 200, 5_000_000
SEE_RUNS = "articles.view_importrun"


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, model_admin: ModelAdmin) -> HttpResponse:
    """The page to choose files; what was chosen is kept and shown on the next one."""
    _require_permission(request, model_admin)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        token = uploads.keep(owner=request.user.pk, files=form.cleaned_data["files"])
        return redirect("admin:articles_source_upload_check", token)
    context = {"form": form, "formats": [format.label for format in importers.FORMATS], "most": _most()}
    return _page(request, model_admin, "upload", "Upload files", context)


def _most() -> dict[str, int]:
    return {"bytes": settings.MAX_UPLOAD_BYTES, "megabytes": settings.MAX_UPLOAD_BYTES // 1024**2}


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, model_admin: ModelAdmin, token: str) -> HttpResponse:
    """What the upload would do; a POST does it."""
    _require_permission(request, model_admin)
    try:
        files = uploads.fetch(owner=request.user.pk, token=token)
    except uploads.UploadGone:
        messages.warning(
            request, "This upload is no longer there: it was stored or cancelled before. Choose the files again."
        )
        return redirect("admin:articles_source_upload")
    if "give_up" in request.POST:
        return _give_up(request, token)
    seen = glance.at((file.name, file.path, file.size) for file in files)
    if not is_small(seen):
        return _check_large(request, model_admin, token, files, seen)
    choices = _choices(request) if request.method == "POST" else {}
    if is_any_taken(choices):
        return _finish(request, files, token, choices)
    if request.method == "POST":
        messages.warning(request, "Nothing is ticked, so nothing was stored. Tick what to store, or cancel.")
    with rehearsal():
        rows = [rehearsed.row(done, runs.source_of(done)) for done in _carry_out(request, files)]
    return _page(request, model_admin, "upload_check", "What this upload would do", _shown(rows))


def _shown(rows: list[rehearsed.Row]) -> dict[str, Any]:
    return {
        "groups": rehearsed.grouped(rows),
        "total": len(rows),
        "can_confirm": any(row.form for row in rows),
        "is_all_known": {row.done.result for row in rows} == {Result.UNCHANGED},
    }


def is_any_taken(choices: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> bool:
    """Whether at least one record is ticked."""
    return any(choice["take"] for records in choices.values() for choice in records.values())


def is_small(seen: list[Glance]) -> bool:
    """Whether each record can be shown and decided on before anything is stored."""
    if any(file.records is None for file in seen) or sum(file.records or 0 for file in seen) > MOST_SMALL_RECORDS:
        return False
    return sum(max(file.size, file.bytes_seen) for file in seen) <= MOST_SMALL_BYTES


def _check_large(
    request: HttpRequest, model_admin: ModelAdmin, token: str, files: list[Kept], seen: list[Glance]
) -> HttpResponse:
    """What the files are; a POST leaves them to the worker."""
    form = rehearsed.OptionsForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, model_admin, "upload_large", "A large upload", {"seen": seen, "form": form})
    with ExitStack() as opened:
        contents = [(file.name, opened.enter_context(file.path.open("rb"))) for file in files]
        origin = vocab.RunOrigin.UPLOAD.value
        run = background.start(by=request.user, origin=origin, contents=contents, **form.cleaned_data)
    uploads.discard(token=token)
    return redirect(run)


def _give_up(request: HttpRequest, token: str) -> HttpResponse:
    uploads.discard(token=token)
    messages.info(request, "Nothing was stored; the files were removed.")
    return redirect("admin:articles_source_upload")


def _finish(request: HttpRequest, files: list[Kept], token: str, choices: dict[str, dict[str, Any]]) -> HttpResponse:
    """Store what is ticked; the page of the import tells what became of it."""
    done = list(_carry_out(request, files, choices))
    uploads.discard(token=token)
    messages.success(request, "What you ticked is stored.")
    if done and request.user.has_perm(SEE_RUNS):
        return redirect(done[0].file.run)
    return redirect("admin:articles_source_changelist")


def _carry_out(request: HttpRequest, files: list[Kept], choices: Any = None) -> Iterator[Done]:
    given = [Given(file.name, file.size) for file in files]
    run = runs.start(by=request.user, origin=vocab.RunOrigin.UPLOAD.value, files=given, choices=choices)
    return runs.carry_out(run, open_file=lambda file: files[file.position].path.open("rb"))


def _choices(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """What was ticked and chosen: {file: {record: {...}}}. What was not ticked is not taken."""
    shown = [key.removesuffix("-shown").split("-") for key in request.POST if key.endswith("-shown")]
    choices: dict[str, dict[str, Any]] = {}
    for file, number in (pair for pair in shown if len(pair) == 2):
        form = rehearsed.RecordForm(request.POST, prefix=f"{file}-{number}")
        if not form.is_valid():
            raise BadRequest(f"Record {number} of file {file}: {form.errors.as_text()}")
        choices.setdefault(file, {})[number] = form.cleaned_data
    return choices


def _require_permission(request: HttpRequest, model_admin: ModelAdmin) -> None:
    if not model_admin.has_add_permission(request):
        raise PermissionDenied


def _page(
    request: HttpRequest, model_admin: ModelAdmin, template: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    shared = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": title}
    return TemplateResponse(request, f"admin/articles/source/{template}.html", {**shared, **context})
