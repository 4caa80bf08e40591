"""A file of PubMed's XML cut into its records, by their tags alone: one that is broken spoils no other."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from articles.importers import stream
from articles.importers.format import Raw, Unreadable
from articles.importers.record import ParseError, Record
from articles.importers.shared.window import Window

Reader = Callable[[bytes, int], Record]

RECORDS = ("PubmedArticle", "PubmedBookArticle", "PubMedArticle", "MedlineCitation", "BookDocument")
DELETIONS = ("DeleteCitation", "DeleteDocument")
SETS = ("PubmedArticleSet", "PubMedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet", "BookDocumentSet")

_SHOWN = 2_000
_NAMES = tuple(name.encode() for name in (*RECORDS, *DELETIONS))
_DELETIONS = frozenset(name.encode() for name in DELETIONS)
_BEGIN = re.compile(rb"<(%s)(?=[\s/>])" % b"|".join(_NAMES))
_EMPTY = re.compile(rb"<\w++(?:\s[^<>]*)?/>")
_SET_TAG = re.compile(rb"</?(?:%s)(?:\s[^<>]*+|/)?>" % "|".join(SETS).encode())
# A byte order mark may stand where files were joined.
_SPACE = re.compile(rb"(?:\s|\xef\xbb\xbf)++")
# What ends a stretch of text that belongs to no record.
_MARKUP = re.compile(
    rb"<(?:(?:%s)[\s/>]|/?(?:%s)[\s/>]|!--|!DOCTYPE\s|\?)" % (b"|".join(_NAMES), "|".join(SETS).encode())
)
_LONGEST_MARKUP = 64
# Inside a record these may hold text that looks like tags.
_OPAQUE_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_DOCTYPE = re.compile(rb"""<!DOCTYPE(?:[^\[<>"']++|"[^"]*+"|'[^']*+')*+(\[?)""")
_NO_RECORD_INSIDE = (b"<PubmedArticle", b"<PubmedBookArticle")
_PMID = re.compile(rb"<PMID\b[^<>]*>\s*(\d{1,9})\s*</PMID\s*>")
_DELETED = re.compile(rb"<PMID\b[^<>]*>\s*([^<>]{1,40}?)\s*</PMID\s*>")
_PARTS = {
    b"PubmedArticle": b"MedlineCitation",
    b"PubMedArticle": b"MedlineCitation",
    b"PubmedBookArticle": b"BookDocument",
}
# What begins the next record where one did not end.
_NEXT = {
    name: re.compile(rb"<(?:%s)[\s/>]" % b"|".join(other for other in _NAMES if other != _PARTS.get(name)))
    for name in _NAMES
}


def split(file: BinaryIO, read: Reader) -> Iterator[Raw | Unreadable]:
    """The records of a file in order; `read` understands one, given its bytes and its line.

    Raises `ParseError` for a file without records, in an encoding that cannot be read, or that declares entities.
    """
    window = Window(stream.utf8_of_xml(file))
    is_empty = True
    for piece in _pieces(window, read):
        is_empty = False
        yield piece
    if is_empty:
        raise ParseError("The file holds no records: the set in it is empty.")


def _pieces(window: Window, read: Reader) -> Iterator[Raw | Unreadable]:
    while window.has_more():
        begin = window.match(_BEGIN)
        if begin is None:
            if not _skipped(window):
                yield _stray(window)
        elif begin[1] in _DELETIONS:
            yield from _deletions(window, begin[1])
        else:
            yield _record(window, begin[1], read)


def _skipped(window: Window) -> bool:
    """Moves past what may stand between records. False where something else stands."""
    for pattern in (_SPACE, _SET_TAG):
        if match := window.match(pattern):
            window.move(window.at + len(match[0]))
            return True
    for opening, closing in ((b"<!--", b"-->"), (b"<?", b"?>")):
        if window.starts_with(opening) and (end := window.find(closing, window.at + len(opening))) >= 0:
            window.move(end + len(closing))
            return True
    return window.starts_with(b"<!DOCTYPE") and _skipped_doctype(window)


def _skipped_doctype(window: Window) -> bool:
    """Moves past a DOCTYPE, which is never followed to where it points."""
    match = window.match(_DOCTYPE)
    if match is None:
        return False
    end = window.at + len(match[0])
    if match[1]:
        raise ParseError(
            "The DOCTYPE brings definitions of its own, as files made to do harm do; PubMed's have none. "
            "The file was not read.",
            window.line,
        )
    if not window.holds(b">", end):
        return False
    window.move(end + 1)
    return True


def _stray(window: Window) -> Unreadable:
    """What is no record, up to the next thing that is one or may stand between two."""
    line, shown = window.line, b""
    while window.has_more() and window.match(_BEGIN) is None:
        end = window.search(_MARKUP, window.at + 1, longest=_LONGEST_MARKUP)
        shown += window.peek(min(end - window.at, _SHOWN - len(shown)))
        window.move(end)
        if _skipped(window):
            break
    first = " ".join(shown.decode("utf-8", "replace").split())[:80]
    what = "an element that is no record of PubMed's" if shown.startswith(b"<") else "text between the records"
    return Unreadable(f"There is {what}: {first!r}.", line, shown)


def _record(window: Window, name: bytes, read: Reader) -> Raw | Unreadable:
    line = window.line
    end = _end(window, name)
    if end < 0:
        return _unended(window, name)
    data = window.take(end)
    return Raw(data, partial(read, data, line), line)


def _unended(window: Window, name: bytes) -> Unreadable:
    """A record without its end, up to where the next one begins."""
    line, shown = window.line, window.peek(_SHOWN)
    end = window.search(_NEXT[name], window.at + 1 + len(name), longest=_LONGEST_MARKUP)
    shown = shown[: end - window.at]
    window.move(end)
    number = _PMID.search(shown)
    named = f"The record PMID {number[1].decode()}" if number else f"A record ({name.decode()})"
    if window.has_more():
        return Unreadable(f"{named} has no end where the next one begins, or is much too long.", line, shown)
    return Unreadable(f"{named} is cut off: the file ends inside it. Fetch the file again.", line, shown)


def _deletions(window: Window, name: bytes) -> Iterator[Unreadable]:
    line, end = window.line, _end(window, name)
    if end < 0:
        yield _unended(window, name)
        return
    data, position = window.take(end), 0
    for match in _DELETED.finditer(data):
        line += data.count(b"\n", position, match.start())
        position = match.start()
        number = match[1].decode("utf-8", "replace")
        yield Unreadable(f"PubMed deleted the record PMID {number}: look at its source.", line, match[0])


def _end(window: Window, name: bytes) -> int:
    """Where the record that begins here ends; -1 where another begins before that, or nothing ends it."""
    start = window.at + 1 + len(name)
    if empty := window.match(_EMPTY):
        return window.at + len(empty[0])
    end = window.find(b"</" + name, start)
    if end < 0 or any(window.find(sign, start, end) >= 0 for sign in (b"<!", b"<?")):
        return _end_among_comments(window, name, start)
    if any(window.find(other, start, end) >= 0 for other in (b"<" + name, *_NO_RECORD_INSIDE)):
        return -1
    return window.end_of_tag(name, end)


def _end_among_comments(window: Window, name: bytes, start: int) -> int:
    """The same where comments and the like may hide tags: step by step."""
    others = b"|".join((name, *(other[1:] for other in _NO_RECORD_INSIDE)))
    signs = re.compile(rb"<!--|<!\[CDATA\[|<\?|</%s(?=[\s>])|<(?:%s)[\s/>]" % (name, others))
    place = start
    while (place := window.search(signs, place, longest=_LONGEST_MARKUP)) < window.limit():
        opening = next((sign for sign in _OPAQUE_ENDS if window.holds(sign, place)), b"")
        if opening:
            close = window.find(_OPAQUE_ENDS[opening], place + len(opening))
            place = close if close >= 0 else place + len(opening)
        else:
            return window.end_of_tag(name, place) if window.holds(b"</", place) else -1
    return -1
