"""What articles and books of PubMed's XML say in the same elements, as fields of a record."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml.etree import _Element as Element

from articles.importers.pubmed_xml.elements import add, keep, named, plain, printed_date, text, texts
from articles.importers.record import LinkedRecord, OtherText
from articles.importers.shared import languages, notices, pubmed_dates, pubmed_record
from articles.importers.shared.tidying import tidy
from articles.lib import identifiers
from articles.lib.document import Document, Part, Section, sections
from articles.lib.identifiers import InvalidIdentifier
from articles.lib.partial_date import PartialDate

NAME = "pubmed-xml"

Extra = dict[str, Any]

_PMC = re.compile(r"\bPMC\d+", re.ASCII)
_DOI = re.compile(r"\bdoi: ?(10\.\S+)", re.IGNORECASE)
_IN_DATA = frozenset({"ArticleIdList", "ReferenceList", "History"})
_DATE = ("Year", "Month", "Season", "Day")
_GRANT = ("GrantID", "Acronym", "Agency", "Country")
_SCHEMES = {"pubmed": "pmid", "doi": "doi", "pmc": "pmcid", "pmcid": "pmcid", "isbn": "isbn"}


def text_fields(parts: dict[str, Element], printed_title: Element | None, extra: Extra) -> dict[str, Any]:
    """The title, the original one of a translation, and the abstract."""
    title, original = pubmed_record.titles(text(printed_title), text(parts.get("VernacularTitle")))
    document, abstract_sections = abstract(parts.get("Abstract"), extra)
    return {"title": title, "original_title": original, "document": document, "sections": abstract_sections}


def abstract(element: Element | None, extra: Extra) -> tuple[Document, tuple[Section, ...]]:
    """The main abstract, a paragraph for each labelled part, and its sections."""
    labelled = list(_labelled(element))
    document = Document.from_parts(Part("paragraph", written) for _label, written in labelled)
    labels = {block.start: label.capitalize() for block, (label, _) in zip(document.blocks, labelled, strict=True)}
    for part in _parts(element):
        # NLM's own name for a part, where it is not the label itself.
        label, category = part.get("Label", ""), part.get("NlmCategory", "")
        if category and category != label.upper():
            add(extra, "NlmCategory", {"Label": label, "NlmCategory": category})
    keep(extra, element, known=("AbstractText",))
    return document, sections(document, labels if any(labels.values()) else None)


def _parts(element: Element | None) -> list[Element]:
    return list(element.iterchildren("AbstractText")) if element is not None else []


def _labelled(element: Element | None) -> Iterator[tuple[str, str]]:
    """The parts of an abstract, each with its label and as PubMed prints it: "METHODS: ..."."""
    for part in _parts(element):
        label, body = tidy(part.get("Label", "")).removesuffix(":"), text(part)
        written = f"{label}: {body}".strip() if label else body
        if written:
            yield label, written


def other_abstracts(parent: Element, extra: Extra) -> tuple[OtherText, ...]:
    """The abstracts in other languages, and those for other readers."""
    found = []
    for element in parent.iterfind("OtherAbstract"):
        body = "\n\n".join(written for _label, written in _labelled(element))
        language = languages.code(element.get("Language", ""))
        for rights in texts(element, "CopyrightInformation"):
            add(extra, "OtherAbstract CopyrightInformation", rights)
        if body:
            found.append(OtherText("abstract", body, language, tidy(element.get("Type", ""))))
    return tuple(found)


def publication_date(element: Element | None, extra: Extra) -> PartialDate | None:
    """The date of the issue; where it cannot be kept whole, it is kept as printed too."""
    parts = {child.tag: text(child) for child in element} if element is not None else {}
    printed = parts.get("MedlineDate") or " ".join(parts[name] for name in _DATE if parts.get(name))
    numbers = re.fullmatch(r"(\d{4}) (\d\d?)(?: (\d\d?))?", printed)
    if numbers:
        printed = "-".join(part.zfill(2) for part in numbers.groups() if part)
    date, is_whole = pubmed_dates.read(printed)
    if not is_whole:
        add(extra, "PubDate", printed)
    return date


def keep_article_dates(article: Element, date: PartialDate | None, extra: Extra) -> None:
    """Keeps when the article was first published by itself, where that is another date than that of its issue."""
    for element in article.iterchildren("ArticleDate"):
        printed = printed_date(element)
        if not printed or printed != str(date):
            add(extra, "ArticleDate", printed or plain(element))


def language(parent: Element, extra: Extra) -> str:
    """The first language; all of them are kept where there are several."""
    codes = [languages.code(written) for written in texts(parent, "Language")]
    if len(codes) > 1:
        extra["Language"] = codes
    return codes[0] if codes else ""


def pages(pagination: Element | None) -> str:
    """The pages as MEDLINE prints them: "132-42"."""
    printed = {child.tag: text(child) for child in pagination} if pagination is not None else {}
    first_and_last = (printed.get("StartPage"), printed.get("EndPage"))
    return printed.get("MedlinePgn") or "-".join(filter(None, first_and_last))


def document_identifiers(given: Iterable[tuple[str, str]], extra: Extra) -> tuple[tuple[str, str], ...]:
    """The first valid identifier of each scheme, in the order given; any other one is kept in `extra`.

    `given` has pairs of (kind of identifier as PubMed names it, value as printed).
    """
    found: dict[str, str] = {}
    others: dict[tuple[str, str], None] = {}
    for kind, written in given:
        scheme = _SCHEMES.get(kind, "")
        value = _normalised(scheme, written) if scheme else ""
        if value and scheme not in found:
            found[scheme] = value
        elif not value or found[scheme] != value:
            others[kind, written] = None
    for kind, written in others:
        add(extra, kind, written)
    return tuple(found.items())


def _normalised(scheme: str, written: str) -> str:
    """Also of "pmc-id: PMC123;manuscript-id: NIHMS1", as some records have it."""
    number = _PMC.search(written) if scheme == "pmcid" else None
    try:
        return identifiers.normalise(scheme, number[0] if number else written)
    except InvalidIdentifier:
        return ""


def listed_identifiers(parent: Element | None) -> Iterator[tuple[str, str]]:
    """The pairs of an ArticleIdList; never those of a reference, which have a list of their own."""
    for listed in parent if parent is not None else ():
        if listed.tag == "ArticleIdList":
            yield from ((element.get("IdType", "pubmed"), text(element)) for element in listed)


def located_identifiers(parent: Element, extra: Extra) -> Iterator[tuple[str, str]]:
    """DOI and PII among the electronic locations; one that is not valid any more is only kept."""
    for element in parent.iterfind("ELocationID"):
        if element.get("ValidYN") == "N":
            add(extra, "ELocationID ValidYN N", plain(element))
        else:
            yield element.get("EIdType", "ELocationID"), text(element)


def mesh_headings(listed: Element | None, extra: Extra) -> tuple[str, ...]:
    """As MEDLINE writes them: "Alpha/*beta/gamma"; the numbers of the terms are kept apart."""
    headings, numbers = [], {}
    for heading in listed if listed is not None else ():
        terms = []
        for term in heading:
            name = text(term)
            terms.append(f"*{name}" if term.get("MajorTopicYN") == "Y" else name)
            numbers[name] = term.get("UI", "")
        headings.append("/".join(filter(None, terms)))
    add(extra, "MeSH UI", {name: number for name, number in numbers.items() if number})
    return tuple(filter(None, headings))


def keywords(parent: Element, extra: Extra) -> tuple[str, ...]:
    """The words of all lists, each once; whose list it is and which are the main ones is kept apart."""
    found = []
    for listed in parent.iterfind("KeywordList"):
        words = [(text(element), element.get("MajorTopicYN")) for element in listed]
        found += [word for word, _major in words if word]
        add(extra, "KeywordList Owner", listed.get("Owner", ""))
        for word, is_major in words:
            if is_major == "Y":
                add(extra, "Keyword MajorTopicYN Y", word)
    return tuple(dict.fromkeys(found))


def grants(listed: Element | None) -> tuple[str, ...]:
    """As MEDLINE writes them: number, acronym, agency and country with strokes between them."""
    found = []
    for grant in listed if listed is not None else ():
        parts = {child.tag: text(child) for child in grant}
        found.append("/".join(parts[name] for name in _GRANT if parts.get(name)))
    return tuple(dict.fromkeys(filter(None, found)))


def links(listed: Element | None, extra: Extra) -> tuple[tuple[LinkedRecord, ...], tuple[str, ...]]:
    """The comments and corrections, and the works that are only cited."""
    linked: list[LinkedRecord] = []
    cited: list[str] = []
    for element in listed if listed is not None else ():
        kind, parts = element.get("RefType", ""), {child.tag: text(child) for child in element}
        if kind == "Cites":
            cited.append(_cited(parts.get("RefSource", ""), [("pubmed", parts.get("PMID", ""))]))
            continue
        found = [_linked(relation, parts) for relation in notices.relations(kind)]
        linked += found
        if found[0].relation == "other":
            add(extra, "RefType", {"RefType": kind, **parts})
    return tuple(linked), tuple(filter(None, cited))


def _linked(relation: str, parts: dict[str, str]) -> LinkedRecord:
    source, note = parts.get("RefSource", ""), parts.get("Note", "")
    doi = _DOI.search(source)
    numbers = (("pmid", parts.get("PMID", "")), ("doi", doi[1].rstrip(".,;)") if doi else ""))
    valid = [(scheme, value) for scheme, written in numbers if (value := _normalised(scheme, written))]
    return LinkedRecord(relation, f"{source} ({note})" if note else source, tuple(valid))


def references(parent: Element | None, extra: Extra) -> tuple[str, ...]:
    """The lists of references, each work with the numbers that lead to it."""
    found: list[str] = []
    for element in parent if parent is not None else ():
        if element.tag == "Reference":
            found.append(_cited(" ".join(texts(element, "Citation")), listed_identifiers(element)))
        elif element.tag == "ReferenceList":
            found += references(element, extra)
            for title in texts(element, "Title"):
                add(extra, "ReferenceList Title", title)
    return tuple(filter(None, found))


_LABELS = {"pubmed": "PMID", "doi": "doi", "pmc": "PMCID", "pmcid": "PMCID"}


def _cited(citation: str, numbers: Iterable[tuple[str, str]]) -> str:
    written = [f"{_LABELS.get(kind, kind)}: {value}" for kind, value in numbers if value and value not in citation]
    return " ".join(filter(None, (citation, ". ".join(written))))


def keep_data(data: Element | None, extra: Extra) -> None:
    """Keeps what PubMed says about its record: when it was received, revised and so on."""
    moments: Extra = {}
    for moment in named(data).get("History", ()):
        add(moments, moment.get("PubStatus", ""), printed_date(moment) or plain(moment))
    add(extra, "History", moments)
    keep(extra, data, known=_IN_DATA)
