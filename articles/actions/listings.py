"""Keeps the rows that the public lists read true to the records. Every other action ends here."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg.errors import ProgramLimitExceeded

from articles.models import Source

# A tsvector holds at most 1 MB: so many characters of a text, and of what goes with it, are searched. Where even these
# have too many different words they are fewer, down to the least.
SEARCHED = 400_000
LEAST_SEARCHED = 1_000

# Names and synonyms of a node and of everything above it: so "stem cells" finds what is tagged with a kind of them.
TERMS = """
    {name}_up(id, ancestor) AS (
        SELECT id, id FROM articles_{name}
        UNION ALL SELECT up.id, n.parent_id FROM {name}_up up JOIN articles_{name} n ON n.id = up.ancestor
        WHERE n.parent_id IS NOT NULL
    ),
    {name}_terms(id, terms) AS (
        SELECT up.id, string_agg(n.name || ' ; ' || array_to_string(n.synonyms, ' ; '), ' ; ')
        FROM {name}_up up JOIN articles_{name} n ON n.id = up.ancestor GROUP BY up.id
    )
"""
ALL_TERMS = ", ".join(TERMS.format(name=name) for name in ("therapy", "condition", "outcome"))

KNOWN_AS = """
    known_as(source_id, ids) AS (
        SELECT source_id, string_agg(value, ' ') FROM (
            SELECT source_id, value FROM articles_identifier WHERE source_id = ANY(%(sources)s)
            UNION ALL
            SELECT id, split_part(unnest(trial_ids), ':', 2) FROM articles_source WHERE id = ANY(%(sources)s)
        ) AS numbers GROUP BY source_id
    )
"""

# Who counts once: a trial, however many papers report it; a seller, however many pages it has.
SPEAKER = """
    CASE WHEN s.publisher_interest = 'sells_therapy' THEN coalesce(-s.publisher_id, s.id)
        ELSE coalesce(-s.study_group_id, s.id) END
"""

CLAIMS = f"""
    WITH RECURSIVE {ALL_TERMS}, {KNOWN_AS},
    tagged(claim_id, ids, terms) AS (
        SELECT t.claim_id, array_agg(t.therapy_id ORDER BY t.therapy_id), string_agg(terms, ' ; ')
        FROM articles_claimtherapy t JOIN therapy_terms ON therapy_terms.id = t.therapy_id
        JOIN articles_claim c ON c.id = t.claim_id WHERE c.source_id = ANY(%(sources)s) GROUP BY t.claim_id
    ),
    paths(claim_id, ids) AS (
        SELECT t.claim_id, array_agg(DISTINCT up.ancestor)
        FROM articles_claimtherapy t JOIN therapy_up up ON up.id = t.therapy_id
        JOIN articles_claim c ON c.id = t.claim_id WHERE c.source_id = ANY(%(sources)s) GROUP BY t.claim_id
    )
    INSERT INTO articles_claimlisting (claim_id, source_id, kind, interest, publication_status, text_basis, year,
        therapy_ids, condition_id, outcome_id, claim_type, effect, wording, basis, role, design, subject, level,
        comparator, publisher_id, study_group_id, speaker, therapy_path_ids, search)
    SELECT c.id, s.id, s.kind, s.publisher_interest, s.publication_status, v.text_basis, s.year,
        coalesce(tagged.ids, '{{}}'), c.condition_id, c.outcome_id, c.claim_type, c.effect, c.wording, c.basis,
        c.quote_role, c.design, c.subject, coalesce(c.evidence_level::text, ''),
        c.comparator, s.publisher_id, s.study_group_id, {SPEAKER}, coalesce(paths.ids, '{{}}'),
        setweight(to_tsvector('mskb', c.statement), 'A')
        || setweight(to_tsvector('mskb', concat_ws(' ; ', tagged.terms, ct.terms, ot.terms)), 'B')
        || setweight(to_tsvector('mskb', c.quote), 'C')
        || setweight(to_tsvector('mskb', concat_ws(' ; ', s.title, s.container, p.name, known_as.ids)), 'D')
        || setweight(to_tsvector('mskb', 'C-' || lpad(c.id::text, greatest(6, length(c.id::text)), '0')), 'D')
    FROM articles_claim c
    JOIN articles_source s ON s.id = c.source_id
    JOIN articles_sourceversion v ON v.id = c.version_id
    LEFT JOIN articles_publisher p ON p.id = s.publisher_id
    LEFT JOIN tagged ON tagged.claim_id = c.id
    LEFT JOIN paths ON paths.claim_id = c.id
    LEFT JOIN known_as ON known_as.source_id = s.id
    LEFT JOIN condition_terms ct ON ct.id = c.condition_id
    LEFT JOIN outcome_terms ot ON ot.id = c.outcome_id
    WHERE s.id = ANY(%(sources)s) AND c.status = 'accepted' AND s.curation_state <> 'excluded'
        AND s.merged_into_id IS NULL
