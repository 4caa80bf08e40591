"""Side by side in a real browser: on paper, and as far as a script helps with choosing."""

import re

from playwright.sync_api import Page, expect

FIVE = "/compare/?" + "&".join(
    f"therapy={slug}"
    for slug in ("cell-therapy", "mesenchymal-stem-cells", "exosomes", "platelet-rich-plasma", "neurotrophins")
)
A4_ACROSS = (842, 595)


def test_it_prints_on_a4_across_with_its_address(page: Page) -> None:
    page.goto(FIVE)
    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    assert {(round(float(width)), round(float(height))) for width, height in sheets} == {A4_ACROSS}
    page.emulate_media(media="print")
    expect(page.locator(".address-line")).to_contain_text(FIVE)
    for unprinted in (page.locator(".chooser"), page.get_by_role("link", name="Download CSV")):
        expect(unprinted).to_be_hidden()


def test_nothing_is_cut_off_where_five_columns_stand_on_one_sheet(page: Page) -> None:
    page.goto(FIVE)
    page.emulate_media(media="print")
    # The width of the sheet between its margins, at 96 points an inch.
    page.set_viewport_size({"width": round((297 - 24) / 25.4 * 96), "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wide = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1).length"
    assert page.locator(".compare-table td, .compare-table th").evaluate_all(wide) == 0


def test_each_form_of_the_chooser_counts_its_own(page: Page) -> None:
    page.goto("/compare/")
    form = page.locator("form", has=page.locator("input[name=publisher]"))
    button = form.get_by_role("button", name="Compare publishers")
    expect(button).to_be_disabled()
    for slug in ("zignagenix", "edge-medica"):
        form.locator(f"input[value={slug}]").check()
    expect(page.get_by_role("button", name="Compare therapies")).to_be_disabled()
    button.click()
    page.wait_for_url("**/compare/?publisher=edge-medica&publisher=zignagenix")
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare 2 publishers")
