"""Structured abstracts that were joined to one text, divided again at their labels ("METHODS: ...")."""

import re
from collections.abc import Iterable

from articles.lib.document import Document, Part, Section, sections

# What stands in nearly every structured abstract, and in capitals with a colon nowhere else.
_USUAL = (
    r"(?:ABSTRACT|AIMS?|BACKGROUND|CONCLUSIONS?|CONTEXT|DESIGN|DISCUSSION|ELECTRONIC SUPPLEMENTARY MATERIAL|FINDINGS?"
    r"|FUNDING|HYPOTHESIS|IMPORTANCE|INTERPRETATION|INTRODUCTION|METHODS?|METHODOLOGY|OBJECTIVES?|PURPOSE|RATIONALE"
    r"|RESULTS?|SETTINGS?|SUMMARY|TRIAL REGISTRATION|UNLABELLED)\b"
)
_CAPITALS = r"[A-Z0-9 ,/&'()-]{0,100}[A-Z0-9)]"
_SENTENCE = r"""(?:\A|(?<=[.?!] )|(?<=[.?!]["')\]] ))"""
# "METHODS", "MATERIAL & METHODS", "MAIN OUTCOME MEASURE(S)"; the usual ones also where a full stop was forgotten.
_AT_SENTENCE = rf"{_SENTENCE}(?=[A-Z]{{3}})(?![A-Z]+[0-9]){_CAPITALS}"
_ANYWHERE = rf"(?<= )(?:(?:MATERIALS?|PATIENTS?) (?:AND|&) )?{_USUAL}(?:{_CAPITALS})?"
_LABEL = re.compile(rf"(?:{_AT_SENTENCE}|{_ANYWHERE}):(?= |\Z)")
_HAS_USUAL = re.compile(rf"\b{_USUAL}")


def parts(text: str) -> list[tuple[str, str]]:
    """The text, which comes on one line, as (label, text) pairs; one with an empty label where it is not structured.

    Labels are in capitals and end with a colon; they stand at the beginning of the text and of sentences. There must
    be two of them at least, one of them such as every structured abstract has: anything else in capitals is no label.
    """
    begins = list(_LABEL.finditer(text))
    labels = [found[0].removesuffix(":") for found in begins]
    if len(begins) < 2 or begins[0].start() or not any(map(_HAS_USUAL.search, labels)):
        return [("", text)]
    ends = [found.start() for found in begins[1:]] + [len(text)]
    texts = (text[found.end() : end].strip() for found, end in zip(begins, ends, strict=True))
    return list(zip(labels, texts, strict=True))


def document(texts: Iterable[str]) -> tuple[Document, tuple[Section, ...]]:
    """The document of an abstract that comes as one text or several, a paragraph for each labelled part."""
    pairs = [pair for text in texts for pair in parts(text)]
    written = [(label, f"{label}: {text}".strip() if label else text) for label, text in pairs if label or text]
    made = Document.from_parts(Part("paragraph", paragraph) for _label, paragraph in written)
    labels = {block.start: label.capitalize() for block, (label, _) in zip(made.blocks, written, strict=True)}
    return made, sections(made, labels if any(labels.values()) else None)
