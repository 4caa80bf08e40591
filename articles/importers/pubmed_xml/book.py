"""A book of PubMed's XML, or a chapter of one: PubmedBookArticle, or BookDocument by itself."""

from collections.abc import Iterator
from typing import Any

from lxml.etree import _Element as Element

from articles.importers.pubmed_xml import facts
from articles.importers.pubmed_xml.elements import add, keep, named, plain, text, texts
from articles.importers.pubmed_xml.facts import NAME, Extra
from articles.importers.pubmed_xml.people import People
from articles.importers.record import ParseError, Record
from articles.importers.shared import pubmed_record

_IN_DOCUMENT = frozenset(
    {
        *("PMID", "ArticleIdList", "Book", "ArticleTitle", "VernacularTitle", "Pagination", "Language", "AuthorList"),
        *("PublicationType", "Abstract", "KeywordList", "GrantList", "ReferenceList"),
    }
)
_IN_BOOK = frozenset({"Publisher", "BookTitle", "PubDate", "AuthorList", "Volume", "Isbn", "ELocationID"})


def record(root: Element) -> Record:
    """The record of one book or chapter. Raises `ParseError` where there is none, or it has no title."""
    document = root if root.tag == "BookDocument" else named(root).get("BookDocument")
    parts = named(document)
    book = parts.get("Book")
    if document is None or book is None:
        raise ParseError(f"There is no book in the element {root.tag}.")
    extra: Extra = {}
    is_chapter, book_title = "ArticleTitle" in parts, named(book).get("BookTitle")
    fields = {
        **facts.text_fields(parts, parts.get("ArticleTitle", book_title), extra),
        **_citation_fields(document, book, is_chapter=is_chapter, extra=extra),
        "container": text(book_title) if is_chapter else "",
        "publisher": " ".join(texts(book, "Publisher", "PublisherName")),
        "keywords": facts.keywords(document, extra),
        "grants": facts.grants(parts.get("GrantList")),
        "references": facts.references(document, extra),
    }
    _keep_rest(root, document, book, extra)
    return pubmed_record.record(
        fields, texts(document, "PublicationType"), extra, format=NAME, of=text(parts.get("PMID")), is_book=True
    )


def _citation_fields(document: Element, book: Element, *, is_chapter: bool, extra: Extra) -> dict[str, Any]:
    people = People()
    for listed in [*document, *book]:
        if listed.tag == "AuthorList" and is_chapter and listed.getparent() is book:
            add(extra, "Book AuthorList", plain(listed))
        elif listed.tag == "AuthorList":
            people.add_list(listed)
    extra.update(people.extra)
    return {
        "contributors": tuple(people.authors),
        "date": facts.publication_date(named(book).get("PubDate"), extra),
        "volume": " ".join(texts(book, "Volume")),
        "pages": facts.pages(named(document).get("Pagination")),
        "language": facts.language(document, extra),
        "identifiers": facts.document_identifiers(_identifiers(document, book, is_chapter, extra), extra),
    }


def _identifiers(document: Element, book: Element, is_chapter: bool, extra: Extra) -> Iterator[tuple[str, str]]:
    """Those of the chapter alone, where it is one: the book's are kept apart."""
    yield from (("pubmed", number) for number in texts(document, "PMID"))
    yield from facts.listed_identifiers(document)
    for number in book.iterfind("Isbn"):
        yield ("Book Isbn" if is_chapter else "isbn"), text(number)
    for kind, written in facts.located_identifiers(book, extra):
        yield (f"Book {kind}" if is_chapter else kind), written


def _keep_rest(root: Element, document: Element, book: Element, extra: Extra) -> None:
    keep(extra, document, known=_IN_DOCUMENT)
    keep(extra, book, known=_IN_BOOK)
    for name, title in (*named(book).items(), *named(document).items()):
        if name in ("BookTitle", "ArticleTitle"):
            add(extra, name, dict(title.attrib))
    for place in texts(book, "Publisher", "PublisherLocation"):
        add(extra, "PublisherLocation", place)
    facts.keep_data(named(root).get("PubmedBookData"), extra)
