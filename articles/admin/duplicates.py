"""Sources that look like the same document: held against each other, made one, or kept apart."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Model, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import pluralize
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.views.decorators.http import require_http_methods, require_POST

from articles.actions import merging
from articles.admin import comparison
from articles.admin.comparison import Row
from articles.forms import SeenField
from articles.lib import vocabulary as vocab
from articles.models import DuplicatePair, Source
from articles.queries import duplicates as queries

State = vocab.PairState
DECIDE = "articles.change_duplicatepair"
WAITING = "?state__exact=open"
CHANGE, LIST = "admin:articles_duplicatepair_change", "admin:articles_duplicatepair_changelist"
SIDES = (("first", "the left one"), ("second", "the right one"))
View = Callable[..., HttpResponse]


class MergeForm(forms.Form):
    """Which of the two sources stays, and whose value stays where both have one."""

    stays = forms.ChoiceField(choices=SIDES)
    seen_first = SeenField()
    seen_second = SeenField()

    def __init__(self, data: Any, rows: list[Row]) -> None:
        super().__init__(data)
        self.choices = [row.name for row in rows if row.is_choice]
        for name in self.choices:
            self.fields[f"fact-{name}"] = forms.ChoiceField(choices=SIDES)

    @property
    def taken(self) -> list[str]:
        """The facts that come from the source that goes."""
        stays = self.cleaned_data["stays"]
        return [name for name in self.choices if self.cleaned_data[f"fact-{name}"] != stays]


@admin.register(DuplicatePair)
class DuplicatePairAdmin(admin.ModelAdmin):
    """Pairs of sources; those that nobody has decided on come first."""

    list_display = ("pair", "older", "newer", "reason", "alike", "state", "created_at")
    list_display_links = ("pair",)
    list_filter = ("state",)
    search_fields = ("first__title", "second__title")
    search_help_text = "Title of one of the two"
    ordering = (Case(When(state=State.OPEN, then=Value(0)), default=Value(1)).asc(), "-similarity", "-pk")
    list_per_page = 50
    show_full_result_count = False

    # --- Rights ---

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never by a form of its own: imports find pairs, and a source's page makes one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never by Django's form: a pair is decided on its page."""
        return False

    has_delete_permission = has_change_permission

    # --- The list ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[DuplicatePair]:
        return queries.listed(super().get_queryset(request))

    @admin.display(description="sources")
    def pair(self, pair: DuplicatePair) -> str:
        return f"{pair.first_id} and {pair.second_id}"

    @admin.display(description="the older one")
    def older(self, pair: DuplicatePair) -> SafeString:
        return _in_short(pair.first, pair.first_claims or 0)

    @admin.display(description="the newer one")
    def newer(self, pair: DuplicatePair) -> SafeString:
        return _in_short(pair.second, pair.second_claims or 0)

    @admin.display(description="titles alike", ordering="similarity")
    def alike(self, pair: DuplicatePair) -> str:
        return f"{pair.similarity:.0%}"

    # --- Pages ---

    def get_urls(self) -> list[URLPattern]:
        def view(function: View) -> View:
            return self.admin_site.admin_view(lambda request, **places: function(request, self, **places))

        return [
            path("", self.admin_site.admin_view(self.changelist_view), name="articles_duplicatepair_changelist"),
            path("<int:pk>/", view(page), name="articles_duplicatepair_change"),
            path("<int:pk>/merge/", view(merge), name="articles_duplicatepair_merge"),
            path("<int:pk>/apart/", view(keep_apart), name="articles_duplicatepair_apart"),
            path("<int:pk>/again/", view(open_again), name="articles_duplicatepair_again"),
        ]


@require_http_methods(["GET"])
def page(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int) -> HttpResponse:
    """The two sources side by side, and the buttons that decide."""
    pair = _seen(request, model_admin, pk)
    rows = comparison.rows(pair.first, pair.second)
    context = {
        "pair": pair,
        "title": f"Sources {pair}: one document or two?",
        "sides": [_side(pair.first, "first", "left"), _side(pair.second, "second", "right")],
        "unlike": [row for row in rows if row.state != comparison.SAME],
        "same": [row for row in rows if row.state == comparison.SAME],
        "texts": comparison.texts(pair.first, pair.second),
        "most_signs": comparison.MOST_SIGNS,
        "is_open": pair.state == State.OPEN,
        "can_decide": pair.state == State.OPEN and request.user.has_perm(DECIDE),
        "can_open": pair.state == State.DISTINCT and request.user.has_perm(DECIDE),
        "opts": model_admin.opts,
    }
    shared = model_admin.admin_site.each_context(request)
    return TemplateResponse(request, "admin/articles/duplicatepair/change_form.html", {**shared, **context})


