"""Which source a record tells of, and which sources may be one document."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from articles.lib import titles
from articles.models import Identifier, Reading, Source

# Registers that give each document one number.
ONE_FOR_EACH = ("pmid", "pmcid", "doi")
# From here on two titles are alike (trigram similarity, 0 to 1).
ALIKE = 0.6
MOST_PAIRS = 5

Pair = tuple[str, str]

# So many sources of one title, or by one first author, within a year of each other say nothing by that alone. Without
# these bounds a journal's editorials would be held against each other in their thousands.
MOST_OF_ONE_TITLE = 50
MOST_BY_ONE_AUTHOR = 300

# Sources that a new one (f) may be again: older ones of about the same year; none where there are too many.
# In the first import the planner knows nothing of these tables yet. So that it cannot go wrong, all that is compared
# comes from here, each source is fetched by its key (OFFSET 0 sees to it), and no index of merged sources serves.
MET = """
    SELECT f.id AS fresh_id, f.title_key AS fresh_key, f.year AS fresh_year, f.family AS fresh_family, f.has_pmid,
        near.*
    FROM fresh f CROSS JOIN LATERAL (
        SELECT close.*, count(*) OVER () AS number FROM (
            SELECT o.id AS other_id, o.title_key, o.year, {family} AS family FROM {sources}
            WHERE {alike} AND o.id <> f.id AND (o.id < f.id OR NOT o.id = ANY(%(ids)s))
                AND coalesce(o.merged_into_id, 0) = 0
                AND (o.year IS NULL OR f.year IS NULL OR o.year BETWEEN f.year - 1 AND f.year + 1)
            LIMIT %({most})s + 1
        ) close
    ) near WHERE near.number <= %({most})s
"""
FAMILY = "(SELECT lower(family) FROM articles_contributor WHERE source_id = o.id AND position = 1)"
SAME_TITLE = MET.format(sources="articles_source o", family=FAMILY, alike="o.title_key = f.title_key", most="of_title")
SAME_AUTHOR = MET.format(
    sources="articles_contributor oc, LATERAL (SELECT * FROM articles_source WHERE id = oc.source_id OFFSET 0) o",
    family="lower(oc.family)",
    alike="f.family <> '' AND oc.position = 1 AND lower(oc.family) = f.family",
    most="by_author",
)
NO_AUTHOR = MET.format(
    sources="articles_source o",
    family=FAMILY,
    alike="f.family IS NULL AND o.title_key %% f.title_key",
    most="by_author",
)

# Two numbers of one register are two records of it: then only the very same title and first author make them suspect.
COMPARED = """
    WITH fresh AS MATERIALIZED (
        SELECT s.id, s.title_key, s.year, lower(c.family) AS family,
            EXISTS (SELECT FROM articles_identifier i WHERE i.source_id = s.id AND i.scheme = 'pmid') AS has_pmid
        FROM articles_source s LEFT JOIN articles_contributor c ON c.source_id = s.id AND c.position = 1
        WHERE s.id = ANY(%(ids)s)
    ),
    met AS MATERIALIZED ({met}),
    compared AS (
        SELECT DISTINCT fresh_id, other_id, similarity(title_key, fresh_key) AS alike,
            title_key = fresh_key AS is_same_title, year = fresh_year AS is_same_year,
            family = fresh_family AS is_same_author
        FROM met
        WHERE (family = fresh_family OR coalesce(family, '') = '' OR coalesce(fresh_family, '') = '')
            AND (title_key = fresh_key OR similarity(title_key, fresh_key) >= %(alike)s)
            AND (title_key = fresh_key OR NOT has_pmid OR NOT EXISTS (
                SELECT FROM articles_identifier i WHERE i.source_id = other_id AND i.scheme = 'pmid'))
    ),
    ranked AS (
        SELECT *, row_number() OVER (PARTITION BY fresh_id ORDER BY alike DESC, other_id) AS place FROM compared
    )
    SELECT least(fresh_id, other_id), greatest(fresh_id, other_id), alike, is_same_title, is_same_year, is_same_author
    FROM ranked WHERE place <= %(most)s ORDER BY fresh_id, place
"""
LIKELY = COMPARED.format(met=" UNION ALL ".join((SAME_TITLE, SAME_AUTHOR, NO_AUTHOR)))


@dataclass(frozen=True)
class Likeness:
    """Two sources that may be one document, the older first, and what is alike about them."""

    first: int
    second: int
    similarity: float
    reason: str


def read_before(fingerprints: Collection[str]) -> dict[str, int]:
    """The sources of records that were read before, byte for byte."""
    found = Reading.objects.filter(fingerprint__in=fingerprints).values_list("fingerprint", "source_id")
    return dict(found)


def held_before(hashes: Collection[str]) -> dict[str, int]:
    """The sources of records with these bytes, whichever way they were read then."""
    found = Reading.objects.filter(raw_sha256__in=[one for one in hashes if one])
    return dict(found.order_by("-pk").values_list("raw_sha256", "source_id"))


def owners(identifiers: Collection[Pair]) -> dict[Pair, int]:
    """The sources that have these identifiers (scheme, value)."""
    if not identifiers:
        return {}
    by_scheme: dict[str, list[str]] = {}
    for scheme, value in identifiers:
        by_scheme.setdefault(scheme, []).append(value)
    wanted = Q()
    for scheme, values in by_scheme.items():
        wanted |= Q(scheme=scheme, value__in=values)
    return {
        (s, v): source for s, v, source in Identifier.objects.filter(wanted).values_list("scheme", "value", "source")
    }


def titled(title: str) -> list[Source]:
    """Sources with this title, whatever their spelling of it; the oldest first."""
    found = Source.objects.filter(title_key=titles.key(title), merged_into=None)
    return list(found.select_related("publisher", "current_version").order_by("pk"))


def title_similarity(one: Source, other: Source) -> float:
    """How alike the two titles are, 0 to 1 (trigrams)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT similarity(%s, %s)", [titles.key(one.title), titles.key(other.title)])
        return float(cursor.fetchone()[0])


def has_another_number(source: Source, known: Iterable[Pair]) -> bool:
    """Whether a register gave the source one number and the record another: then they are two documents."""
    held = set(source.identifiers.filter(scheme__in=ONE_FOR_EACH).values_list("scheme", "value"))
    return any((scheme, value) not in held and scheme in dict(held) for scheme, value in known)


def likely_duplicates(sources: Sequence[int]) -> list[Likeness]:
    """Sources that may be the same document as one of these; at most five for each, the most alike first."""
    if not sources:
        return []
    parameters: dict[str, Any] = {
        "ids": list(sources),
        "alike": ALIKE,
        "most": MOST_PAIRS,
        "of_title": MOST_OF_ONE_TITLE,
        "by_author": MOST_BY_ONE_AUTHOR,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
        cursor.execute(LIKELY, parameters)
        rows = cursor.fetchall()
    return [
        Likeness(first, second, float(alike), _reason(alike, bool(same_title), bool(same_year), bool(same_author)))
        for first, second, alike, same_title, same_year, same_author in rows
    ]


def _reason(similarity: float, same_title: bool, same_year: bool, same_author: bool) -> str:
    same = [
        "the titles are the same" if same_title else f"the titles are {similarity:.0%} alike",
        "the first author is the same" if same_author else "",
        "the year is the same" if same_year else "",
    ]
    return ", ".join(part for part in same if part)
