"""Sources that look like the same document, as curators see them."""

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery

from articles.lib import vocabulary as vocab
from articles.models import Claim, DuplicatePair, Source

LIVE = ~Q(status__in=(vocab.ClaimStatus.RETIRED, vocab.ClaimStatus.REJECTED))


def listed(pairs: QuerySet[DuplicatePair]) -> QuerySet[DuplicatePair]:
    """Both sources of each pair, with `first_claims` and `second_claims`; a fixed number of queries."""
    return pairs.select_related("first", "second").annotate(
        first_claims=_claims_of("first"), second_claims=_claims_of("second")
    )


def of_source(source: Source) -> list[tuple[DuplicatePair, Source]]:
    """The open pairs of a source, each with the other source; the most alike first."""
    pairs = DuplicatePair.objects.filter(Q(first=source) | Q(second=source), state=vocab.PairState.OPEN)
    found = pairs.select_related("first", "second").order_by("-similarity", "pk")
    return [(pair, pair.second if pair.first_id == source.pk else pair.first) for pair in found]


def held_against_each_other() -> QuerySet[DuplicatePair]:
    """Pairs with what their page shows of both sources."""
    sides = ("first", "second")
    single = ("publisher", "study_group", "current_version", "merged_into")
    many = ("identifiers", "contributors", "references", "links", "therapies", "conditions")
    return DuplicatePair.objects.select_related(
        "decided_by", *sides, *(f"{side}__{name}" for side in sides for name in single)
    ).prefetch_related(*(f"{side}__{name}" for side in sides for name in many))


def _claims_of(side: str) -> Subquery:
    live = Claim.objects.filter(LIVE, source=OuterRef(side)).order_by().values("source").annotate(total=Count("pk"))
    return Subquery(live.values("total"), output_field=IntegerField())
