"""Publishers as people read about them: their pages, what these claim, and what they say of themselves."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Lower

from articles.lib import vocabulary as vocab
from articles.models import Claim, ClaimListing, Node, Publisher, Source
from articles.queries.trees import Trees

PAGES_SHOWN = 100


def listed() -> QuerySet[Publisher]:
    """Those with public sources, sellers first, with `pages`, `claims` and `sells` beside each."""
    sells = Q(sources__listing__interest=vocab.PublisherInterest.SELLS_THERAPY.value)
    return (
        Publisher.objects.filter(sources__listing__isnull=False)
        .annotate(pages=Count("sources"), claims=Sum("sources__listing__claim_count"), sells=BoolOr(sells))
        .order_by("-sells", Lower("name"), "pk")
    )


def rows(ids: Iterable[int]) -> list[Publisher]:
    """The listed publishers with these ids, in the order of the list."""
    return list(listed().filter(pk__in=list(ids)))


def by_slug(slug: str) -> Publisher:
    """A listed publisher. Raises Publisher.DoesNotExist."""
    return listed().get(slug=slug)


def pages(publisher: Publisher) -> list[Source]:
    """Its public sources, those with the most claims first, at most PAGES_SHOWN."""
    sources = Source.objects.filter(publisher=publisher, listing__isnull=False).select_related("listing")
    return list(sources.order_by("-listing__claim_count", "title", "pk")[:PAGES_SHOWN])


@dataclass(frozen=True)
class Said:
    """What a publisher claims on one outcome: numbers of claims by effect, and by how sure they sound."""

    outcome: Node
    domain: Node
    effects: list[tuple[vocab.Effect, int]]
    wordings: list[tuple[vocab.Wording, int]]

    @property
    def claims(self) -> int:
        return sum(n for _, n in self.effects)


def said(claims: QuerySet[ClaimListing], trees: Trees) -> list[Said]:
    """By outcome, in the order of the tree, those with claims only; every wording, the surest first. One query."""
    effects: dict[int, Counter[str]] = {}
    wordings: dict[int, Counter[str]] = {}
    grouped = claims.order_by().values_list("outcome_id", "effect", "wording").annotate(n=Count("pk"))
    for outcome, effect, wording, n in grouped:
        effects.setdefault(outcome, Counter())[effect] += n
        wordings.setdefault(outcome, Counter())[wording] += n
    return [
        Said(
            node,
            trees.outcome.path(node.pk)[0],
            [(effect, effects[node.pk][effect]) for effect in vocab.Effect if effects[node.pk][effect]],
            [(wording, wordings[node.pk][wording]) for wording in vocab.Wording],
        )
        for _, node in trees.outcome.walk()
        if node.pk in effects
    ]


@dataclass(frozen=True)
class Disclosures:
    """How many of the pages that claims were taken from say each thing of themselves."""

    pages: int
    made: list[tuple[vocab.Disclosure, int]]


def disclosures(claims: QuerySet[ClaimListing]) -> Disclosures:
    """What the pages of these claims disclose, every disclosure, also those that none makes. One query."""
    by_page: dict[int, set[str]] = {}
    of_claims = Claim.objects.filter(listing__in=claims.order_by()).values_list("source_id", "disclosures").distinct()
    for source, values in of_claims.order_by():
        by_page.setdefault(source, set()).update(values)
    made = Counter(value for values in by_page.values() for value in values)
    return Disclosures(len(by_page), [(value, made[value]) for value in vocab.Disclosure])
