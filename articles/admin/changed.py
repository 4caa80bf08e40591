"""What an import changed in a source, in the words of the pages."""

from collections.abc import Iterable

from articles.admin import fact_words
from articles.lib import identifiers

# What is no field of a source.
OTHERS = {"text": "text"}


def in_words(names: Iterable[str]) -> str:
    """The changed facts, texts and identifiers, as one list."""
    return ", ".join(map(_word, names))


def _word(name: str) -> str:
    if name in identifiers.SCHEMES:
        return identifiers.label(name)
    return OTHERS.get(name) or fact_words.label(name).lower()
