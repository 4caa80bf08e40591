"""Values of the vocabularies as people see them: label, symbol, meaning, and the way to the definition."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from articles.lib import vocabulary as vocab
from articles.lib.evidence import FACTS, fitting_rule
from articles.models import Claim

register = template.Library()

# Group, as in the anchors of the page "How we grade" -> (what the value is called, its vocabulary).
GROUPS: dict[str, tuple[str, type[vocab.Term]]] = {
    "effect": ("Effect", vocab.Effect),
    "level": ("Evidence level", vocab.EvidenceLevel),
    "wording": ("Wording", vocab.Wording),
    "basis": ("Basis offered", vocab.Basis),
    "role": ("Role of the quote", vocab.QuoteRole),
    "claim_type": ("Type of claim", vocab.ClaimType),
    "design": ("Study design", vocab.Design),
    "subject": ("Studied in", vocab.Subject),
    "comparator": ("Compared with", vocab.Comparator),
    "therapy_relation": ("How the therapies belong together", vocab.TherapyRelation),
    "disclosures": ("What the page says of itself", vocab.Disclosure),
    "kind": ("Kind of source", vocab.Kind),
    "interest": ("Publisher's interest", vocab.PublisherInterest),
    "text_basis": ("Text read", vocab.TextBasis),
    "publication_status": ("Publication status", vocab.PublicationStatus),
    "agreement": ("Side by side", vocab.Agreement),
    "evidence_match": ("Promise and evidence", vocab.EvidenceMatch),
    "anchor_state": ("State of the quote", vocab.AnchorState),
    "status": ("Status of the claim", vocab.ClaimStatus),
    "origin": ("Origin of the claim", vocab.Origin),
    "study_group_relation": ("Study group", vocab.StudyGroupRelation),
    "relation": ("Relation between claims", vocab.ClaimRelation),
    "relation_state": ("State of the relation", vocab.RelationState),
    "certainty": ("Certainty of the evidence", vocab.Certainty),
    "seller_verdict": ("Promises held against the evidence", vocab.SellerVerdict),
}
SYMBOLS = {
    "beneficial": "▲",
    "no_difference": "=",
    "harmful": "▼",
    "mixed": "±",
    "unclear": "?",
    "not_stated": "–",
    "none_observed": "○",
}
# Values that say nothing without their question, such as "none" or "unknown", are printed after it.
ASKED = {"wording": "Wording", "basis": "Basis", "interest": "Interest", "text_basis": "Text", "certainty": "Certainty"}
NOT_DERIVABLE = "The words of the source and its study facts do not give a level."


@register.simple_tag
def term(group: str, value: object) -> vocab.Term | None:
    """The value with `label` and `definition`; None where it is blank or unknown."""
    return next((found for found in GROUPS[group][1] if found.value == str(value)), None)


@register.simple_tag
@lru_cache(maxsize=512)
def badge(group: str, value: object) -> SafeString:
    """A badge that leads to the definition of the value; nothing where it is blank, except for a level."""
    found = term(group, value)
    if found is None and group != "level":
        return SafeString("")
    return render_to_string(
        "_parts/badge.html",
        {
            "group": group,
            "heading": GROUPS[group][0],
            "value": found.value if found else "blank",
            "label": found.label if found else "Level not derivable",
            "definition": found.definition if found else NOT_DERIVABLE,
            "symbol": symbol(group, value),
            "asked": ASKED.get(group, ""),
        },
    )


@register.simple_tag
def symbol(group: str, value: object) -> str:
    """The sign that stands beside the colour of an effect; empty for every other group."""
    return SYMBOLS.get(str(value), "") if group == "effect" else ""


@register.simple_tag
@lru_cache(maxsize=64)
def icon(name: str) -> SafeString:
    """A small drawing, hidden from assistive technology: the text beside it says the same."""
    return render_to_string("_parts/icon.html", {"name": name})


@register.filter
def level_rule(claim: Claim) -> str:
    """Why the claim has its evidence level: the first rule that fits, or that none does."""
    rule = fitting_rule({field: getattr(claim, field) for field in FACTS})
    return rule.meaning if rule else NOT_DERIVABLE
