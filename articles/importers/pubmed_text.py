"""A PubMed page saved as plain text, with the furniture of the page around the record."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, takewhile

from articles.importers.format import Format, whole
from articles.importers.record import Contributor, ParseError, Record
from articles.importers.shared import paragraphs
from articles.importers.shared.fields import LONGEST_NAME
from articles.importers.shared.names import family_first
from articles.importers.shared.paragraphs import Paragraph
from articles.lib import identifiers, partial_date
from articles.lib.document import Document, Part, sections
from articles.lib.identifiers import InvalidIdentifier
from articles.lib.partial_date import InvalidDate, PartialDate
from articles.lib.text import lines
from articles.lib.vocabulary import Kind, PublisherInterest, TextBasis

NAME = "pubmed-text"

_LONGEST_CITATION = 500
_CITATION = re.compile(
    r"(?P<container>\S.{0,200}?)\. (?P<year>\d{4})(?P<rest_of_date> [A-Za-z][A-Za-z /-]{2,20}(?: \d{1,2})?)?"
    r"(?:;(?P<volume>[^(:;.]{0,40})(?:\((?P<issue>[^)]{0,40})\))?(?::(?P<pages>[^.;:]{0,60}))?)?\.(?P<rest>.*)"
)
_IDENTIFIER = re.compile(r"\b(?P<scheme>PMID|PMCID|doi): ?(?P<value>\S+)", re.IGNORECASE)
_AUTHOR = r"[^\W\d_][\w' -]{0,60} [^\W\d_a-z]{1,4}(?: (?:Jr|Sr|2nd|3rd))?(?:\(?\d+\)?(?:,\d+)*)?"
_AUTHORS = re.compile(rf"{_AUTHOR}(?:, {_AUTHOR})*\.?")
_AFFILIATION_MARK = re.compile(r"\(?\d+\)?(?:,\d+)*$")
_LABEL = re.compile(r"(?P<label>[A-Z][A-Z ,/&'-]{2,60}): ")
_PROVIDER = re.compile(r"\s*Icon for ")
_TAIL_BEGINS = re.compile(r"\[(?:PubMed - )?indexed for MEDLINE|\[PubMed - |(?:PMID|PMCID|DOI): ?\S", re.IGNORECASE)
_TAIL_HEADINGS = frozenset(
    {
        "free article",
        "free full text",
        "free pmc article",
        "full text links",
        "grant support",
        "linkout - more resources",
        "mesh terms",
        "publication type",
        "publication types",
        "pubmed commons home",
        "similar articles",
        "substances",
        "supplemental content",
    }
)
_MEDLINE = re.compile(r"\[(?:PubMed - )?indexed for MEDLINE\]", re.IGNORECASE)
_STATUS = re.compile(r"\[(?:PubMed - |indexed for MEDLINE)", re.IGNORECASE)
_FREE = re.compile(r"Free (?:PMC )?(?:Article|full text)", re.IGNORECASE)
_FURNITURE = _TAIL_HEADINGS | frozenset(
    {
        "abstract",
        "author information",
        "choose destination",
        "format: abstract",
        "how to join pubmed commons",
        "loading ...",
        "pubmed commons",
        "see comment in pubmed commons below",
        "send to",
        "support center",
    }
)


def matches(text: str) -> bool:
    """A citation as PubMed prints it near the top, and the page's furniture or an identifier of PubMed's."""
    top = text[:20_000]
    has_furniture = "PubMed Commons" in text or "[Indexed for MEDLINE]" in text or "Author information" in top
    has_furniture = has_furniture or re.search(r"^PMID: ?\d", text, re.MULTILINE) is not None
    return has_furniture and any(_citation(line) for line in lines(top))


def parse(text: str) -> list[Record]:
    """The one record of the page. Lines that are neither record nor known furniture are kept in `extra`."""
    page = _Page.of(paragraphs.split(text))
    document = Document.from_parts(Part("paragraph", paragraph.text) for paragraph in page.abstract)
    record = Record(
        title=page.title,
        document=document,
        format=NAME,
        kind=Kind.ABSTRACT.value,
        publisher_interest=PublisherInterest.UNKNOWN.value,
        text_basis=(TextBasis.ABSTRACT if document.text else TextBasis.METADATA_ONLY).value,
        contributors=_contributors(page.authors, page.affiliations),
        sections=sections(document, _labels(document)),
        guesses={
            "kind": "A PubMed record with no publication type on the page; it may also be a review.",
            "publisher_interest": "The page does not say who paid for the work.",
        },
        extra=_extra(page),
    )
    return [_with_tail(_with_citation(record, page), page.tail)]


@dataclass
class _Page:
    """The stretches of the page, in their order."""

    citation: re.Match[str]
    title: str = ""
    authors: str = ""
    affiliations: list[str] = field(default_factory=list)
    abstract: list[Paragraph] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, given: list[Paragraph]) -> "_Page":
        separate = _separated(given)
        number = next((n for n, paragraph in enumerate(separate) if _citation(paragraph.lines[0])), None)
        if number is None:
            raise ParseError("There is no citation such as `J Name. 2012 Oct 22;13(10):137-25.` on the page.")
        citation = _citation(separate[number].lines[0])
        assert citation is not None  # noqa: S101 (the search above found it)
        page = cls(citation)
        page.unread = [line for paragraph in separate[:number] for line in paragraph.lines if not _is_furniture(line)]
        page._read_body(separate[number], separate[number + 1 :])
        return page

    def _read_body(self, citation: Paragraph, following: list[Paragraph]) -> None:
        end = next((n for n, p in enumerate(following) if _begins_tail(p.lines[0])), len(following))
        self.tail = [line for paragraph in following[end:] for line in paragraph.lines]
        body = following[:end]
        if not body:
            raise ParseError("There is no title below the citation.", citation.line)
        self.title = " ".join(body[0].lines).removesuffix(".")
        rest = body[1:]
        if rest and _AUTHORS.fullmatch(" ".join(rest[0].lines)[:50_000]):
            self.authors = " ".join(rest.pop(0).lines).removesuffix(".")
        self._read_affiliations_and_abstract(rest)

    def _read_affiliations_and_abstract(self, rest: list[Paragraph]) -> None:
        heads = [paragraph.text.lower() for paragraph in rest]
        if "abstract" in heads:
            border = heads.index("abstract")
        elif "author information" in heads[:1]:
            border = _end_of_affiliations(rest)
        else:
            border = 0
        self.affiliations = [line for p in rest[:border] for line in p.lines if not _is_furniture(line)]
        self.abstract = [p for p in rest[border:] if not _is_furniture(p.text)]


def _separated(given: Iterable[Paragraph]) -> list[Paragraph]:
    """Paragraphs in which a citation or a line of furniture stands by itself, whatever it was saved together with."""
    separate: list[Paragraph] = []
    for paragraph in given:
        gap, start = paragraph.gap, 0
        for together in _together(paragraph.lines):
            separate.append(Paragraph(together, paragraph.line + start, gap))
            gap, start = 0, start + len(together)
    return separate


def _together(lines: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The lines of a paragraph: those that stand alone, and what is left between them."""
    for stands_alone, group in groupby(lines, _stands_alone):
        some = tuple(group)
        yield from zip(some, strict=True) if stands_alone else (some,)


