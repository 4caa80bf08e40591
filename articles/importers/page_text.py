"""A web page saved as plain text: headings, paragraphs, bulleted lists, sometimes a reference at the end."""

import re

from articles.importers.format import Format, whole
from articles.importers.record import ParseError, Record
from articles.importers.shared import guessing, paragraphs
from articles.importers.shared.paragraphs import Paragraph
from articles.lib.document import Document, sections
from articles.lib.vocabulary import TextBasis

NAME = "page-text"

_OTHER_FORMATS = re.compile(r"\s*(?:[<@%]|[{\[]\s*[\"{\[]|---\s|[A-Z][A-Z0-9] {2}- |[A-Z]{3,4} ?- )")
# Names with values, one on each line, the outermost ones without indentation.
_SETTING = re.compile(r"[A-Za-z_][\w.-]{0,60}:(?: \S.{0,200})?|[ \t]+\S.*|- .*|#.*")
_GROUP = re.compile(r" *[A-Za-z_][\w.-]{0,60}:")
_FEWEST_SETTINGS, _MOST_LINES_LOOKED_AT = 5, 40
_SOFTWARE_LICENCE = re.compile(
    r"Permission is hereby granted, free of charge|GNU (?:LESSER |AFFERO )?GENERAL PUBLIC LICENSE"
    r"|Apache License\s+Version|Redistribution and use in source and binary forms"
)
_IMAGE_CREDIT = re.compile(r"(?:image|photo|picture)s? (?:from|source|credit|by|courtesy)\b.*", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")
# An author, and later a year with volume and pages after it.
_REFERENCE = re.compile(
    r"[^\W\d_][\w' -]* [^\W\d_a-z]{1,4}[,.].*\b(?:19|20)\d\d\b.*\d+ ?(?:\(\d+\))?: ?[a-z]?\d+", re.DOTALL
)
_REFERENCES_HEADING = re.compile(r"(?:references?|sources?|bibliography|literature):?", re.IGNORECASE)
_LONGEST_REFERENCE = 1_000
_LONGEST_TITLE = 500
_FEWEST_WORDS = 8


def matches(text: str) -> bool:
    """A short first line and prose below it, and nothing that looks like a format of another program.

    Files of settings, which stand among the pages of a site, are taken too, so that they are refused as what they are.
    """
    if _is_settings(text):
        return True
    given = paragraphs.split(text[:50_000])
    if len(given) < 2 or len(given[0].text) > _LONGEST_TITLE or _OTHER_FORMATS.match(text):
        return False
    return any(_is_prose(line) for paragraph in given[1:] for line in paragraph.lines)


def parse(text: str) -> list[Record]:
    """The one page of the file: its first line is the title, references at its end are the citations it makes.

    Raises `ParseError` for what is text but no page: settings, the licence of a program.
    """
    _refuse_other_texts(text)
    given = paragraphs.split(text)
    if len(given) < 2 or len(given[0].text) > _LONGEST_TITLE:
        raise ParseError("Expected a title in the first line and the text of the page below it.", 1)
    title = " ".join(given[0].lines)
    body, references = _divided(_without_image_credits(given[1:]))
    document = Document.from_parts(paragraphs.parts(body))
    if not document.text:
        raise ParseError("There is no text below the title.", given[0].line)
    guess = guessing.of_page(document.text)
    parts = sections(document)
    publisher, publisher_reason = guessing.publisher([title, *(section.label for section in parts)])
    record = Record(
        title=title,
        document=document,
        format=NAME,
        kind=guess.kind,
        publisher_interest=guess.publisher_interest,
        text_basis=TextBasis.WEB_PAGE.value,
        publisher=publisher,
        references=references,
        sections=parts,
        guesses={**guess.reasons, "publisher": publisher_reason} if publisher else guess.reasons,
    )
    return [record]


def _is_settings(text: str) -> bool:
    looked_at = [line for line in text.split("\n")[:_MOST_LINES_LOOKED_AT] if line.strip()]
    has_groups = sum(1 for line in looked_at if _GROUP.fullmatch(line)) > 1
    return len(looked_at) >= _FEWEST_SETTINGS and has_groups and all(map(_SETTING.fullmatch, looked_at))


def _refuse_other_texts(text: str) -> None:
    if _is_settings(text):
        raise ParseError("This is a file of settings (YAML), not a page: there is nothing in it to import.", 1)
    if _SOFTWARE_LICENCE.search(text[:5_000]):
        raise ParseError("This is the licence of a program, not a page about a therapy.", 1)


def _is_prose(line: str) -> bool:
    words = line.split()
    return len(words) >= _FEWEST_WORDS and any(word.rstrip("\"')").endswith((".", "?", "!")) for word in words)


def _without_image_credits(given: list[Paragraph]) -> list[Paragraph]:
    """The paragraphs without "Image from: ..." and the bare address that may follow it."""
    kept: list[Paragraph] = []
    after_credit = False
    for paragraph in given:
        lines = []
        for line in paragraph.lines:
            is_credit = _IMAGE_CREDIT.fullmatch(line) is not None and len(line) <= 200
            if not is_credit and not (after_credit and _ADDRESS.fullmatch(line)):
                lines.append(line)
            after_credit = is_credit
        if lines:
            kept.append(Paragraph(tuple(lines), paragraph.line, paragraph.gap))
    return kept


def _divided(body: list[Paragraph]) -> tuple[list[Paragraph], tuple[str, ...]]:
    """The text, and the references that close it, without their heading."""
    first = len(body)
    while first and _is_reference(body[first - 1]):
        first -= 1
    references = tuple(line for paragraph in body[first:] for line in _references_in(paragraph))
    if references and first and _REFERENCES_HEADING.fullmatch(body[first - 1].text):
        first -= 1
    return body[:first], references


def _is_reference(paragraph: Paragraph) -> bool:
    return all(
        len(reference) <= _LONGEST_REFERENCE and _REFERENCE.match(reference) for reference in _references_in(paragraph)
    )


def _references_in(paragraph: Paragraph) -> list[str]:
    """Each line where every line is a reference by itself, else the paragraph as one."""
    if all(_REFERENCE.match(line[:_LONGEST_REFERENCE]) for line in paragraph.lines):
        return list(paragraph.lines)
    return [" ".join(paragraph.lines)]


FORMAT = Format(NAME, "Web page saved as text", matches, whole(parse), version=2)
