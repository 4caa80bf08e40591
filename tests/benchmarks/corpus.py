"""A large made-up corpus, written by the database itself: sources and claims with unevenly spread tags."""

from pathlib import Path

from django.conf import settings
from django.db import connection

from articles.actions import listings, vocabularies
from tests import factories

SENTENCE = 160
# Few values are common and many rare, as in real collections: the square of a random number picks near the front.
PICK = "1 + floor(power(random(), 2) * {n})::int"

PUBLISHERS, GROUPS = 200, 500

BEHIND = f"""
    INSERT INTO articles_publisher (name, slug, url)
    SELECT 'Made-up clinic ' || i, 'made-up-clinic-' || i, '' FROM generate_series(1, {PUBLISHERS}) AS i;
    INSERT INTO articles_studygroup (name, note)
    SELECT 'Made-up trial ' || i, '' FROM generate_series(1, {GROUPS}) AS i
"""
SOURCES = f"""
    INSERT INTO articles_source (title, kind, description, publisher_interest, text_basis, is_whole_text_shown, container,
        year, season, volume, issue, pages, language, licence, publication_types, design, publication_status,
        status_notice, full_text_providers, curation_state, exclusion_reason, guesses, publisher_id, study_group_id,
        study_group_relation, title_key, original_title, mesh_headings, keywords, trial_ids, grants,
        conflict_of_interest, created_at, updated_at)
    SELECT 'Made-up source ' || i || ' on ' || (ARRAY['relapse', 'pain', 'cells', 'vesicles', 'fatigue', 'walking'])[1 + i %% 6],
        k.kind, '',
        CASE WHEN k.kind = 'clinic_page' THEN 'sells_therapy'
            ELSE (ARRAY['unknown', 'independent', 'industry_funded'])[{PICK.format(n=3)}] END,
        (ARRAY['abstract', 'web_page', 'digest'])[{PICK.format(n=3)}], true, 'Journal ' || (i %% 300),
        1990 + floor(sqrt(random()) * 35)::int, '', '', '', '', 'en', '', '{{}}', '',
        CASE WHEN i %% 100 = 0 THEN 'retracted' ELSE 'current' END, '', '{{}}', 'extracted', '', '{{}}',
        CASE WHEN k.kind = 'clinic_page' THEN (SELECT min(id) FROM articles_publisher) + i %% {PUBLISHERS} END,
        g.id, CASE WHEN g.id IS NULL THEN '' ELSE 'same_trial' END, 'made up source ' || i, '', '{{}}', '{{}}', '{{}}', '{{}}', '',
        now(), now()
    FROM generate_series(1, %(sources)s) AS i, LATERAL (
        SELECT (ARRAY['abstract', 'review', 'clinic_page', 'trial_registration'])[1 + i %% 4] AS kind) AS k, LATERAL (
        SELECT CASE WHEN k.kind = 'abstract' AND i %% 5 = 0
            THEN (SELECT min(id) FROM articles_studygroup) + i %% {GROUPS} END AS id) AS g
"""
VERSIONS = f"""
    INSERT INTO articles_sourceversion (source_id, number, text, text_basis, structure, sections, sha256, raw_sha256, raw_record,
        repairs, normaliser_version, origin_format, origin_name, fetched_at, other_texts)
    SELECT s.id, 1, t.text, s.text_basis, '{{"blocks": [], "links": []}}', '[]', md5(t.text), '', '{{}}', '{{}}', '1', 'made-up', '', now(), '[]'
    FROM articles_source s, LATERAL (
        SELECT string_agg(rpad('Sentence ' || k || ' of source ' || s.id || ' reports on ' || (ARRAY['relapse rate',
            'walking distance', 'pain intensity', 'serious infection', 'quality of life'])[1 + (s.id + k) %% 5]
            || ' in patients after treatment, with ' || (s.id * k) %% 97 || ' participants, ', {SENTENCE}, '.'), '') AS text
        FROM generate_series(1, 6) AS k) AS t
"""
CURRENT = (
    "UPDATE articles_source s SET current_version_id = v.id FROM articles_sourceversion v WHERE v.source_id = s.id"
)
CLAIMS = f"""
    INSERT INTO articles_claim (source_id, version_id, quote, prefix, suffix, start, "end", anchor_state, statement,
        claim_type, quote_role, therapy_relation, therapy_as_written, condition_id, condition_as_written, outcome_id,
        outcome_as_written, comparator, effect, wording, basis, design, subject, n, follow_up, route_and_dose, effect_text,
        not_reported, evidence_level_reason, disclosures, status, rejection_reason, origin, origin_detail,
        retracted_source_reason, submitted_by_id, accepted_by_id, accepted_at, created_at, updated_at)
    SELECT v.source_id, v.id, substr(v.text, k * {SENTENCE} + 1, 90), '', '', k * {SENTENCE}, k * {SENTENCE} + 90, 'exact',
        'The source reports something on ' || o.name || ', number ' || k || '.',
        (ARRAY['benefit', 'harm_or_safety', 'mechanism', 'comparative'])[{PICK.format(n=4)}],
        (ARRAY['own_result', 'review_synthesis', 'promotional', 'background'])[{PICK.format(n=4)}], 'single', '',
        (SELECT array_agg(id ORDER BY id) FROM articles_condition)[1 + floor(power(random(), 2) * c.n)::int], '', o.id, '', '',
        (ARRAY['beneficial', 'no_difference', 'unclear', 'harmful', 'mixed', 'not_stated'])[{PICK.format(n=6)}],
        (ARRAY['definite', 'qualified', 'speculative', 'guaranteed'])[{PICK.format(n=4)}],
        (ARRAY['own_data', 'cites_study', 'none'])[{PICK.format(n=3)}],
        (ARRAY['randomised_trial', 'cohort', 'case_series', 'narrative_review', 'laboratory', ''])[{PICK.format(n=6)}],
        (ARRAY['human', 'animal', 'in_vitro', ''])[{PICK.format(n=4)}], (v.id * k) %% 400, '', '', '', '{{}}', '', '{{}}',
        'accepted', '', 'person', '', '', %(writer)s, %(reader)s, now(), now(), now()
    FROM articles_sourceversion v
    CROSS JOIN generate_series(0, %(per_source)s - 1) AS k
    CROSS JOIN (SELECT count(*) AS n FROM articles_condition) AS c
    CROSS JOIN LATERAL (SELECT id, name FROM articles_outcome
        WHERE id = (SELECT array_agg(id ORDER BY id) FROM articles_outcome)[1 + (v.id * 7 + k * k) %% 40]) AS o
"""
THERAPIES = """
    INSERT INTO articles_claimtherapy (claim_id, therapy_id, position)
    SELECT c.id, t.ids[1 + floor(power(random(), 2) * cardinality(t.ids))::int], 1
    FROM articles_claim c, (SELECT array_agg(id ORDER BY id) AS ids FROM articles_therapy) AS t
"""
SECOND_THERAPIES = """
    INSERT INTO articles_claimtherapy (claim_id, therapy_id, position)
    SELECT c.id, t.ids[1 + c.id %% cardinality(t.ids)], 2
    FROM articles_claim c, (SELECT array_agg(id ORDER BY id) AS ids FROM articles_therapy) AS t
    WHERE c.id %% 10 = 0 ON CONFLICT DO NOTHING
"""
IDENTIFIERS = """
    INSERT INTO articles_identifier (source_id, scheme, value) SELECT id, 'pmid', (90000000 + id)::text FROM articles_source
    UNION ALL SELECT id, 'doi', '10.5555/made-up.' || id FROM articles_source
"""
STATEMENTS = (SOURCES, VERSIONS, CURRENT, IDENTIFIERS, CLAIMS, THERAPIES, SECOND_THERAPIES)

TABLES = ("articles_source", "articles_sourceversion", "articles_identifier", "articles_claim", "articles_claimtherapy")


def build(sources: int, claims_per_source: int) -> None:
    """Fill an empty database. The same calls give the same corpus."""
    vocabularies.load(folder=Path(settings.BASE_DIR) / "fixtures" / "vocabularies")
    parameters = {
        "sources": sources,
        "per_source": claims_per_source,
        "writer": factories.user("writer").pk,
        "reader": factories.user("reader").pk,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        # The history of made-up records is not measured, and writing it would take longer than all the rest.
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(BEHIND)
        for statement in STATEMENTS:
            cursor.execute(statement, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        # Nothing else tells the planner how much there is before the transaction ends.
        cursor.execute("ANALYZE")
    listings.refresh_all()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
