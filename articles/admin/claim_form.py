"""The form of a claim. Its quote is looked up in the text while the form is checked: nothing unanchored is stored."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from articles.actions import claims
from articles.forms import NodeField, NodesField, SeenForm, TermCheckboxes, TermRadio, TermSelect
from articles.lib import vocabulary as vocab
from articles.lib.text import unify_line_ends
from articles.models import Claim, Condition, Outcome, Source, SourceVersion, Therapy

# Facts that may be marked as not reported; design, subject and comparator have a value of their own for that.
MAY_BE_UNREPORTED = {"n": "n", "follow_up": "Follow-up", "route_and_dose": "Route and dose", "effect_text": "Figures"}
UNREPORTED = "_not_reported"
FIELDS = (
    *claims.PLAIN_FACTS,
    "condition",
    "outcome",
    "evidence_level_override",
    "disclosures",
    "retracted_source_reason",
)
NOT_ASSESSED = "Not assessed"
LEVELS = [("", "As derived"), *((term.value, f"{term.value}: {term.definition}") for term in vocab.EvidenceLevel)]


class ClaimForm(SeenForm):
    """One therapy or combination, one condition, one outcome, one effect, as this source says it.

    `source` is set by the admin on a subclass of its own for each request.
    """

    source: Source

    quote = forms.CharField(
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text="Select the words in the text, or paste them here: they must stand in it exactly.",
    )
    prefix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    suffix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    tagged = NodesField(Therapy, label="Therapies", help_text="Several only where the source speaks of them together.")
    condition = NodeField(Condition)
    outcome = NodeField(Outcome)
    disclosures = forms.MultipleChoiceField(
        label="What the page discloses",
        choices=vocab.Disclosure.choices(),
        required=False,
        widget=TermCheckboxes(vocab.Disclosure),
    )
    evidence_level_override = forms.TypedChoiceField(
        label="Set by hand", choices=LEVELS, coerce=int, empty_value=None, required=False
    )
    n_not_reported = forms.BooleanField(label="not reported", required=False)
    follow_up_not_reported = forms.BooleanField(label="not reported", required=False)
    route_and_dose_not_reported = forms.BooleanField(label="not reported", required=False)
    effect_text_not_reported = forms.BooleanField(label="not reported", required=False)

    class Meta:
        model = Claim
        fields = ("quote", "prefix", "suffix", *FIELDS)
        widgets = {
            "statement": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "claim_type": TermSelect(vocab.ClaimType, blank="Choose"),
            "quote_role": TermSelect(vocab.QuoteRole, blank="Choose"),
            "therapy_relation": TermRadio(vocab.TherapyRelation),
            "comparator": TermSelect(vocab.Comparator, blank=NOT_ASSESSED),
            "effect": TermRadio(vocab.Effect),
            "wording": TermRadio(vocab.Wording),
            "basis": TermRadio(vocab.Basis),
            "design": TermSelect(vocab.Design, blank=NOT_ASSESSED),
            "subject": TermRadio(vocab.Subject, blank=NOT_ASSESSED),
            "effect_text": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "evidence_level_reason": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "retracted_source_reason": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        }
        labels = {"effect_text": "Figures", "n": "How many took part (n)", "evidence_level_reason": "Reason"}
        help_texts = {
            "statement": "One plain sentence, third person: “The trial found …”, “The clinic says …”.",
            "claim_type": (
                "Take null results, harms, risks and “not enough evidence” too, not only benefits: "
                "a base of promises alone misleads."
            ),
            "effect": "For the patient, on this outcome, as the source says it; not what you think is true.",
            "n": "",
            "effect_text": "As printed, such as “HR 0.47 (95% CI 0.38 to 0.58)”.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["tagged"] = [
                tag.therapy_id for tag in self.instance.claim_therapies.order_by("position", "pk")
            ]
        for fact in MAY_BE_UNREPORTED:
            self.initial[fact + UNREPORTED] = fact in self.instance.not_reported

    @property
    def version(self) -> SourceVersion:
        """The text the quote is looked up in: the current one."""
        version = self.source.current_version
        if version is None:
            raise ValidationError("This source has no text to take a claim from.")
        return version

    @property
    def therapies(self) -> list[Therapy]:
        """The therapies in the order they were chosen."""
        raw = self.data.getlist(self.add_prefix("tagged"))
        field = self.fields["tagged"]
        return field.in_order(self.cleaned_data["tagged"], raw)  # type: ignore[attr-defined, no-any-return]

    @property
    def values(self) -> dict[str, Any]:
        """What the actions take as the fields of the claim."""
        not_reported = [fact for fact in MAY_BE_UNREPORTED if self.cleaned_data[fact + UNREPORTED]]
        shown = {name: _plain(self.cleaned_data[name]) for name in FIELDS if name in self.cleaned_data}
        return {**shown, "not_reported": not_reported}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("quote"):
            self._anchor(cleaned)
        self._clean_facts(cleaned)
        if cleaned.get("effect") == vocab.Effect.NONE_OBSERVED and cleaned.get("claim_type") not in (
            vocab.ClaimType.HARM_OR_SAFETY,
            None,
        ):
            self.add_error("effect", "“None observed” is for claims about harm or safety.")
        if cleaned.get("evidence_level_override") is not None and not cleaned.get("evidence_level_reason"):
            self.add_error("evidence_level_reason", "Say why the level is set by hand.")
        self._clean_retraction(cleaned)
        self.instance.source = self.source
        return cleaned

    def _anchor(self, cleaned: dict[str, Any]) -> None:
        try:
            found = claims.anchor(
                version=self.version,
                quote=cleaned["quote"],
                prefix=cleaned.get("prefix", ""),
                suffix=cleaned.get("suffix", ""),
            )
        except ValidationError as error:
            self.add_error(None if not hasattr(error, "error_dict") else "quote", error.messages)
            return
        cleaned.update(quote=found.quote, prefix=found.prefix, suffix=found.suffix)

    def _clean_facts(self, cleaned: dict[str, Any]) -> None:
        for fact, label in MAY_BE_UNREPORTED.items():
            if cleaned.get(fact) not in (None, "") and cleaned.get(fact + UNREPORTED):
                self.add_error(fact, f"{label} is either given or not reported.")

    def _clean_retraction(self, cleaned: dict[str, Any]) -> None:
        gone = (vocab.PublicationStatus.RETRACTED, vocab.PublicationStatus.WITHDRAWN)
        is_new = self.instance.pk is None
        if is_new and self.source.publication_status in gone and not cleaned.get("retracted_source_reason"):
            self.add_error(
                "retracted_source_reason", "This source was retracted or withdrawn: say why a claim is taken from it."
            )


def _plain(value: Any) -> Any:
    """Browsers send every line end as two characters; stored as one, an unchanged text stays unchanged."""
    return unify_line_ends(value) if isinstance(value, str) else value
