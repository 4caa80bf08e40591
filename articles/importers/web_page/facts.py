"""The citation facts of a page: title, publisher, dates, authors, licence; from what states them best."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lxml import html

from articles.importers.record import Contributor
from articles.importers.shared.fields import LONGEST_NAME
from articles.importers.shared.names import given_first
from articles.importers.shared.orcid import orcid
from articles.importers.web_page.head import Head, Node, plain, text_in, types_of
from articles.lib import partial_date
from articles.lib.partial_date import InvalidDate, PartialDate
from articles.lib.text import normalise

ARTICLES = (
    "article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "blogposting",
    "medicalscholarlyarticle", "scholarlyarticle", "report", "techarticle", "medicalguideline", "socialmediaposting",
)  # fmt: skip
PAGES = (
    "medicalwebpage", "webpage", "faqpage", "aboutpage", "itempage", "profilepage", "qapage", "checkoutpage",
    "product", "service", "medicalprocedure", "medicaltherapy",
)  # fmt: skip
ORGANISATIONS = (
    "medicalclinic", "medicalbusiness", "hospital", "medicalorganization", "physician", "dentist", "pharmacy",
    "healthandbeautybusiness", "newsmediaorganization", "organization", "corporation", "localbusiness", "ngo",
    "governmentorganization", "educationalorganization", "collegeoruniversity", "researchorganization",
)  # fmt: skip
_PUBLISHED = (
    "article:published_time", "citation_publication_date", "citation_date", "citation_cover_date",
    "citation_online_date", "datepublished", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date",
    "dc.date.created", "dcterms.created", "parsely-pub-date", "sailthru.date", "publish-date", "publishdate",
    "pubdate", "date", "citation_year",
)  # fmt: skip
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")
_DIVIDERS = re.compile(r"\s+(?:[|\u2013\u2014\xbb\xb7\u2022-]|::)\s+|\s*[|\xbb]\s*")
_CREDENTIALS = re.compile(
    r"(?:,?\s+(?:M\.?D|Ph\.?D|D\.?O|R\.?N|M\.?Sc|B\.?Sc|M\.?P\.?H|M\.?B\.?A|FACS|FRCP|N\.?P|D\.?C)\.?)+$", re.IGNORECASE
)
_TITLES = re.compile(r"^(?:(?:Dr|Prof|Professor|Mr|Mrs|Ms)\.?\s+)+", re.IGNORECASE)
_NO_NAMES = frozenset({"admin", "administrator", "editor", "author", "webmaster", "staff", "guest", "anonymous"})
_US_DATE = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_SLASHES = re.compile(r"(\d{4})/(\d{1,2})(?:/(\d{1,2}))?(?: .*)?")


class Stated(NamedTuple):
    """A value, and why it is only a guess; the reason is empty where the page states it."""

    value: str
    reason: str = ""


def title(head: Head, headings: list[str], site: str) -> str:
    """The title, without the name of the site that stands behind it."""
    stated = head.first("citation_title", "dc.title", "dcterms.title") or _of_page(head, ARTICLES, "headline")
    long = head.first("og:title") or head.title or _of_page(head, PAGES, "headline", "name")
    heading = next((text for text in headings if _bare(text) and _bare(long).startswith(_bare(text))), "")
    return stated or heading or _without_site(long, site) or next(iter(headings), "")


def site(head: Head) -> str:
    """The name that the site gives itself."""
    named = head.first("og:site_name", "application-name", "al:ios:app_name")
    return named or next(filter(None, (text_in(node.get("name")) for node in head.nodes("website"))), "")


def publisher(head: Head, root: html.HtmlElement, address: str) -> Stated:
    """Who runs the site, as it says itself; from the end of its title where only that tells."""
    stories = (" ".join(story.get("publisher", "").split()) for story in root.iter("amp-story"))
    given = [
        head.first("og:site_name"),
        *(text_in(_resolved(head, node.get("publisher"))) for node in head.nodes(*ARTICLES, *PAGES)),
        *(text_in(node.get("name")) for kind in ORGANISATIONS for node in head.nodes(kind)),
        site(head),
        head.first("citation_publisher", "dc.publisher", "dcterms.publisher", "copyright"),
        *(normalise(story) for story in stories),
    ]
    named = next(filter(None, given), "")
    return Stated(named) if named else _from_title(head, address)


def published(head: Head, root: html.HtmlElement) -> tuple[PartialDate | None, str, list[str]]:
    """The date of publication, why it is only a guess, and what was given for one but cannot be read."""
    given = [_of_page(head, (*ARTICLES, *PAGES), "datePublished"), *(head.first(name) for name in _PUBLISHED)]
    given += [_when(element) for element in root.iter("time", "meta", "span") if _is_publication(element)]
    unread: list[str] = []
    for written in filter(None, given):
        found = date_of(written)
        if found:
            return found, "", unread
        unread.append(written)
    for element in root.iter("time"):
        found = date_of(_when(element))
        if found:
            return (
                found,
                f'The first date on the page, "{_when(element)[:60]}", which may be of something else.',
                unread,
            )
    return None, "", unread


def modified(head: Head) -> str:
    """When the page was last changed, as it says."""
    return _of_page(head, (*ARTICLES, *PAGES), "dateModified") or head.first(*_MODIFIED)


def date_of(written: str) -> PartialDate | None:
    """A date in one of the forms that pages use; None where it is none."""
    written = written.strip()
    american, slashed = _US_DATE.fullmatch(written), _SLASHES.fullmatch(written)
    if american:
        written = f"{american[2]} {american[1]} {american[3]}"
    if slashed:
        written = "-".join(part.zfill(2) for part in slashed.groups() if part)
    try:
        return partial_date.parse(written)
    except InvalidDate:
        return None


def authors(head: Head) -> tuple[Contributor, ...]:
    """The authors the page names: of a paper with affiliation and ORCID, else those of the article."""
    papers = list(_paper_authors(head))
    if papers:
        return tuple(papers)
    nodes = head.nodes(*ARTICLES) or head.nodes(*PAGES)
    named = [_author_of(_resolved(head, author)) for node in nodes[:1] for author in _listed(node.get("author"))]
    named = [author for author in named if author] or [
        person(name) for name in (*head.all("author"), *head.all("article:author"), *head.all("dc.creator"))
    ]
    return tuple({author.as_written: author for author in named if author and _is_name(author.as_written)}.values())


def person(written: str) -> Contributor:
    """A name as pages print it: "Family, Given", or as people say it, titles and degrees aside."""
    as_written = " ".join(normalise(written).split())
    bare = _CREDENTIALS.sub("", _TITLES.sub("", as_written))
    family, comma, given = bare.partition(", ")
    if comma and family and given and "," not in given:
        return Contributor(as_written, family=family, given=given)
    return replace(given_first(bare or as_written), as_written=as_written)


def licence(head: Head) -> str:
    """The licence that the page names or links to."""
    linked = [normalise(href) for href in head.links("license") if href.startswith(("https://", "http://"))]
    stated = [head.first("citation_license", "dc.rights", "dcterms.rights", "dcterms.license")]
    nodes = [text_in(node.get("license")) for node in head.nodes(*ARTICLES, *PAGES)]
    return next(filter(None, [*linked, *nodes, *stated]), "")


def questions(head: Head) -> Iterator[dict[str, str]]:
    """The questions and answers that the JSON-LD gives."""
    listed = [node for page in head.nodes("faqpage", "qapage") for node in _listed(page.get("mainEntity"))]
    for node in [*listed, *head.nodes("question")]:
        if isinstance(node, Mapping) and "question" in types_of(node):
            answer = node.get("acceptedAnswer") or node.get("suggestedAnswer")
            answers = [plain(str(each.get("text", ""))) for each in _listed(answer) if isinstance(each, Mapping)]
            yield {"question": text_in(node.get("name") or node.get("text")), "answer": " ".join(filter(None, answers))}


def is_behind_paywall(head: Head) -> bool:
    """Whether the page says that not everybody may read it."""
    said = [node.get("isAccessibleForFree") for node in head.nodes(*ARTICLES, *PAGES)]
    return any(value is False or str(value).rsplit("/", 1)[-1].lower() == "false" for value in said)


def _of_page(head: Head, types: tuple[str, ...], *names: str) -> str:
    found = (text_in(node.get(name)) for node in head.nodes(*types) for name in names)
    return next(filter(None, found), "")


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _pieces(written: str) -> tuple[str, str]:
    """A title and what stands behind its last divider."""
    dividers = list(_DIVIDERS.finditer(written[:1_000]))
    return (written[: dividers[-1].start()], written[dividers[-1].end() :]) if dividers else (written, "")


def _without_site(written: str, site: str) -> str:
    rest, last = _pieces(written)
    return rest if rest and last and _bare(last) == _bare(site) else written


def _from_title(head: Head, address: str) -> Stated:
    rest, last = _pieces(head.title)
    host = _bare((urlsplit(address).hostname or "").removeprefix("www.").rpartition(".")[0])
    is_named = last and (_bare(last) == _bare(host) or (host and (_bare(last) in host or host in _bare(last))))
    is_divided = "|" in head.title and len(last.split()) <= 4
    if rest and last and (is_named or is_divided):
        return Stated(last, f'The title of the page ends with "{last}".')
    return Stated("")


def _resolved(head: Head, value: Any) -> Any:
    """The node that a reference means."""
    if isinstance(value, Mapping) and set(value) <= {"@id", "@type"}:
        return next((node for node in head.json_ld if node.get("@id") == value.get("@id") and "name" in node), value)
    return value


def _when(element: html.HtmlElement) -> str:
    return (element.get("datetime") or element.get("content") or str(element.text_content())[:100]).strip()


def _is_publication(element: html.HtmlElement) -> bool:
    return element.get("itemprop", "").lower() == "datepublished" or element.get("pubdate") is not None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _author_of(node: Node | Any) -> Contributor | None:
    name = text_in(node)
    if not name:
        return None
    if isinstance(node, Mapping) and not types_of(node).isdisjoint(ORGANISATIONS):
        return Contributor(name, collective=name)
    return person(name)


def _paper_authors(head: Head) -> Iterator[Contributor]:
    """Authors as publishers' pages give them: each followed by what belongs to that author."""
    author: Contributor | None = None
    for name, value in head.pairs("citation_author"):
        if name == "citation_author" or (name == "citation_authors" and author is None):
            given = value.split(";") if name == "citation_authors" or ";" in value else [value]
            for written in filter(str.strip, given):
                if author:
                    yield author
                author = person(written)
        elif author and name in ("citation_author_institution", "citation_author_affiliation"):
            author = replace(author, affiliation="; ".join(filter(None, [author.affiliation, value])))
        elif author and name == "citation_author_orcid":
            author = replace(author, orcid=orcid(value))
    if author:
        yield author


def invalid_orcids(head: Head) -> list[str]:
    """What is given as the ORCID of an author and is none."""
    return [value for _name, value in head.pairs("citation_author_orcid") if value and not orcid(value)]


def _is_name(written: str) -> bool:
    """Whether it is somebody's name, and not an address or the role of an account."""
    return 0 < len(written) <= LONGEST_NAME and "://" not in written and written.lower() not in _NO_NAMES
