"""Full-text search over the listing rows and the marking of what it found."""

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable

CONFIG = "mskb"
# Private-use characters: no real text has them in pairs, and the page escapes all else before it makes marks of them.
START, STOP = "\ue000", "\ue001"


def query(words: str) -> SearchQuery:
    """Web search syntax: words, "phrases", or, -not."""
    return SearchQuery(words, config=CONFIG, search_type="websearch")


def matching(rows: QuerySet, words: str) -> QuerySet:
    """The rows whose text, tags or synonyms of tags match."""
    return rows.filter(search=query(words))


def ranked(rows: QuerySet, words: str) -> QuerySet:
    """Best match first."""
    return rows.annotate(rank=SearchRank(F("search"), query(words))).order_by("-rank", "-pk")


def headline(field: str | Combinable, words: str, *, whole: bool) -> SearchHeadline:
    """The field with matches between START and STOP: all of it, or the passages around them."""
    return SearchHeadline(
        field,
        query(words),
        config=CONFIG,
        start_sel=START,
        stop_sel=STOP,
        highlight_all=True if whole else None,
        max_fragments=None if whole else 2,
    )