"""

SOURCES = f"""
    WITH RECURSIVE {ALL_TERMS}, {KNOWN_AS},
    tags(source_id, therapy_id) AS (
        SELECT source_id, therapy_id FROM articles_source_therapies WHERE source_id = ANY(%(sources)s)
        UNION
        SELECT source_id, unnest(therapy_ids) FROM articles_claimlisting WHERE source_id = ANY(%(sources)s)
    ),
    therapies(source_id, ids, terms) AS (
        SELECT source_id, array_agg(therapy_id ORDER BY therapy_id), string_agg(terms, ' ; ')
        FROM tags JOIN therapy_terms ON therapy_terms.id = therapy_id GROUP BY source_id
    ),
    condition_tags(source_id, condition_id) AS (
        SELECT source_id, condition_id FROM articles_source_conditions WHERE source_id = ANY(%(sources)s)
        UNION
        SELECT source_id, condition_id FROM articles_claimlisting WHERE source_id = ANY(%(sources)s)
    ),
    conditions(source_id, ids, terms) AS (
        SELECT source_id, array_agg(condition_id ORDER BY condition_id), string_agg(terms, ' ; ')
        FROM condition_tags JOIN condition_terms ON condition_terms.id = condition_id GROUP BY source_id
    ),
    said AS (
        SELECT source_id, count(*) AS claims,
            array_agg(DISTINCT outcome_id) AS outcomes, array_agg(DISTINCT effect) AS effects,
            array_agg(DISTINCT wording) AS wordings, array_agg(DISTINCT basis) AS bases,
            array_agg(DISTINCT role) AS roles, array_agg(DISTINCT design) AS designs,
            array_agg(DISTINCT subject) AS subjects, array_agg(DISTINCT level) AS levels
        FROM articles_claimlisting WHERE source_id = ANY(%(sources)s) GROUP BY source_id
    ),
    outcome_names(source_id, terms) AS (
        SELECT source_id, string_agg(DISTINCT terms, ' ; ')
        FROM articles_claimlisting l JOIN outcome_terms ON outcome_terms.id = l.outcome_id
        WHERE source_id = ANY(%(sources)s) GROUP BY source_id
    ),
    authors(source_id, names) AS (
        SELECT source_id, string_agg(concat_ws(' ', as_written, given, family, collective), ' ; ')
        FROM articles_contributor WHERE source_id = ANY(%(sources)s) GROUP BY source_id
    )
    INSERT INTO articles_sourcelisting (source_id, kind, interest, publication_status, text_basis, year, therapy_ids,
        condition_ids, outcome_ids, effects, wordings, bases, roles, designs, subjects, levels, claim_count, search)
    SELECT s.id, s.kind, s.publisher_interest, s.publication_status, s.text_basis, s.year,
        coalesce(therapies.ids, '{{}}'), coalesce(conditions.ids, '{{}}'), coalesce(said.outcomes, '{{}}'),
        coalesce(said.effects, '{{}}'), coalesce(said.wordings, '{{}}'), coalesce(said.bases, '{{}}'),
        coalesce(said.roles, '{{}}'), coalesce(said.designs, '{{}}'), coalesce(said.subjects, '{{}}'),
        coalesce(said.levels, '{{}}'), coalesce(said.claims, 0),
        setweight(to_tsvector('mskb', s.title), 'A')
        || setweight(to_tsvector('mskb', concat_ws(' ; ', therapies.terms, conditions.terms, outcome_names.terms)), 'B')
        || setweight(to_tsvector('mskb', left(concat_ws(' ; ', s.original_title, s.container, p.name, s.description,
            authors.names, array_to_string(s.mesh_headings, ' ; '), array_to_string(s.keywords, ' ; ')),
            %(searched)s)), 'C')
        || setweight(to_tsvector('mskb', coalesce(known_as.ids, '')), 'C')
        || setweight(to_tsvector('mskb', left(coalesce(v.text, ''), %(searched)s)), 'D')
    FROM articles_source s
    LEFT JOIN articles_publisher p ON p.id = s.publisher_id
    LEFT JOIN articles_sourceversion v ON v.id = s.current_version_id
    LEFT JOIN therapies ON therapies.source_id = s.id
    LEFT JOIN conditions ON conditions.source_id = s.id
    LEFT JOIN said ON said.source_id = s.id
    LEFT JOIN outcome_names ON outcome_names.source_id = s.id
    LEFT JOIN authors ON authors.source_id = s.id
    LEFT JOIN known_as ON known_as.source_id = s.id
    WHERE s.id = ANY(%(sources)s) AND s.curation_state <> 'excluded' AND s.merged_into_id IS NULL
