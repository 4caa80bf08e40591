"""Who stands behind sources: publishers, and the trials or cohorts that several sources report."""

from django.contrib.auth.models import User

from articles.actions import listings
from articles.actions.recording import recorded
from articles.models import Publisher, Source, StudyGroup


def save_publisher(*, by: User, publisher: Publisher) -> Publisher:
    """Store a publisher. The lists follow: search knows sources by the names of their publishers."""
    with recorded("edit_publisher" if publisher.pk else "add_publisher", by):
        publisher.save()
        listings.refresh(Source.objects.filter(publisher=publisher).values_list("pk", flat=True))
    return publisher


def save_study_group(*, by: User, group: StudyGroup) -> StudyGroup:
    """Store a trial or cohort. The lists hold nothing of it, so nothing in them follows."""
    with recorded("edit_study_group" if group.pk else "add_study_group", by):
        group.save()
    return group
