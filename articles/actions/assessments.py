"""A reviewer's judgement on a question: given, changed, taken back."""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.actions.recording import explained, recorded
from articles.models import Assessment

CHANGED = "Somebody changed this assessment after you opened it. Open it again in another tab, read it, then decide."


def save(*, by: User, assessment: Assessment, seen: datetime | None = None) -> Assessment:
    """Store a judgement under the name of `by`; a question has one.

    Raises ValidationError where nothing is judged, where reasons are missing, where the question has another
    assessment, and where this one is not as it was `seen` (its `updated_at`).
    """
    action = "edit_assessment" if assessment.pk else "add_assessment"
    with explained(Assessment), recorded(action, by):
        if assessment.pk:
            _hold(assessment, seen)
        assessment.reviewer, assessment.assessed_at = by, timezone.now()
        for name in ("certainty_reasons", "verdict_reasons"):
            setattr(assessment, name, getattr(assessment, name).strip())
        assessment.clean_fields(exclude=["reviewer", "therapy", "condition", "outcome"])
        assessment.save()
    return assessment


def remove(*, by: User, assessment: Assessment, seen: datetime | None = None) -> None:
    """Take a judgement back: the question has none any more, the history keeps it.

    Raises ValidationError where it is not as it was `seen`, or was taken back before.
    """
    with recorded("remove_assessment", by):
        _hold(assessment, seen)
        assessment.delete()


def _hold(assessment: Assessment, seen: datetime | None) -> None:
    """Keep it to ourselves until the transaction ends."""
    held = Assessment.objects.select_for_update(of=("self",)).filter(pk=assessment.pk).first()
    if held is None:
        raise ValidationError("Somebody took this assessment back after you opened it.")
    if seen is not None and held.updated_at != seen:
        raise ValidationError(CHANGED)
