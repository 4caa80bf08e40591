"""Every public page: accessible, valid, within the width of a telephone, in light and dark."""

import re

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site

PAGES = (
    "/",
    "/sources/",
    "/sources/?kind=review&therapy=cell-therapy",
    "/sources/1/",
    "/sources/2/",
    "/claims/",
    "/claims/?q=relapse&not_effect=harmful&year_min=2019",
    "/claims/?q=zeppelin",
    "/claims/C-000001/",
    "/therapies/",
    "/therapies/mesenchymal-stem-cells/",
    "/therapies/edaravone/",
    "/conditions/",
    "/conditions/multiple-sclerosis/",
    "/outcomes/",
    "/outcomes/relapse/",
    "/publishers/",
    "/publishers/stemcellpointcom/",
    "/map/",
    "/map/?condition=multiple-sclerosis&domains=1&gaps=1",
    "/map/?rows=year&kind=clinic_page",
    "/map/?q=zeppelin",
    "/map/?rows=outcome&columns=outcome",
    "/questions/cell-therapy/multiple-sclerosis/disability-and-function/",
    "/questions/edaravone/neuropathic-pain/relapse/",
    "/questions/exosomes/any/mechanism/",
    "/compare/",
    "/compare/?therapy=exosomes&therapy=mesenchymal-stem-cells",
    "/compare/?source=1&source=2",
    "/compare/?publisher=stemcellpointcom&publisher=zignagenix&kind=clinic_page",
    "/compare/?therapy=exosome&therapy=cell-therapy&therapy=cell-therapy",
    "/how-we-grade/",
    "/about/",
    "/nowhere/",
    "/claims/?nonsense=1",
    "/claims/?page=99",
)
# Telephone and desk, light and dark; every second page the other way round, so that the suite stays quick.
VIEWS = (((390, "light"), (1280, "dark")), ((390, "dark"), (1280, "light")))
# What the keyboard stops at although nothing of it is seen, not even while it has the focus.
UNSEEN_STOPS = """() => {
  const isDot = (e) => getComputedStyle(e).clipPath !== "none" && e.offsetWidth <= 1;
  const clipped = (e) => e && (isDot(e) || clipped(e.parentElement));
  const stops = [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")];
  const unseen = (e) => { e.focus(); return document.activeElement === e && clipped(e); };
  return stops.filter((e) => e.tabIndex >= 0 && clipped(e) && unseen(e)).map((e) => e.outerHTML);
}"""
WITH_NAMES = ("/", "/map/?depth=1", "/sources/", "/claims/?effect=harmful", "/therapies/mesenchymal-stem-cells/")


@pytest.mark.parametrize("path", PAGES)
def test_valid_html(site: Site, path: str) -> None:
    _, html = site.get(path)
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    assert [(place, code) for place, code, _ in parser.errors] == []
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})
    assert html.count("<h1") == 1
    assert " style=" not in html
    assert not re.search(r"\son[a-z]+=", html)
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)


@pytest.mark.parametrize("path", PAGES)
def test_no_serious_barrier_and_no_sideways_scrolling(site: Site, browser: Browser, path: str) -> None:
    axe = Axe()
    for width, scheme in VIEWS[PAGES.index(path) % 2]:
        # The checker is a script of the tests' own, which the site's policy would refuse.
        context = browser.new_context(
            base_url=site.url, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
        )
        page = context.new_page()
        page.goto(path)
        found = axe.run(page).response["violations"]
        serious = [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")]
        assert serious == [], (path, width, scheme)
        scrolls = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert scrolls <= 0, (path, width)
        assert page.evaluate(UNSEEN_STOPS) == [], (path, width)
        context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_names_of_any_length_stay_within_the_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for path in WITH_NAMES:
        page.goto(path)
        page.locator("main :is(h1, h3 a, .row-name, .tag a, .chip, .breadcrumbs a)").evaluate_all(
            "names => names.forEach(name => { name.textContent = 'x'.repeat(200); })"
        )
        scrolls = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert scrolls <= 0, path
