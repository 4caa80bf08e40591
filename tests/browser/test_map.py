"""From the map to the words of a source by keyboard alone, and the numbers on the way."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Site

THERAPY, OUTCOME = "mesenchymal-stem-cells", "disability"
QUESTIONS = (
    "/questions/mesenchymal-stem-cells/multiple-sclerosis/disability/",
    "/questions/cell-therapy/any/disease-activity/",
    "/questions/cell-therapy/multiple-sclerosis/safety/",
    "/questions/exosomes/any/mechanism/",
)
MOST_STOPS = 400
NUMBER = re.compile(r"\d+")


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def with_or_without_scripts(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A context whose pages may or may not run scripts."""
    opened = browser.new_context(
        base_url=site.url, viewport={"width": 1280, "height": 900}, java_script_enabled=request.param
    )
    yield opened
    opened.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what has the focus matches the selector."""
    reached = f"document.activeElement.matches({selector!r})"
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            expect(page.locator(":focus")).to_be_in_viewport()
            return
    pytest.fail(f"{selector} cannot be reached by Tab on {page.url}")


def follow(page: Page, selector: str, address: str) -> None:
    """Go to a link by Tab and follow it by Enter."""
    tab_to(page, selector)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(address))


def skip_to_content(page: Page) -> None:
    """By the first link of the page."""
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#main$"))


def test_from_the_map_to_a_quote_by_keyboard_alone(with_or_without_scripts: BrowserContext) -> None:
    page = with_or_without_scripts.new_page()
    page.goto("/")
    follow(page, "nav a[href='/map/']", r"/map/$")
    skip_to_content(page)
    cell = f"td[data-therapy={THERAPY}][data-outcome={OUTCOME}]"
    claims = page.locator(cell).get_attribute("data-claims")
    follow(page, f"{cell} a", rf"/questions/{THERAPY}/any/{OUTCOME}/$")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mesenchymal stem cells")
    expect(page.locator("main [data-claims]")).to_have_attribute("data-claims", claims or "")
    skip_to_content(page)
    follow(page, ".q-source a", r"/sources/\d+/.*#q-C-\d{6}$")
    claim = page.url.rsplit("#q-", 1)[1]
    quote = page.locator(f"mark[data-claim={claim}]:target")
    expect(quote).to_be_in_viewport()
    assert quote.evaluate("mark => getComputedStyle(mark).outlineStyle") == "solid"
    page.keyboard.press("Tab")
    assert quote.evaluate("mark => mark.contains(document.activeElement)"), "Tab goes on from the quote"
    page.go_back()
    page.wait_for_url(re.compile(rf"/questions/{THERAPY}/any/{OUTCOME}/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_row_is_unfolded_and_folded_where_it_stands(with_or_without_scripts: BrowserContext) -> None:
    page = with_or_without_scripts.new_page()
    page.goto("/map/")
    row = f"#row-{THERAPY}"
    narrower = page.locator(f"{row} + tr.depth-2")
    expect(narrower).to_have_count(0)
    for is_open, address in ((True, rf"open={THERAPY}#row-{THERAPY}$"), (False, rf"/map/#row-{THERAPY}$")):
        follow(page, f"{row} .fold", address)
        expect(narrower).to_have_count(1 if is_open else 0)
        expect(page.locator(f"{row} .row-name")).to_be_in_viewport()
        page.keyboard.press("Tab")
        assert page.evaluate(f"document.activeElement.matches('{row} .row-name')"), "Tab goes on from the row"


def test_the_map_is_filtered_by_keyboard(with_or_without_scripts: BrowserContext) -> None:
    page = with_or_without_scripts.new_page()
    page.goto("/map/")
    everything = claims_of(page)
    tab_to(page, "#map-condition")
    page.keyboard.type("Neuropathic")
    tab_to(page, ".map-form [type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"condition=neuropathic-pain"))
    assert 0 < claims_of(page) < everything
    tab_to(page, ".chip[href]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/map/(?!.*condition=neuropathic-pain)"))
    assert claims_of(page) == everything


def claims_of(page: Page) -> int:
    """The number of claims the whole map counts."""
    return int((page.locator(".map-whole a").text_content() or "").split()[0])


@pytest.mark.parametrize("path", QUESTIONS)
def test_each_number_of_a_question_leads_to_what_it_counts(page: Page, site: Site, path: str) -> None:
    page.goto(path)
    claims = int(page.locator("main [data-claims]").get_attribute("data-claims") or -1)
    for numbers in (links(page, ".plain-sentences a"), links(page, ".agree-split a")):
        assert numbers
        for href, said in numbers:
            if href.startswith("#"):
                expect(page.locator(href)).to_be_visible()
            else:
                assert_counts(listed(site, href), int(NUMBER.findall(said)[-1]), claims)


def links(page: Page, selector: str) -> list[tuple[str, str]]:
    """Where these links lead, and what they say."""
    found = page.locator(selector).evaluate_all("links => links.map(a => [a.getAttribute('href'), a.textContent])")
    return [(href, said) for href, said in found]


def assert_counts(rows: list[dict[str, str]], speakers: int, claims: int) -> None:
    """As many sources as are said to speak, or more, and no claim beyond those of the question."""
    assert len({row["source_id"] for row in rows}) >= speakers > 0
    assert len(rows) <= claims


def listed(site: Site, href: str) -> list[dict[str, str]]:
    """The claims of a list, whose total is their number."""
    total = re.search(r'data-total="(\d+)"', site.get(href)[1])
    rows = list(csv.DictReader(io.StringIO(site.get(href.replace("/?", ".csv?"))[1], newline="")))
    assert total is not None, href
    assert len(rows) == int(total.group(1)), href
    return rows


def test_the_key_shows_a_gap_on_paper_too(page: Page) -> None:
    page.goto("/map/")
    page.emulate_media(media="print")
    swatch = page.locator(".map-key .is-gap")
    expect(swatch).to_be_visible()
    assert swatch.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"
