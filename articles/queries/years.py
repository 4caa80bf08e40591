"""Claims by the year of their source, each voice for itself."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, QuerySet

from articles.models import ClaimListing
from articles.queries.voices import voice


@dataclass(frozen=True)
class Years:
    """Number of claims by voice and year; the year is None where the source has no date."""

    counts: Counter[tuple[str, int | None]]

    @cached_property
    def voices(self) -> list[str]:
        """The literature and the sellers, and the others only where they say something."""
        return ["literature", "seller", *(["other"] if self.total("other") else [])]

    @cached_property
    def years(self) -> list[int]:
        """The years with claims, first to last."""
        return sorted({year for _, year in self.counts if year is not None})

    @cached_property
    def undated(self) -> int:
        """Claims of sources without a date, whoever speaks."""
        return sum(n for (_, year), n in self.counts.items() if year is None)

    def total(self, who: str) -> int:
        """All claims of one voice, dated or not."""
        return sum(n for (voice, _), n in self.counts.items() if voice == who)

    def dated(self, who: str) -> dict[int, int]:
        """Claims of one voice by year, first to last; years without any are left out."""
        return {year: self.counts[who, year] for year in self.years if self.counts[who, year]}


def years(rows: QuerySet[ClaimListing]) -> Years:
    """Count these rows by voice and year. One query, whatever their number."""
    grouped = rows.order_by().annotate(who=voice()).values_list("who", "year").annotate(n=Count("pk"))
    return Years(Counter({(who, year): n for who, year, n in grouped}))
