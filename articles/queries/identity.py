"""Which source a record tells of, and which sources may be one document."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

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

# Two numbers of one register are two records of it: then only the very same title and first author make them suspect.
LIKELY = """
    WITH fresh AS (
        SELECT s.id, s.title_key, s.year, lower(c.family) AS family,
            (SELECT min(value) FROM articles_identifier i WHERE i.source_id = s.id AND i.scheme = 'pmid') AS pmid
        FROM articles_source s LEFT JOIN articles_contributor c ON c.source_id = s.id AND c.position = 1
        WHERE s.id = ANY(%(ids)s)
    ),
    met(fresh_id, other_id) AS (
        SELECT f.id, o.id FROM fresh f JOIN articles_source o ON o.title_key = f.title_key
        UNION
        SELECT f.id, oc.source_id FROM fresh f
        JOIN articles_contributor oc ON oc.position = 1 AND lower(oc.family) = f.family
        JOIN articles_source o ON o.id = oc.source_id
            AND (o.year BETWEEN f.year - 1 AND f.year + 1 OR o.year IS NULL OR f.year IS NULL)
        WHERE f.family <> '' AND similarity(o.title_key, f.title_key) >= %(alike)s
        UNION
        SELECT f.id, o.id FROM fresh f JOIN articles_source o ON o.title_key %% f.title_key
        WHERE f.family IS NULL
    )
    SELECT least(f.id, o.id), greatest(f.id, o.id), similarity(o.title_key, f.title_key) AS alike,
        o.title_key = f.title_key, o.year = f.year, lower(oc.family) = f.family
    FROM met JOIN fresh f ON f.id = met.fresh_id JOIN articles_source o ON o.id = met.other_id
    LEFT JOIN articles_contributor oc ON oc.source_id = o.id AND oc.position = 1
    LEFT JOIN LATERAL (
        SELECT min(value) AS pmid FROM articles_identifier i WHERE i.source_id = o.id AND i.scheme = 'pmid'
    ) number ON true
    WHERE o.id <> f.id AND o.merged_into_id IS NULL
        AND (o.id < f.id OR NOT o.id = ANY(%(ids)s))
        AND (o.year IS NULL OR f.year IS NULL OR abs(o.year - f.year) <= 1)
        AND (oc.family IS NULL OR oc.family = '' OR f.family IS NULL OR f.family = '' OR lower(oc.family) = f.family)
        AND (o.title_key = f.title_key OR number.pmid IS NULL OR f.pmid IS NULL)
        AND similarity(o.title_key, f.title_key) >= %(alike)s
    ORDER BY f.id, alike DESC, o.id
"""


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
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
        cursor.execute(LIKELY, {"ids": list(sources), "alike": ALIKE})
        rows = cursor.fetchall()
    found: list[Likeness] = []
    counted: dict[int, int] = {}
    for first, second, similarity, same_title, same_year, same_author in rows:
        counted[second] = counted.get(second, 0) + 1
        if counted[second] <= MOST_PAIRS:
            reason = _reason(similarity, bool(same_title), bool(same_year), bool(same_author))
            found.append(Likeness(first, second, float(similarity), reason))
    return found


def _reason(similarity: float, same_title: bool, same_year: bool, same_author: bool) -> str:
    same = [
        "the titles are the same" if same_title else f"the titles are {similarity:.0%} alike",
        "the first author is the same" if same_author else "",
        "the year is the same" if same_year else "",
    ]
    return ", ".join(part for part in same if part)
