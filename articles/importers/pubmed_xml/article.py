"""An article of PubMed's XML: PubmedArticle, or MedlineCitation by itself."""

from collections.abc import Iterator
from typing import Any

from lxml.etree import _Element as Element

from articles.importers.pubmed_xml import facts
from articles.importers.pubmed_xml.elements import add, keep, named, plain, text, texts
from articles.importers.pubmed_xml.facts import NAME, Extra
from articles.importers.pubmed_xml.people import People
from articles.importers.record import ParseError, Record
from articles.importers.shared import pubmed_record, trials

# What is read into fields, or kept in a form of its own.
_IN_CITATION = frozenset(
    {
        *("PMID", "Article", "MedlineJournalInfo", "MeshHeadingList", "KeywordList", "OtherAbstract", "OtherID"),
        *("CoiStatement", "CommentsCorrectionsList"),
    }
)
_IN_ARTICLE = frozenset(
    {
        *("Journal", "ArticleTitle", "VernacularTitle", "Pagination", "ELocationID", "Abstract", "AuthorList"),
        *("Language", "DataBankList", "GrantList", "PublicationTypeList", "ArticleDate"),
    }
)
_IN_JOURNAL = frozenset({"Title", "JournalIssue"})
_IN_ISSUE = frozenset({"Volume", "Issue", "PubDate"})


def record(root: Element) -> Record:
    """The record of one article. Raises `ParseError` where there is none, or it has no title."""
    outer = named(root)
    citation = root if root.tag == "MedlineCitation" else outer.get("MedlineCitation")
    whole = named(citation)
    article, data = whole.get("Article"), outer.get("PubmedData")
    if citation is None or article is None:
        raise ParseError(f"There is no article in the element {root.tag}.")
    parts = named(article)
    extra: Extra = {}
    fields = {
        **_article_fields(article, parts, extra),
        **_journal_fields(article, parts, whole, extra),
        **_subject_fields(citation, whole, extra),
        **_identifier_fields(citation, article, data, extra),
        **_related_fields(whole, data, extra),
        "is_medline": citation.get("Status") == "MEDLINE" if "Status" in citation.attrib else None,
    }
    facts.keep_article_dates(article, fields["date"], extra)
    _keep_rest(citation, whole, article, parts, extra)
    facts.keep_data(data, extra)
    return pubmed_record.record(
        fields,
        texts(parts.get("PublicationTypeList"), "PublicationType"),
        extra,
        format=NAME,
        of=text(whole.get("PMID")),
    )


def _article_fields(article: Element, parts: dict[str, Element], extra: Extra) -> dict[str, Any]:
    people = People()
    for listed in article.iterchildren("AuthorList"):
        people.add_list(listed)
    extra.update(people.extra)
    return {
        **facts.text_fields(parts, parts.get("ArticleTitle"), extra),
        "contributors": tuple(people.authors),
        "language": facts.language(article, extra),
        "grants": facts.grants(parts.get("GrantList")),
        "trial_ids": _registered_trials(parts.get("DataBankList"), extra),
    }


def _journal_fields(
    article: Element, parts: dict[str, Element], whole: dict[str, Element], extra: Extra
) -> dict[str, Any]:
    journal = named(parts.get("Journal"))
    issue = named(journal.get("JournalIssue"))
    keep(extra, parts.get("Journal"), known=_IN_JOURNAL)
    keep(extra, journal.get("JournalIssue"), known=_IN_ISSUE)
    volume = text(issue.get("Volume"))
    return {
        "container": text(journal.get("Title")) or text(named(whole.get("MedlineJournalInfo")).get("MedlineTA")),
        "date": facts.publication_date(issue.get("PubDate"), extra),
        "pages": facts.pages(parts.get("Pagination")) or _article_number(article, volume),
        "volume": volume,
        "issue": text(issue.get("Issue")),
    }


def _article_number(article: Element, volume: str) -> str:
    located = facts.located_identifiers(article, {})
    return pubmed_record.article_number((number for kind, number in located if kind == "pii"), volume)


def _subject_fields(citation: Element, whole: dict[str, Element], extra: Extra) -> dict[str, Any]:
    return {
        "mesh_headings": facts.mesh_headings(whole.get("MeshHeadingList"), extra),
        "keywords": facts.keywords(citation, extra),
        "conflict_of_interest": text(whole.get("CoiStatement")),
        "other_texts": facts.other_abstracts(citation, extra),
    }


def _related_fields(whole: dict[str, Element], data: Element | None, extra: Extra) -> dict[str, Any]:
    links, cited = facts.links(whole.get("CommentsCorrectionsList"), extra)
    return {"links": links, "references": (*cited, *facts.references(data, extra))}


def _registered_trials(listed: Element | None, extra: Extra) -> tuple[tuple[str, str], ...]:
    """The trials among the data banks; the list is kept where it has anything else."""
    entries = [
        (bank, number)
        for element in (listed if listed is not None else ())
        for bank in texts(element, "DataBankName") or ("",)
        for number in texts(element, "AccessionNumberList", "AccessionNumber") or ("",)
    ]
    found = trials.in_registers(entries)
    if len(found) < len(entries):
        extra["DataBankList"] = ["/".join(filter(None, entry)) for entry in entries]
    return found


def _identifier_fields(citation: Element, article: Element, data: Element | None, extra: Extra) -> dict[str, Any]:
    numbers = facts.document_identifiers(_identifiers(citation, article, data, extra), extra)
    is_free = any(scheme == "pmcid" for scheme, _value in numbers)
    return {"identifiers": numbers, "is_free_full_text": True if is_free else None}


def _identifiers(citation: Element, article: Element, data: Element | None, extra: Extra) -> Iterator[tuple[str, str]]:
    yield from (("pubmed", number) for number in texts(citation, "PMID"))
    yield from facts.listed_identifiers(data)
    yield from facts.located_identifiers(article, extra)
    for other in citation.iterchildren("OtherID"):
        # "[Available on ...]" promises a full text that is not free yet.
        if text(other).startswith("PMC") and "[" not in text(other):
            yield "pmc", text(other)
        else:
            add(extra, "OtherID", plain(other))


def _keep_rest(
    citation: Element, whole: dict[str, Element], article: Element, parts: dict[str, Element], extra: Extra
) -> None:
    """Keeps what no field holds, under PubMed's own names."""
    keep(extra, citation, known=_IN_CITATION)
    keep(extra, article, known=_IN_ARTICLE)
    keep(extra, whole.get("MedlineJournalInfo"), known=())
    version = whole["PMID"].get("Version", "1") if "PMID" in whole else "1"
    add(extra, "PMID Version", version if version != "1" else "")
