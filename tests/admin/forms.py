"""What a browser would send."""

from typing import Any

from django.test import Client

from articles.models import Claim, Condition, Outcome, Source, Therapy
from tests import factories

INLINES = ("identifiers", "contributors", "references")


def opened(client: Client, address: str) -> dict[str, Any]:
    """What the form at this address would send if nothing was changed on it."""
    form = client.get(address).context["adminform"].form
    values = {form.add_prefix(name): form[name].value() for name in form.fields}
    return {name: "on" if value is True else value for name, value in values.items() if value not in (None, False)}


def source_data(source: Source | None = None, **changes: Any) -> dict[str, Any]:
    """The source form, filled in; `identifiers` takes pairs of scheme and value for rows to add."""
    identifiers = changes.pop("identifiers", [])
    data: dict[str, Any] = {
        "title": source.title if source else "A new page",
        "kind": source.kind if source else "clinic_page",
        "publisher_interest": source.publisher_interest if source else "sells_therapy",
        "text_basis": source.text_basis if source else "web_page",
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
    if source:
        data["seen"] = source.updated_at.isoformat()
    return data | changes


def claim_data(claim: Claim | None = None, **changes: Any) -> dict[str, Any]:
    """The claim form, filled in."""
    data: dict[str, Any] = {
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
    if claim:
        data["seen"] = claim.updated_at.isoformat()
    return data | changes
