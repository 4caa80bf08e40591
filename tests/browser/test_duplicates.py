"""What curators decide on: sources that may be one document, tags that may fit, values that an import gave."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, let_transitions_end, log_in

RECORD = """TY  - JOUR
AU  - Whitcombe, Ada
TI  - {title}
T2  - {journal}
PY  - 2019
VL  - {volume}
AB  - Exosomes lessened pain in {who} with multiple sclerosis. {more}
ER  -
"""
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def pair(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, int]:
    """The numbers of two sources that the import found to be alike."""
    folder = tmp_path_factory.mktemp("records")
    first = {"title": "Exosomes for pain in multiple sclerosis", "journal": "Journal of Pain", "volume": "3"}
    second = {"title": "Exosomes for less pain in multiple sclerosis", "journal": "J Pain", "volume": "3 Suppl"}
    (folder / "1.ris").write_text(RECORD.format(**first, who="all patients", more="x" * 800))
    (folder / "2.ris").write_text(RECORD.format(**second, who="some patients", more="Nobody was harmed."))
    site.manage("import_sources", str(folder))
    told = site.manage(
        "shell",
        "-c",
        "from articles.models import *; print(DuplicatePair.objects.values_list('first', 'second').last())",
    )
    found = re.findall(r"\((\d+), (\d+)\)", told.stdout)
    assert found, told.stdout
    return int(found[-1][0]), int(found[-1][1])


def test_tags_are_decided_by_keyboard_and_taken_back(page: Page, pair: tuple[int, int]) -> None:
    log_in(page, "curator")
    page.get_by_role("link", name="Sources with suggested tags").click()
    page.get_by_role("link", name="Exosomes for pain in multiple sclerosis", exact=True).click()
    address = page.url.partition("?")[0]
    page.goto(f"{address}?decide=tags")
    expect(page.locator(":focus")).to_have_attribute("name", "keep")
    name = page.locator(".suggestion strong").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text(f"“{name}” is a tag now.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".messagelist .success")).to_contain_text("waits for a decision again")
    drop = page.get_by_role("button", name=re.compile("^Drop"))
    for left in reversed(range(drop.count())):
        drop.first.click()
        expect(drop).to_have_count(left)
    expect(page.locator("#suggestions")).to_contain_text("Every suggestion for this source is decided.")


def test_a_curators_value_stands_until_the_imports_is_taken(page: Page, pair: tuple[int, int]) -> None:
    log_in(page, "curator")
    page.goto(f"/admin/articles/source/{pair[0]}/change/")
    page.fill("#id_volume", "4")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".otherwise")).to_contain_text("⟨4⟩")
    page.get_by_role("button", name="Take the import’s value of Volume").click()
    expect(page.locator("#id_volume")).to_have_value("3")
    expect(page.locator(".otherwise")).to_have_count(0)


@pytest.mark.parametrize("path", ["articles/duplicatepair/", "pair", "source"])
def test_pages_hold_the_width_and_have_no_serious_barrier(
    browser: Browser, site: Site, pair: tuple[int, int], path: str
) -> None:
    context = browser.new_context(base_url=site.url, bypass_csp=True)
    page = context.new_page()
    log_in(page, "curator")
    source = f"/admin/articles/source/{pair[1]}/change/"
    page.goto(source)
    places = {"source": source, "pair": page.get_by_role("link", name="Compare with source").get_attribute("href")}
    page.goto(places.get(path) or f"/admin/{path}")
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        let_transitions_end(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
        found = Axe().run(page, {"exclude": [[".select2"]]}, rules).response["violations"]
        told = [f"{v['id']}: {node['html'][:200]}" for v in found if v["impact"] in SERIOUS for node in v["nodes"][:3]]
        assert told == [], (path, width, scheme)
    context.close()


def test_two_sources_are_merged_as_chosen(page: Page, site: Site, pair: tuple[int, int]) -> None:
    first, second = pair
    log_in(page, "curator")
    page.get_by_role("link", name="Likely duplicates").first.click()
    page.get_by_role("link", name=f"{first} and {second}").click()
    expect(page.locator("mark.unlike", has_text="some")).to_be_visible()
    page.get_by_label(f"Take this: Journal or site of source {second}").check()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text(f"Sources {first} and {second} are one now")
    page.locator(".messagelist a").click()
    expect(page.locator("#id_container")).to_have_value("J Pain")
    expect(page.locator("#id_volume")).to_have_value("3")
    page.goto(f"/sources/{second}/")
    expect(page).to_have_url(re.compile(f"/sources/{first}/"))
    page.goto(f"/admin/articles/source/{second}/change/")
    expect(page.locator(".callout")).to_contain_text(f"Merged into source {first}")
    expect(page.locator("#id_title")).to_have_count(0)