@require_POST
def merge(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int) -> HttpResponse:
    """Make one source of the two, as was chosen."""
    pair = _seen(request, model_admin, pk, DECIDE)
    form = MergeForm(request.POST, comparison.rows(pair.first, pair.second))
    try:
        kept = _merged(request, pair, form)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(CHANGE, pk)
    message = "Sources {} are one now: source {}, “{}”. Each claim, identifier and text of both is there."
    messages.success(request, format_html(message, pair, kept.pk, _linked(kept)))
    return redirect(reverse(LIST) + WAITING)


def _merged(request: HttpRequest, pair: DuplicatePair, form: MergeForm) -> Source:
    if pair.state != State.OPEN:
        raise ValidationError(f"This pair was decided before: {pair.get_state_display().lower()}.")
    if not form.is_valid():
        raise ValidationError("Somebody changed one of the sources after you opened this page. Compare them again.")
    kept, gone, seen = pair.first, pair.second, (form.cleaned_data["seen_first"], form.cleaned_data["seen_second"])
    if form.cleaned_data["stays"] == "second":
        kept, gone, seen = gone, kept, (seen[1], seen[0])
    return merging.merge(by=request.user, kept=kept, gone=gone, taken=form.taken, seen=seen)


@require_POST
def keep_apart(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int) -> HttpResponse:
    """They are two documents."""
    pair = _seen(request, model_admin, pk, DECIDE)
    try:
        merging.keep_apart(by=request.user, pair=pair)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(CHANGE, pk)
    messages.success(request, format_html("Sources <a href='{}'>{}</a> stay two.", reverse(CHANGE, args=[pk]), pair))
    return redirect(reverse(LIST) + WAITING)


@require_POST
def open_again(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int) -> HttpResponse:
    """They may be one after all."""
    pair = _seen(request, model_admin, pk, DECIDE)
    return _suspected(request, pair.first, pair.second) or redirect(CHANGE, pk)


@require_POST
def suspect(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int) -> HttpResponse:
    """From the page of a source: hold it against the one whose number was typed."""
    source = get_object_or_404(Source, pk=pk)
    if not model_admin.has_view_permission(request, source) or not request.user.has_perm(DECIDE):
        raise PermissionDenied
    typed = request.POST.get("other", "").strip()
    is_number = typed.isascii() and typed.isdigit() and len(typed) < 18
    other = Source.objects.filter(pk=int(typed)).first() if is_number else None
    if other is None:
        messages.error(request, f"There is no source “{typed[:20]}”. Its number stands in its address.")
        return redirect("admin:articles_source_change", pk)
    return _suspected(request, source, other) or redirect("admin:articles_source_change", pk)


def _suspected(request: HttpRequest, one: Source, other: Source) -> HttpResponse | None:
    """The page of the pair; None where there can be none, of which a message says why."""
    try:
        pair = merging.suspect(by=request.user, one=one, other=other)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return None
    return redirect(CHANGE, pair.pk)


def _seen(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int, right: str = "") -> DuplicatePair:
    """The pair, if the person may see it and has the right that is asked for. Raises PermissionDenied, Http404."""
    if not model_admin.has_view_permission(request) or (right and not request.user.has_perm(right)):
        raise PermissionDenied
    return get_object_or_404(queries.held_against_each_other(), pk=pk)


def _side(source: Source, name: str, place: str) -> dict[str, Any]:
    return {
        "name": name,
        "place": place,
        "source": source,
        "seen": source.updated_at.isoformat(),
        "claims": source.claims.select_related("outcome").order_by("start", "pk"),
        "versions": source.versions.order_by("-number").defer("text", "structure", "raw_record", "other_texts"),
    }


def _linked(source: Source) -> SafeString:
    address = reverse("admin:articles_source_change", args=[source.pk])
    return format_html("<a href='{}'>{}</a>", address, Truncator(source.title).chars(120))


def _in_short(source: Source, claims: int) -> SafeString:
    """The title, and below it year, journal, kind and number of claims."""
    told = (str(source.year or ""), source.container, source.get_kind_display(), f"{claims} claim{pluralize(claims)}")
    facts = " · ".join(part for part in told if part)
    return format_html("{}<br><span class='quiet'>{}</span>", Truncator(source.title).chars(160), facts)
