"""Words that one of two texts has and the other lacks, marked by signs as well as by colour."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.lib.word_diff import Piece

register = template.Library()


@register.filter
def unlike(pieces: Iterable[Piece]) -> SafeString:
    """The text, with ⟨ and ⟩ around the words that the other one lacks."""
    return format_html_join("", "{}", ((_marked(piece),) for piece in pieces))


@register.filter
def plain(pieces: Iterable[Piece]) -> str:
    """The text without marks."""
    return "".join(piece.text for piece in pieces)


def _marked(piece: Piece) -> SafeString | str:
    words = piece.text.rstrip()
    if piece.is_shared or not words:
        return piece.text
    return format_html('<mark class="unlike">⟨{}⟩</mark>{}', words, piece.text[len(words) :])
