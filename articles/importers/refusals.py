"""Files that are often tried and hold no records that could be read: each is told what it is and what to do instead."""

import re
from collections.abc import Callable

from articles.importers.record import ParseError

_EXPORT = "Export its records, for example as RIS."
_AS_TEXT = "Save its text as UTF-8."
_REPACK = "Unpack it, or pack it as .zip or .gz."
_AS_HTML = 'Save the page as HTML ("Web page, HTML only").'

_SIGNATURES = (
    (b"%PDF-", "a PDF file", _AS_TEXT),
    (b"SQLite format 3\0", "a database, such as an EndNote (.enl) or Zotero library", _EXPORT),
    (b"\0\x01\0\0Standard ", "a database of Microsoft Access", _EXPORT),
    (b"\xd0\xcf\x11\xe0", "an old office document (.doc, .xls) or a saved e-mail (.msg)", _AS_TEXT),
    (b"{\\rtf", "a rich-text document (.rtf)", _AS_TEXT),
    (b"7z\xbc\xaf\x27\x1c", "an archive (.7z)", _REPACK),
    (b"Rar!\x1a\x07", "an archive (.rar)", _REPACK),
    (b"\xfd7zXZ\0", "an archive (.xz)", _REPACK),
    (b"BZh", "an archive (.bz2)", _REPACK),
    (b"\x28\xb5\x2f\xfd", "an archive (.zst)", _REPACK),
    (b"PK\x03\x04", "an archive inside an archive", "Unpack it first."),
    (b"\x1f\x8b", "an archive inside an archive", "Unpack it first."),
    (b"bplist00", "a web archive of Safari or another file of Apple's", _AS_HTML),
    (b"\x89PNG", "a picture (PNG)", "Import the text instead."),
    (b"\xff\xd8\xff", "a picture (JPEG)", "Import the text instead."),
    (b"GIF8", "a picture (GIF)", "Import the text instead."),
    (b"II*\0", "a picture (TIFF)", "Import the text instead."),
    (b"\x7fELF", "a program", "Choose another file."),
    (b"MZ\x90", "a program", "Choose another file."),
)
_TAR = (257, b"ustar")
_WORD = r"[A-Za-z][A-Za-z-]{0,60}"
_MAILBOX = re.compile(rf"From \S{{1,200}} +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [^\n]{{0,60}}\n{_WORD}: ?")
_HEADERS = re.compile(rf"(?:{_WORD}:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_OF_MAIL = re.compile(r"^(?:Received|Return-Path|Delivered-To|Message-ID|MIME-Version|From|To|Subject):", re.M | re.I)
_ENOUGH = 3
_PAGE = re.compile(r"^Content-Type: ?multipart/related", re.MULTILINE | re.IGNORECASE)


def refuse(head: bytes, start: str) -> None:
    """Raises `ParseError` where the beginning of a file, as bytes and as text, shows a kind that is never read."""
    for signature, what, advice in _SIGNATURES:
        if head.startswith(signature):
            raise _refusal(what, advice)
    if head.startswith(_TAR[1], _TAR[0]):
        raise _refusal("an archive (.tar)", _REPACK)
    for is_it, what, advice in _BY_TEXT:
        if is_it(start):
            raise _refusal(what, advice)


def _refusal(what: str, advice: str) -> ParseError:
    return ParseError(f"This is {what}, not a file of records or a text. {advice}")


def _is_mailbox(start: str) -> bool:
    return _MAILBOX.match(start) is not None


def _is_mail(start: str) -> bool:
    """Header lines at the top, several of which only e-mails have, and no page that a browser saved as one."""
    headers = _HEADERS.match(start)
    if headers is None or _PAGE.search(headers[0]):
        return False
    return len({line.lower() for line in _OF_MAIL.findall(headers[0])}) >= _ENOUGH


def _is_endnote_xml(start: str) -> bool:
    return re.match(r"\s*(?:<\?xml[^>]*>\s*)?<xml>\s*<records>", start) is not None


_BY_TEXT: tuple[tuple[Callable[[str], bool], str, str], ...] = (
    (_is_mailbox, "a mailbox (MBOX)", _AS_TEXT),
    (_is_mail, "an e-mail", _AS_TEXT),
    (_is_endnote_xml, "EndNote's XML", "Export the library as RIS."),
)
