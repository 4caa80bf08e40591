"""Sources and their texts."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.actions import sources
from articles.actions.holding import hold_source
from articles.admin import duplicates, imported, suggestions, upload
from articles.admin.base import CurationAdmin
from articles.forms import CitedReferenceForm, ContributorForm, IdentifierForm, PartsFormSet, SourceForm
from articles.lib import highlight
from articles.models import CitedReference, Claim, Contributor, Identifier, Source, SourceVersion
from articles.queries import curation
from articles.queries import duplicates as pairs
from articles.queries import sources as queries

View = Callable[..., HttpResponse]
Fieldsets = list[tuple[str | None, dict[str, Any]]]


class WaitingFilter(admin.SimpleListFilter):
    """Sources that wait for a curator's look."""

    title = "what waits"
    parameter_name = "waiting"
    conditions = {
        "guesses": ("guesses to confirm", curation.GUESSED),
        "tags": ("suggested tags", curation.TO_TAG),
    }

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _condition) in self.conditions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        chosen = self.conditions.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


class MergedFilter(admin.SimpleListFilter):
    """Sources that were merged into another one are left out unless they are asked for."""

    title = "merged sources"
    parameter_name = "merged"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("only", "only these"), ("too", "shown too")]

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        for choice in super().choices(changelist):
            yield choice | ({"display": "left out"} if choice["display"] == _("All") else {})

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        if self.value() == "too":
            return queryset
        return queryset.filter(merged_into__isnull=self.value() != "only")


class PartInline(admin.TabularInline):
    """A part of a source: who may change the source may change its parts."""

    extra = 0
    formset = PartsFormSet

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("articles.change_source")

    has_change_permission = has_delete_permission = has_add_permission


class IdentifierInline(PartInline):
    model = Identifier
    form = IdentifierForm
    ordering = ("scheme", "value")


class ContributorInline(PartInline):
    model = Contributor
    form = ContributorForm
    ordering = ("position",)


class CitedReferenceInline(PartInline):
    model = CitedReference
    form = CitedReferenceForm
    ordering = ("position",)
    verbose_name = "reference the source makes"
    verbose_name_plural = "references the source makes"


