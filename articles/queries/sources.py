"""Sources as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Prefetch, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Left

from articles.lib import identifiers
from articles.models import Contributor, Identifier, LinkedPublication, Source
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


@dataclass(frozen=True)
class Linked:
    """Another publication that the record of a source names; `source` where the public may read it here."""

    link: LinkedPublication
    source: Source | None

    @property
    def address(self) -> str:
        """Where it can be read: here, else at PubMed, else where its DOI leads; blank where nobody knows."""
        if self.source is not None:
            return self.source.get_absolute_url()
        numbers = (("pmid", self.link.pmid), ("doi", self.link.doi))
        return next((identifiers.link(scheme, value) or "" for scheme, value in numbers if value), "")


def linked(source: Source) -> list[Linked]:
    """The publications that the record names, in its order; two queries."""
    links = source.links.order_by("position")
    pmids, dois = [link.pmid for link in links if link.pmid], [link.doi for link in links if link.doi]
    named = Q(scheme="pmid", value__in=pmids) | Q(scheme="doi", value__in=dois)
    held = Identifier.objects.filter(named, source__in=public()).select_related("source")
    by_number = {(one.scheme, one.value): one.source for one in held} if pmids or dois else {}
    return [Linked(link, by_number.get(("pmid", link.pmid)) or by_number.get(("doi", link.doi))) for link in links]
