"""Retractions and corrections reach the records they are about, whichever of the two came in first."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from articles.actions import listings
from articles.lib import vocabulary as vocab
from articles.models import Source

Status = vocab.PublicationStatus
Link = vocab.LinkRelation

# What a notice makes of the publication it is about.
MAKES: dict[str, Status] = {
    Link.RETRACTION_OF: Status.RETRACTED,
    Link.PARTIAL_RETRACTION_OF: Status.EXPRESSION_OF_CONCERN,
    Link.CONCERN_FOR: Status.EXPRESSION_OF_CONCERN,
    Link.ERRATUM_FOR: Status.CORRECTED,
}
# The graver ones later: a notice never makes a status better.
GRAVITY: tuple[str, ...] = (
    Status.CURRENT,
    Status.CORRECTED,
    Status.EXPRESSION_OF_CONCERN,
    Status.WITHDRAWN,
    Status.RETRACTED,
)

_NOTICE = "Source {}"
_NAMED = re.compile(_NOTICE.format(r"(\d+),"))

ABOUT = """
    SELECT target.source_id, link.relation, notice.id, notice.title
    FROM articles_linkedpublication link
    JOIN articles_source notice ON notice.id = link.source_id
    JOIN articles_identifier target
        ON (target.scheme = 'pmid' AND target.value = link.pmid) OR (target.scheme = 'doi' AND target.value = link.doi)
    WHERE link.relation = ANY(%(relations)s) AND target.source_id <> notice.id
        AND (link.source_id = ANY(%(sources)s) OR target.source_id = ANY(%(sources)s))
    ORDER BY target.source_id, notice.id
"""


def gave_status(source: Source) -> bool:
    """Whether the publication status was set by the record of a notice, not by a curator or the source's own record."""
    return bool(_NAMED.match(source.status_notice))


def is_graver(status: str, other: str) -> bool:
    """Whether the one publication status is worse than the other."""
    return GRAVITY.index(status) > GRAVITY.index(other)


def apply(sources: Sequence[int]) -> None:
    """Let notices among these sources, or about them, set the publication status."""
    parameters: dict[str, Any] = {"relations": [str(relation) for relation in MAKES], "sources": list(sources)}
    with connection.cursor() as cursor:
        cursor.execute(ABOUT, parameters)
        rows = cursor.fetchall()
    for about, relation, notice, title in rows:
        source = Source.objects.get(pk=about)
        status = MAKES[relation]
        if is_graver(status, source.publication_status):
            source.publication_status = status.value
            source.status_notice = f"{_NOTICE.format(notice)}, “{title}”, says so of it."
            source.save(update_fields=["publication_status", "status_notice", "updated_at"])
            listings.refresh([source.pk])


def take_back(notices: Collection[int]) -> list[int]:
    """What these notices alone said of others is as it was read. Returns the sources that were changed.

    They are gone, or no longer say so: `apply` follows for what other notices say.
    """
    changed = []
    for source in Source.objects.filter(status_notice__startswith=_NOTICE.format("")).order_by("pk"):
        named = _NAMED.match(source.status_notice)
        if named is None or int(named[1]) not in notices:
            continue
        told = [reading.values for reading in source.readings.order_by("-standing", "-pk").defer("data")]
        said: dict[str, str] = next((values for values in told if "publication_status" in values), {})
        source.publication_status = said.get("publication_status", Status.CURRENT.value)
        source.status_notice = said.get("status_notice", "")
        source.save(update_fields=["publication_status", "status_notice", "updated_at"])
        listings.refresh([source.pk])
        changed.append(source.pk)
    return changed
