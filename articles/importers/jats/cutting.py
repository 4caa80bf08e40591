"""A file of JATS cut into its articles by their tags alone: one by itself, a set of PMC's, or an answer of OAI."""

import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from articles.importers import stream
from articles.importers.format import Raw, Unreadable
from articles.importers.jats import article
from articles.importers.record import ParseError
from articles.importers.shared.window import Window

_SHOWN = 2_000
_LONGEST_SIGN = 64
_PREFIX = rb"(?:[A-Za-z_][\w.-]{0,40}:)?"
_ARTICLE = _PREFIX + rb"article(?=[\s/>])"
_BEGIN = re.compile(rb"<(%s)" % _ARTICLE)
_EMPTY = re.compile(rb"<%s(?:\s[^<>]*+)?(?<=/)>" % _ARTICLE)
# What ends a stretch between articles; inside one, what ends it or may hide tags.
_SIGN = re.compile(rb"<!--|<\?|<!DOCTYPE\s|<" + _ARTICLE)
_INSIDE = re.compile(rb"<!--|<!\[CDATA\[|<\?|</?" + _ARTICLE)
_OPAQUE_ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_DOCTYPE = re.compile(rb"""<!DOCTYPE(?:[^\[<>"']++|"[^"]*+"|'[^']*+')*+([\[>])""")
_TOKEN = re.compile(rb"<(/?)%s([\w.-]{1,60})((?:\s[^<>]*+)?)/?>|[^<]++|<" % _PREFIX)
# What the answers of archives say of themselves, beside the articles.
_ENVELOPE = frozenset({b"header", b"responseDate", b"request", b"resumptionToken", b"about"})
_REFUSALS = frozenset({b"Reply", b"error"})
_ID = re.compile(rb"""<[\w.:-]{0,50}article-id\s[^<>]*?pub-id-type\s*=\s*["'](\w+)["'][^<>]*>([^<>]{1,100})<""")


def split(file: BinaryIO) -> Iterator[Raw | Unreadable]:
    """The articles of a file in order.

    Raises `ParseError` for a file without articles, in an encoding that cannot be read, or that declares entities.
    """
    window = Window(stream.utf8_of_xml(file))
    is_empty = True
    for piece in _pieces(window):
        is_empty = False
        yield piece
    if is_empty:
        raise ParseError("The file holds no articles: the set in it is empty.")


def _pieces(window: Window) -> Iterator[Raw | Unreadable]:
    while window.has_more():
        if window.starts_with(b"<!DOCTYPE") and _skipped_doctype(window):
            continue
        if _skipped_opaque(window):
            continue
        if begin := window.match(_BEGIN):
            yield _article(window, begin[1])
        else:
            yield from _between(window)


def _skipped_opaque(window: Window) -> bool:
    """Moves past a comment or the like. False where nothing such stands, or it does not end."""
    opening = next((sign for sign in _OPAQUE_ENDS if window.starts_with(sign)), b"")
    end = window.find(_OPAQUE_ENDS[opening], window.at + len(opening)) if opening else -1
    if end < 0:
        return False
    window.move(end + len(_OPAQUE_ENDS[opening]))
    return True


def _skipped_doctype(window: Window) -> bool:
    """Moves past a DOCTYPE, which is never followed to where it points. False where it does not end."""
    match = window.match(_DOCTYPE)
    if match is None:
        return False
    if match[1] == b"[":
        raise ParseError(
            "The DOCTYPE brings definitions of its own, as files made to do harm do; articles have none. "
            "The file was not read.",
            window.line,
        )
    window.move(window.at + len(match[0]))
    return True


def _article(window: Window, name: bytes) -> Raw | Unreadable:
    line, empty = window.line, window.match(_EMPTY)
    end = window.at + len(empty[0]) if empty else _end(window, name)
    if end < 0:
        return _unended(window)
    data = window.take(end)
    return Raw(data, partial(article.read, data, line), line)


def _end(window: Window, name: bytes) -> int:
    """Where the article that begins here ends; -1 where another begins before that, or nothing ends it."""
    place = window.at + 1
    while (place := window.search(_INSIDE, place, longest=_LONGEST_SIGN)) < window.limit():
        opening = next((sign for sign in _OPAQUE_ENDS if window.holds(sign, place)), b"")
        if not opening:
            return window.end_of_tag(name, place)
        close = window.find(_OPAQUE_ENDS[opening], place + len(opening))
        place = close if close >= 0 else place + len(opening)
    return -1


def _unended(window: Window) -> Unreadable:
    """An article without its end, up to where the next one begins."""
    line, shown = window.line, window.peek(_SHOWN)
    end = window.search(_BEGIN, window.at + 1, longest=_LONGEST_SIGN)
    shown = shown[: end - window.at]
    window.move(end)
    found = _ID.search(shown)
    named = f"The article {found[1].decode()} {found[2].decode('utf-8', 'replace')}" if found else "An article"
    if window.has_more():
        return Unreadable(f"{named} has no end where the next one begins, or is much too long.", line, shown)
    return Unreadable(f"{named} is cut off: the file ends inside it. Fetch the file again.", line, shown)


def _between(window: Window) -> Iterator[Unreadable]:
    """What stands before, between and after articles, told where it is more than the tags around them."""
    line = window.line
    stretch = window.take(window.search(_SIGN, window.at + 1, longest=_LONGEST_SIGN))
    loose, refusals = _said(stretch)
    for place, refusal in refusals:
        yield Unreadable(f"The archive answers: {_shown(refusal)}.", line + stretch.count(b"\n", 0, place), refusal)
    if loose:
        text = b" ".join(words for _place, words in loose)[:_SHOWN]
        place = line + stretch.count(b"\n", 0, loose[0][0])
        yield Unreadable(f"There is text that belongs to no article: {_shown(text)!r}.", place, text)


Said = list[tuple[int, bytes]]


def _said(stretch: bytes) -> tuple[Said, Said]:
    """Text that belongs to nothing known, and answers in which an archive refuses something; each with its place."""
    loose: Said = []
    refusals: Said = []
    around = b""
    for token in _TOKEN.finditer(stretch):
        closing, tag, attributes = token.groups()
        if tag is None:
            words = token[0].strip(b" \t\r\n\xef\xbb\xbf")
            if words and around not in _ENVELOPE:
                (refusals if around in _REFUSALS else loose).append((token.start(), words))
        elif closing:
            around = b"" if tag == around else around
        else:
            if tag in _REFUSALS and attributes.strip(b" \t\r\n/"):
                refusals.append((token.start(), attributes.strip(b" \t\r\n/")))
            around = tag if not around and not token[0].endswith(b"/>") and tag in _ENVELOPE | _REFUSALS else around
    return loose, refusals


def _shown(data: bytes) -> str:
    return " ".join(data.decode("utf-8", "replace").split())[:120]
