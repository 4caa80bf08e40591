"""The stretch of a long stream that is being looked at: it moves on, and never holds more than a record may have."""

import re
from typing import BinaryIO

from articles.importers.stream import MAX_BYTES

_PIECE = 1_048_576
# What begins here is looked at with so many bytes after it, where the stream has them.
_AHEAD = 65_536
_LONGEST_END_TAG = 1_000
_TAG_END = re.compile(rb"\s*+>")


class Window:
    """Places are counted in bytes from the start of the stream; `at` is where the reader stands, `line` its line.

    Looking for the same bytes again goes on where the search before ended, so that no file takes more than its size in
    time; the starts of searches for the same bytes must therefore not go back.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._data, self._base, self._is_over = file, b"", 0, False
        self._known: dict[bytes, int] = {}
        self.at, self.line = 0, 1

    def has_more(self) -> bool:
        """Whether anything is left."""
        while self._end - self.at < _AHEAD and self._read_on():
            pass
        return self.at < self._end

    def limit(self) -> int:
        """The place up to which may be looked from here: the end of the stream, or the most that a record may have."""
        return self._end if self._is_over else self.at + MAX_BYTES

    def match(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        """The pattern right here."""
        return pattern.match(self._data, self.at - self._base)

    def starts_with(self, sign: bytes) -> bool:
        """Whether these bytes stand right here."""
        return self.holds(sign, self.at)

    def holds(self, sign: bytes, place: int) -> bool:
        """Whether these bytes stand at a place."""
        return self._data.startswith(sign, place - self._base)

    def peek(self, size: int) -> bytes:
        """What comes next, without moving."""
        return self._data[self.at - self._base : self.at - self._base + size]

    def end_of_tag(self, name: bytes, place: int) -> int:
        """Where the end tag ends that begins here; -1 where it has another name or does not end."""
        if self._end - place < _LONGEST_END_TAG:
            self._may_read_on()
        match = _TAG_END.match(self._data, place + len(name) + 2 - self._base)
        return self._base + match.end() if match and self.holds(b"</" + name, place) else -1

    def find(self, sign: bytes, start: int, stop: int | None = None) -> int:
        """Where these bytes stand for the first time from `start` on (and before `stop`); -1 where they do not."""
        while True:
            begin = max(start, self._known.get(sign, 0))
            last = self._end if stop is None else min(stop + len(sign) - 1, self._end)
            place = self._data.find(sign, begin - self._base, last - self._base) if begin < last else -1
            if place >= 0:
                self._known[sign] = place + self._base
                return place + self._base
            self._known[sign] = max(begin, last - len(sign) + 1)
            if stop is not None or not self._may_read_on():
                return -1

    def search(self, pattern: re.Pattern[bytes], start: int, longest: int) -> int:
        """Where the pattern matches for the first time from `start` on, or else the limit.

        `longest` is more than the pattern may need to match.
        """
        while True:
            match = pattern.search(self._data, start - self._base)
            if match:
                return self._base + match.start()
            start = max(start, self._end - longest)
            if not self._may_read_on():
                return max(start, self._end)

    def take(self, end: int) -> bytes:
        """The bytes up to a place, moving there."""
        data = self._data[self.at - self._base : end - self._base]
        self.at, self.line = end, self.line + data.count(b"\n")
        return data

    def move(self, place: int) -> None:
        """Stands at a later place."""
        self.line += self._data.count(b"\n", self.at - self._base, place - self._base)
        self.at = place

    @property
    def _end(self) -> int:
        return self._base + len(self._data)

    def _may_read_on(self) -> bool:
        return self._end - self.at < MAX_BYTES and self._read_on()

    def _read_on(self) -> bool:
        """Reads at least as much as is held, so that little is copied twice. False at the end of the stream."""
        held = self._data[self.at - self._base :]
        more = b"" if self._is_over else self._file.read(max(_PIECE, len(held)))
        self._is_over = not more
        self._data, self._base = held + more, self.at
        return not self._is_over
