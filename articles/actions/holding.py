"""Several people write at once: whoever comes second waits, and learns that what they saw has changed since."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection

from articles.models import Claim, Source


def hold_imports() -> None:
    """One at a time imports, merges or takes an import back, to the end of its transaction.

    Of two at once neither would find what the other brings, moves or removes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import_source'))")


def hold_source(pk: int, seen: datetime | None = None) -> None:
    """Keep a source to ourselves until the transaction ends.

    `seen` is the `updated_at` of what the person had before them. Raises ValidationError where it is another by now.
    """
    now = Source.objects.select_for_update(no_key=True).values_list("updated_at", flat=True).get(pk=pk)
    if seen is not None and seen != now:
        raise ValidationError(
            "Somebody changed this source after you opened it. Nothing was stored; what you typed still stands here. "
            "Open the source again in another tab, read it, and make your changes there."
        )


def hold_claim(claim: Claim, seen: datetime | None = None) -> None:
    """Read the claim as it is now and keep it to ourselves until the transaction ends; `seen` as for a source.

    Its source comes first, here as everywhere, so that no two people wait for each other.
    """
    hold_source(claim.source_id)
    claim.refresh_from_db(from_queryset=Claim.objects.select_for_update(no_key=True))
    if seen is not None and seen != claim.updated_at:
        raise ValidationError("Somebody changed this claim after you opened it. Read it again, then decide.")
