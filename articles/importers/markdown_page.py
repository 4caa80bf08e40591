"""A web page kept as Markdown with front matter, as the content systems of many clinics store them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from articles.importers.format import Format, whole
from articles.importers.record import Contributor, ParseError, Record
from articles.importers.shared import front_matter, guessing, markdown, page_fields
from articles.importers.shared.fields import LONGEST_NAME, Fields
from articles.importers.shared.front_matter import FrontMatter
from articles.importers.shared.languages import code
from articles.importers.shared.names import given_first
from articles.lib import identifiers, partial_date
from articles.lib.document import Document, Section, sections
from articles.lib.identifiers import InvalidIdentifier
from articles.lib.partial_date import InvalidDate, PartialDate
from articles.lib.text import normalise
from articles.lib.vocabulary import TextBasis

NAME = "markdown-page"

# What other fields hold only a part of stays among the rest: the day of a time, the name of an author.
_FIELDS = frozenset({"title", "description"})
_DATES = ("date", "publishDate", "publish_date", "published_at", "pubDate", "datePublished", "published", "created")
_ADDRESSES = ("url", "canonical", "canonical_url", "canonicalUrl", "permalink")
_AUTHORS = ("authors", "author")
_LONGEST_KEYWORD, _LONGEST_LICENCE, _LONGEST_LANGUAGE = 400, 200, 20


def matches(text: str) -> bool:
    """A front matter with a title; what is only meant as one is read too, so that its mistakes are named."""
    return front_matter.is_present(text)


def parse(text: str) -> list[Record]:
    """The one page of the file; everything of its front matter that no field holds is kept in `extra`.

    Questions with their answers, sections and the like that stand in the front matter follow the text of the body.
    """
    head = front_matter.split(text)
    fields = Fields(head)
    document = _with_texts_of(head)
    parts = sections(document)
    title, title_reason = _title(fields, document, parts)
    guess = guessing.of_page(document.text, also=_reason_in(head))
    publisher, publisher_reason = guessing.publisher([title, *(section.label for section in parts)])
    reasons = {"title": title_reason, "publisher": publisher_reason, "text_basis": _draft_reason(head.data)}
    addresses = _addresses(head.data)
    record = Record(
        title=title,
        document=document,
        format=NAME,
        kind=guess.kind,
        publisher_interest=guess.publisher_interest,
        text_basis=TextBasis.WEB_PAGE.value,
        description=fields.text("description"),
        date=_date(head.data),
        identifiers=tuple(addresses.values())[:1],
        publisher=publisher,
        sections=parts,
        guesses={**guess.reasons, **{name: reason for name, reason in reasons.items() if reason}},
        extra=fields.others(_FIELDS | set(list(addresses)[:1])),
    )
    return [_with_plain_fields(record, head.data)]


def _with_texts_of(head: FrontMatter) -> Document:
    """The text of the body and of the front matter."""
    has_body = bool(head.body.strip())
    gathered = page_fields.markdown(head.data, has_body=has_body)
    document = markdown.document(f"{head.body}\n\n{gathered}" if gathered else head.body, head.body_line)
    if not document.text:
        raise ParseError("There is no text: neither below the front matter nor in its sections.", head.body_line)
    return document


def _title(fields: Fields, document: Document, parts: tuple[Section, ...]) -> tuple[str, str]:
    """The title, and why it is a guess where the front matter names none: then the text begins with it."""
    first = document.blocks[0]
    if "title" not in fields and first.kind == "heading" and parts[0].label:
        return parts[0].label, "The front matter has no title; this is the heading with which the text begins."
    return fields.text("title", required=True), ""


def _date(data: Mapping[str, Any]) -> PartialDate | None:
    """The date of publication; one that cannot be read stays among the rest."""
    for name in _DATES:
        try:
            return partial_date.parse(str(data[name]))
        except (InvalidDate, KeyError):
            continue
    return None


def _addresses(data: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The page's own addresses by the names of their fields; parts of addresses stay among the rest."""
    found: dict[str, tuple[str, str]] = {}
    for name in _ADDRESSES:
        try:
            found[name] = ("url", identifiers.normalise("url", str(data[name])))
        except (InvalidIdentifier, KeyError):
            continue
    return found


def _with_plain_fields(record: Record, data: Mapping[str, Any]) -> Record:
    """What a front matter says in words of which a copy stays among the rest."""
    keywords = (*_listed(data.get("tags")), *_listed(data.get("keywords")))
    language = code(_plain(data.get("lang") or data.get("language") or data.get("locale")))
    licence = _plain(data.get("license") or data.get("licence"))
    return replace(
        record,
        keywords=tuple(dict.fromkeys(word for word in keywords if len(word) <= _LONGEST_KEYWORD)),
        contributors=_contributors(data),
        language=language if len(language) <= _LONGEST_LANGUAGE else "",
        licence=licence if len(licence) <= _LONGEST_LICENCE else "",
    )


def _contributors(data: Mapping[str, Any]) -> tuple[Contributor, ...]:
    given = next((data[name] for name in _AUTHORS if data.get(name)), None)
    people = given if isinstance(given, list) else [given]
    named = (_plain(person.get("name") if isinstance(person, Mapping) else person) for person in people)
    return tuple(given_first(name) for name in named if name and len(name) <= LONGEST_NAME)


def _listed(value: Any) -> list[str]:
    """The words of a list, or of one line in which commas part them."""
    values = value if isinstance(value, list) else _plain(value).split(",")
    return [word for word in map(_plain, values) if word]


def _plain(value: Any) -> str:
    return " ".join(normalise(value).split()) if isinstance(value, str) else ""


def _draft_reason(data: Mapping[str, Any]) -> str:
    """Why the page may never have been seen by anybody."""
    flags = {"draft": (True, "true", "yes"), "published": (False, "false", "no"), "status": ("draft",)}
    for name, values in flags.items():
        written = data.get(name)
        if any(written is value or (isinstance(value, str) and _plain(written).lower() == value) for value in values):
            said = str(written).lower()
            return f'The page is marked as a draft ("{name}: {said}"): it may never have been published like this.'
    return ""


def _reason_in(head: FrontMatter) -> str:
    said = [f'"{name}: {head.data[name]}"' for name in ("type", "templateKey") if name in head.data]
    return f"The front matter says {' and '.join(said)}. " if said else ""


FORMAT = Format(NAME, "Web page as Markdown with front matter", matches, whole(parse), version=3)
