"""Text of a record on one line, fast: most of it is plain, and most short texts come again in the next record."""

import re
from functools import lru_cache

from articles.lib.text import normalise

# Quotes and dashes as they are printed, and what `normalise` makes of each.
_TYPOGRAPHIC = tuple((sign, normalise(sign)) for sign in "\u2010\u2011\u2013\u2014\u2212\u2018\u2019\u201c\u201d")
# Lines in which `normalise` changes nothing but those and spaces, as most are: it takes ten times as long.
_PLAIN = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u024f\u0391-\u03a9\u03b1-\u03c9"
    "\u2010\u2011\u2013\u2014\u2018\u2019\u201c\u201d\u2212\u2264\u2265]*+"
)


def tidy(text: str) -> str:
    """The text as `normalise` gives it, all on one line."""
    return _tidied_before(text) if len(text) < _SHORT else _tidied(text)


def _tidied(text: str) -> str:
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    line = " ".join(text.split())
    if not _PLAIN.fullmatch(line):
        return " ".join(normalise(line).split())
    for sign, plain_sign in _TYPOGRAPHIC:
        line = line.replace(sign, plain_sign)
    return line


# Years, months, countries, headings.
_SHORT = 40
_tidied_before = lru_cache(maxsize=20_000)(_tidied)
