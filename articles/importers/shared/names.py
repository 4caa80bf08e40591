"""Names of authors as records and pages print them, divided into family and given name."""

import re

from articles.importers.record import Contributor

_INITIALS = re.compile(r"[^\W\d_a-z]{1,4}(?:-[^\W\d_a-z])?\.?")
_PARTICLES = frozenset(("al", "da", "de", "del", "den", "der", "di", "dos", "du", "el", "la", "le", "van", "von", "zu"))


def family_first(written: str) -> Contributor:
    """A name as bibliographic records print it, such as "Genc B" or "Timbolschi Daniel Ionut"."""
    words = written.split()
    if len(words) > 1 and _INITIALS.fullmatch(words[-1]):
        return Contributor(written, family=" ".join(words[:-1]), given=words[-1])
    family = _length_of_family_name(words)
    return Contributor(written, family=" ".join(words[:family]), given=" ".join(words[family:]))


def given_first(written: str) -> Contributor:
    """A name as people say it, such as "Daniel Ionut Timbolschi": the last word, with its particles, is the family."""
    words = written.split()
    family = len(words) - 1
    while family > 1 and words[family - 1].lower() in _PARTICLES:
        family -= 1
    return Contributor(written, family=" ".join(words[family:]), given=" ".join(words[:family]))


def _length_of_family_name(words: list[str]) -> int:
    particles = 0
    while particles < len(words) - 1 and words[particles] in _PARTICLES:
        particles += 1
    return particles + 1
