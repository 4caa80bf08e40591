"""What waits for a curator or a reviewer."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from articles.lib import vocabulary as vocab
from articles.models import Claim, ImportRun, Source
from articles.queries import runs

Status, State = vocab.ClaimStatus, vocab.CurationState

TO_REVIEW = Q(status=Status.SUBMITTED)
TO_ANCHOR = ~Q(anchor_state=vocab.AnchorState.EXACT) & ~Q(status__in=(Status.RETIRED, Status.REJECTED))
UNFINISHED = Q(status__in=(Status.DRAFT, Status.SUGGESTED, Status.REJECTED))
GUESSED = ~Q(guesses={}) & ~Q(curation_state=State.EXCLUDED)


@dataclass(frozen=True)
class Queue:
    """Things that wait: what they are, how many, and the parameters of the admin's list that shows just them."""

    label: str
    model: str
    query: str
    count: int


def queues() -> list[Queue]:
    """Every queue with its length, in the order of a curator's day; three queries in all."""
    sources = Source.objects.aggregate(
        new=Count("pk", filter=Q(curation_state=State.NEW)),
        in_progress=Count("pk", filter=Q(curation_state=State.IN_PROGRESS)),
        guessed=Count("pk", filter=GUESSED),
    )
    claims = Claim.objects.aggregate(
        to_review=Count("pk", filter=TO_REVIEW),
        to_anchor=Count("pk", filter=TO_ANCHOR),
        unfinished=Count("pk", filter=UNFINISHED),
    )
    imports = ImportRun.objects.aggregate(
        under_way=Count("pk", filter=runs.UNDER_WAY), broken_off=Count("pk", filter=runs.broken_off())
    )
    return [
        Queue("Sources nobody has worked on", "source", "curation_state__exact=new", sources["new"]),
        Queue("Sources in progress", "source", "curation_state__exact=in_progress", sources["in_progress"]),
        Queue("Sources with guesses to confirm", "source", "waiting=guesses", sources["guessed"]),
        Queue("Claims not yet submitted", "claim", "waiting=unfinished", claims["unfinished"]),
        Queue("Claims to review", "claim", "waiting=review", claims["to_review"]),
        Queue("Claims whose anchor must be checked", "claim", "waiting=anchor", claims["to_anchor"]),
        Queue("Imports under way", "importrun", "waiting=under_way", imports["under_way"]),
        Queue("Imports that stopped or failed lately", "importrun", "waiting=broken_off", imports["broken_off"]),
    ]


def sources_listed(sources: QuerySet[Source]) -> QuerySet[Source]:
    """What the admin's list of sources shows, in a fixed number of queries."""
    live = ~Q(claims__status__in=(Status.RETIRED, Status.REJECTED))
    return sources.select_related("publisher").annotate(claim_total=Count("claims", filter=live))
