"""Claims as people read them."""

import re
from collections.abc import Sequence

from django.db.models import Prefetch, Q, QuerySet

from articles.models import Claim, ClaimTherapy
from articles.queries import search

# A retired claim keeps its page if it ever had one; a draft that was given up never had.
PUBLIC = Q(status="accepted") | Q(status="retired", accepted_by__isnull=False)
PUBLIC_ID = re.compile(r"C-(\d{6,12})", re.IGNORECASE)


def with_everything_shown(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """A fixed number of queries, however many claims."""
    therapies = Prefetch(
        "claim_therapies", ClaimTherapy.objects.select_related("therapy").order_by("position", "pk"), to_attr="tagged"
    )
    related = ("source", "source__publisher", "condition", "outcome")
    return claims.select_related(*related).prefetch_related(therapies)


def rows(ids: Sequence[int], words: str = "") -> list[Claim]:
    """The claims in the order of the ids; for a search, `statement_marked` and `quote_marked` carry the matches."""
    claims = with_everything_shown(Claim.objects.filter(pk__in=ids))
    if words:
        claims = claims.annotate(
            statement_marked=search.headline("statement", words, whole=True),
            quote_marked=search.headline("quote", words, whole=True),
        )
    by_id = {claim.pk: claim for claim in claims}
    return [by_id[pk] for pk in ids if pk in by_id]


def number_of(public_id: str) -> int | None:
    """The number in C-000123, or None where it is not the id of a claim."""
    found = PUBLIC_ID.fullmatch(public_id)
    return int(found.group(1)) if found else None


def by_number(number: int) -> Claim:
    """A claim the public may see. Raises Claim.DoesNotExist."""
    claims = with_everything_shown(Claim.objects.filter(PUBLIC).exclude(source__curation_state="excluded"))
    return claims.select_related("source__study_group", "version", "superseded_by").get(pk=number)


def once_public(number: int) -> Claim | None:
    """A claim that was public once and whose present wording nobody has accepted: its number must not lead nowhere."""
    changed = Claim.objects.filter(pk=number, accepted_at__isnull=False).exclude(PUBLIC)
    return changed.exclude(source__curation_state="excluded").select_related("source").first()


def of_source(source_id: int) -> list[Claim]:
    """The public claims of a source, in the order of its text."""
    claims = Claim.objects.filter(source_id=source_id, status="accepted")
    return list(with_everything_shown(claims).order_by("start", "pk"))
