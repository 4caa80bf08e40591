"""What a page says about itself beside its text: meta elements, links, and the JSON-LD of schema.org."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urljoin

from lxml import html
from lxml.etree import LxmlError

from articles.lib import identifiers
from articles.lib.identifiers import InvalidIdentifier
from articles.lib.text import normalise

Node = Mapping[str, Any]

_LONGEST_VALUE = 20_000
_MOST_JSON = 500_000
_DEEPEST_JSON = 40
_MOST_NODES = 500
_BEFORE_JSON = re.compile(r"(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)")
_AFTER_JSON = ("//", "/*", "*/", "]]>", "-->", ";")
_SAVED_FROM = re.compile(
    r"<!--[^>]{0,200}?(?:saved from url=\(\d{1,6}\)|Page saved with SingleFile\s{0,50}url:\s{0,20})(?P<url>https?://[^\s>]{1,2000})"
)
_WHERE_SAVED_FROM = 20_000
# What only programs read, and what lets its holder act as the one who saved the page.
_FOR_PROGRAMS = re.compile(
    r"viewport|charset|x-ua-compatible|theme-color|color-scheme|format-detection|referrer|robots|googlebot|bingbot"
    r"|.*(?:verif|csrf|token|nonce|app[-_:]id|session).*|msapplication-.*|apple-.*|mobile-web-app.*|fb:.*|al:.*|next-.*"
    r"|content-type|content-security-policy|handheldfriendly|mobileoptimized|generator|twitter:.*|og:image.*|og:video.*"
)


class Head:
    """What stands in the head of one page. `text` is the whole page as text, `saved_from` its address, if known."""

    def __init__(self, root: html.HtmlElement, text: str, saved_from: str = "") -> None:
        self._metas = [pair for element in root.iter("meta") for pair in _meta(element)]
        self.title = next((normalise(str(title.text_content())) for title in root.iter("title")), "")
        self.language = next((element.get("lang", "") for element in root.iter("html")), "")
        self.json_ld = list(_nodes(_json_ld(root)))
        self._links = [
            (relation.lower(), element.get("href", "").strip())
            for element in root.iter("link", "a", "area")
            for relation in element.get("rel", "").split()[:20]
        ]
        noted = _SAVED_FROM.search(text[:_WHERE_SAVED_FROM])
        self._saved_from = saved_from or (noted["url"].removesuffix("--") if noted else "")
        self._base = next((element.get("href", "").strip() for element in root.iter("base")), "")

    def first(self, *names: str) -> str:
        """The value of the first meta element that has one of these names, tried in this order."""
        return next((value for name in names for value in self.all(name)), "")

    def all(self, name: str) -> list[str]:
        """The values of every meta element of this name."""
        return [value for known, value in self._metas if known == name]

    def pairs(self, prefix: str) -> list[tuple[str, str]]:
        """Names and values, in order, of the meta elements whose names begin so."""
        return [(name, value) for name, value in self._metas if name.startswith(prefix)]

    def others(self, used: Iterable[str]) -> dict[str, list[str]]:
        """The meta elements that say something to people and are not among the `used` ones."""
        kept: dict[str, list[str]] = {}
        known = frozenset(used)
        for name, value in self._metas:
            if name not in known and not _FOR_PROGRAMS.fullmatch(name):
                kept.setdefault(name, []).append(value)
        return kept

    def links(self, relation: str) -> list[str]:
        """The addresses of links with this relation, as written."""
        return [href for known, href in self._links if known == relation and href]

    def nodes(self, *types: str) -> list[Node]:
        """The JSON-LD nodes of one of these types (in lower case)."""
        return [node for node in self.json_ld if not types_of(node).isdisjoint(types)]

    def address(self) -> tuple[str, list[str]]:
        """The page's own address, normalised, and what it gives for one but is none.

        A site whose every page names its front page as the canonical one says nothing about this page by that.
        """
        around = next(filter(None, map(_url, (self._base, self.first("og:url"), self._saved_from))), "")
        given = [*self.links("canonical"), self.first("og:url"), self._saved_from]
        given += [str(node[key]) for node in self.json_ld for key in ("url", "@id") if _is_page(node) and node.get(key)]
        resolved = [(written, _url(_joined(around, written))) for written in given if written]
        valid = [url for _written, url in resolved if url]
        deep = [url for url in valid if not _is_front_page(url)]
        return next(iter([*deep, *valid]), ""), [written for written, url in resolved if not url]


def types_of(node: Node) -> set[str]:
    """The schema.org types of a node in lower case, without their address."""
    given = node.get("@type")
    types = given if isinstance(given, list) else [given]
    return {re.split(r"[/:#]", name)[-1].lower() for name in types if isinstance(name, str)}


def text_in(value: Any) -> str:
    """The plain text of a JSON-LD value: of itself, of its name, or of the first in a list."""
    if isinstance(value, list):
        return next(filter(None, map(text_in, value)), "")
    if isinstance(value, Mapping):
        return text_in(value.get("name") or value.get("@value") or value.get("text"))
    return plain(value) if isinstance(value, str) else ""


def plain(written: str) -> str:
    """Text out of what may hold HTML."""
    if "<" in written or "&" in written:
        with suppress(ValueError, LxmlError):
            written = str(html.fragment_fromstring(written[:_LONGEST_VALUE], create_parent="div").text_content())
    return " ".join(normalise(written).split())


def _meta(element: html.HtmlElement) -> Iterator[tuple[str, str]]:
    content = " ".join(normalise(element.get("content", "")[:_LONGEST_VALUE]).split())
    for attribute in ("name", "property", "itemprop", "http-equiv"):
        name = normalise(element.get(attribute, "")[:200]).lower()
        if name and content:
            yield name, content


def _json_ld(root: html.HtmlElement) -> Iterator[Any]:
    left = _MOST_JSON
    for script in root.iter("script"):
        written = script.text or ""
        if not script.get("type", "").lower().startswith("application/ld+json") or len(written) > left:
            continue
        left -= len(written)
        try:
            # Numbers stay as written; line breaks inside texts are a common mistake.
            data = json.loads(_bare(written), strict=False, parse_float=str, parse_int=str, parse_constant=str)
        except (ValueError, RecursionError):
            continue
        yield _storable(data, _DEEPEST_JSON)


def _bare(written: str) -> str:
    """JSON without the comment signs that hide it from old browsers."""
    begun = _BEFORE_JSON.match(written.strip())
    bare = written.strip()[begun.end() if begun else 0 :].rstrip()
    for sign in _AFTER_JSON * 2:
        bare = bare.removesuffix(sign).rstrip()
    return bare


def _storable(value: Any, deepest: int) -> Any:
    """The value without what is too deep and without characters that are none."""
    if not deepest:
        return None
    if isinstance(value, Mapping):
        return {normalise(str(key)): _storable(inner, deepest - 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_storable(inner, deepest - 1) for inner in value]
    return normalise(value) if isinstance(value, str) else value


def _nodes(documents: Iterable[Any]) -> Iterator[Node]:
    """The nodes of documents, those of their lists and graphs too."""
    waiting, given = list(documents), 0
    while waiting and given < _MOST_NODES:
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value[:_MOST_NODES]
        elif isinstance(value, Mapping):
            given += 1
            inner = value.get("@graph")
            if inner:
                waiting.insert(0, inner)
            if len(value) > 2 or not inner:
                yield {key: part for key, part in value.items() if key != "@graph"}
            if isinstance(value.get("mainEntity"), Mapping):
                waiting.append(value["mainEntity"])


def _is_page(node: Node) -> bool:
    return any(name.endswith(("page", "article", "posting")) for name in types_of(node))


def _joined(around: str, written: str) -> str:
    try:
        return urljoin(around, written.strip())
    except ValueError:
        return written


def _url(written: str) -> str:
    try:
        return identifiers.normalise("url", written)
    except InvalidIdentifier:
        return ""


def _is_front_page(url: str) -> bool:
    return url.split("://", 1)[-1].rstrip("/").count("/") == 0 and "?" not in url
