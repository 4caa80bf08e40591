"""Pages that a browser saved with their pictures as one file (MHTML): the page itself is one part of a message."""

import re
from email import message_from_bytes
from email.message import Message

from articles.importers.record import ParseError

_START = re.compile(
    r"(?=[\s\S]{0,4000}?^MIME-Version:)(?=[\s\S]{0,4000}?\bmultipart/related\b)[A-Z][A-Za-z-]{2,40}: ", re.M
)
_LONGEST_ADDRESS = 2_000


def is_present(start: str) -> bool:
    """Whether a file begins as such a message does."""
    return _START.match(start) is not None


def page(data: bytes) -> tuple[bytes, str]:
    """The page and the address it was saved from; raises `ParseError` where the message holds none."""
    try:
        message = message_from_bytes(data)
        part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
        content = part.get_payload(decode=True) if part else None
    except (RecursionError, LookupError, ValueError) as error:
        raise ParseError("This is a saved page (MHTML) that is damaged. Save the page again as HTML.") from error
    if part is None or not isinstance(content, bytes) or not content.strip():
        raise ParseError("This is a saved page (MHTML), but there is no HTML in it. Save the page again as HTML.")
    return content, _address(part) or _address(message)


def _address(message: Message) -> str:
    written = message.get("Content-Location") or message.get("Snapshot-Content-Location") or ""
    return "".join(str(written)[:_LONGEST_ADDRESS].split())
