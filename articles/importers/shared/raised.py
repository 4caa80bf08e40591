"""Raised and lowered figures as plain text: by signs of their own exactly where they would else be misread.

"10<sup>6</sup> cells" must not become "106 cells", whereas CO2, m2 and 18F are to be found as they are typed. What
stands on both sides counts: a reader of a format marks what is raised or lowered, and the whole line is then printed.
"""

import re
from collections.abc import Iterable

# No text holds these: they are invisible, and `normalise` takes them out.
_BEGIN = {"sup": "\x0e", "sub": "\x0f"}
_END, _JOINT = "\x10", "\x11"
_MARKED = re.compile("([\x0e\x0f])([^\x0e-\x10]*)\x10")
_MARKS = re.compile("[\x0e-\x11]")

_DASHES = "-\u2010\u2011\u2012\u2013\u2212"
_RAISED = str.maketrans(f"0123456789+=()n{_DASHES}", f"⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁼⁽⁾ⁿ{'⁻' * len(_DASHES)}")
_LOWERED = str.maketrans(f"0123456789+=(){_DASHES}", f"₀₁₂₃₄₅₆₇₈₉₊₌₍₎{'₋' * len(_DASHES)}")
# Exponents and marks of notes: "-6", "n", "6.5", "1,2", "3*".
_FIGURES = re.compile(f"(?=[^0-9n]*[0-9n])[0-9+=()n.,;/* {_DASHES}]++")
# A bracket with its power, and marks of notes: after "in 2010." and after a word, which no unit and no element is.
_BEFORE_RAISED = re.compile(r"(?:[)\]]|\d[.,]|[a-z]{4})\Z")
_ENDS_IN_GAP = re.compile(r"\d\s\Z")
_NEAR = 12


def mark(text: str, script: str) -> str:
    """The text marked as raised ("sup") or lowered ("sub"); any other script leaves it as it is."""
    begin = _BEGIN.get(script)
    return f"{begin}{printed(text)}{_END}" if begin and text else text


def printed(text: str) -> str:
    """The text without marks, its figures raised or lowered where they would run into a number or a bracket."""
    return _MARKS.sub("", _MARKED.sub(_shown, text)) if _END in text else text


def printed_each(texts: Iterable[str]) -> list[str]:
    """The texts, which stand in one line, each `printed` with a view to its neighbours."""
    line = _JOINT.join(text.replace(_JOINT, "") for text in texts)
    return [printed(text) for text in _MARKED.sub(_shown, line).split(_JOINT)]


def bare(text: str) -> str:
    """The text without marks, nothing raised or lowered."""
    return _MARKS.sub("", text)


def _shown(found: re.Match[str]) -> str:
    is_raised, written = found[1] == _BEGIN["sup"], found[2]
    before = found.string[max(0, found.start() - _NEAR) : found.start()].rstrip(_JOINT)
    after = found.string[found.end() : found.end() + _NEAR].lstrip(_JOINT)[:1]
    if not _is_misread(before, after, is_raised=is_raised):
        return written
    if _FIGURES.fullmatch(written):
        return written.translate(_RAISED if is_raised else _LOWERED)
    return f" {written}" if written[:1].isdigit() and bare(before)[-1:].isdigit() else written


def _is_misread(before: str, after: str, *, is_raised: bool) -> bool:
    """Whether figures printed flat would change a number beside them; a power of a bracket would vanish in it."""
    if bare(before)[-1:].isdigit() or after.isdigit():
        return True
    # "10 <sup>6</sup> cells", but not "5 <sup>18</sup>F".
    has_gap = _ENDS_IN_GAP.search(before) is not None and not after.isalpha()
    return is_raised and (has_gap or _BEFORE_RAISED.search(before) is not None)
