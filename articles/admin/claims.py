"""Claims: beside the text they are taken from, and their way through review."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from articles.actions import claims
from articles.admin import relations
from articles.admin.base import CurationAdmin
from articles.admin.claim_form import MAY_BE_UNREPORTED, UNREPORTED, ClaimForm
from articles.admin.sources import marks_of
from articles.forms import SeenField
from articles.lib import highlight
from articles.lib import vocabulary as vocab
from articles.lib.evidence import FACTS, fitting_rule
from articles.models import Claim, Source
from articles.queries import curation
from articles.queries.claims import number_of

Status = vocab.ClaimStatus
ACCEPT = "articles.accept_claim"
SUBMITTABLE = (Status.SUGGESTED, Status.DRAFT, Status.REJECTED)


class WaitingFilter(admin.SimpleListFilter):
    """Claims that wait for somebody."""

    title = "what waits"
    parameter_name = "waiting"
    conditions = {
        "unfinished": ("not yet submitted", curation.UNFINISHED),
        "review": ("to review", curation.TO_REVIEW),
        "anchor": ("anchor to check", curation.TO_ANCHOR),
    }

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _condition) in self.conditions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        chosen = self.conditions.get(self.value() or "")
        return queryset.filter(chosen[1]) if chosen else queryset


@admin.register(Claim)
class ClaimAdmin(CurationAdmin):
    """A claim and the text it is taken from, side by side."""

    form = ClaimForm
    list_display = ("number", "statement", "effect", "outcome", "title", "status", "anchor_state", "submitted_by")
    list_display_links = ("number", "statement")
    list_select_related = ("source", "outcome", "submitted_by")
    list_filter = (WaitingFilter, "status", "anchor_state", "claim_type", "effect", "origin")
    list_per_page = 50
    search_fields = ("statement", "quote", "source__title")
    search_help_text = "Statement, quote, title of the source, or a number such as C-000123"
    ordering = ("-pk",)
    readonly_fields = ("evidence",)
    change_form_template = "admin/articles/claim/change_form.html"

    class Media:
        js = ["admin_mskb/quote.js"]

    # --- Lists ---

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Claim], search_term: str
    ) -> tuple[QuerySet[Claim], bool]:
        number = number_of(search_term.strip())
        if number is not None:
            return queryset.filter(pk=number), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description="number", ordering="pk")
    def number(self, claim: Claim) -> str:
        return claim.public_id

    @admin.display(description="source", ordering="source__title")
    def title(self, claim: Claim) -> str:
        return Truncator(claim.source.title).chars(80)

    # --- Pages ---

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(self.decide)
        relate = self.admin_site.admin_view(lambda request, pk: relations.relate(request, self, pk))
        return [
            path("<int:pk>/decide/", decide, name="articles_claim_decide"),
            path("<int:pk>/relate/", relate, name="articles_claim_relate"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A claim is taken from a source, so without one the list of sources comes first."""
        source = _source_named(request)
        if source is None or source.current_version is None:
            messages.info(request, "Open the source the claim is taken from, then choose “Add a claim” there.")
            return redirect("admin:articles_source_changelist")
        return super().add_view(request, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Claim | None = None, **kwargs: Any) -> type[ClaimForm]:
        form = super().get_form(request, obj, **kwargs)
        source = obj.source if obj else _source_named(request)
        return type(form.__name__, (form,), {"source": source})

    def get_fieldsets(self, request: HttpRequest, obj: Claim | None = None) -> list[tuple[str | None, dict[str, Any]]]:
        source = obj.source if obj else _source_named(request)
        is_current = source is None or source.publication_status == vocab.PublicationStatus.CURRENT
        retracted = () if is_current else ("retracted_source_reason",)
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        facts = [(fact, fact + UNREPORTED) if may_write else fact for fact in MAY_BE_UNREPORTED]
        therapies = "tagged" if may_write else "therapies_shown"
        return [
            ("The words", {"fields": ("quote", "prefix", "suffix", *retracted) if may_write else ("quote",)}),
            (
                "What is claimed",
                {
                    "fields": (
                        "statement",
                        "claim_type",
                        therapies,
                        "therapy_relation",
                        "condition",
                        "outcome",
                        "effect",
                        ("therapy_as_written", "condition_as_written", "outcome_as_written"),
                    )
                },
            ),
            ("How it is said", {"fields": ("quote_role", "wording", "basis", "disclosures")}),
            ("On which evidence", {"fields": ("subject", "design", "comparator", *facts)}),
            (
                "Evidence level",
                {"fields": ("evidence", "evidence_level_override", "evidence_level_reason")},
            ),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Claim | None = None) -> tuple[str, ...]:
        return ("evidence", "therapies_shown")

    def has_change_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        """A retired claim stays as it was."""
        return super().has_change_permission(request, obj) and (obj is None or obj.status != Status.RETIRED)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        claim: Claim | None = kwargs.get("obj")
        source = claim.source if claim else _source_named(request)
        version = source.current_version if source else None
        context |= {
            "source": source,
            "version": version,
            "blocks": highlight.blocks(version.document, marks_of(version)) if version else [],
            "others": source.claims.exclude(pk=claim.pk if claim else None).order_by("start", "pk") if source else [],
            "decisions": _decisions(request, claim) if claim else {},
            "is_own": bool(claim and claim.submitted_by_id == request.user.pk and claim.status == Status.SUBMITTED),
            "can_submit": claim is None or claim.status in SUBMITTABLE,
            "hidden_fields": ("prefix", "suffix"),
            "relations": relations.box(request, claim) if claim else None,
        }
        return super().render_change_form(request, context, **kwargs)

    # --- Writing ---

    def save_model(self, request: HttpRequest, obj: Claim, form: ClaimForm, change: bool) -> None:
        written = {
            "by": request.user,
            "quote": form.cleaned_data["quote"],
            "prefix": form.cleaned_data["prefix"],
            "suffix": form.cleaned_data["suffix"],
            "therapies": form.therapies,
            "fields": form.values,
        }
        if change:
            claim = claims.edit_claim(claim=obj, version=form.version, seen=form.cleaned_data["seen"], **written)
        else:
            claim = claims.add_claim(version=form.version, **written)
            obj.pk = claim.pk
        if "_submit" in request.POST and claim.status in SUBMITTABLE:
            claims.submit(by=request.user, claim=claim)
        obj.refresh_from_db()

    def response_add(self, request: HttpRequest, obj: Claim, post_url_continue: str | None = None) -> HttpResponse:
        return self._saved(request, obj)

    def response_change(self, request: HttpRequest, obj: Claim) -> HttpResponse:
        return self._saved(request, obj)

    def _saved(self, request: HttpRequest, claim: Claim) -> HttpResponse:
        messages.success(request, f"{claim.public_id} is saved: {claim.get_status_display().lower()}.")
        if "_addanother" in request.POST:
            return redirect(f"{reverse('admin:articles_claim_add')}?source={claim.source_id}")
        return redirect("admin:articles_claim_change", claim.pk)

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Accept, reject or retire. What else was typed on the page is not stored."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        claim = get_object_or_404(Claim.objects.select_related("source"), pk=pk)
        decision = request.POST.get("decision", "")
        if not self.has_view_permission(request, claim) or not _may(request, claim, decision):
            raise PermissionDenied
        try:
            DECISIONS[decision](request, claim, SeenField().clean(request.POST.get("seen", "")))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"{claim.public_id}: {claim.get_status_display().lower()}.")
        return redirect("admin:articles_claim_change", pk)

    # --- Shown only ---

    @admin.display(description="level")
    def evidence(self, claim: Claim) -> SafeString | str:
        """The level and the rule it follows from."""
        if claim.pk is None:
            return "It is derived from the facts above and shown once the draft is saved."
        if claim.evidence_level_override is not None:
            return format_html("<strong>Level {}</strong>, set by hand", claim.evidence_level_override)
        rule = fitting_rule({field: getattr(claim, field) for field in FACTS})
        if rule is not None:
            return format_html("<strong>Level {}</strong>: {}", rule.level, rule.meaning)
        return "Not derivable from these facts. Is there a primary study to take the claim from instead?"

    @admin.display(description="therapies")
    def therapies_shown(self, claim: Claim) -> str:
        tagged = claim.claim_therapies.select_related("therapy").order_by("position", "pk") if claim.pk else []
        return "; ".join(str(tag) for tag in tagged)


