"""One article of JATS (or of the NLM DTDs before it) as a record."""

from collections.abc import Iterator
from typing import Any

from lxml.etree import _Element as Element

from articles.importers.jats import facts, reading, texts
from articles.importers.jats.facts import Extra, children, first, keep
from articles.importers.jats.inline import attribute, name, text
from articles.importers.jats.links import links
from articles.importers.jats.people import people
from articles.importers.jats.references import references
from articles.importers.record import ParseError, Record
from articles.importers.shared import languages, notices, publication_types, trials
from articles.lib.document import Document
from articles.lib.vocabulary import Kind, PublisherInterest, TextBasis

NAME = "jats"

# What JATS calls an article, and the publication types of PubMed that mean the same.
_TYPES = {
    "research-article": ("Journal Article",),
    "original-article": ("Journal Article",),
    "brief-report": ("Journal Article",),
    "rapid-communication": ("Journal Article",),
    "methods-article": ("Journal Article",),
    "data-paper": ("Journal Article",),
    "other": (),
    "review-article": ("Journal Article", "Review"),
    "systematic-review": ("Journal Article", "Systematic Review"),
    "meta-analysis": ("Journal Article", "Meta-Analysis"),
    "case-report": ("Case Reports",),
    "clinical-trial": ("Clinical Trial",),
    "study-protocol": ("Clinical Trial Protocol",),
    "protocol": ("Clinical Trial Protocol",),
    "guideline": ("Guideline",),
    "practice-guideline": ("Practice Guideline",),
    "preprint": ("Preprint",),
    "editorial": ("Editorial",),
    "letter": ("Letter",),
    "reply": ("Letter", "Comment"),
    "article-commentary": ("Comment",),
    "discussion": ("Comment",),
    "news": ("News",),
    "correction": ("Published Erratum",),
    "addendum": ("Published Erratum",),
    "retraction": ("Retraction of Publication",),
    "partial-retraction": ("Retraction of Publication",),
    "expression-of-concern": ("Expression of Concern",),
}
# Headings under which journals print articles, that say more than the type.
_HEADINGS = {
    "review": "Review",
    "reviews": "Review",
    "systematic review": "Systematic Review",
    "systematic reviews": "Systematic Review",
    "meta-analysis": "Meta-Analysis",
    "case report": "Case Reports",
    "case reports": "Case Reports",
    "study protocol": "Clinical Trial Protocol",
    "editorial": "Editorial",
    "editorials": "Editorial",
}
_READ = frozenset(
    {
        *(
            "article-id",
            "article-categories",
            "title-group",
            "contrib-group",
            "aff",
            "aff-alternatives",
            "author-notes",
        ),
        *("pub-date", "volume", "issue", "fpage", "lpage", "page-range", "elocation-id", "history", "permissions"),
        *("copyright-statement", "copyright-year", "copyright-holder", "license", "related-article", "related-object"),
        *("abstract", "trans-abstract", "kwd-group", "funding-group", "custom-meta-group", "counts", "self-uri"),
        *("contract-num", "contract-sponsor", "grant-num", "grant-sponsor"),
    }
)


def read(data: bytes, line: int) -> Record:
    """The record of the article in these bytes, which begin at a line of their file. Raises `ParseError`."""
    article, repairs = reading.root(data, line)
    metas = texts.metas(article)
    if not metas:
        raise ParseError("The article has no metadata (article-meta).", line)
    meta, extra = metas[0], Extra()
    identifiers = facts.document_identifiers(meta, extra)
    title = next((written for _language, written in texts.titles(meta) if written), "")
    if not title:
        named = ", ".join(" ".join(identifier) for identifier in identifiers) or "without identifiers"
        raise ParseError(f"The article ({named}) has no title.", line)
    document, sections, has_body = texts.document(article)
    types = _publication_types(article, meta)
    found = {
        **_citation(article, meta, extra),
        **_standing(meta, types, title),
        **_people(meta, extra),
        **_kind(types, extra),
        "trial_ids": _trial_ids(article, meta, title, document, extra),
    }
    _keep_the_rest(article, meta, extra)
    return Record(
        title=title,
        document=document,
        format=NAME,
        sections=sections,
        text_basis=_basis(document, has_body=has_body),
        identifiers=identifiers,
        publication_types=types,
        references=references(article),
        conflict_of_interest=facts.conflict_of_interest(article),
        other_texts=texts.other_texts(article),
        repairs=tuple(repairs),
        extra=extra,
        **found,
    )


def _citation(article: Element, meta: Element, extra: Extra) -> dict[str, Any]:
    container, publisher = facts.journal(first(article, "front"), extra)
    licence = facts.licence(meta, extra)
    return {
        "container": container,
        "publisher": publisher,
        "date": facts.publication_date(meta, extra),
        "volume": text(first(meta, "volume")),
        "issue": text(first(meta, "issue")),
        "pages": facts.pages(meta),
        "language": languages.code(attribute(article, "lang")),
        "licence": licence,
        "is_free_full_text": facts.is_free(article, licence),
        "keywords": facts.keywords(meta, attribute(article, "lang"), extra),
        "grants": facts.grants(article, meta, extra),
    }


def _standing(meta: Element, types: tuple[str, ...], title: str) -> dict[str, Any]:
    linked = links(meta)
    status, notice = notices.status(linked, types, title)
    return {"links": linked, "publication_status": status, "status_notice": notice}


