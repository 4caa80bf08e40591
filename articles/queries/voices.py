"""Who speaks: those who sell a therapy, the literature, or somebody else. The three are never added up."""

from django.db.models import Case, CharField, Q, Value, When

from articles.lib import vocabulary as vocab

LITERATURE_KINDS = (vocab.Kind.ABSTRACT, vocab.Kind.REVIEW, vocab.Kind.GUIDELINE, vocab.Kind.TRIAL_REGISTRATION)
# A clinic page always sells the therapy; the database sees to that.
SELLER = Q(interest=vocab.PublisherInterest.SELLS_THERAPY.value)
LITERATURE = ~SELLER & Q(kind__in=[kind.value for kind in LITERATURE_KINDS])
OTHER = ~SELLER & ~LITERATURE

VOICES = {"seller": SELLER, "literature": LITERATURE, "other": OTHER}
LABELS = {"seller": "What sellers say", "literature": "What the literature says", "other": "Other sources"}


def voice() -> Case:
    """The voice of a listing row as a column."""
    return Case(
        *(When(condition, then=Value(name)) for name, condition in VOICES.items() if name != "other"),
        default=Value("other"),
        output_field=CharField(),
    )
