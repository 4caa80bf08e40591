"""What templates cannot ask for by themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

register = template.Library()

FOLD_ABOVE, SHOWN_FIRST = 14, 10


@register.filter
def of(values: Mapping[str, Any], key: str) -> Any:
    """The value under a key that a variable holds; None where there is none."""
    return values.get(key)


@register.filter
def always_shown(values: Sequence[Any]) -> Sequence[Any]:
    """The first values of a facet, or all where there are not many."""
    return values if len(values) <= FOLD_ABOVE else values[:SHOWN_FIRST]


@register.filter
def folded(values: Sequence[Any]) -> Sequence[Any]:
    """The values of a long facet that wait behind "more"."""
    return values[len(always_shown(values)) :]


@register.filter
def is_any_active(values: Sequence[Any]) -> bool:
    """Whether one of the facet values is chosen or excluded."""
    return any(value.is_chosen or value.is_excluded for value in values)
