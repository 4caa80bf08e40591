"""Registered studies that a source reports, as links to their registers."""

from collections.abc import Iterable

from django import template

from articles.lib import identifiers
from articles.lib.identifiers import Trial

register = template.Library()


@register.filter
def trials(written: Iterable[str]) -> list[Trial]:
    """The studies, each with register, number and address (None where it has none)."""
    return [identifiers.trial(one) for one in written]
