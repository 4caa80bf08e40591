"""Reading files: bytes become records, one for each source. No database and no network here.

A format is one file with a `FORMAT` and one line in `FORMATS`, which stand in the order in which they are tried.
"""

import hashlib
from dataclasses import replace

from articles.importers import digest, markdown_page, page_text, pubmed_text, review_text
from articles.importers.format import Format
from articles.importers.record import ParseError, Record
from articles.lib.text import UnreadableText, decode, repair, unify_line_ends

MAX_BYTES = 20_000_000

FORMATS: tuple[Format, ...] = (
    digest.FORMAT,
    markdown_page.FORMAT,
    pubmed_text.FORMAT,
    review_text.FORMAT,
    page_text.FORMAT,
)


def read(data: bytes, *, format: str | None = None) -> list[Record]:
    """The records of a file, recognised by its content unless the name of its format is given.

    Raises `ParseError` for a file that is empty, larger than 20 MB, no text, of no known format or broken.
    """
    text, notes = _text(data)
    chosen = _named(format) if format else _recognised(text)
    raw_sha256 = hashlib.sha256(data).hexdigest()
    return [replace(record, repairs=(*notes, *record.repairs), raw_sha256=raw_sha256) for record in chosen.parse(text)]


def _text(data: bytes) -> tuple[str, list[str]]:
    if len(data) > MAX_BYTES:
        raise ParseError(f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read.")
    try:
        text, notes = decode(data)
    except UnreadableText as error:
        raise ParseError(str(error)) from error
    if not text.strip():
        raise ParseError("The file is empty.")
    repaired, repairs = repair(unify_line_ends(text))
    return repaired, [*notes, *repairs]


def _named(name: str) -> Format:
    chosen = next((known for known in FORMATS if known.name == name), None)
    if chosen is None:
        raise ParseError(f"There is no format {name!r}; the formats are {', '.join(known.name for known in FORMATS)}.")
    return chosen


def _recognised(text: str) -> Format:
    chosen = next((known for known in FORMATS if known.matches(text)), None)
    if chosen is None:
        labels = "; ".join(known.label for known in FORMATS)
        raise ParseError(f"The file is of no format that can be read. These can: {labels}.")
    return chosen
