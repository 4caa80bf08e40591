"""Who stands behind sources: publishers, and the trials or cohorts that several sources report."""

from itertools import chain, count

from django.contrib.auth.models import User
from django.utils.text import slugify

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


def named(name: str) -> Publisher | None:
    """The publisher of this name, new where nobody had it; None for a blank name."""
    if not name:
        return None
    publisher, _ = Publisher.objects.get_or_create(name=name, defaults={"slug": _free_slug(name)})
    return publisher


def _free_slug(name: str) -> str:
    """The name as it reads in an address, with a number where a publisher with a similar name has it already."""
    slug = slugify(name)[:70] or "publisher"
    taken = set(Publisher.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in count(2))
    return next(free for free in chain([slug], numbered) if free not in taken)
