"""Assessments: a reviewer's judgement on a question, beside the counts it is about."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.actions import assessments
from articles.admin.base import CurationAdmin
from articles.forms import NodeField, SeenField, SeenForm, TermRadio
from articles.lib import vocabulary as vocab
from articles.lib.text import unify_line_ends
from articles.models import Assessment, Condition, Outcome, Therapy

QUESTION = ("therapy", "condition", "outcome")
REASONS = ("certainty_reasons", "verdict_reasons")


class AssessmentForm(SeenForm):
    """The question, and what the reviewer thinks of the evidence and of the promises."""

    therapy = NodeField(Therapy)
    condition = NodeField(Condition)
    outcome = NodeField(Outcome)

    class Meta:
        model = Assessment
        fields = (*QUESTION, "certainty", "certainty_reasons", "seller_verdict", "verdict_reasons")
        widgets = {
            "certainty": TermRadio(vocab.Certainty, blank="No judgement"),
            "certainty_reasons": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
            "seller_verdict": TermRadio(vocab.SellerVerdict, blank="No judgement"),
            "verdict_reasons": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        }
        labels = {"seller_verdict": "Verdict", "certainty_reasons": "Reasons", "verdict_reasons": "Reasons"}
        help_texts = {
            "certainty_reasons": (
                "Such as risk of bias, inconsistency, indirectness, imprecision, publication bias. Readers see this."
            ),
            "verdict_reasons": "Which promises, and which evidence they were held against. Readers see this.",
        }

    def clean(self) -> dict[str, Any]:
        """Browsers send other line ends than are stored: that alone is no change."""
        cleaned = super().clean() or self.cleaned_data
        return cleaned | {name: unify_line_ends(cleaned[name]) for name in REASONS if cleaned.get(name)}


@admin.register(Assessment)
class AssessmentAdmin(CurationAdmin):
    """One for each question. The question is chosen once; another question is another assessment."""

    form = AssessmentForm
    list_display = (*QUESTION, "certainty", "seller_verdict", "reviewer", "assessed_at")
    list_display_links = QUESTION
    list_select_related = ("reviewer",)
    list_filter = ("certainty", "seller_verdict")
    search_fields = tuple(f"{name}__name" for name in QUESTION)
    search_help_text = "Therapy, condition or outcome"
    ordering = ("therapy__name", "condition__name", "outcome__name", "pk")
    change_form_template = "admin/articles/assessment/change_form.html"

    def get_fieldsets(
        self, request: HttpRequest, obj: Assessment | None = None
    ) -> list[tuple[str | None, dict[str, Any]]]:
        told = ("counts", "reviewer", "assessed_at") if obj else ()
        return [
            ("The question", {"fields": (*QUESTION, *told)}),
            ("Certainty of the evidence (GRADE)", {"fields": ("certainty", "certainty_reasons")}),
            ("What sellers promise", {"fields": ("seller_verdict", "verdict_reasons")}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Assessment | None = None) -> tuple[str, ...]:
        return (*QUESTION, "counts", "reviewer", "assessed_at") if obj else ()

    @admin.display(description="what is claimed")
    def counts(self, assessment: Assessment) -> SafeString:
        address = reverse("question", args=[getattr(assessment, name).slug for name in QUESTION])
        return format_html("<a href='{}'>The counts and claims of this question</a>", address)

    # --- Writing ---

    def get_urls(self) -> list[URLPattern]:
        remove = self.admin_site.admin_view(self.remove)
        return [path("<int:pk>/remove/", remove, name="articles_assessment_remove"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Assessment, form: AssessmentForm, change: bool) -> None:
        assessments.save(by=request.user, assessment=obj, seen=form.cleaned_data.get("seen"))

    def remove(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the judgement back."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        assessment = get_object_or_404(Assessment, pk=pk)
        if not self.has_change_permission(request, assessment):
            raise PermissionDenied
        try:
            seen = SeenField().clean(request.POST.get("seen", ""))
            assessments.remove(by=request.user, assessment=assessment, seen=seen)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("admin:articles_assessment_change", pk)
        messages.success(request, f"The assessment of “{assessment}” is taken back.")
        return redirect("admin:articles_assessment_changelist")