def _stands_alone(line: str) -> bool:
    return _is_furniture(line) or _begins_tail(line) or _citation(line) is not None


def _citation(line: str) -> re.Match[str] | None:
    return _CITATION.fullmatch(line) if len(line) <= _LONGEST_CITATION else None


def _is_furniture(line: str) -> bool:
    return line.lower() in _FURNITURE


def _begins_tail(line: str) -> bool:
    return line.lower() in _TAIL_HEADINGS or _TAIL_BEGINS.match(line) is not None


def _end_of_affiliations(rest: list[Paragraph]) -> int:
    """How many paragraphs belong to "Author information": up to a wider gap in the layout, else one."""
    for number in range(2, len(rest)):
        if rest[number].gap > rest[1].gap:
            return number
    return min(2, len(rest))


def _labels(document: Document) -> dict[int, str] | None:
    """Where the parts of a structured abstract begin, such as "METHODS: "; None for a plain abstract."""
    found = {
        block.start: label["label"].capitalize()
        for block in document.blocks
        if (label := _LABEL.match(document.text[block.start : block.end]))
    }
    return found or None


def _contributors(authors: str, affiliations: list[str]) -> tuple[Contributor, ...]:
    names = [_AFFILIATION_MARK.sub("", name).strip() for name in re.split(r", (?!\d)", authors) if name]
    # One affiliation without marks is everybody's; of several the page tells by marks that are lost in plain text.
    affiliation = affiliations[0] if len(affiliations) == 1 else ""
    return tuple(replace(family_first(name), affiliation=affiliation) for name in names if len(name) <= LONGEST_NAME)


