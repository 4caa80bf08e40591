"""The page of an article on PubMed, saved from a browser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from lxml import html

from articles.importers.format import Format, whole
from articles.importers.record import Contributor, LinkedRecord, OtherText, ParseError, Record
from articles.importers.shared import abstracts, notices, raised, trials
from articles.importers.shared.languages import code
from articles.importers.shared.names import family_first, given_first
from articles.importers.shared.publication_types import kind_and_design
from articles.importers.web_page import paper, tree
from articles.importers.web_page.facts import date_of
from articles.importers.web_page.head import Head
from articles.lib.document import Document, Part, Section, sections
from articles.lib.partial_date import PartialDate
from articles.lib.text import normalise
from articles.lib.vocabulary import Kind, LinkRelation, PublisherInterest, TextBasis

NAME = "pubmed-page"

_IS_HTML = re.compile(r"\s*+(?:<!--(?:(?!-->)[\s\S]){0,2000}+-->\s*+)*+<(?:!doctype html|html)\b", re.IGNORECASE)
_IS_PUBMED = re.compile(
    r"<title>[^<]{0,3000}?(?:- PubMed(?: - NCBI)?\s*|PmFetch response)</title>"
    r"|<meta\s+name=[\"']ncbi_app[\"']\s+content=[\"']pubmed[\"']",
    re.IGNORECASE,
)
_PMID_IN_DUMP = re.compile(r"^\s*pmid (\d{1,9})\b", re.MULTILINE | re.ASCII)
_CITATION = re.compile(
    r"(?P<date>\d{4}[^;:.]{0,40})(?:;(?P<volume>[^(:;.]{0,40})(?:\((?P<issue>[^)]{0,60})\))?(?::(?P<pages>[^.;:]{0,60}))?)?\."
)
_NUMBERS = re.compile(r"\b(?P<scheme>PMID|PMCID|doi): ?(?P<value>[^\s;]+)", re.IGNORECASE)
_RELATIONS = {
    "retraction in": LinkRelation.RETRACTION_IN,
    "retraction of": LinkRelation.RETRACTION_OF,
    "expression of concern in": LinkRelation.CONCERN_IN,
    "expression of concern for": LinkRelation.CONCERN_FOR,
    "erratum in": LinkRelation.ERRATUM_IN,
    "erratum for": LinkRelation.ERRATUM_FOR,
    "corrected and republished in": LinkRelation.REPUBLISHED_IN,
    "corrected and republished from": LinkRelation.REPUBLISHED_FROM,
    "republished in": LinkRelation.REPUBLISHED_IN,
    "republished from": LinkRelation.REPUBLISHED_FROM,
    "update in": LinkRelation.UPDATE_IN,
    "update of": LinkRelation.UPDATE_OF,
    "comment in": LinkRelation.COMMENT_IN,
    "comment on": LinkRelation.COMMENT_ON,
}
_KEYWORDS = "Keywords"
_TRAILING_LINKS = re.compile(r"(?: ?- (?:DOI|PubMed|PMC))+$")


def matches(text: str) -> bool:
    """HTML whose head says that it is PubMed's."""
    return _IS_HTML.match(text) is not None and _IS_PUBMED.search(text) is not None


def parse(text: str) -> list[Record]:
    """The one record of the page. A list of results and other pages of PubMed's are refused with what to do instead."""
    page = _Page.of(text)
    title = abstracts.title(page.head.first("citation_title") or page.text(".//h1[contains(@class,'heading-title')]"))
    if not title:
        raise ParseError("There is no article on this page of PubMed's.")
    document, labels = page.abstract()
    types = page.items("publication-types")
    kind, design = kind_and_design(types)
    links = tuple(page.links())
    status, notice = notices.status(links, types, title)
    record = Record(
        title=title,
        document=document,
        format=NAME,
        kind=kind or Kind.ABSTRACT.value,
        design=design,
        publisher_interest=PublisherInterest.UNKNOWN.value,
        text_basis=(TextBasis.ABSTRACT if document.text else TextBasis.METADATA_ONLY).value,
        contributors=page.authors(),
        publication_types=types,
        publication_status=status,
        status_notice=notice,
        links=links,
        trial_ids=trials.in_text(document.text),
        sections=labels,
        guesses={"publisher_interest": "The page does not say who paid for the work."}
        | ({} if kind else {"kind": "A PubMed record with no publication type on the page that tells."}),
    )
    return [_with_details(_with_citation(record, page), page)]