"""


# Whoever comes second waits here and then counts what the first one did as well.
LOCK = "SELECT id FROM articles_source WHERE id = ANY(%(sources)s) ORDER BY id FOR NO KEY UPDATE"

CHANGED = "INSERT INTO articles_listingchange (changed_at) VALUES (clock_timestamp())"
# Old enough that nobody counts by it any more; the newest stays, so that the number of the state never comes back.
# What somebody else forgets just now is left to them: nobody waits here for the end of a long import.
FORGET = """
    DELETE FROM articles_listingchange WHERE id IN (
        SELECT id FROM articles_listingchange
        WHERE changed_at < now() - interval '1 day' AND id < (SELECT max(id) FROM articles_listingchange)
        FOR UPDATE SKIP LOCKED
    )
"""

_waiting: ContextVar[set[int] | None] = ContextVar("sources whose rows wait to be rewritten", default=None)


def refresh(sources: Iterable[int]) -> None:
    """Rewrite the listing rows of these sources and of their claims: seven statements, however many they are."""
    waiting = _waiting.get()
    if waiting is None:
        _rewrite(set(sources))
    else:
        waiting.update(sources)


def refresh_all() -> None:
    """Rewrite every row: after a change of a tree, or when in doubt."""
    refresh(Source.objects.values_list("pk", flat=True))


@contextmanager
def at_the_end() -> Iterator[None]:
    """Work through many changes and rewrite the rows of all of them once, at the end; on an error none."""
    if _waiting.get() is not None:
        yield
        return
    token = _waiting.set(set())
    try:
        yield
        sources = _waiting.get() or set()
    finally:
        _waiting.reset(token)
    _rewrite(sources)


def _rewrite(sources: set[int], searched: int = SEARCHED) -> None:
    """Rewrite the rows; where the words of a source do not fit into its index, fewer of its characters are searched."""
    if not sources:
        return
    try:
        _write(sorted(sources), searched)
    except OperationalError as error:
        if not isinstance(error.__cause__, ProgramLimitExceeded) or searched < LEAST_SEARCHED:
            raise
        one, *others = sorted(sources)
        half = others[len(others) // 2 :]
        _rewrite({one, *others} - set(half), searched if half else searched // 4)
        _rewrite(set(half), searched)


def _write(sources: list[int], searched: int) -> None:
    parameters: dict[str, Any] = {"sources": sources, "searched": searched}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, parameters)
        cursor.execute("DELETE FROM articles_claimlisting WHERE source_id = ANY(%(sources)s)", parameters)
        cursor.execute("DELETE FROM articles_sourcelisting WHERE source_id = ANY(%(sources)s)", parameters)
        cursor.execute(CLAIMS, parameters)
        cursor.execute(SOURCES, parameters)
        cursor.execute(CHANGED)
        cursor.execute(FORGET)