def _extra(page: _Page) -> dict[str, list[str]]:
    kept = {"affiliations": page.affiliations, "unread_lines": [*page.unread, *_unread(page.tail)]}
    return {name: value for name, value in kept.items() if value}


def _unread(tail: list[str]) -> list[str]:
    known = (_STATUS, _PROVIDER, _IDENTIFIER)
    types = _publication_types(tail)
    return [
        line
        for line in tail
        if not (_is_furniture(line) or line in types or any(pattern.search(line) for pattern in known))
    ]


def _publication_types(tail: list[str]) -> tuple[str, ...]:
    """The lines below the heading "Publication types", up to the next heading."""
    heads = [line.lower().removesuffix("s") for line in tail]
    if "publication type" not in heads:
        return ()
    below = tail[heads.index("publication type") + 1 :]
    return tuple(takewhile(lambda line: not _is_furniture(line) and not _begins_tail(line), below))


def _with_citation(record: Record, page: _Page) -> Record:
    citation = page.citation
    return replace(
        record,
        container=citation["container"],
        date=_date(citation),
        volume=citation["volume"] or "",
        issue=citation["issue"] or "",
        pages=(citation["pages"] or "").strip(),
        identifiers=_identifiers([citation["rest"], *page.tail]),
    )


def _date(citation: re.Match[str]) -> PartialDate:
    """The date as far as it can be read: its year at least."""
    try:
        return partial_date.parse(citation["year"] + (citation["rest_of_date"] or ""))
    except InvalidDate:
        return PartialDate(int(citation["year"]))


def _identifiers(among: list[str]) -> tuple[tuple[str, str], ...]:
    """The first identifier of each scheme; later ones belong to comments and similar articles."""
    found: dict[str, str] = {}
    for match in (match for line in among for match in _IDENTIFIER.finditer(line)):
        scheme = match["scheme"].lower()
        try:
            found.setdefault(scheme, identifiers.normalise(scheme, match["value"].rstrip(".,;]")))
        except InvalidIdentifier:
            continue
    return tuple(found.items())


def _with_tail(record: Record, tail: list[str]) -> Record:
    text = "\n".join(tail)
    types = _publication_types(tail)
    is_review = any("review" in name.lower() for name in types)
    providers = [name for line in tail if _PROVIDER.match(line) for name in _PROVIDER.split(line) if name]
    return replace(
        record,
        kind=Kind.REVIEW.value if is_review else record.kind,
        guesses={name: reason for name, reason in record.guesses.items() if not (types and name == "kind")},
        publication_types=types,
        is_medline=True if _MEDLINE.search(text) else False if "[PubMed - " in text else None,
        is_free_full_text=True if _FREE.search(text) else None,
        full_text_providers=tuple(dict.fromkeys(providers)),
    )


FORMAT = Format(NAME, "PubMed page saved as text", matches, whole(parse))