def _people(meta: Element, extra: Extra) -> dict[str, Any]:
    found = people(meta)
    keep(extra, "contributors", found.others)
    keep(extra, "about authors", found.details)
    return {"contributors": tuple(found.authors)}


def _publication_types(article: Element, meta: Element) -> tuple[str, ...]:
    kind = attribute(article, "article-type")
    types = _TYPES.get(kind, (kind,))
    subjects = (text(one).lower() for one in meta.iter() if name(one) == "subject")
    return tuple(dict.fromkeys(filter(None, (*types, *(_HEADINGS.get(subject, "") for subject in subjects)))))


def _kind(types: tuple[str, ...], extra: Extra) -> dict[str, Any]:
    kind, design = publication_types.kind_and_design(types)
    guesses = {"publisher_interest": "What the article says of funding and interests has not been weighed."}
    if not kind:
        kind = Kind.ABSTRACT.value
        guesses["kind"] = "The type of the article does not tell what sort of document it is."
    return {
        "kind": kind,
        "design": design,
        "publisher_interest": PublisherInterest.UNKNOWN.value,
        "guesses": guesses,
    }


def _basis(document: Document, *, has_body: bool) -> str:
    if has_body:
        return TextBasis.FULL_TEXT.value
    return (TextBasis.ABSTRACT if document.text else TextBasis.METADATA_ONLY).value


def _trial_ids(
    article: Element, meta: Element, title: str, document: Document, extra: Extra
) -> tuple[tuple[str, str], ...]:
    """The trials named where authors name their own: above the body and in sections on registration.

    Elsewhere an article also names the trials of others: those numbers are kept in `extra`.
    """
    places = [
        *(one for one in meta if name(one) not in ("related-article", "author-notes")),
        *_on_registration(article),
    ]
    own = trials.in_text("\n".join([title, *(text(place) for place in places)]))
    others = [f"{scheme} {number}" for scheme, number in trials.in_text(document.text) if (scheme, number) not in own]
    keep(extra, "trials named in the text", others)
    return own


def _on_registration(article: Element) -> Iterator[Element]:
    for element in article.iter():
        title = text(first(element, "title")) if name(element) in ("sec", "notes") else ""
        if "registration" in title.lower() or "trial number" in title.lower():
            yield element


def _keep_the_rest(article: Element, meta: Element, extra: Extra) -> None:
    keep(extra, "article-type", attribute(article, "article-type"))
    for element in meta:
        if name(element) and name(element) not in _READ:
            keep(extra, name(element), text(element) or attribute(element, "href"))
    for subject in (one for one in meta.iter() if name(one) == "subject"):
        keep(extra, "subject", text(subject))
    keep(extra, "history", facts.history(meta))
    keep(extra, "author-notes", [text(note) for notes in children(meta, "author-notes") for note in notes])
    keep(extra, "self-uri", [attribute(one, "href") or text(one) for one in children(meta, "self-uri")])
    keep(extra, "custom-meta", dict(_custom(meta)))
    keep(
        extra,
        "alt-title",
        [text(one) for group in children(meta, "title-group") for one in children(group, "alt-title")],
    )
    keep(extra, "supplementary-material", list(_supplements(article)))
    keep(extra, "sub-article", [_part(one) for one in children(article, "sub-article", "response")])
    keep(extra, "only pictures", _pictures(article))


def _custom(meta: Element) -> Iterator[tuple[str, str]]:
    for group in children(meta, "custom-meta-group", "custom-meta-wrap"):
        for one in children(group, "custom-meta"):
            yield text(first(one, "meta-name")), text(first(one, "meta-value"))


def _supplements(article: Element) -> Iterator[dict[str, str]]:
    for element in article.iter():
        if name(element) in ("supplementary-material", "inline-supplementary-material"):
            files = [attribute(one, "href") for one in element.iter() if attribute(one, "href")]
            said = {"label": text(first(element, "label")), "caption": text(first(element, "caption"))}
            yield {key: value for key, value in {**said, "files": ", ".join(dict.fromkeys(files))}.items() if value}


def _part(element: Element) -> dict[str, str]:
    """A part with an author of its own, such as a reviewer's report; its text is not the article's."""
    document, _sections, _has_body = texts.document(element)
    meta = next(iter(texts.metas(element)), None)
    said = {
        "type": attribute(element, "article-type") or attribute(element, "response-type"),
        "language": languages.code(attribute(element, "lang")),
        "title": next((title for _language, title in texts.titles(meta)), "") if meta is not None else "",
        "identifiers": ", ".join(text(one) for one in children(meta, "article-id")),
        "authors": ", ".join(one.as_written for one in people(meta).authors) if meta is not None else "",
        "text": document.text,
    }
    return {key: value for key, value in said.items() if value}


def _pictures(article: Element) -> dict[str, int]:
    """What the file holds as pictures only, and the document therefore lacks."""
    formulas = sum(1 for one in article.iter() if name(one) in ("disp-formula", "inline-formula") and not text(one))
    tables = sum(
        1
        for one in article.iter()
        if name(one) == "table-wrap" and not any(name(inner) in ("table", "row") for inner in one.iter())
    )
    return {key: number for key, number in (("formulas", formulas), ("tables", tables)) if number}
