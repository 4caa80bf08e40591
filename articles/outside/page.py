"""A page of the web as it is sent to anybody."""

import re
from collections.abc import Callable

from articles.outside.client import Answer, Client, Question
from articles.outside.errors import FetchError, Refused, Unexpected
from articles.outside.result import Fetched, NotFetched
from articles.outside.wanted import Identifier

_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/x-markdown")
_LIMIT = 10_000_000
_PDF = "application/pdf"
_NO_PDF = "{} is a PDF, and these are not read; import its record by PMID or DOI, or its text as a file."
_BY_HAND = " Save the page in a browser and import the file."
_CHARSET = re.compile(
    r"(?:iso-?8859-[0-9]{1,2}|latin-?1|windows-[0-9]{3,4}|cp[0-9]{3,4}|koi8-[ru]|gb(?:2312|k|18030)|big5|euc-(?:jp|kr)"
    r"|shift[-_]jis|utf-?16(?:-?[bl]e)?)",
    re.IGNORECASE | re.ASCII,
)
_MARKS = (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")


def page(client: Client, identifier: Identifier, may_read: Callable[[str], None]) -> Fetched | NotFetched:
    """The page at an address, text of any kind, at most 10 MB; `may_read` raises `FetchError` for addresses that are
    closed to programs."""
    question = Question(identifier.value, types=_TYPES, limit=_LIMIT, before_hop=may_read, check=_check)
    try:
        answer = client.ask(question)
    except Unexpected as error:
        is_pdf = error.content_type == _PDF
        return NotFetched(identifier, _NO_PDF.format(identifier.value) if is_pdf else str(error))
    except Refused as error:
        return NotFetched(identifier, f"{error}{_BY_HAND}")
    except FetchError as error:
        return NotFetched(identifier, str(error))
    return Fetched(answer.final_address[:500], answer.final_address, _marked(answer), answer.fetched_at, (identifier,))


def _check(answer: Answer) -> None:
    if answer.data.lstrip().startswith(b"%PDF-"):
        raise Unexpected(_NO_PDF.format(answer.final_address), _PDF)
    if not answer.data.strip():
        raise Unexpected(f"{answer.final_address} is empty.", answer.content_type)


def _marked(answer: Answer) -> bytes:
    """The page; in UTF-8 with a mark where only the server's header tells its encoding, which a file would lose."""
    if not _CHARSET.fullmatch(answer.charset) or answer.data.startswith(_MARKS):
        return answer.data
    # What calls itself Latin-1 on the web is this.
    is_western = answer.charset.lower() in ("iso-8859-1", "latin1", "latin-1")
    try:
        text = answer.data.decode("cp1252" if is_western else answer.charset)
    except (UnicodeError, LookupError):
        return answer.data
    return _MARKS[0] + text.encode("utf-8", "replace")
