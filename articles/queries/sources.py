"""Sources as people read them."""

from collections.abc import Sequence

from django.db.models import Case, Prefetch, QuerySet, TextField, Value, When
from django.db.models.functions import Left

from articles.models import Contributor, Identifier, Source
from articles.queries import search

# Passages are looked for in the first characters of a text: fifty whole books would keep the page waiting.
HEADLINED = 100_000


def with_everything_shown(sources: QuerySet[Source]) -> QuerySet[Source]:
    """A fixed number of queries, however many sources."""
    return sources.select_related("publisher", "listing").prefetch_related(
        Prefetch("contributors", Contributor.objects.order_by("position")),
        Prefetch("identifiers", Identifier.objects.order_by("scheme", "value")),
        "therapies",
        "conditions",
    )


def rows(ids: Sequence[int], words: str = "") -> list[Source]:
    """The sources in the order of the ids; with search words, `title_marked` and `passage_marked` carry the matches."""
    sources = with_everything_shown(Source.objects.filter(pk__in=ids))
    if words:
        sources = sources.annotate(
            title_marked=search.headline("title", words, whole=True),
            passage_marked=Case(
                When(
                    is_whole_text_shown=True,
                    then=search.headline(Left("current_version__text", HEADLINED), words, whole=False),
                ),
                default=Value(""),
                output_field=TextField(),
            ),
        )
    by_id = {source.pk: source for source in sources}
    return [by_id[pk] for pk in ids if pk in by_id]


def public() -> QuerySet[Source]:
    """The sources the public may see."""
    return Source.objects.exclude(curation_state="excluded")


def by_number(pk: int) -> Source:
    """A source the public may see, with its texts. Raises Source.DoesNotExist."""
    shown = with_everything_shown(public()).select_related("current_version", "study_group")
    return shown.prefetch_related("references").get(pk=pk)
