"""What a browser would send."""

from typing import Any

from articles.models import Claim, Condition, Outcome, Source, Therapy
from tests import factories

INLINES = ("identifiers", "contributors", "references")


def source_data(source: Source | None = None, **changes: Any) -> dict[str, Any]:
    """The source form, filled in; `identifiers` takes pairs of scheme and value for rows to add."""
    identifiers = changes.pop("identifiers", [])
    data: dict[str, Any] = {
        "title": source.title if source else "A new page",
        "kind": source.kind if source else "clinic_page",
        "publisher_interest": source.publisher_interest if source else "sells_therapy",
        "text_basis": "web_page",
        "publication_status": "current",
        "curation_state": "new",
        "typed": "" if source else "First words.\n\n- one item\n- another item",
        "typed_format": "plain",
        "is_whole_text_shown": "on",
        "is_medline": "unknown",
        "is_free_full_text": "unknown",
    }
    for prefix in INLINES:
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    data["identifiers-TOTAL_FORMS"] = len(identifiers)
    for number, (scheme, value) in enumerate(identifiers):
        data |= {f"identifiers-{number}-scheme": scheme, f"identifiers-{number}-value": value}
    return data | changes


def claim_data(claim: Claim | None = None, **changes: Any) -> dict[str, Any]:
    """The claim form, filled in."""
    data = {
        "quote": "Fewer relapses were seen",
        "statement": "The trial found fewer relapses.",
        "claim_type": "benefit",
        "quote_role": "own_result",
        "tagged": [factories.node(Therapy, "exosomes").pk],
        "therapy_relation": "single",
        "condition": factories.node(Condition, "multiple-sclerosis").pk,
        "outcome": factories.node(Outcome, "relapse").pk,
        "effect": "beneficial",
        "wording": "definite",
        "basis": "own_data",
        "design": "randomised_trial",
        "subject": "human",
        "n": "48",
    }
    return data | changes
