"""One entry of a BibTeX file cut into its fields; what is broken in it costs no more than itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from articles.importers.record import ParseError
from articles.lib.partial_date import MONTHS

_HEAD = re.compile(r"@\s*([A-Za-z]+)\s*[{(]\s*(?:([^,{}=\"#\n]{0,200}?)\s*(?:,|(?=[})\n])|\Z))?")
_FIELD = re.compile(r"[\s,]*([A-Za-z][^\s,{}\"#=()']{0,100})\s*=\s*")
_NEXT_FIELD = re.compile(r"[,\n][ \t]{0,200}(?=[A-Za-z][\w:.+-]{0,100}[ \t]{0,50}=)")
_BARE = re.compile(r"[^\s,#{}\"=()]+")
_AND_MORE = re.compile(r"\s*#\s*")
_END = re.compile(r"[\s,;})]*")
_MARKS = re.compile(r"\\.|[{}\"]", re.DOTALL)
_MOST_BROKEN = 20
_LONGEST_VALUE = 5_000_000

ABBREVIATIONS: Mapping[str, str] = {name[:3].lower(): name for name in MONTHS}
"""The abbreviations that every BibTeX style defines."""


@dataclass
class Braces:
    """How many braces are open. Escaped ones count for themselves: "\\{" and "\\}" make a pair.

    An escaped brace that closes none of its own is a plain one after a backslash, as in "C:\\directory\\}".
    """

    depth: int = 0
    _escaped: int = 0

    def count(self, mark: str) -> None:
        """Takes the next brace, escaped or not; other marks change nothing."""
        if mark == "{":
            self.depth += 1
        elif mark == "}" or (mark == "\\}" and not self._escaped):
            self.depth -= 1
        elif mark == "\\{":
            self._escaped += 1
        elif mark == "\\}":
            self._escaped -= 1


@dataclass
class Entry:
    """An entry: its type in small letters, its key, and its fields in order, in TeX, with abbreviations replaced.

    `unread` is what stands in it and is no field; `notes` say what was broken.
    """

    type: str
    key: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """The first value of a field that has one, in TeX; blank where there is none."""
        return next((value for own, value in self.fields if own == name and value.strip()), "")


def parse(text: str, abbreviations: Mapping[str, str]) -> Entry:
    """The entry that the text begins with. Raises `ParseError` where it begins with none."""
    head = _HEAD.match(text)
    if head is None:
        raise ParseError("There is no entry such as `@article{key, ...}`.")
    entry = Entry(head[1].lower(), (head[2] or "").strip())
    reader = _Reader(text, head.end(), entry, abbreviations)
    while reader.read_field():
        pass
    return entry


class _Reader:
    """Goes through the fields of an entry."""

    def __init__(self, text: str, position: int, entry: Entry, abbreviations: Mapping[str, str]) -> None:
        self._text, self._position, self._entry = text, position, entry
        self._abbreviations = (abbreviations, ABBREVIATIONS)
        self._broken = self._length = 0

    def read_field(self) -> bool:
        """Reads the next field, or what stands in its place; whether there may be more."""
        head = _FIELD.match(self._text, self._position)
        if head and self._broken < _MOST_BROKEN:
            self._position = head.end()
            name = head[1].lower()
            self._entry.fields.append((name, self._value(name)))
            return True
        return self._skip()

    def _skip(self) -> bool:
        end = _END.match(self._text, self._position)
        if end and end.end() == len(self._text):
            return False
        following = _NEXT_FIELD.search(self._text, self._position + 1) if self._broken < _MOST_BROKEN else None
        stop = following.start() if following else len(self._text)
        left_out = self._text[self._position : stop].strip(" \t\n,})")
        if left_out:
            self._entry.unread.append(left_out)
        self._position = stop
        return following is not None

    def _value(self, name: str) -> str:
        pieces = [self._piece(name)]
        while more := _AND_MORE.match(self._text, self._position):
            self._position = more.end()
            pieces.append(self._piece(name))
        self._length += sum(map(len, pieces))
        if self._length > _LONGEST_VALUE:
            raise ParseError(f"The field {name} has more than {_LONGEST_VALUE:,} characters.")
        return "".join(pieces)

    def _piece(self, name: str) -> str:
        start = self._text[self._position : self._position + 1]
        if start in ("{", '"'):
            return self._delimited(name, start)
        bare = _BARE.match(self._text, self._position)
        if bare is None:
            return ""
        self._position = bare.end()
        return self._explained(bare[0])

    def _explained(self, word: str) -> str:
        """What an abbreviation stands for."""
        name = word.lower()
        meaning = next((meanings[name] for meanings in self._abbreviations if name in meanings), None)
        if meaning is None and not word.isdigit():
            self._entry.notes.append(f"The abbreviation {word[:60]!r} is not explained in the file.")
        self._length += len(meaning or "")
        if self._length > _LONGEST_VALUE:
            raise ParseError("The abbreviations of an entry stand for too much text.")
        return word if meaning is None else meaning

    def _delimited(self, name: str, mark: str) -> str:
        """A value in braces or quotes; one that is not closed goes on to the next field."""
        start = self._position + 1
        end = _closing(self._text, start, mark)
        if end is not None:
            self._position = end + 1
            return self._text[start:end]
        self._broken += 1
        self._entry.notes.append(f"The value of {name} was not closed.")
        following = _NEXT_FIELD.search(self._text, start)
        self._position = following.start() if following else len(self._text)
        return self._text[start : self._position].rstrip(" \t\n,})")


def _closing(text: str, start: int, mark: str) -> int | None:
    """Where a value ends that begins with this mark."""
    braces = Braces()
    for found in _MARKS.finditer(text, start):
        braces.count(found[0])
        if braces.depth < 0:
            return found.end() - 1 if mark == "{" else None
        if found[0] == mark == '"' and braces.depth == 0:
            return found.start()
    return None
