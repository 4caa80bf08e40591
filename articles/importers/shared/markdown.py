"""Markdown as a document."""

import re

from articles.importers.record import ParseError
from articles.importers.shared import raised
from articles.lib.document import Document
from articles.lib.markup import MarkupError, render_markdown

_TAG = re.compile("(<[^<>]*>)")
_SCRIPTS = {"<sup>": "sup", "<sub>": "sub", "</sup>": "", "</sub>": ""}


def document(markdown: str, line: int) -> Document:
    """The text of Markdown that begins on a line of its file. Raises `ParseError` where it cannot be read."""
    try:
        return Document.from_html(_with_figures(render_markdown(markdown)))
    except MarkupError as error:
        raise ParseError(str(error), line) from error


def _with_figures(html: str) -> str:
    """Clean HTML with its raised and lowered figures as plain text."""
    pieces = _TAG.split(html)
    script = ""
    for place, piece in enumerate(pieces):
        script = _SCRIPTS.get(piece, script)
        pieces[place] = piece if place % 2 else raised.mark(piece, script)
    # Texts and tags stand in turn.
    pieces[::2] = raised.printed_each(pieces[::2])
    return "".join(pieces)
