"""Languages of texts: their names for readers, their codes for screen readers."""

import re

from django import template
from django.utils.translation import get_language_info

register = template.Library()

# Codes that name no language: several, none, unknown.
NONE_OF_ALL = ("mul", "und", "zxx", "mis")
CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


@register.filter
def language_name(code: str) -> str:
    """The English name of a language; the code itself where it has none here."""
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code


@register.filter
def language_code(code: str) -> str:
    """The code where it is one that an attribute may carry; else blank."""
    return code if CODE.fullmatch(code) and code not in NONE_OF_ALL else ""
