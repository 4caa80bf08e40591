"""Text that the front matter of a page holds instead of its body: questions and answers, sections, blocks.

Content systems keep such texts as lists and groups of named values. Those that people read are gathered in their order:
what a question, a heading or a title names becomes a heading, the rest paragraphs.
"""

import re
from collections.abc import Mapping
from typing import Any

_HEADINGS = ("question", "q", "heading", "title", "headline", "name", "label")
_SUBHEADINGS = ("subheading", "subtitle", "tagline")
_ANSWERS = ("answer", "a")
# Values that are no text of the page, whatever stands in them.
_NO_TEXT = frozenset(
    {
        "alt", "author", "authors", "canonical", "categories", "cta", "date", "href", "icon", "id", "image", "images",
        "img", "key", "keywords", "lang", "language", "layout", "link", "menu", "meta", "navigation", "path",
        "permalink", "redirect_from", "seo", "slug", "social", "src", "tags", "template", "templatekey", "type", "url",
    }
)  # fmt: skip
_QUESTIONS = re.compile(r"faqs?|questions|q_?and_?a|accordions?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|\.{0,2}/)\S+")
_SENTENCE_END = re.compile(r"[.!?:][\"')*]*\s*$")
_FEWEST_WORDS = 4
_MOST_LEVELS = 20


def markdown(data: Mapping[str, Any], *, has_body: bool) -> str:
    """The texts of a front matter as one piece of Markdown; empty where there are none.

    Lists and groups are gathered always; single texts only where the page has no body. Title and description are
    fields of the record and left out.
    """
    pieces: list[str] = []
    title = _line(data.get("title"))
    for name, value in data.items():
        if isinstance(value, (Mapping, list)):
            pieces += _gathered(name, value, _MOST_LEVELS)
        elif not has_body and name not in ("title", "description") and _is_text(name, value) and _line(value) != title:
            if name.lower() in _HEADINGS:
                pieces.append(f"## {_line(value)}")
            elif _is_read(name, value, is_question=False):
                pieces.append(value.strip())
    return "\n\n".join(pieces)


def _gathered(name: str, value: Any, levels: int) -> list[str]:
    """The pieces of Markdown in a list or a group; none where it holds no sentence."""
    if name.lower() in _NO_TEXT or not levels:
        return []
    if isinstance(value, Mapping):
        return _of_group(value, levels, is_question=_QUESTIONS.fullmatch(name) is not None)
    groups = [item for item in value if isinstance(item, Mapping)]
    if groups:
        is_question = _QUESTIONS.fullmatch(name) is not None
        return [piece for group in groups for piece in _of_group(group, levels, is_question=is_question)]
    items = [_line(item) for item in value if isinstance(item, str)]
    return ["\n".join(f"* {item}" for item in items if item)] if any(map(_is_sentence, items)) else []


def _of_group(group: Mapping[str, Any], levels: int, *, is_question: bool) -> list[str]:
    heading = next((name for name in group if name.lower() in _HEADINGS and _is_text(name, group[name])), "")
    body: list[str] = []
    for name, value in group.items():
        if isinstance(value, (Mapping, list)):
            body += _gathered(name, value, levels - 1)
        elif name != heading and _is_text(name, value) and _is_read(name, value, is_question=is_question):
            body.append(str(value).strip())
    if not body:
        return []
    return [f"### {_line(group[heading])}", *body] if heading else body


def _is_text(name: str, value: Any) -> bool:
    is_read = isinstance(value, str) and value.strip() and not _ADDRESS.fullmatch(value.strip())
    return bool(is_read) and name.lower() not in _NO_TEXT


def _is_read(name: str, value: str, *, is_question: bool) -> bool:
    """Whether people read it: an answer may be short, anything else is a sentence."""
    return is_question or name.lower() in (*_ANSWERS, *_SUBHEADINGS) or _is_sentence(value)


def _is_sentence(value: str) -> bool:
    words = value.split()
    return len(words) >= _FEWEST_WORDS or (len(words) > 1 and _SENTENCE_END.search(value) is not None)


def _line(value: Any) -> str:
    return " ".join(str(value).split())