def _source_named(request: HttpRequest) -> Source | None:
    """The source of ?source=12, or None."""
    named = request.GET.get("source", "")
    if not (named.isascii() and named.isdigit() and len(named) < 18):
        return None
    held = Source.objects.filter(pk=int(named), merged_into=None)
    return held.select_related("current_version").first()


def _accept(request: HttpRequest, claim: Claim, seen: datetime) -> None:
    claims.accept(by=request.user, claim=claim, seen=seen)


def _reject(request: HttpRequest, claim: Claim, seen: datetime) -> None:
    claims.reject(by=request.user, claim=claim, reason=request.POST.get("reason", ""), seen=seen)


def _retire(request: HttpRequest, claim: Claim, seen: datetime) -> None:
    named = request.POST.get("superseded_by", "").strip()
    number = number_of(named) if named else None
    successor = Claim.objects.filter(pk=number).exclude(pk=claim.pk).first() if number else None
    if named and successor is None:
        raise ValidationError(f"There is no other claim “{named[:40]}” to take its place.")
    claims.retire(by=request.user, claim=claim, superseded_by=successor, seen=seen)


DECISIONS: dict[str, Callable[[HttpRequest, Claim, datetime], None]] = {
    "accept": _accept,
    "reject": _reject,
    "retire": _retire,
}


def _may(request: HttpRequest, claim: Claim, decision: str) -> bool:
    """What the person's rights allow; the actions themselves then check the claim's state and who submitted it."""
    if decision in ("accept", "reject"):
        return request.user.has_perm(ACCEPT)
    if decision == "retire":
        return request.user.has_perm(ACCEPT if claim.status == Status.ACCEPTED else "articles.change_claim")
    return False


def _decisions(request: HttpRequest, claim: Claim) -> dict[str, bool]:
    """Which buttons the page offers."""
    is_others = claim.status == Status.SUBMITTED and claim.submitted_by_id != request.user.pk
    return {
        "accept": is_others and _may(request, claim, "accept"),
        "reject": is_others and _may(request, claim, "reject"),
        "retire": claim.status in (Status.ACCEPTED, Status.SUBMITTED, Status.DRAFT) and _may(request, claim, "retire"),
    }
