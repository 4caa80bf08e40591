"""How we grade: it defines every public value, and every badge of every page leads to its definition."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from io import StringIO
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve

from articles.lib import vocabulary as vocab
from articles.lib.evidence import RULES
from articles.views.how_we_grade import DEFINED

pytestmark = pytest.mark.django_db

# Values that only curators see.
OF_CURATION = {
    vocab.CurationState,
    vocab.ImportResult,
    vocab.RunState,
    vocab.RunOrigin,
    vocab.SuggestionState,
    vocab.PairState,
}
GRADED = "/how-we-grade/"
# So many pages of a kind show every sort of badge that the kind has.
PAGES_OF_A_KIND = 5
KINDS_REACHED = {
    *("home", "sources", "source", "claims", "claim", "compare"),
    *("therapies", "therapy", "conditions", "condition", "outcomes", "outcome"),
}


@dataclass
class Page(HTMLParser):
    """What one page holds: ids, addresses it links to, and its badges as (element, address)."""

    address: str
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    badges: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.add(found["id"])
        if tag == "a" and "href" in found:
            self.links.append(urljoin(self.address, found["href"]))
        if "badge" in found.get("class", "").split():
            self.badges.append((tag, found.get("href", "")))


def read(client: Client, address: str) -> Page | None:
    """The page, or None where there is none."""
    response = client.get(address)
    if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
        return None
    page = Page(address)
    page.feed(response.content.decode())
    return page


def kind(address: str) -> str | None:
    """The name of the route of a public page; None where the address is none."""
    parts = urlsplit(address)
    if parts.netloc or parts.path.startswith("/admin/"):
        return None
    try:
        return resolve(parts.path).url_name
    except Resolver404:
        return None


def crawl(client: Client) -> Iterator[tuple[str, Page]]:
    """The pages that can be reached from the first one, a few of each kind."""
    waiting, seen, reached = deque(["/"]), {"/"}, Counter[str]()
    while waiting:
        address = waiting.popleft()
        name = kind(address)
        if name is None or reached[name] >= PAGES_OF_A_KIND or (page := read(client, address)) is None:
            continue
        reached[name] += 1
        yield name, page
        new = list(dict.fromkeys(urlsplit(link)._replace(fragment="").geturl() for link in page.links))
        waiting.extend(link for link in new if link not in seen)
        seen.update(new)


def test_every_badge_of_every_page_of_the_demonstration_leads_to_its_definition(client: Client) -> None:
    call_command("load_demo", stdout=StringIO())
    graded = read(client, GRADED)
    assert graded is not None
    kinds, badges = set(), 0
    for name, page in crawl(client):
        kinds.add(name)
        badges += len(page.badges)
        for tag, href in page.badges:
            assert tag == "a", f"{page.address}: a badge without a link"
            assert href.startswith(f"{GRADED}#"), f"{page.address}: a badge leads to {href}"
        led_to = {urlsplit(link).fragment for link in page.links if urlsplit(link).path == GRADED} - {""}
        assert led_to <= graded.ids, f"{page.address}: not defined: {led_to - graded.ids}"
    assert kinds >= KINDS_REACHED
    assert badges > 100


def test_every_public_vocabulary_is_defined_value_by_value(client: Client) -> None:
    assert set(vocab.VOCABULARIES) - OF_CURATION == {terms for _, _, terms in DEFINED}
    page = client.get(GRADED).content.decode()
    for anchor, _, terms in DEFINED:
        for term in terms:
            (shown,) = re.findall(rf'id="{anchor}-{term.value}">(.*?)</div>', page, re.DOTALL)
            assert term.label in unescape(shown)
            assert term.definition in unescape(shown)


def test_the_table_has_a_row_for_each_rule(client: Client) -> None:
    page = client.get(GRADED).content.decode()
    rows = re.findall(r"<tr>\s*<th scope=\"row\"><a[^>]*level-(\d)[^>]*>.*?</th><td>(.*?)</td>", page, re.DOTALL)
    assert rows == [(str(rule.level), rule.meaning) for rule in RULES]


def test_the_contents_lead_to_every_part(client: Client) -> None:
    page = read(client, GRADED)
    assert page is not None
    inside = [urlsplit(link) for link in page.links]
    led_to = {link.fragment for link in inside if link.path == GRADED and link.fragment}
    assert led_to <= page.ids
    parts = {"reading", "derivation", "ladder", "counts", "matching", "judgements", "limits"}
    assert led_to >= parts | {anchor for anchor, _, _ in DEFINED}
