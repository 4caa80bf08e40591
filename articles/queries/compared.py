"""What can be set side by side beside therapies: sources by their numbers, publishers by their slugs."""

from collections.abc import Iterable

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Greatest

from articles.models import ClaimListing, Publisher, Source, SourceListing
from articles.queries import sources

LONGEST_NUMBER = 18
# From here on a name is near another one (trigram similarity, 0 to 1).
NEAR = 0.3


def sources_by_number(numbers: Iterable[str]) -> dict[str, Source]:
    """The public source for each number that has one; for a merged source the one it was merged into. One query."""
    wanted = {text: int(text) for text in numbers if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER}
    known = Source.objects.filter(pk__in=wanted.values()).values_list("pk", "merged_into_id")
    survivors = {pk: survivor or pk for pk, survivor in known}
    found = sources.public().in_bulk(list(survivors.values()))
    numbered = {text: survivors.get(pk) for text, pk in wanted.items()}
    return {text: found[pk] for text, pk in numbered.items() if pk in found}


def publishers() -> QuerySet[Publisher]:
    """The publishers with public sources, by name."""
    listed = SourceListing.objects.filter(source__publisher=OuterRef("pk"))
    return Publisher.objects.filter(Exists(listed)).order_by("name", "pk")


def near(typed: str, most: int) -> QuerySet[Publisher]:
    """The publishers with public sources whose name or slug is spelled most like what was typed, the nearest first."""
    alike = Greatest(TrigramSimilarity("name", typed), TrigramSimilarity("slug", typed))
    return publishers().annotate(alike=alike).filter(alike__gte=NEAR).order_by("-alike", "name", "pk")[:most]


def with_claims() -> QuerySet[Publisher]:
    """The publishers with public claims, by name."""
    return Publisher.objects.filter(Exists(ClaimListing.objects.filter(publisher=OuterRef("pk")))).order_by(
        "name", "pk"
    )
