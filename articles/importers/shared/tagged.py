"""A record of tagged lines: its values by tag, and which of them have been read."""

import re
from collections.abc import Callable, Iterable

from articles.importers.shared.abstracts import line
from articles.lib.text import normalise

# Programs that wrap lines do it well before this; a longer line ends where its paragraph ends.
_LONGEST_WRAPPED = 120
_BEGINS_PART = re.compile(r"[A-Z][A-Z ,/&'()-]{2,60}: |[\u2022*-] ")


class Tagged:
    """The values of a record under their tags, in order; a tag may be repeated and a value may have several lines."""

    def __init__(self) -> None:
        self._values: list[tuple[str, list[str]]] = []
        self._numbers: dict[str, list[int]] = {}
        self._unread: set[int] = set()

    def begin(self, tag: str, written: str) -> None:
        """Adds a value with its first line."""
        self._numbers.setdefault(tag, []).append(len(self._values))
        self._unread.add(len(self._values))
        self._values.append((tag, [written]))

    def go_on(self, written: str) -> None:
        """Adds a line to the last value; what stands before the first tag has none."""
        if not self._values:
            self.begin("", "")
        self._values[-1][1].append(written)

    def texts(self, *tags: str) -> list[str]:
        """The unread values of these tags in the order of the record, each on one line; empty ones are left out."""
        return [text for number in self._taken(tags) if (text := self._text(number))]

    def lines(self, *tags: str) -> list[str]:
        """The lines of the unread values of these tags, each a value of its own."""
        return [text for number in self._taken(tags) for one in self._values[number][1] if (text := line(one))]

    def accepted(self, accept: Callable[[str], bool], *tags: str) -> None:
        """Offers the values of these tags, in the order of the tags; those that are accepted count as read."""
        for tag in tags:
            for number in self._numbers.get(tag, ()):
                if (text := self._text(number)) and accept(text):
                    self._unread.discard(number)

    def first(self, *tags: str) -> str:
        """The first value of the first of these tags that has one. Others stay unread unless they say the same."""
        given = (text for tag in tags for number in self._numbers.get(tag, ()) if (text := self._text(number)))
        found = next(given, "")
        self.accepted(lambda text: text == found, *tags)
        return found

    def peek(self, *tags: str) -> list[str]:
        """The values of these tags, each with its lines, read or not; they are not read by this."""
        return [text for number in self._found(tags) if (text := normalise("\n".join(self._values[number][1])))]

    def paragraphs(self, *tags: str) -> list[str]:
        """The unread values of these tags as paragraphs: lines that were only wrapped are joined."""
        return [one for number in self._taken(tags) for one in _unwrapped(self._values[number][1])]

    def rest(self) -> dict[str, list[str]]:
        """The values that nobody has read, by tag, with their lines."""
        kept: dict[str, list[str]] = {}
        for number in sorted(self._unread):
            tag, written = self._values[number]
            if text := normalise("\n".join(written)):
                kept.setdefault(tag, []).append(text)
        return kept

    def keep(self, tag: str, text: str) -> None:
        """Makes a value, or a part of one, unread again."""
        self.begin(tag, text)

    def _text(self, number: int) -> str:
        return line("\n".join(self._values[number][1]))

    def _found(self, tags: Iterable[str]) -> list[int]:
        return sorted(number for tag in tags for number in self._numbers.get(tag, ()))

    def _taken(self, tags: Iterable[str]) -> list[int]:
        numbers = [number for number in self._found(tags) if number in self._unread]
        self._unread.difference_update(numbers)
        return numbers


def _unwrapped(written: list[str]) -> list[str]:
    paragraphs: list[list[str]] = []
    joins = False
    for one in written:
        text = line(one)
        if text and not (joins and not _BEGINS_PART.match(text)):
            paragraphs.append([])
        if text:
            paragraphs[-1].append(text)
        joins = bool(text) and len(one) <= _LONGEST_WRAPPED
    return [" ".join(paragraph) for paragraph in paragraphs]
