"""A saved web page: its main text with headings, lists, links and tables, and what it says about itself.

What stands only in the page's data for machines never becomes text: it is kept in `extra`. So are passages that were
left out of the text as menus, banners and the like, where they say something in whole sentences.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from lxml import html
from trafilatura.metadata import extract_metadata

from articles.importers import stream
from articles.importers.format import Format, Raw, Unreadable
from articles.importers.record import ParseError, Record
from articles.importers.shared import guessing
from articles.importers.shared.fields import LONGEST_NAME
from articles.importers.shared.languages import code
from articles.importers.web_page import blocks, facts, main_content, mhtml, paper, tree, walls
from articles.importers.web_page.blocks import Block
from articles.importers.web_page.facts import Stated
from articles.importers.web_page.furniture import Place
from articles.importers.web_page.head import Head, types_of
from articles.importers.web_page.paper import Paper
from articles.importers.web_page.walls import Wall
from articles.lib.document import Document, sections
from articles.lib.partial_date import PartialDate
from articles.lib.text import normalise
from articles.lib.vocabulary import Kind, TextBasis

NAME = "web-page"

_START = re.compile(
    r"\s*+(?:<\?xml[^>]{0,300}\?>\s*+)?(?:<!--(?:(?!-->)[\s\S]){0,5000}+-->\s*+)*+"
    r"<(?:!doctype\s+html|html|head|body|title|meta|main|article|section|div|h1)\b",
    re.IGNORECASE,
)
_WHERE_MESSAGES_BEGIN = 8_192
# Beyond so many words the page of a paper holds more than its abstract.
_LONGEST_ABSTRACT = 800
_LONGEST_LICENCE, _LONGEST_KEYWORD, _LONGEST_CONTAINER, _LONGEST_LANGUAGE = 200, 400, 300, 20
_USED = frozenset(
    {
        "description", "og:description", "og:title", "og:url", "og:site_name", "keywords", "citation_title",
        "citation_author", "citation_doi", "citation_pmid", "citation_volume", "citation_issue", "citation_firstpage",
        "citation_lastpage", "citation_journal_title",
    }
)  # fmt: skip


def matches(text: str) -> bool:
    """HTML from its beginning on, or a message that holds it; XML of other kinds is not taken for it."""
    return _START.match(text) is not None or mhtml.is_present(text)


def split(file: BinaryIO) -> Iterator[Raw | Unreadable]:
    """The one page of the file, in whatever encoding it says it is."""
    data = stream.read_all(file)
    yield Raw(data, lambda: _read(data), 1)


def parse(text: str, saved_from: str = "") -> list[Record]:
    """The one record of a page; raises `ParseError` where a wall stands in front of it or there is no text.

    `saved_from` is the address the page was saved from, where its file tells that.
    """
    page = _Page.of(text, saved_from)
    wall = page.wall()
    kept = [block for block in page.kept if not (wall and walls.is_notice(block.text))]
    site, publisher = facts.site(page.head), facts.publisher(page.head, page.root, page.address)
    title = _title(page, site or publisher.value)
    kept, references = main_content.without_references(kept)
    document = blocks.document(kept[1:] if kept and kept[0].kind == "heading" and kept[0].text == title else kept)
    if not document.text:
        raise ParseError(f'The page "{title[:80]}" holds no text below its title.')
    record = Record(
        title=title,
        document=document,
        format=NAME,
        description=page.head.first("description", "og:description", "dc.description"),
        language=_language(page.head),
        contributors=facts.authors(page.head),
        references=references,
        sections=sections(document),
    )
    record = _with_date(_with_names(record, page, site, publisher), page)
    return [_with_extra(_with_kind(record, page, wall), page, wall)]


@dataclass(frozen=True)
class _Page:
    """A page taken apart."""

    root: html.HtmlElement
    head: Head
    address: str
    no_address: list[str]
    blocks: list[Block]
    kept: list[Block]
    left_out: list[Block]
    paper: Paper
    without_scripts: list[str]

    @classmethod
    def of(cls, text: str, saved_from: str) -> "_Page":
        root = tree.parse(text)
        head = Head(root, text, saved_from)
        address, no_address = head.address()
        found = blocks.of_page(root, address)
        kept, left_out = main_content.of(root, found) if found else ([], [])
        without_scripts = [normalise(str(element.text_content()))[:2_000] for element in root.iter("noscript")]
        return cls(root, head, address, no_address, found, kept, left_out, paper.of(head, address), without_scripts)

    @property
    def headings(self) -> list[str]:
        return [block.text for block in self.kept if block.kind == "heading"]

    @property
    def all_text(self) -> str:
        """What the page says, its menus and buttons too, which may offer what its text does not."""
        return "\n".join(block.text for block in self.blocks if block.place is not Place.COOKIES)

    def wall(self) -> Wall | None:
        """What stands in front of the page; raises `ParseError` where nothing of it can be read."""
        passages = [block.text for block in self.kept if not walls.is_notice(block.text)]
        words_left = sum(len(passage.split()) for passage in passages)
        wall = walls.find(
            titles=[self.head.title, *self.headings[:2]],
            kept=[block.text for block in self.kept],
            seen=[*(block.text for block in self.blocks), *self.without_scripts],
            words_left=words_left,
        )
        if not words_left:
            scripts = next(self.root.iter("script"), None) is not None
            why = f"it seems to be filled by scripts. {walls.SAVE_AGAIN}" if scripts else "it has none."
            raise ParseError(f"There is no text to keep on the page: {why}")
        if wall is None and facts.is_behind_paywall(self.head):
            return Wall("a paywall", "isAccessibleForFree: false")
        return wall


def _read(data: bytes) -> Record:
    is_message = mhtml.is_present(stream.start_of(data[:_WHERE_MESSAGES_BEGIN]))
    content, saved_from = mhtml.page(data) if is_message else (data, "")
    text, notes = tree.text_of(content)
    (record,) = parse(text, saved_from)
    return replace(record, repairs=(*notes, *record.repairs))


def _title(page: _Page, site: str) -> str:
    title = normalise(facts.title(page.head, page.headings, site)).removesuffix(".")
    title = " ".join(title.split())
    if not title:
        raise ParseError("The page has no title: neither a <title> nor a heading.")
    return title


def _language(head: Head) -> str:
    written = normalise(head.language) or head.first("og:locale", "citation_language", "dc.language")
    return code(written) if len(written) <= _LONGEST_LANGUAGE else ""


def _with_names(record: Record, page: _Page, site: str, publisher: Stated) -> Record:
    """Who publishes the page, and where it stands."""
    if not publisher.value or len(publisher.value) > LONGEST_NAME:
        publisher = Stated(*guessing.publisher([record.title, *page.headings]))
    container = page.paper.container or site
    licence = facts.licence(page.head)
    url = (("url", page.address),) if page.address else ()
    return replace(
        record,
        publisher=publisher.value,
        container=container if len(container) <= _LONGEST_CONTAINER else "",
        volume=page.paper.volume,
        issue=page.paper.issue,
        pages=page.paper.pages,
        licence=licence if len(licence) <= _LONGEST_LICENCE else "",
        keywords=tuple(keyword for keyword in _keywords(page.head) if len(keyword) <= _LONGEST_KEYWORD),
        identifiers=(*page.paper.identifiers, *url),
        guesses={"publisher": publisher.reason} if publisher.reason else {},
    )


def _keywords(head: Head) -> tuple[str, ...]:
    listed = [
        *head.all("keywords"),
        *head.all("citation_keywords"),
        *head.all("citation_keyword"),
        *head.all("article:tag"),
    ]
    words = (word.strip() for value in listed for word in re.split("[;,]", value))
    return tuple(dict.fromkeys(filter(None, words)))


def _with_date(record: Record, page: _Page) -> Record:
    date, reason, unread = facts.published(page.head, page.root)
    if date is None:
        date = _guessed_date(page)
        reason = f"Found on the page by its looks: {date.display()}." if date else ""
    guesses = {**record.guesses, "date": reason} if reason else record.guesses
    extra = {"unread_dates": unread} if unread else {}
    return replace(record, date=date, guesses=guesses, extra={**record.extra, **extra})


def _guessed_date(page: _Page) -> PartialDate | None:
    """What trafilatura takes for the date; on pages that state none this is often that of something else."""
    if main_content.is_too_much(page.root):
        return None
    try:
        found = extract_metadata(
            page.root, extensive=False, date_config={"original_date": True, "extensive_search": False}
        )
    except Exception:  # whatever a hostile page makes it raise, the page can be read without it
        return None
    return facts.date_of(found.date) if found and found.date else None


def _with_kind(record: Record, page: _Page, wall: Wall | None) -> Record:
    types = {name for node in page.head.json_ld for name in types_of(node)}
    guess = guessing.of_page(page.all_text, types=types, address=page.address)
    basis, reasons = TextBasis.WEB_PAGE, dict(guess.reasons)
    kind, interest = guess.kind, guess.publisher_interest
    if page.paper.container and page.head.first("citation_title"):
        kind, interest, basis, reasons = _of_paper(record.document, page.paper)
    if wall:
        basis = TextBasis.EXCERPT
        reasons["text_basis"] = (
            f'{wall.name.capitalize()} stands in front of the page ("{wall.words}"): text is missing.'
        )
    return replace(
        record,
        kind=kind,
        publisher_interest=interest,
        text_basis=basis.value,
        guesses={**reasons, **record.guesses},
    )


def _of_paper(document: Document, paper: Paper) -> tuple[str, str, TextBasis, dict[str, str]]:
    """What is guessed of the page of a paper, which may hold the abstract only or all of it."""
    words = len(document.text.split())
    basis = TextBasis.ABSTRACT if words <= _LONGEST_ABSTRACT else TextBasis.FULL_TEXT
    reasons = {
        "kind": f"The page names a paper in {paper.container}; it does not say of which type.",
        "publisher_interest": "The page does not say who paid for the work.",
        "text_basis": f"The page of a paper with {words} words of text.",
    }
    return Kind.ABSTRACT.value, "unknown", basis, reasons


def _with_extra(record: Record, page: _Page, wall: Wall | None) -> Record:
    """Everything that no field holds, and what was left out of the text."""
    head = page.head
    text = _compact(record.document.text)
    kept: dict[str, Any] = {
        "title_element": head.title if head.title != record.title else "",
        "modified": facts.modified(head),
        "wall": f"{wall.name}: {wall.words}" if wall else "",
        "no_address": list(map(normalise, page.no_address)),
        "invalid_identifiers": [*page.paper.invalid, *facts.invalid_orcids(head)],
        "questions_only_in_json_ld": [
            pair for pair in facts.questions(head) if _compact(pair["question"]) not in text or not pair["question"]
        ],
        "left_out": [block.text for block in page.left_out if block.is_prose and block.place is not Place.COOKIES],
        "meta": head.others(_USED),
        "json_ld": head.json_ld,
    }
    return replace(record, extra={**record.extra, **{name: value for name, value in kept.items() if value}})


def _compact(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


FORMAT = Format(NAME, "Saved web page", matches, split, version=2)
