"""HTML made safe: the only place that knows bleach.

bleach gets no further releases, not even for security, so nothing else may import it, the list of what is allowed
stays short, and the pages carry a strict Content-Security-Policy as a second wall. To swap it for nh3, let
`clean_html` return `nh3.clean(html, tags=set(ALLOWED_TAGS), attributes={"a": {"href"}},
url_schemes=set(ALLOWED_SCHEMES), link_rel=None)`; the tests already compare the two. Only the renaming of `h1`, `b`
and the like, and the refusal of relative addresses, must then move elsewhere.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import markdown
from bleach.sanitizer import Cleaner
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

ALLOWED_TAGS = ("p", "h2", "h3", "h4", "ul", "ol", "li", "a", "strong", "em", "blockquote", "br", "sub", "sup")
ALLOWED_SCHEMES = ("http", "https", "mailto")

_ABSOLUTE = re.compile(r"\s*(?:https?://|mailto:)", re.IGNORECASE)
_RENAMED = {"h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "div": "p", "pre": "p"}
_DROPPED_WITH_CONTENT = frozenset({"script", "style"})
_LIST_ITEM = re.compile(r" {0,3}(?:[*+-]|1[.)])[ \t]+\S")
_IN_LIST = re.compile(r" {0,3}(?:[*+-]|[0-9]{1,9}[.)])[ \t]|\s+\S")
_OPENING_OR_CLOSING = re.compile(r"<(/?)(?!br\b)[a-z]")
_DEEPEST = 100
# Far more than any page holds; beyond them the Markdown library's time grows with the square of the number.
_MOST_CHARACTERS = 1_000_000
_MOST_OF = {"[": 1_000, "<": 5_000, "&": 10_000, "\n": 10_000, "\\": 20_000, '"': 20_000}
_MOST_LINES_TOGETHER = 2_000


class MarkupError(ValueError):
    """The markup is of a shape no honest page has, and would take too long or lose text if read."""


def clean_html(html: str) -> str:
    """The HTML with nothing but a short list of harmless tags, and links to http, https and mailto only.

    Other tags go and their text stays, but scripts and style sheets go with their content. Headings of the first
    level become second ones, since a page has its own. Raises `MarkupError` for tags nested more than 100 deep.
    """
    # The first pass must let scripts through to drop them with their content; the second, strict one is the wall.
    cleaned = _strict_cleaner().clean(_preparing_cleaner().clean(html)).strip()
    _refuse_deep_nesting(cleaned)
    return cleaned


def render_markdown(text: str) -> str:
    """Markdown as safe HTML; raw HTML in it is cleaned like any other. Raises `MarkupError`."""
    _refuse_extremes(text)
    try:
        rendered = markdown.markdown(text, extensions=[_ListsAfterParagraphs()], output_format="html")
        return clean_html(rendered)
    except RecursionError as error:
        raise MarkupError("The text is nested too deeply.") from error


def _refuse_deep_nesting(clean_html: str) -> None:
    depth = 0
    for match in _OPENING_OR_CLOSING.finditer(clean_html):
        depth += -1 if match[1] else 1
        if depth > _DEEPEST:
            raise MarkupError(f"The text is nested more than {_DEEPEST} levels deep.")


def _refuse_extremes(text: str) -> None:
    if len(text) > _MOST_CHARACTERS:
        raise MarkupError(f"The text has {len(text)} characters; at most {_MOST_CHARACTERS} are read.")
    for character, most in _MOST_OF.items():
        if text.count(character) > most:
            raise MarkupError(f"The text has more than {most} times the character {character!r}.")
    together = 0
    for line in text.split("\n"):
        together = together + 1 if line.strip() else 0
        if together > _MOST_LINES_TOGETHER:
            raise MarkupError(f"The text has more than {_MOST_LINES_TOGETHER} lines without a blank line between.")


def _is_allowed_attribute(tag: str, name: str, value: str) -> bool:
    # An address without a scheme would lead to our own site, which is never what its author meant.
    return tag == "a" and name == "href" and _ABSOLUTE.match(value) is not None


def _preparing_cleaner() -> Cleaner:
    return Cleaner(
        tags={*ALLOWED_TAGS, *_RENAMED, *_DROPPED_WITH_CONTENT},
        attributes=_is_allowed_attribute,
        protocols=ALLOWED_SCHEMES,
        strip=True,
        filters=[_renamed_and_dropped],  # type: ignore[list-item]  # any callable on the tokens will do
    )


def _strict_cleaner() -> Cleaner:
    return Cleaner(tags=set(ALLOWED_TAGS), attributes=_is_allowed_attribute, protocols=ALLOWED_SCHEMES, strip=True)


def _renamed_and_dropped(source: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    dropping = ""
    for token in source:
        name = token.get("name", "")
        if dropping:
            dropping = "" if token["type"] == "EndTag" and name == dropping else dropping
        elif token["type"] == "StartTag" and name in _DROPPED_WITH_CONTENT:
            dropping = name
        else:
            yield {**token, "name": _RENAMED.get(name, name)} if name else token


class _ListsAfterParagraphs(Extension):
    """Lets a list follow a paragraph without a blank line between, as most Markdown programs do."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        md.preprocessors.register(_BlankLineBeforeList(md), "blank_line_before_list", 25)


class _BlankLineBeforeList(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        spaced: list[str] = []
        for line in lines:
            if _LIST_ITEM.match(line) and spaced and spaced[-1].strip() and not _IN_LIST.match(spaced[-1]):
                spaced.append("")
            spaced.append(line)
        return spaced
