"""A review's abstract quoted on a web page and saved as text: title, quoted text, authors, "See the publication"."""

import re

from articles.importers.format import Format, whole
from articles.importers.record import Contributor, ParseError, Record
from articles.importers.shared import paragraphs
from articles.importers.shared.fields import LONGEST_NAME
from articles.importers.shared.names import given_first
from articles.importers.shared.paragraphs import Paragraph
from articles.lib.document import Document, sections
from articles.lib.text import normalise
from articles.lib.vocabulary import Kind, PublisherInterest, TextBasis

NAME = "review-text"

_CLOSING = re.compile(r"(?:see|read|view) the (?:full )?(?:publication|paper|article)\.?", re.IGNORECASE)
_SAYS_REVIEW = re.compile(
    r"\b(?:narrative|systematic|scoping|literature|critical) review\b|\b(?:in the present|this|in this) review\b"
    r"|\bwe (?:\w+ )?review(?:ed)?\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"[^\W\d_][\w'.-]*(?: [^\W\d_][\w'.-]*){1,5}")
_WIDE_GAP = 2
_MOST_AUTHORS = 500


def matches(text: str) -> bool:
    """A last line that leads to the publication, below a line of authors."""
    given = paragraphs.split(text)
    return len(given) >= 4 and _CLOSING.fullmatch(given[-1].text) is not None and _is_author_line(given[-2])


def parse(text: str) -> list[Record]:
    """The one review of the page. Sections are labelled where the text labels them, and blank where only a gap does."""
    given = paragraphs.split(text)
    if not matches(text):
        raise ParseError('Expected a title, a text, a line of authors and at the end "See the publication".')
    title, body = " ".join(given[0].lines), _without_quotation_marks(given[1:-2])
    document = Document.from_parts(paragraphs.parts(body))
    if not document.text:
        raise ParseError("There is no text between the title and the authors.", given[0].line)
    kind, reason = _kind(title, document.text)
    record = Record(
        title=title,
        document=document,
        format=NAME,
        kind=kind,
        publisher_interest=PublisherInterest.UNKNOWN.value,
        text_basis=TextBasis.EXCERPT.value,
        contributors=_contributors(given[-2]),
        sections=sections(document, _section_starts(document, body)),
        guesses={
            "kind": reason,
            "publisher_interest": "The page does not say who paid for the work.",
            "contributors": "Given and family names were divided before the last word.",
        },
    )
    return [record]


def _is_author_line(paragraph: Paragraph) -> bool:
    names = " ".join(paragraph.lines).split(", ")
    return 2 <= len(names) <= _MOST_AUTHORS and all(
        len(name) <= LONGEST_NAME and _PERSON.fullmatch(name.removesuffix(".")) for name in names
    )


def _contributors(paragraph: Paragraph) -> tuple[Contributor, ...]:
    return tuple(given_first(name) for name in " ".join(paragraph.lines).split(", "))


def _without_quotation_marks(body: list[Paragraph]) -> list[Paragraph]:
    """The text without the pair of quotation marks around the whole of it."""
    if not body or not (body[0].lines[0].startswith('"') and body[-1].lines[-1].endswith('"')):
        return body
    opened = [_edited(body[0], 0, body[0].lines[0][1:]), *body[1:]]
    return [*opened[:-1], _edited(opened[-1], -1, opened[-1].lines[-1][:-1])]


def _edited(paragraph: Paragraph, number: int, line: str) -> Paragraph:
    lines = list(paragraph.lines)
    lines[number] = normalise(line)
    return Paragraph(tuple(lines), paragraph.line, paragraph.gap)


def _section_starts(document: Document, body: list[Paragraph]) -> dict[int, str]:
    """Offsets of headings with their words, and of paragraphs after a wide gap with a blank label."""
    after_gap = {paragraph.text for paragraph in body if paragraph.gap >= _WIDE_GAP}
    starts: dict[int, str] = {}
    for block in document.blocks:
        words = document.text[block.start : block.end]
        if block.kind == "heading" or words in after_gap:
            starts[block.start] = words if block.kind == "heading" else ""
    return starts


def _kind(title: str, text: str) -> tuple[str, str]:
    for place, words in (("title", title), ("text", text)):
        said = _SAYS_REVIEW.search(words)
        if said:
            return Kind.REVIEW.value, f'The {place} says "{said.group()}".'
    return Kind.ABSTRACT.value, "The page quotes a publication and does not call it a review."


FORMAT = Format(NAME, "Review digest saved as text", matches, whole(parse))
