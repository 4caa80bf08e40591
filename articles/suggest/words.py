"""The words of a text in the one form in which they are compared: singular, American, lower case, Greek spelled out."""

import re
import unicodedata
from collections.abc import Sequence

_MOST_REMEMBERED = 100_000
_LONGEST_REMEMBERED, _LONGEST_REMEMBERED_NUMBER = 30, 3
_LONGEST_ABBREVIATION = 6

# Figures and Greek letters are words of their own, so that "IFNβ" and "IFN-beta" are alike, and "NT3" and "NT-3".
_WORD = re.compile(r"\d+|[\u0370-\u03ff]|[^\W\d_\u0370-\u03ff]+(?:['\u2019]s\b)?")
_POSSESSIVE = re.compile(r"['\u2019]s\Z")
_BRITISH = (("\u00e6", "e"), ("\u0153", "e"), ("ae", "e"), ("oe", "e"), ("isation", "ization"), ("tumour", "tumor"))
_PLURALS = (
    (re.compile(r"(?<=..)ies\Z"), "y"),
    (re.compile(r"(?<=[oye])ses\Z"), "sis"),
    (re.compile(r"\Amedia\Z"), "medium"),
    (re.compile(r"(?<=..[^sui])s\Z"), ""),
)


def spans(text: str) -> list[tuple[int, int]]:
    """Where each word stands, in order, as `split` counts them."""
    return [match.span() for match in _WORD.finditer(text)]


def split(text: str) -> list[str]:
    """The words as they are written."""
    return _WORD.findall(text)


def singular_abbreviation(word: str) -> str:
    """The abbreviation without its plural "s" ("MSCs", "mAbs"), or "" for a word that is none.

    An abbreviation is short and has a capital behind its first letter.
    """
    word = _POSSESSIVE.sub("", word)
    if len(word) > 2 and word[-1] == "s" and any(letter.isupper() for letter in word[1:]):
        word = word[:-1]
    is_abbreviation = len(word) <= _LONGEST_ABBREVIATION and any(letter.isupper() for letter in word[1:])
    return word if is_abbreviation else ""


class Folder(dict[str, str]):
    """Brings words to their key and remembers the usual ones, which make up nearly all of any text."""

    def __missing__(self, word: str) -> str:
        key = fold(word)
        longest = _LONGEST_REMEMBERED_NUMBER if key.isdigit() else _LONGEST_REMEMBERED
        if len(word) <= longest and len(self) < _MOST_REMEMBERED:
            self[word] = key
        return key

    def keys_of(self, written: Sequence[str]) -> list[str]:
        """The key of each word."""
        return list(map(self.__getitem__, written))


def fold(word: str) -> str:
    """The key under which all spellings and forms of a word are one."""
    if word.isdigit():
        return word
    if len(word) == 1 and "\u0370" <= word <= "\u03ff":
        return _greek_name(word)
    key = (singular_abbreviation(word) or _POSSESSIVE.sub("", word)).lower()
    if len(key) < 4:
        return key
    for british, american in _BRITISH:
        key = key.replace(british, american)
    for ending, replacement in _PLURALS:
        singular, found = ending.subn(replacement, key)
        if found:
            return singular
    return key


def _greek_name(letter: str) -> str:
    return unicodedata.name(unicodedata.normalize("NFD", letter)[0], "").rpartition(" ")[2].lower() or letter