@admin.register(Source)
class SourceAdmin(CurationAdmin):
    """A source: citation, text, tags and how far the work on it is."""

    form = SourceForm
    inlines = (IdentifierInline, ContributorInline, CitedReferenceInline)
    list_display = (
        "title",
        "kind",
        "publisher_interest",
        "year",
        "curation_state",
        "claim_total",
        "is_guessed",
        "publication_status",
    )
    list_filter = (
        WaitingFilter,
        "curation_state",
        "kind",
        "publisher_interest",
        "publication_status",
        "text_basis",
        MergedFilter,
    )
    search_fields = ("title", "container", "identifiers__value", "contributors__family", "publisher__name")
    search_help_text = "Title, journal or site, author, publisher, PMID or DOI"
    ordering = ("-pk",)
    actions = ("confirm_guesses",)
    readonly_fields = ("versions_shown", "claims_shown", "links_shown", "imports_shown")
    change_form_template = "admin/articles/source/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return curation.sources_listed(super().get_queryset(request)).select_related("current_version")

    def get_urls(self) -> list[URLPattern]:
        def view(function: View) -> View:
            return self.admin_site.admin_view(lambda request, **places: function(request, self, **places))

        return [
            path("upload/", view(upload.choose), name="articles_source_upload"),
            path("upload/<str:token>/", view(upload.check), name="articles_source_upload_check"),
            path("<int:pk>/tags/", view(suggestions.decide), name="articles_source_tags"),
            path("<int:pk>/suspect/", view(duplicates.suspect), name="articles_source_suspect"),
            path("<int:pk>/take/", view(imported.take), name="articles_source_take"),
            path("<int:pk>/records/<int:reading>/", view(imported.record), name="articles_source_record"),
            *super().get_urls(),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        """A source that was merged into another one stays as it was."""
        return super().has_change_permission(request, obj) and (obj is None or obj.merged_into_id is None)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """What waits for a decision stands above the form."""
        source: Source | None = kwargs.get("obj")
        if source is not None and source.merged_into_id is None:
            context |= {
                "suggested": suggestions.box(request, source),
                "alike": pairs.of_source(source),
                "otherwise": imported.otherwise(source),
                "can_pair": request.user.has_perm(duplicates.DECIDE),
            }
        return super().render_change_form(request, context, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> Fieldsets:
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        guessed = [("Guessed at import", {"fields": ("confirmed",)})] if obj and obj.guesses and may_write else []
        held = ("versions_shown",) if obj else ()
        typed = ("typed", "typed_format") if may_write else ()
        claims = [("Claims", {"fields": ("claims_shown",)})] if obj else []
        came = [("Where it came from", {"fields": ("imports_shown",)})] if obj else []
        links = ("links_shown",) if obj else ()
        return [
            (None, {"fields": ("title", "original_title", "kind", "publisher", "publisher_interest")}),
            *guessed,
            ("Text", {"fields": ("text_basis", *held, *typed, "is_whole_text_shown")}),
            *claims,
            (
                "Citation",
                {
                    "fields": (
                        "container",
                        ("year", "month", "day", "season"),
                        ("volume", "issue", "pages"),
                        ("language", "licence"),
                        "description",
                        "publication_types",
                        "design",
                    )
                },
            ),
            ("Tags", {"fields": ("therapies", "conditions")}),
            ("Words of the databases", {"fields": ("mesh_headings", "keywords")}),
            ("Publication status", {"fields": ("publication_status", "status_notice", "status_checked_at", *links)}),
            ("Availability", {"fields": ("is_medline", "is_free_full_text", "full_text_providers")}),
            ("Study", {"fields": ("study_group", "study_group_relation", "trial_ids")}),
            ("Funding and interests", {"fields": ("grants", "conflict_of_interest")}),
            ("Work on this source", {"fields": ("curation_state", "exclusion_reason")}),
            *came,
        ]

    def save_form(self, request: HttpRequest, form: SourceForm, change: bool) -> Source:
        """What somebody else changed meanwhile is told first: rows of theirs may look wrong for that alone."""
        if change:
            hold_source(form.instance.pk, form.cleaned_data["seen"])
        return super().save_form(request, form, change)

    def save_model(self, request: HttpRequest, obj: Source, form: SourceForm, change: bool) -> None:
        """The whole source is stored at once, by `save_related`."""

    def save_related(
        self, request: HttpRequest, form: SourceForm, formsets: Sequence[BaseInlineFormSet], change: bool
    ) -> None:
        parts: list[Any] = []
        removed: list[Any] = []
        for formset in formsets:
            changed = formset.save(commit=False)
            _number(formset, changed)
            parts += changed
            removed += formset.deleted_objects
        tags = {name: form.cleaned_data[name] for name in ("therapies", "conditions")}
        sources.save_source(
            by=request.user,
            source=form.instance,
            tags=tags,
            parts=parts,
            removed=removed,
            record=form.cleaned_data["record"],
            seen=form.cleaned_data["seen"],
        )
        self._warn_of_twin(request, form.instance)

    def _warn_of_twin(self, request: HttpRequest, source: Source) -> None:
        twin = sources.twin(source=source)
        if twin is not None:
            messages.warning(request, f"Source {twin.pk} has the same title. Is this the same document twice?")

    @admin.action(description="Confirm what was guessed of the selected sources", permissions=["change"])
    def confirm_guesses(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        guessed = list(queryset.filter(curation.GUESSED))
        for source in guessed:
            sources.confirm_guesses(by=request.user, source=source)
        messages.success(request, f"Guesses confirmed: {len(guessed)} sources.")

    @admin.display(description="claims", ordering="claim_total")
    def claim_total(self, source: Source) -> int:
        return source.claim_total

    @admin.display(description="guessed")
    def is_guessed(self, source: Source) -> str:
        return ", ".join(name.replace("_", " ") for name in source.guesses)

    @admin.display(description="versions")
    def versions_shown(self, source: Source) -> SafeString | str:
        versions = source.versions.order_by("-number").defer("text", "structure", "raw_record", "other_texts")
        return render_to_string("admin/articles/source/versions.html", {"source": source, "versions": versions})

    @admin.display(description="claims")
    def claims_shown(self, source: Source) -> SafeString | str:
        claims = source.claims.select_related("outcome").order_by("start", "pk")
        return render_to_string("admin/articles/source/claims.html", {"claims": claims})

    @admin.display(description="linked publications")
    def links_shown(self, source: Source) -> SafeString | str:
        return render_to_string("admin/articles/source/links.html", {"links": queries.linked(source)})

    @admin.display(description="imports")
    def imports_shown(self, source: Source) -> SafeString | str:
        context = {
            "source": source,
            "entries": imported.entries(source),
            "readings": imported.readings(source),
        }
        return render_to_string("admin/articles/source/imports.html", context)


def _number(formset: BaseInlineFormSet, changed: Sequence[Any]) -> None:
    """A part without a position comes after the others."""
    unplaced = [part for part in changed if getattr(part, "position", 0) is None]
    last = max((form.instance.position or 0 for form in formset.forms if form.instance), default=0) if unplaced else 0
    for place, part in enumerate(unplaced, start=last + 1):
        part.position = place


@admin.register(SourceVersion)
class SourceVersionAdmin(CurationAdmin):
    """One text, to be read: a version never changes."""

    list_display = ("source", "number", "fetched_at", "origin_format", "origin_name")
    list_select_related = ("source",)
    search_fields = ("source__title", "origin_name", "sha256")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "source",
        "number",
        "fetched_at",
        "origin_format",
        "origin_name",
        "sha256",
        "repairs_shown",
    )
    change_form_template = "admin/articles/sourceversion/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[SourceVersion]:
        return super().get_queryset(request).defer("raw_record")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Reached from its source."""
        return False

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        version: SourceVersion = kwargs["obj"]
        marks = marks_of(version)
        context["blocks"] = highlight.blocks(version.document, marks)
        return super().render_change_form(request, context, **kwargs)

    @admin.display(description="repairs made")
    def repairs_shown(self, version: SourceVersion) -> str:
        return "\n".join(version.repairs) or "none"


def marks_of(version: SourceVersion) -> list[highlight.Mark]:
    """The quotes that stand in this version."""
    claims = Claim.objects.filter(version=version).exclude(status__in=("rejected", "retired")).order_by("start", "pk")
    return [highlight.Mark(claim.start, claim.end, claim.public_id) for claim in claims.only("start", "end")]
