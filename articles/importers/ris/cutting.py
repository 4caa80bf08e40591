"""RIS and the tagged files of the Web of Science cut into their records, and a record into its tags."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from articles.importers import stream
from articles.importers.format import Raw, Unreadable
from articles.importers.record import Record
from articles.importers.shared.tagged import Tagged

Reader = Callable[[bytes, int], Record]

_TY = re.compile(rb"TY([ \t]{0,2})-([ \t]{0,3})(?:[A-Za-z][A-Za-z /-]{0,40})?\s*")
_PT = re.compile(rb"PT [A-Z]\s*")
_ER = re.compile(rb"ER[ \t]{0,2}-\s*")
_ER_IN_WOS = re.compile(rb"ER\s*")
_TAG = re.compile(rb"[A-Z][A-Z0-9]  -(?: |$)")
# What databases print around the records they export: numbers, and what was exported from where.
_FURNITURE = re.compile(
    rb"\s*(?:\d{1,7}\.|Record #\d{1,7} of \d{1,7}|(?:Provider|Content|Content-Type|Database|Platform): [^\n]{0,200}"
    rb"|FN [^\n]{0,200}|VR \d[^\n]{0,20}|EF)?\s*"
)
_MARK = b"\xef\xbb\xbf"
_MOST_KEPT = 2_000

_WOS_TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|$)")
_NO_END = 'The end of the record ("ER") was missing.'
_NO_BEGINNING = 'The beginning of the record ("TY") was missing.'


def split(file: BinaryIO, read: Reader) -> Iterator[Raw | Unreadable]:
    """Cuts from one TY to its ER, to the next TY or to the end of the file. `read` understands one record.

    Lines outside of the records are told as unreadable, but for those that databases always put there. Tagged lines
    without TY before them begin a record too.
    """
    cutter = _Cutter(read)
    for number, written in enumerate(stream.lines(stream.utf8(file)), start=1):
        yield from cutter.take(number, written.removeprefix(_MARK))
    yield from cutter.close()


class _Cutter:
    """Gathers the lines of a record, or those between two records."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self._lines: list[bytes] = []
        self._size, self._start = 0, 1
        self._end: re.Pattern[bytes] | None = None

    def take(self, number: int, written: bytes) -> Iterator[Raw | Unreadable]:
        """Takes the next line of the file; gives what is complete."""
        begins = self._beginning(written)
        if begins is not None:
            yield from self.close()
            self._end, self._start = begins, number
        if self._end is not None:
            yield from self._inside(written)
        elif not _FURNITURE.fullmatch(written):
            self._between(number, written)

    def close(self) -> Iterator[Raw | Unreadable]:
        """Gives what was gathered, as a record or as what it is instead."""
        data, size, is_record = b"\n".join(self._lines), self._size, self._end is not None
        self._lines, self._size, self._end = [], 0, None
        if is_record and size > stream.MAX_BYTES:
            yield Unreadable("A record of more than 20 MB.", self._start, data[:_MOST_KEPT])
        elif is_record:
            yield Raw(data, partial(self._read, data, self._start), self._start)
        elif data:
            shown = data[:80].decode("utf-8", "replace")
            yield Unreadable(f"Text between records, which begins with {shown!r}.", self._start, data[:_MOST_KEPT])

    def _beginning(self, written: bytes) -> re.Pattern[bytes] | None:
        """How the record ends that this line begins; None where it begins none."""
        if _TY.fullmatch(written):
            return _ER
        if self._end is not _ER and _PT.fullmatch(written):
            return _ER_IN_WOS
        if self._end is None and _TAG.match(written) and not _ER.fullmatch(written):
            return _ER
        return None

    def _inside(self, written: bytes) -> Iterator[Raw | Unreadable]:
        self._size += len(written) + 1
        if self._size <= stream.MAX_BYTES or not self._lines:
            self._lines.append(written)
        if self._end is not None and self._end.fullmatch(written):
            yield from self.close()

    def _between(self, number: int, written: bytes) -> None:
        if not self._lines:
            self._start = number
        if self._size <= _MOST_KEPT:
            self._lines.append(written)
            self._size += len(written) + 1


def is_of_web_of_science(data: bytes) -> bool:
    """Whether a record is one of the Web of Science, by its first line."""
    return _PT.fullmatch(data.partition(b"\n")[0]) is not None


def tagged(text: str, *, is_wos: bool) -> tuple[Tagged, list[str]]:
    """The values of the record, and what had to be put right."""
    lines = text.split("\n")
    begun, ended = is_wos or lines[0].startswith("TY"), False
    pattern = _WOS_TAG if is_wos else _style(lines[0])
    fields = Tagged()
    for written in lines:
        match = pattern.match(written)
        if match and match[1] == "ER":
            ended = True
        elif match:
            fields.begin(match[1], match[2] or "")
        else:
            fields.go_on(written)
    return fields, [note for is_there, note in ((begun, _NO_BEGINNING), (ended, _NO_END)) if not is_there]


def _style(first: str) -> re.Pattern[str]:
    """How tags are written in a record: the spaces of its TY tell what is a tag, and what a line such as "T2 - x"."""
    gap = _TY.match(first.encode())
    before, after = (len(gap[1]), len(gap[2])) if gap else (2, 1)
    end = r"[ \t]?" if before == 2 or not after else r"(?:[ \t]|$)"
    return re.compile(rf"([A-Z][A-Z0-9])[ \t]{{{before},2}}-{end}(.*)")
