"""What imports brought, and whether anybody worked on it since."""

from typing import Any

from django.db import connection

from articles.models import ImportRun

# Sources of the import, with the event by which it first touched each. The history has every change, whoever made it.
TOUCHED = """
    WITH touched AS (
        SELECT DISTINCT entry.source_id AS id
        FROM articles_importentry entry JOIN articles_importfile file ON file.id = entry.file_id
        WHERE file.run_id = %(run)s AND entry.source_id IS NOT NULL AND entry.result <> 'unchanged'
    ),
    first_event AS (
        SELECT touched.id, min(event.pgh_id) AS pgh_id
        FROM touched
        JOIN articles_sourceevent event ON event.pgh_obj_id = touched.id
        JOIN pghistory_context context ON context.id = event.pgh_context_id
        WHERE context.metadata ->> 'run' = %(run_name)s
        GROUP BY touched.id
    )
"""

# What another import did and took back again is as if it had not been.
FOREIGN = """
    context.metadata ->> 'run' IS DISTINCT FROM %(run_name)s
    AND context.metadata ->> 'action' IS DISTINCT FROM 'undo_import'
    AND NOT EXISTS (
        SELECT 1 FROM articles_importrun other
        WHERE other.state = 'undone' AND other.id::text = context.metadata ->> 'run'
    )
"""

EDITED = f"""
    {TOUCHED}
    SELECT DISTINCT event.pgh_obj_id
    FROM first_event JOIN articles_sourceevent event
        ON event.pgh_obj_id = first_event.id AND event.pgh_id > first_event.pgh_id
    LEFT JOIN pghistory_context context ON context.id = event.pgh_context_id
    WHERE {FOREIGN}
"""

CLAIMED = f"""
    {TOUCHED}
    SELECT DISTINCT event.source_id
    FROM touched JOIN articles_claimevent event ON event.source_id = touched.id
    LEFT JOIN pghistory_context context ON context.id = event.pgh_context_id
    WHERE {FOREIGN} AND event.pgh_created_at >= %(started)s
    UNION
    SELECT claim.source_id
    FROM touched JOIN articles_claim claim ON claim.source_id = touched.id
    JOIN articles_relation relation ON claim.id IN (relation.from_claim_id, relation.to_claim_id)
    WHERE relation.created_at >= %(started)s
"""

READ_AGAIN = f"""
    {TOUCHED}
    SELECT reading.source_id, min(reading.run_id)
    FROM touched JOIN articles_reading reading ON reading.source_id = touched.id
    WHERE reading.run_id IS DISTINCT FROM %(run)s AND reading.read_at >= %(started)s
    GROUP BY reading.source_id
"""


def worked_on_since(run: ImportRun) -> dict[int, str]:
    """Sources of the import that somebody changed later, with what was done: they keep it from being taken back."""
    found: dict[int, str] = {}
    parameters: dict[str, Any] = {"run": run.pk, "run_name": str(run.pk), "started": run.started_at}
    with connection.cursor() as cursor:
        cursor.execute(READ_AGAIN, parameters)
        found |= {source: f"import {later} told of it again" for source, later in cursor.fetchall()}
        cursor.execute(CLAIMED, parameters)
        found |= {source: "claims were taken from it, changed or related" for (source,) in cursor.fetchall()}
        cursor.execute(EDITED, parameters)
        found |= {source: "it was edited" for (source,) in cursor.fetchall()}
    return dict(sorted(found.items()))
