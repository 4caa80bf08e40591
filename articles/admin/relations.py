"""Relations between claims: suggested on a claim's page, confirmed or dropped on a page of their own."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Model, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.views.decorators.http import require_POST

from articles.actions import relations
from articles.admin.base import CurationAdmin
from articles.lib import vocabulary as vocab
from articles.models import Claim, Relation
from articles.queries import claims as claim_queries
from articles.queries import relations as queries

State = vocab.RelationState
RELATE, WITHDRAW, CONFIRM = "articles.add_relation", "articles.change_relation", "articles.confirm_relation"
WAITING = "?state__exact=suggested"
CHANGE, LIST = "admin:articles_relation_change", "admin:articles_relation_changelist"

# What a claim may be to another one, in the words of `queries.WORDS`: the value says which of the two is meant first.
TO, FROM = "to", "from"
STANDS = [
    (f"{direction}-{kind}", words)
    for kind, both in queries.WORDS.items()
    for direction, words in zip((TO, FROM), dict.fromkeys(both), strict=False)
]


class RelateForm(forms.Form):
    """How this claim stands to another one, and why."""

    stands = forms.ChoiceField(
        label="This claim", choices=[("", "Choose"), *STANDS], error_messages={"required": "Say how the two stand."}
    )
    other = forms.CharField(
        label="the claim", max_length=20, widget=forms.TextInput(attrs={"placeholder": "C-000123", "size": 10})
    )
    reason = forms.CharField(
        label="because",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why the two claims are related."},
    )

    def clean_other(self) -> Claim:
        typed = self.cleaned_data["other"].strip()
        number = claim_queries.number_of(typed)
        found = Claim.objects.filter(pk=number).first() if number is not None else None
        if found is None:
            raise ValidationError(f"There is no claim “{typed}”. Write its number, such as C-000123.")
        return found


@dataclass(frozen=True)
class Offered:
    """A claim that may be related, with the form that relates it."""

    candidate: queries.Candidate
    form: RelateForm


@dataclass(frozen=True)
class Box:
    """What the page of a claim shows of its relations; `by_number` relates it to a claim that is not offered."""

    related: list[queries.Related]
    offered: list[Offered]
    by_number: RelateForm | None

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.related or self.by_number)


def box(request: HttpRequest, claim: Claim) -> Box | None:
    """The relations of a claim and, for whoever may add to them, the claims that may be related."""
    if not request.user.has_perm("articles.view_relation"):
        return None
    related = queries.all_of(claim)
    if claim.status not in relations.RELATED or not request.user.has_perm(RELATE):
        return Box(related, [], None)
    return Box(related, [_offered(one) for one in queries.candidates(claim)], RelateForm(auto_id="relate-%s"))


def _offered(candidate: queries.Candidate) -> Offered:
    form = RelateForm(auto_id=f"relate-{candidate.claim.pk}-%s", initial={"other": candidate.claim.public_id})
    form.fields["other"].widget = forms.HiddenInput()
    return Offered(candidate, form)


@require_POST
def relate(request: HttpRequest, model_admin: admin.ModelAdmin, pk: int) -> HttpResponse:
    """From the page of a claim: suggest a relation to another one. What is refused can be mended where it stands."""
    claim = get_object_or_404(Claim, pk=pk)
    if not model_admin.has_view_permission(request, claim) or not request.user.has_perm(RELATE):
        raise PermissionDenied
    form = RelateForm(request.POST)
    made = _related(request, claim, form)
    if made is None:
        return _refused(request, model_admin, claim, form)
    told = "Suggested: <a href='{}'>{}</a>. Readers see it once a second person has confirmed it."
    messages.success(request, format_html(told, reverse(CHANGE, args=[made.pk]), made))
    return redirect(f"{reverse('admin:articles_claim_change', args=[pk])}#related")


def _refused(request: HttpRequest, model_admin: admin.ModelAdmin, claim: Claim, form: RelateForm) -> HttpResponse:
    context = {"title": f"Relate {claim.public_id}", "original": claim, "form": form, "opts": model_admin.opts}
    shared = model_admin.admin_site.each_context(request)
    return TemplateResponse(request, "admin/articles/claim/relate_refused.html", {**shared, **context})


def _related(request: HttpRequest, claim: Claim, form: RelateForm) -> Relation | None:
    """The new relation; None where it is refused, and the form says why."""
    if not form.is_valid():
        return None
    direction, _, kind = form.cleaned_data["stands"].partition("-")
    pair = (claim, form.cleaned_data["other"]) if direction == TO else (form.cleaned_data["other"], claim)
    typed = {"kind": kind, "reason": form.cleaned_data["reason"]}
    try:
        return relations.relate(by=request.user, from_claim=pair[0], to_claim=pair[1], **typed)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return None


@admin.register(Relation)
class RelationAdmin(CurationAdmin):
    """Relations; those that wait for a second person come first."""

    list_display = ("from_shown", "words", "to_shown", "reason_shown", "state", "created_by", "created_at")
    list_display_links = ("words",)
    list_filter = ("state", "kind")
    search_fields = ("reason", "from_claim__statement", "to_claim__statement")
    search_help_text = "Reason, or the statement of one of the two claims"
    ordering = (Case(When(state=State.SUGGESTED, then=Value(0)), default=Value(1)).asc(), "-created_at", "-pk")
    list_per_page = 50

    class Media:
        css = {"all": ["admin_mskb/relations.css"]}

    # --- Rights ---

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never by a form of its own: a relation is suggested on the page of a claim."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never by Django's form: a relation is decided on its page."""
        return False

    # --- The list ---

    def get_queryset(self, request: HttpRequest) -> QuerySet[Relation]:
        return queries.with_both_claims(super().get_queryset(request))

    @admin.display(description="claim")
    def from_shown(self, relation: Relation) -> SafeString:
        return _in_short(relation.from_claim)

    @admin.display(description="relation", ordering="kind")
    def words(self, relation: Relation) -> str:
        return queries.WORDS[relation.kind][0]

    @admin.display(description="other claim")
    def to_shown(self, relation: Relation) -> SafeString:
        return _in_short(relation.to_claim)

    @admin.display(description="reason")
    def reason_shown(self, relation: Relation) -> str:
        return Truncator(relation.reason).chars(160)

    # --- Pages ---

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(self.decide)
        return [path("<int:pk>/decide/", decide, name="articles_relation_decide"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The two claims, why they are related, and the buttons that decide."""
        relation = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, relation):
            raise PermissionDenied
        if relation is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {
            "relation": relation,
            "title": f"Relation {relation}",
            "words": queries.WORDS[relation.kind][0],
            "meaning": vocab.ClaimRelation(relation.kind).definition,
            "sides": claim_queries.rows([relation.from_claim_id, relation.to_claim_id]),
            "is_own": relation.created_by_id == request.user.pk and relation.state == State.SUGGESTED,
            "can": {name: _may(request, relation, name) for name in DECISIONS},
            "opts": self.opts,
        }
        shared = self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/articles/relation/change_form.html", {**shared, **context})

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Confirm or drop."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        relation = get_object_or_404(Relation, pk=pk)
        decision = request.POST.get("decision", "")
        if not self.has_view_permission(request, relation) or not _has_right(request, relation, decision):
            raise PermissionDenied
        try:
            decided = DECISIONS[decision](by=request.user, relation=relation)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect(CHANGE, pk)
        told = format_html("<a href='{}'>{}</a>: {}.", reverse(CHANGE, args=[pk]), decided, decided.state)
        messages.success(request, told)
        return redirect(reverse(LIST) + WAITING)


DECISIONS = {"confirm": relations.confirm, "drop": relations.drop}


def _has_right(request: HttpRequest, relation: Relation, decision: str) -> bool:
    """What the person's rights allow; whoever suggested a relation may take it back until it is confirmed."""
    if decision == "drop" and relation.created_by_id == request.user.pk and relation.state == State.SUGGESTED:
        return request.user.has_perm(WITHDRAW) or request.user.has_perm(CONFIRM)
    return decision in DECISIONS and request.user.has_perm(CONFIRM)


def _may(request: HttpRequest, relation: Relation, decision: str) -> bool:
    """Whether the page offers the button."""
    is_open = {
        "confirm": relation.state == State.SUGGESTED and relation.created_by_id != request.user.pk,
        "drop": relation.state != State.DROPPED,
    }
    return is_open[decision] and _has_right(request, relation, decision)


def _in_short(claim: Claim) -> SafeString:
    """Number and statement, and below them effect, outcome and source."""
    facts = (claim.get_effect_display(), str(claim.outcome), Truncator(claim.source.title).chars(80))
    address = reverse("admin:articles_claim_change", args=[claim.pk])
    told = Truncator(claim.statement).chars(160)
    shown = "<a href='{}'>{}</a> {}<br><span class='quiet'>{}</span>"
    return format_html(shown, address, claim.public_id, told, " · ".join(facts))
