"""The bytes of a saved page as a tree: decoded as the page says, read by a parser that knows no network."""

import re

from lxml import html
from lxml.etree import LxmlError, iterwalk

from articles.importers import stream
from articles.importers.record import ParseError

# Far more than any honest page has; each takes some hundred bytes of memory.
MOST_TAGS = 200_000
DEEPEST = 500
_WHERE_DECLARED = 65_536
_DECLARED = re.compile(
    rb"<meta\b[^>]{0,500}?charset\s*=\s*[\"']?\s*(?P<meta>[\w.:-]{1,40})"
    rb"|<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"'](?P<xml>[\w.:-]{1,40})",
    re.IGNORECASE,
)
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_KNOWN = re.compile(r"windows-(?:874|125[0-8])|iso-8859-(?:[2-8]|1[0-6])|koi8-[ru]|gb18030|big5|euc-jp|macintosh")
# Browsers read these names as the larger encoding that grew out of each.
_READ_AS = {
    "ascii": "windows-1252",
    "us-ascii": "windows-1252",
    "iso-8859-1": "windows-1252",
    "iso8859-1": "windows-1252",
    "latin1": "windows-1252",
    "latin-1": "windows-1252",
    "cp1252": "windows-1252",
    "iso-8859-9": "windows-1254",
    "iso-8859-11": "windows-874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "euc-kr": "cp949",
}
_UTF = ("utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "unicode")


def text_of(data: bytes) -> tuple[str, list[str]]:
    """The text of a page and notes on what was done to read it.

    The encoding is that of its byte order mark, else the one it names, else UTF-8. Raises `ParseError`.
    """
    named = "" if data.startswith(_BYTE_ORDER_MARKS) else _named(data)
    # A page that names UTF-16 in letters of one byte is not in UTF-16.
    if not named or named in _UTF:
        return stream.text_of(data)
    if _is_utf8(data):
        text, notes = stream.text_of(data)
        return text, notes if data.isascii() else [f"The page says that it is in {named}, but it is in UTF-8.", *notes]
    text, notes = stream.text_of(_decoded(data, named).encode("utf-8"))
    return text, [f"The page was in {named} and was converted.", *notes]


def parse(text: str) -> html.HtmlElement:
    """The tree of a page; raises `ParseError` where there is none, or one of a size that no honest page has."""
    if text.count("<") > MOST_TAGS:
        raise ParseError(f"The page has more than {MOST_TAGS:,} tags; no page for readers has so many.")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (LxmlError, ValueError) as error:
        raise ParseError(f"The page cannot be read as HTML: {error}.") from error
    _refuse_deep_nesting(root)
    return root


def _refuse_deep_nesting(root: html.HtmlElement) -> None:
    depth = 0
    for event, _element in iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise ParseError(f"The page is nested more than {DEEPEST} levels deep; no page for readers is.")


def _named(data: bytes) -> str:
    named = _DECLARED.search(data[:_WHERE_DECLARED])
    return (named["meta"] or named["xml"]).decode("ascii").lower() if named else ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes, named: str) -> str:
    encoding = _READ_AS.get(named, named)
    if not _KNOWN.fullmatch(encoding) and encoding not in _READ_AS.values():
        raise ParseError(f"The page says that it is in {named!r}, which is not read. Save it as UTF-8.")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"The page says that it is in {named}, but this line is not. Save it as UTF-8."
        raise ParseError(message, line) from error
