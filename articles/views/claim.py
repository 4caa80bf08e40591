from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from articles.lib import anchoring
from articles.models import Claim
from articles.queries import claims as queries
from articles.queries import relations
from articles.views.errors import not_found

CONTEXT = 320


def claim(request: HttpRequest, public_id: str) -> HttpResponse:
    """One claim: its quote in context, every field explained."""
    number = queries.number_of(public_id)
    try:
        found = queries.by_number(number if number is not None else -1)
    except Claim.DoesNotExist:
        changed = queries.once_public(number) if number is not None else None
        if changed is not None:
            return render(request, "articles/claim_revised.html", {"claim": changed})
        return not_found(request, f"There is no public claim “{public_id[:40]}”.", [("/claims/", "See all claims")])
    if public_id != found.public_id:
        return redirect(found)
    text = found.version.text
    around = CONTEXT if found.source.is_whole_text_shown else anchoring.CONTEXT
    context = {
        "claim": found,
        "before": _from_a_word(text[: found.start], around),
        "after": _to_a_word(text[found.end :], around),
        "starts_inside": found.start > around,
        "ends_inside": found.end + around < len(text),
        "related": relations.of_claim(found),
    }
    return render(request, "articles/claim.html", context)


def _from_a_word(text: str, most: int) -> str:
    """The end of the text, beginning with a whole word."""
    return text if len(text) <= most else text[-most:].partition(" ")[2]


def _to_a_word(text: str, most: int) -> str:
    """The start of the text, ending with a whole word."""
    return text if len(text) <= most else text[:most].rpartition(" ")[0]
