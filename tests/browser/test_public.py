"""What readers do: filter and download, compare, find a claim in its source."""

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site


def total(page: Page) -> int:
    return int(page.locator("[data-total]").first.get_attribute("data-total") or -1)


def test_filter_to_csv(page: Page, tmp_path: Path) -> None:
    page.goto("/claims/")
    everything = total(page)
    chosen = page.locator("[data-facet=therapy][data-value=mesenchymal-stem-cells]")
    promised = int(chosen.get_attribute("data-count") or -1)
    chosen.click()
    page.wait_for_url("**therapy=mesenchymal-stem-cells**")
    assert total(page) == promised < everything
    expect(page.locator("[data-facet=therapy][data-value=mesenchymal-stem-cells]")).to_have_attribute(
        "aria-current", "true"
    )
    with page.expect_download() as started:
        page.get_by_role("link", name=re.compile("CSV")).first.click()
    file = tmp_path / "claims.csv"
    started.value.save_as(file)
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))
    assert len(rows) == promised
    assert all(re.fullmatch(r"C-\d{6}", row["claim_id"]) for row in rows)


def test_a_chip_takes_its_condition_away(page: Page) -> None:
    page.goto("/claims/")
    everything = total(page)
    page.goto("/claims/?effect=harmful&year_min=2021")
    assert total(page) < everything
    page.get_by_role("link", name=re.compile("Effect is Harmful")).click()
    page.wait_for_url(re.compile(r"/claims/\?year_min=2021$"))
    page.get_by_role("link", name=re.compile("From 2021")).click()
    page.wait_for_url(re.compile(r"/claims/$"))
    assert total(page) == everything


def test_search_understands_a_synonym_and_marks_matches(page: Page) -> None:
    page.goto("/claims/")
    page.get_by_role("searchbox").first.fill('"Wharton jelly"')
    page.get_by_role("searchbox").first.press("Enter")
    page.wait_for_url("**q=**")
    assert total(page) > 0
    page.goto("/claims/?q=relapse")
    expect(page.locator("main mark").first).to_contain_text(re.compile("relaps", re.IGNORECASE))


def test_an_empty_result_helps(page: Page) -> None:
    page.goto("/claims/?q=zeppelin&effect=harmful")
    assert total(page) == 0
    expect(page.get_by_role("link", name=re.compile("Search: zeppelin"))).to_be_visible()


def test_compare_from_the_chooser(page: Page) -> None:
    page.goto("/compare/")
    page.locator("input[name=therapy][value=exosomes]").check()
    page.locator("input[name=therapy][value=haematopoietic-stem-cell-transplantation]").check()
    page.locator("main form").first.get_by_role("button").click()
    page.wait_for_url("**/compare/?therapy=**")
    heads = page.locator("main table thead th")
    expect(heads.filter(has_text="Exosomes")).to_be_visible()
    expect(heads.filter(has_text="Haematopoietic")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Relapse")


def test_a_quote_leads_to_its_claim_and_back(page: Page) -> None:
    page.goto("/claims/?kind=clinic_page")
    claim_id = page.locator("[data-claim], a[href^='/claims/C-']").first.get_attribute("href")
    assert claim_id
    page.goto(claim_id)
    identity = claim_id.strip("/").split("/")[-1]
    page.locator(f"a[href*='/sources/'][href$='#q-{identity}']").first.click()
    page.wait_for_url(re.compile(rf"/sources/\d+.*#q-{identity}$"))
    highlighted = page.locator(f"mark[data-claim='{identity}']").first
    expect(highlighted).to_be_in_viewport()
    page.locator(f"main a[href='/claims/{identity}/']").first.click()
    page.wait_for_url(f"**/claims/{identity}/")


def test_the_notice_stands_on_every_page(site: Site) -> None:
    for path in ("/", "/claims/", "/sources/", "/how-we-grade/", "/about/", "/nowhere/", "/claims/?nonsense=1"):
        assert "not medical advice" in site.get(path)[1].lower(), path


def test_pages_work_without_scripts(site: Site, browser: object) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto("/claims/")
    page.locator("details summary").filter(has_text="Filter").first.click()
    group = page.locator("details", has=page.locator("[data-facet=effect]")).last
    if group.get_attribute("open") is None:
        group.locator("summary").first.click()
    page.locator("[data-facet=effect][data-value=harmful]").click()
    page.wait_for_url("**effect=harmful**")
    assert total(page) > 0
    context.close()
