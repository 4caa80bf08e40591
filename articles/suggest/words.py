"""The words of a text in the one form in which they are compared: singular, American, lower case, Greek spelled out."""

import re
import string
import sys
import unicodedata
from collections.abc import Callable, Iterator
from typing import TypeVar

Said = TypeVar("Said")

_MOST_REMEMBERED, _LONGEST_REMEMBERED = 100_000, 50
_LONGEST_ABBREVIATION = 6

# Figures and Greek letters are words of their own, so that "IFNβ" and "IFN-beta" are alike, and "NT3" and "NT-3".
# The ASCII letters stand apart for speed only.
_WORD = re.compile(r"\d+|[\u0370-\u03ff]|[a-zA-Z]*[^\W\d_\u0370-\u03ff]+(?:['\u2019]s\b)?")
_BRITISH = (("\u00e6", "e"), ("\u0153", "e"), ("ae", "e"), ("oe", "e"), ("isation", "ization"), ("tumour", "tumor"))
_PLURALS = (
    (re.compile(r"(?<=..)ies\Z"), "y"),
    (re.compile(r"(?<=[oye])ses\Z"), "sis"),
    (re.compile(r"\Amedia\Z"), "medium"),
    (re.compile(r"(?<=..[^sui])s\Z"), ""),
)
_PLURAL_ENDINGS = (("ies", "y"), ("ses", "sis"), ("media", "medium"), ("s", ""))

UNCLEAR = "?"
"""What `rough` has for each character of what it cannot tell."""

_LEFT = (string.ascii_letters + string.digits + "'_" + UNCLEAR).encode()
_ROUGH = bytes(byte if byte in _LEFT else ord(" ") for byte in range(256)).lower()


def each(text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
    """Each word with its place, from left to right, read as far as asked for."""
    return _WORD.finditer(text, start, end)


def split(text: str) -> list[str]:
    """The words as they are written."""
    return _WORD.findall(text)


def rough(text: str) -> str:
    """The text in lower case, character for character, with blanks for all marks that part words.

    Letters, figures, apostrophes and "_" are left; `UNCLEAR` stands for what is not ASCII and for British spellings.
    """
    plain = text.encode("ascii", "replace").translate(_ROUGH).decode()
    for british, _american in _BRITISH:
        plain = plain.replace(british, UNCLEAR * len(british))
    return plain


def rough_spellings(key: str) -> set[str]:
    """All that a word with this key can be where its text is `rough`, if nothing in it is unclear."""
    plurals = {key.removesuffix(one) + many for many, one in (("", ""), *_PLURAL_ENDINGS) if key.endswith(one)}
    # Behind an abbreviation one "s" more may stand.
    return {plural + s for plural in plurals for s in ("", "s")}


def singular_abbreviation(word: str) -> str:
    """The abbreviation without its plural "s" ("MSCs", "mAbs"), or "" for a word that is none.

    An abbreviation is short and has a capital behind its first letter.
    """
    if word[1:].islower():
        return ""
    word = _without_possessive(word)
    if not any(map(str.isupper, word[1:])):
        return ""
    if len(word) > 2 and word[-1] == "s":
        word = word[:-1]
    return word if len(word) <= _LONGEST_ABBREVIATION else ""


class Remembered(dict[str, Said]):
    """What a function says of a word, remembered for the usual ones; the memory is bounded whatever the words."""

    def __init__(self, say: Callable[[str], Said]) -> None:
        super().__init__()
        self._say = say

    def __missing__(self, word: str) -> Said:
        said = self._say(word)
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        if len(word) <= _LONGEST_REMEMBERED:
            self[word] = said
        return said


def fold(word: str) -> str:
    """The key under which all spellings and forms of a word are one."""
    if word.isdigit():
        return word
    if len(word) == 1 and "\u0370" <= word <= "\u03ff":
        return _greek_name(word)
    key = word if word.islower() else (singular_abbreviation(word) or word).lower()
    if key.endswith("s"):
        key = _without_possessive(key)
    if len(key) < 4:
        return key
    for british, american in _BRITISH:
        key = key.replace(british, american)
    return _singular(key)


def _singular(key: str) -> str:
    if not key.endswith(("s", "media")):
        return key
    for ending, replacement in _PLURALS:
        singular, found = ending.subn(replacement, key)
        if found:
            return singular
    return key


def _without_possessive(word: str) -> str:
    return word.removesuffix("'s").removesuffix("\u2019s")


def _greek_name(letter: str) -> str:
    return unicodedata.name(unicodedata.normalize("NFD", letter)[0], "").rpartition(" ")[2].lower() or letter
