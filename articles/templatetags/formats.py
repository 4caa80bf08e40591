"""Formats of imported files in words."""

from django import template

from articles import importers

register = template.Library()

LABELS = {known.name: known.label for known in importers.FORMATS}


@register.filter
def format_label(name: str) -> str:
    """What a format is called; its name where it is none that is read here, as that of texts typed in a form."""
    return LABELS.get(name, name)
