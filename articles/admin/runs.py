"""Imports: what came in, how far those under way are; stopping them, carrying them on, taking them back."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles import importers
from articles.actions import background, runs, undoing
from articles.admin import changed, fetch
from articles.exporters.csv import CONTENT_TYPE
from articles.lib import identifiers
from articles.lib import vocabulary as vocab
from articles.models import ImportEntry, ImportRun, Source
from articles.queries import imports
from articles.queries import runs as queries

State, Result = vocab.RunState, vocab.ImportResult
ADD, UNDO = "articles.add_importrun", "articles.undo_importrun"
ENTRIES_SHOWN, FILES_SHOWN, OBSTACLES_SHOWN = 100, 50, 50
View = Callable[..., HttpResponseBase]


class WaitingFilter(admin.SimpleListFilter):
    """Imports that wait for the worker, or for a person."""

    title = "what waits"
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("under_way", "under way"), ("broken_off", "stopped or failed lately")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ImportRun]) -> QuerySet[ImportRun]:
        if self.value() == "under_way":
            return queryset.filter(queries.UNDER_WAY)
        return queryset.filter(queries.broken_off()) if self.value() == "broken_off" else queryset


@admin.register(ImportRun)
class ImportRunAdmin(admin.ModelAdmin):
    """Every import, to be read; nothing of it is edited or deleted."""

    list_display = ("number", "what", "state", "started_by", "origin", "when", *Result.values())
    list_filter = (WaitingFilter, "state", "origin")
    search_fields = ("files__name",)
    search_help_text = "Name of a file"
    ordering = ("-pk",)
    show_full_result_count = False

    # --- Rights ---

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never by a form: by an upload, by fetching, or on the command line."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    has_delete_permission = has_change_permission

    # --- The list ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        return queries.listed(super().get_queryset(request))

    @admin.display(description="import", ordering="pk")
    def number(self, run: ImportRun) -> str:
        return str(run)

    @admin.display(description="what")
    def what(self, run: ImportRun) -> str:
        if run.wanted:
            return named_with_others(str(identifiers.label(run.wanted[0][0])) + " " + run.wanted[0][1], len(run.wanted))
        return named_with_others(run.first_file or "", run.file_total or 0)

    @admin.display(description="when (UTC)", ordering="created_at")
    def when(self, run: ImportRun) -> str:
        return f"{run.created_at:%Y-%m-%d %H:%M}"

    @admin.display(ordering="created_total")
    def created(self, run: ImportRun) -> str:
        return f"{run.created_total:,}"

    @admin.display(ordering="updated_total")
    def updated(self, run: ImportRun) -> str:
        return f"{run.updated_total:,}"

    @admin.display(ordering="unchanged_total")
    def unchanged(self, run: ImportRun) -> str:
        return f"{run.unchanged_total:,}"

    @admin.display(description="duplicates?", ordering="duplicate_total")
    def duplicate(self, run: ImportRun) -> str:
        return f"{run.duplicate_total:,}"

    @admin.display(ordering="failed_total")
    def failed(self, run: ImportRun) -> str:
        return f"{run.failed_total:,}"

    # --- Pages ---

    def get_urls(self) -> list[URLPattern]:
        def view(function: View) -> View:
            return self.admin_site.admin_view(lambda request, **places: function(request, self, **places))

        return [
            path("", self.admin_site.admin_view(self.changelist_view), name="articles_importrun_changelist"),
            path("fetch/", view(fetch.page), name="articles_importrun_fetch"),
            path("<int:pk>/", view(page), name="articles_importrun_change"),
            path("<int:pk>/progress/", view(progress), name="articles_importrun_progress"),
            path("<int:pk>/records.csv", view(records_csv), name="articles_importrun_csv"),
            path("<int:pk>/stop/", view(stop), name="articles_importrun_stop"),
            path("<int:pk>/go-on/", view(go_on), name="articles_importrun_go_on"),
            path("<int:pk>/undo/", view(undo), name="articles_importrun_undo"),
        ]


def named_with_others(first: str, total: int) -> str:
    """The first of several things, and how many more there are."""
    return f"{first} and {total - 1} more" if total > 1 else first


@require_GET
def page(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int) -> HttpResponse:
    """One import: where it came from, how far it is, what became of each record."""
    run, result = _seen(request, model_admin, pk), _result(request)
    labels = {known.name: known.label for known in importers.FORMATS}
    files = list(run.files.order_by("position")[: FILES_SHOWN + 1])
    context = {
        "run": run,
        "title": str(run),
        "progress": _told(run) if run.is_open else None,
        "counts": [(one, getattr(run, f"{one}_total"), f"{getattr(run, f'{one}_total'):,}") for one in Result],
        "result": result,
        "entries": _entries(request, run, result),
        "files": [(file, labels.get(file.format, file.format)) for file in files[:FILES_SHOWN]],
        "has_more_files": len(files) > FILES_SHOWN,
        "options": _options(run, labels),
        "may_work": request.user.has_perm(ADD),
        "can_go_on": background.can_go_on(run),
        "can_undo": request.user.has_perm(UNDO) and _brought_anything(run) and not run.is_open,
        "can_fetch_again": bool(run.wanted) and run.failed_total > 0 and not run.is_open,
    }
    return _render(request, model_admin, "change_form", context)


def _brought_anything(run: ImportRun) -> bool:
    """Whether it left something that can be taken back."""
    return run.state != State.UNDONE and run.created_total + run.duplicate_total + run.updated_total > 0


@require_GET
def progress(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int) -> JsonResponse:
    """How far the import is now, for the script of its page."""
    return JsonResponse(_told(_seen(request, model_admin, pk)))


@require_GET
def records_csv(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int) -> StreamingHttpResponse:
    """What became of each record, as a file."""
    run, result = _seen(request, model_admin, pk), _result(request)
    response = StreamingHttpResponse(queries.csv_blocks(run, result), content_type=CONTENT_TYPE)
    name = "-".join(filter(None, ["import", str(run.pk), result]))
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@require_POST
def stop(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int) -> HttpResponse:
    """Ask whoever carries the import on to stop."""
    run = _seen(request, model_admin, pk, ADD)
    # What a killed process left behind stops at once: nobody is there to be asked.
    runs.heal()
    try:
        runs.want_stop(run=run)
        messages.info(request, "It stops after the records at hand; what has come in stays.")
    except ValidationError as refusal:
        messages.info(request, " ".join(refusal.messages))
    return redirect(run)


@require_POST
def go_on(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int) -> HttpResponse:
    """Let the worker go on with it."""
    run = _seen(request, model_admin, pk, ADD)
    try:
        background.go_on(run=run)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect(run)


@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int) -> HttpResponse:
    """What taking the import back would do, or what keeps it from being taken back; a POST does it."""
    run = _seen(request, model_admin, pk, UNDO)
    if request.method == "POST":
        try:
            undoing.undo(by=request.user, run=run)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "The import was taken back.")
        return redirect(run)
    obstacles, going = imports.worked_on_since(run), run.created_total + run.duplicate_total
    shown = list(obstacles.items())[:OBSTACLES_SHOWN]
    context = {
        "run": run,
        "title": f"Take {str(run).lower()} back?",
        "going": going,
        "going_shown": f"{going:,}",
        "obstacles": [(pk, reason, title) for (pk, reason), title in zip(shown, _titles(shown), strict=True)],
        "obstacle_total": len(obstacles),
    }
    return _render(request, model_admin, "undo", context)


def _titles(obstacles: list[tuple[int, str]]) -> list[str]:
    titles = dict(Source.objects.filter(pk__in=[pk for pk, _reason in obstacles]).values_list("pk", "title"))
    return [titles.get(pk, "") for pk, _reason in obstacles]


def _seen(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int, right: str = "") -> ImportRun:
    """The import, if the person may see it and has the right that is asked for. Raises PermissionDenied, Http404."""
    if not model_admin.has_view_permission(request) or (right and not request.user.has_perm(right)):
        raise PermissionDenied
    return get_object_or_404(ImportRun.objects.select_related("started_by", "undone_by"), pk=pk)


def _result(request: HttpRequest) -> str:
    """The result to which the entries are narrowed; blank: all. Raises BadRequest."""
    result = request.GET.get("result", "")
    if result and result not in Result.values():
        raise BadRequest(f"There is no result {result!r}; results are {', '.join(Result.values())}.")
    return result


def _entries(request: HttpRequest, run: ImportRun, result: str) -> Page[ImportEntry]:
    paginator = Paginator(queries.entries(run, result), ENTRIES_SHOWN)
    # Known already, and counting many takes longer than showing some.
    paginator.count = getattr(run, f"{result}_total") if result else run.total
    return _with_words(paginator.get_page(request.GET.get("page")))


def _with_words(entries: Page[ImportEntry]) -> Page[ImportEntry]:
    for entry in entries:
        entry.changed = changed.in_words(entry.changed_fields)
    return entries


def _options(run: ImportRun, labels: dict[str, str]) -> list[tuple[str, str]]:
    """What the person set, in words."""
    given = [
        ("read as", labels.get(run.format, run.format)),
        ("kind of new sources", run.get_kind_display() if run.kind else ""),
        ("publisher's interest", run.get_interest_display() if run.interest else ""),
        ("records", "confirmed one by one" if run.choices else ""),
    ]
    return [(name, value) for name, value in given if value]


def _told(run: ImportRun) -> dict[str, Any]:
    """How far the import is, as numbers and in words."""
    now = queries.progress(run)
    if run.state == State.WAITING and not now.trouble:
        words = "Waiting for its turn."
    elif now.is_fetching:
        words = f"Fetched {now.fetched:,} of {now.wanted:,}."
    else:
        of = f" of {filesizeformat(now.size)}" if now.size else ""
        words = f"{now.records:,} records; {filesizeformat(now.bytes_read)}{of} read."
    return {
        "is_open": run.is_open,
        "state": run.get_state_display(),
        "words": words,
        "share": now.share,
        "records": now.records,
        "is_fetching": now.is_fetching,
        "trouble": now.trouble,
        "counts": {one.value: getattr(run, f"{one}_total") for one in Result},
    }


def _render(
    request: HttpRequest, model_admin: admin.ModelAdmin, template: str, context: dict[str, Any]
) -> HttpResponse:
    shared = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
    return TemplateResponse(request, f"admin/articles/importrun/{template}.html", {**shared, **context})