@dataclass(frozen=True)
class _Page:
    """The page and its parts. Most of them stand on it twice, for wide and for narrow screens."""

    root: html.HtmlElement
    article: html.HtmlElement
    head: Head

    @classmethod
    def of(cls, text: str) -> "_Page":
        root = tree.parse(text)
        head = Head(root, text)
        _refuse_other_pages(head, root)
        full_view = root.xpath(".//*[@id='full-view-heading']")
        return cls(root, full_view[0] if full_view else root, head)

    def text(self, path: str) -> str:
        """The text of the first element at this path of the article's heading, on one line."""
        return next(filter(None, map(_text, self.article.xpath(path))), "")

    def part(self, name: str) -> html.HtmlElement | None:
        """The part of the page that has this id."""
        return next(iter(self.root.xpath(".//*[@id=$name]", name=name)), None)

    def items(self, name: str) -> tuple[str, ...]:
        """The entries of the list in a part, without the menus that belong to each."""
        part = self.part(name)
        if part is None:
            return ()
        buttons = part.xpath(".//button[contains(@class,'keyword-actions-trigger')]") or part.xpath(".//li")
        return tuple(dict.fromkeys(filter(None, map(_text, buttons))))

    def abstract(self) -> tuple[Document, tuple[Section, ...]]:
        """The abstract in the language in which the page shows it."""
        shown = self.root.xpath(".//*[contains(@class,'abstract-content') and contains(@class,'selected')]")
        return _document(shown[0]) if shown else (Document(""), ())

    def other_abstracts(self) -> Iterator[OtherText]:
        """The abstract in other languages."""
        shown = "contains(@class,'abstract-content') and not(contains(@class,'selected'))"
        for element in self.root.xpath(f".//*[{shown}]"):
            document, _sections = _document(element)
            language = element.get("id", "").removesuffix("-abstract")
            if document.text:
                yield OtherText("abstract", document.text, code(language) if len(language) <= 3 else "")

    def authors(self) -> tuple[Contributor, ...]:
        """The authors: full names of the page, divided where the short names in its head divide them."""
        listed = self.article.xpath(".//*[contains(@class,'authors-list-item')]")
        short = [name.strip() for name in self.head.first("citation_authors").split(";") if name.strip()]
        if not listed:
            return tuple(map(family_first, short))
        same = len(short) == len(listed)
        return tuple(_author(item, name) for item, name in zip_longest(listed, short if same else [], fillvalue=""))

    def links(self) -> Iterator[LinkedRecord]:
        """The notices and comments that the page lists."""
        for heading in self.root.iter("h2", "h3", "h4"):
            relation = _RELATIONS.get(_text(heading).rstrip(":").lower())
            if relation is None or (around := heading.getparent()) is None:
                continue
            for item in around.iter("li"):
                citation = _text(item)
                found = [(match["scheme"].lower(), match["value"].rstrip(".")) for match in _NUMBERS.finditer(citation)]
                yield LinkedRecord(relation.value, citation, tuple(paper.valid(found)))


def _refuse_other_pages(head: Head, root: html.HtmlElement) -> None:
    if head.title.startswith("PmFetch"):
        numbers = _PMID_IN_DUMP.findall(str(root.text_content()))
        which = f" Import it by its PMID, {numbers[-1]}." if numbers else ""
        raise ParseError(
            f"This is a reply of PubMed's old PmFetch service, a record as ASN.1, which is not read.{which}"
        )
    if "Search Results" in head.title or root.xpath("boolean(.//*[contains(@class,'search-results-chunk')])"):
        raise ParseError(
            "This is a list of search results, which holds no whole records. On PubMed choose Save, then All results "
            "and the format PubMed, and import that file."
        )


def _text(element: html.HtmlElement) -> str:
    pieces = [raised.mark(part, _script(part)) for part in element.xpath(".//text()")]
    return " ".join(normalise(raised.printed("".join(pieces))).split())


def _script(part: Any) -> str:
    """The element that raises or lowers a text, also where it is a link inside of it."""
    around = part.getparent() if part.is_text else part.getparent().getparent()
    outer = around.getparent() if around is not None else None
    return next((one.tag for one in (around, outer) if one is not None and one.tag in ("sup", "sub")), "")


def _document(element: html.HtmlElement) -> tuple[Document, tuple[Section, ...]]:
    """The paragraphs of an abstract. Labels are in capitals, as in every other form in which PubMed gives them."""
    written: list[tuple[str, str]] = []
    for paragraph in element.iter("p"):
        label = next((_text(title) for title in paragraph.xpath("./strong[contains(@class,'sub-title')]")), "")
        text = _text(paragraph).removeprefix(label).strip()
        name = label.rstrip(": ")
        if text or name:
            written.append((name, f"{name.upper()}: {text}".strip() if name else text))
    if not written and (text := _text(element)):
        written = [("", text)]
    document = Document.from_parts(Part("paragraph", text) for _name, text in written)
    labels = {block.start: name.capitalize() for block, (name, _text) in zip(document.blocks, written, strict=True)}
    return document, sections(document, labels if any(labels.values()) else None)


