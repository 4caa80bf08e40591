"""What waits for a curator or a reviewer."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from articles.lib import vocabulary as vocab
from articles.models import Claim, DuplicatePair, ImportRun, Relation, Source, TagSuggestion
from articles.queries import runs

Status, State = vocab.ClaimStatus, vocab.CurationState

TO_REVIEW = Q(status=Status.SUBMITTED)
TO_ANCHOR = ~Q(anchor_state=vocab.AnchorState.EXACT) & ~Q(status__in=(Status.RETIRED, Status.REJECTED))
UNFINISHED = Q(status__in=(Status.DRAFT, Status.SUGGESTED, Status.REJECTED))
# A source that was merged into another one is worked on there.
WORKED_ON = Q(merged_into=None) & ~Q(curation_state=State.EXCLUDED)
GUESSED = ~Q(guesses={}) & WORKED_ON
OPEN_SUGGESTIONS = TagSuggestion.objects.filter(source=OuterRef("pk"), state=vocab.SuggestionState.OPEN)
TO_TAG = Q(Exists(OPEN_SUGGESTIONS)) & WORKED_ON


@dataclass(frozen=True)
class Queue:
    """Things that wait: what they are, how many, and the parameters of the admin's list that shows just them."""

    label: str
    model: str
    query: str
    count: int


def queues() -> list[Queue]:
    """Every queue with its length, in the order of a curator's day; a query for each kind of thing."""
    sources = Source.objects.filter(merged_into=None).aggregate(
        new=Count("pk", filter=Q(curation_state=State.NEW)),
        in_progress=Count("pk", filter=Q(curation_state=State.IN_PROGRESS)),
        guessed=Count("pk", filter=GUESSED),
        to_tag=Count("pk", filter=TO_TAG),
    )
    alike = DuplicatePair.objects.filter(state=vocab.PairState.OPEN).count()
    claims = Claim.objects.aggregate(
        to_review=Count("pk", filter=TO_REVIEW),
        to_anchor=Count("pk", filter=TO_ANCHOR),
        unfinished=Count("pk", filter=UNFINISHED),
    )
    suggested = Relation.objects.filter(state=vocab.RelationState.SUGGESTED).count()
    imports = ImportRun.objects.aggregate(
        under_way=Count("pk", filter=runs.UNDER_WAY), broken_off=Count("pk", filter=runs.broken_off())
    )
    return [
        Queue("Sources nobody has worked on", "source", "curation_state__exact=new", sources["new"]),
        Queue("Sources in progress", "source", "curation_state__exact=in_progress", sources["in_progress"]),
        Queue("Sources with guesses to confirm", "source", "waiting=guesses", sources["guessed"]),
        Queue("Sources with suggested tags", "source", "waiting=tags", sources["to_tag"]),
        Queue("Likely duplicates", "duplicatepair", "state__exact=open", alike),
        Queue("Claims not yet submitted", "claim", "waiting=unfinished", claims["unfinished"]),
        Queue("Claims to review", "claim", "waiting=review", claims["to_review"]),
        Queue("Claims whose anchor must be checked", "claim", "waiting=anchor", claims["to_anchor"]),
        Queue("Relations to review", "relation", "state__exact=suggested", suggested),
        Queue("Imports under way", "importrun", "waiting=under_way", imports["under_way"]),
        Queue("Imports that stopped or failed lately", "importrun", "waiting=broken_off", imports["broken_off"]),
    ]


def sources_listed(sources: QuerySet[Source]) -> QuerySet[Source]:
    """What the admin's list of sources shows, in a fixed number of queries."""
    live = ~Q(claims__status__in=(Status.RETIRED, Status.REJECTED))
    return sources.select_related("publisher").annotate(claim_total=Count("claims", filter=live))


def next_to_tag(source: Source) -> tuple[Source | None, Source | None]:
    """The sources with open suggestions before and after this one, in the order of the list: the newest first."""
    waiting = Source.objects.filter(TO_TAG).only("title")
    before = waiting.filter(pk__gt=source.pk).order_by("pk").first()
    after = waiting.filter(pk__lt=source.pk).order_by("-pk").first()
    return before, after