def _author(item: html.HtmlElement, short: str) -> Contributor:
    named = item.xpath(".//*[contains(@class,'full-name')]")
    full = _text(named[0]) if named else _text(item).rstrip(",; 0123456789")
    affiliations = [link.get("title", "") for link in item.xpath(".//a[contains(@class,'affiliation-link')]")]
    author = given_first(full)
    family = family_first(short).family
    if family and full.endswith(f" {family}"):
        author = Contributor(full, family=family, given=full.removesuffix(family).strip())
    return replace(author, affiliation="; ".join(" ".join(normalise(name).split()) for name in affiliations if name))


def _with_citation(record: Record, page: _Page) -> Record:
    printed = page.text(".//*[contains(concat(' ',@class,' '),' cit ')]")
    citation = _CITATION.match(printed)
    said = paper.of(page.head)
    numbers = [
        ("pmid", page.text(".//*[contains(@class,'pubmed')]//*[contains(@class,'current-id')]")),
        ("pmcid", page.text(".//*[contains(@class,'pmc')]//*[contains(@class,'id-link')]")),
        ("doi", page.text(".//*[contains(@class,'doi')]//*[contains(@class,'id-link')]")),
    ]
    journal = page.text(".//*[contains(@class,'journal-actions-trigger')]")
    return replace(
        record,
        container=said.container or journal,
        date=_date(citation["date"] if citation else page.head.first("citation_date", "citation_publication_date")),
        volume=(citation["volume"] if citation else "") or said.volume,
        issue=(citation["issue"] if citation else "") or said.issue,
        pages=((citation["pages"] if citation else "") or said.pages).strip(),
        identifiers=tuple((dict(paper.valid(numbers)) | dict(said.identifiers)).items()),
        extra={"citation": printed} if printed and not citation else {},
    )


def _date(written: str) -> PartialDate | None:
    """The date as far as it can be read: its year at least."""
    american = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", written)
    whole = date_of(f"{american[3]}-{american[1]}-{american[2]}" if american else written.strip())
    year = re.match(r"[12]\d{3}", written)
    return whole or (PartialDate(int(year[0])) if year else None)


def _with_details(record: Record, page: _Page) -> Record:
    """Subjects, funding, interests, availability, references."""
    interest = page.part("conflict-of-interest")
    statement = _text(interest).removeprefix("Conflict of interest statement").strip() if interest is not None else ""
    extra: dict[str, Any] = {"substances": list(page.items("substances"))}
    return replace(
        record,
        keywords=_keywords(page),
        mesh_headings=tuple(map(_mesh, page.items("mesh-terms"))),
        grants=page.items("grants"),
        conflict_of_interest=statement,
        other_texts=tuple(page.other_abstracts()),
        is_free_full_text=True if page.article.xpath("boolean(.//*[contains(@class,'free-label')])") else None,
        full_text_providers=_providers(page),
        references=tuple(_TRAILING_LINKS.sub("", item) for item in page.items("references")),
        extra={**record.extra, **{name: value for name, value in extra.items() if value}},
    )


def _keywords(page: _Page) -> tuple[str, ...]:
    """The authors' keywords, which stand below the abstract."""
    labels = page.root.xpath(".//*[@id='abstract']//strong[contains(@class,'sub-title')]")
    for label in labels:
        if _text(label).startswith(_KEYWORDS):
            listed = _text(label.getparent()).partition(":")[2]
            return tuple(filter(None, (word.strip(" .") for word in listed.split(";"))))
    return ()


def _mesh(printed: str) -> str:
    """A heading as MEDLINE writes it: "Exosomes / metabolism*" becomes "Exosomes/*metabolism"."""
    return "/".join(f"*{part[:-1]}" if part.endswith("*") else part for part in printed.split(" / "))


def _providers(page: _Page) -> tuple[str, ...]:
    """Where PubMed knows the full text to be."""
    said = (link.get("title", "") for link in page.root.xpath(".//*[contains(@class,'full-text-links-list')]//a"))
    names = (" ".join(normalise(title).split()).partition("options at ")[2] for title in said)
    return tuple(dict.fromkeys(filter(None, names)))


FORMAT = Format(NAME, "PubMed page saved from a browser", matches, whole(parse), version=2)
