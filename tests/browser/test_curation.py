"""What curators and reviewers do: add a source, take a claim from its text, accept it, upload a file."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import Site, let_transitions_end, log_in

TEXT = "Results\n\nPain fell in the treated group. In the control group pain fell too.\n\n- Nobody was harmed."
SERIOUS = ("serious", "critical")


def add_source(page: Page, title: str, text: str = TEXT) -> None:
    page.goto("/admin/articles/source/add/")
    page.fill("#id_title", title)
    page.select_option("#id_kind", "abstract")
    page.select_option("#id_text_basis", "abstract")
    page.fill("#id_typed", text)
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def choose(page: Page, label: str, name: str) -> None:
    """Choose in a drop-down list with a search box."""
    field = page.locator(f"#id_{label} + .select2")
    field.click()
    page.keyboard.type(name)
    page.locator(".select2-results__option--highlighted").click()


def fill_claim(page: Page) -> None:
    page.fill("#id_statement", "The trial found less pain.")
    page.select_option("#id_claim_type", "benefit")
    choose(page, "tagged", "Exosomes")
    choose(page, "condition", "Neuropathic pain")
    choose(page, "outcome", "Pain")
    for name, value in (("effect", "beneficial"), ("wording", "definite"), ("basis", "own_data"), ("subject", "human")):
        page.check(f"input[name={name}][value={value}]")
    page.select_option("#id_quote_role", "own_result")
    page.select_option("#id_design", "randomised_trial")


def drag_over(page: Page, words: str, place: int) -> None:
    """Select the words with the mouse; `place` is where they stand, where they stand several times."""
    page.locator("#document").wait_for()
    box = page.evaluate(
        """([words, place]) => {
            const walker = document.createTreeWalker(document.getElementById("document"), NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode()); ) {
                for (let at = node.data.indexOf(words); at >= 0; at = node.data.indexOf(words, at + 1)) {
                    if (place-- > 0) continue;
                    const range = document.createRange();
                    range.setStart(node, at);
                    range.setEnd(node, at + words.length);
                    const around = range.getClientRects()[0];
                    return [around.left, around.right, around.top + around.height / 2];
                }
            }
        }""",
        [words, place],
    )
    left, right, middle = box
    page.mouse.move(left + 1, middle)
    page.mouse.down()
    page.mouse.move((left + right) / 2, middle)
    page.mouse.move(right, middle)
    page.mouse.up()


def test_a_source_by_form_a_claim_by_selection_accepted_by_a_second_person(
    page: Page, browser: Browser, site: Site
) -> None:
    log_in(page, "curator")
    add_source(page, "A trial typed in by hand")
    page.get_by_role("link", name="Add a claim").click()
    # The same words stand twice: the selection says which.
    drag_over(page, "pain fell", 0)
    expect(page.locator("#id_quote")).to_have_value("pain fell")
    page.fill("#id_quote", "")
    drag_over(page, "Pain fell in the treated group", 0)
    expect(page.locator("#id_quote")).to_have_value("Pain fell in the treated group")
    expect(page.get_by_role("status")).to_contain_text("30 characters")
    fill_claim(page)
    page.get_by_role("button", name="Save and submit for review").click()
    expect(page.locator(".claim-state")).to_contain_text("Submitted")
    expect(page.locator(".field-evidence")).to_contain_text("Level 2: Own result of a randomised trial in people")
    expect(page.locator("mark.mine")).to_have_text("Pain fell in the treated group")
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    claim, public_id = page.url, page.locator("h1").inner_text()
    assert site.get(f"/claims/{public_id}/")[0] == 404

    second = browser.new_context(base_url=site.url).new_page()
    log_in(second, "reviewer")
    second.goto(claim)
    second.get_by_role("button", name="Accept").click()
    expect(second.locator(".claim-state")).to_contain_text("Accepted")
    second.context.close()
    status, html = site.get(f"/claims/{public_id}/")
    assert status == 200
    assert "Pain fell in the treated group" in html

    page.goto(claim.replace("/change/", "/history/"))
    expect(page.locator(".entry").first).to_contain_text("reviewer")
    expect(page.locator(".before-after").first).to_contain_text("Accepted")


def test_words_are_selected_with_the_keyboard(page: Page) -> None:
    log_in(page, "curator")
    add_source(page, "A trial read with the keyboard")
    page.get_by_role("link", name="Add a claim").click()
    page.locator("#document").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    for _ in range(2):
        page.keyboard.press("Control+Shift+ArrowRight")
    expect(page.locator("#id_quote")).to_have_value("Pain fell")
    page.keyboard.type("not to be written")
    expect(page.locator("#document")).not_to_contain_text("not to be written")


def test_without_scripts_a_pasted_quote_is_found_or_refused(browser: Browser, site: Site, page: Page) -> None:
    log_in(page, "curator")
    add_source(page, "A trial read without scripts")
    source = re.search(r"/source/(\d+)/", page.url)
    assert source
    plain = browser.new_context(base_url=site.url, java_script_enabled=False).new_page()
    log_in(plain, "curator")
    plain.goto(f"/admin/articles/claim/add/?source={source[1]}")
    plain.fill("#id_quote", "Nobody was hurt")
    plain.fill("#id_statement", "The trial found less pain.")
    plain.select_option("#id_claim_type", "benefit")
    for name in ("tagged", "condition", "outcome"):
        value = plain.locator(f"#id_{name} option:not([value=''])").first.get_attribute("value")
        plain.select_option(f"#id_{name}", value)
    for name, value in (("effect", "beneficial"), ("wording", "definite"), ("basis", "own_data")):
        plain.check(f"input[name={name}][value={value}]")
    plain.select_option("#id_quote_role", "own_result")
    plain.get_by_role("button", name="Save draft").click()
    expect(plain.locator(".field-quote .errorlist")).to_contain_text("Near it: “Nobody was harmed.”")
    plain.fill("#id_quote", "Nobody was harmed")
    plain.get_by_role("button", name="Save draft").click()
    expect(plain.locator(".claim-state")).to_contain_text("Draft")
    plain.context.close()


def test_an_upload_is_shown_before_it_is_stored(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(
        "---\ntitle: An uploaded page\ndate: 2021-05-01\n---\nOur clinic offers stem cells.\n\n- Less pain\n"
    )
    log_in(page, "curator")
    page.get_by_role("link", name="Upload files").first.click()
    page.set_input_files("#id_files", file)
    page.get_by_role("button", name="Look at them").click()
    expect(page.get_by_role("heading", name="New source: 1")).to_be_visible()
    page.get_by_label("Kind").select_option("news")
    page.get_by_role("button", name="Store what is ticked").click()
    page.get_by_role("link", name="An uploaded page").click()
    expect(page.locator("#id_kind")).to_have_value("news")


PAGES = (
    "",
    "articles/source/",
    "articles/source/1/change/",
    "articles/source/add/",
    "articles/source/upload/",
    "articles/claim/",
    "articles/claim/1/change/",
    "articles/claim/1/history/",
    "articles/sourceversion/1/change/",
    "articles/therapy/",
    "changes/",
)


@pytest.fixture(scope="module")
def curators_state(browser: Browser, site: Site) -> StorageState:
    """The cookies of a curator who is signed in."""
    context = browser.new_context(base_url=site.url)
    log_in(context.new_page(), "curator")
    state = context.storage_state()
    context.close()
    return state


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_the_policy_and_the_width(
    browser: Browser, site: Site, curators_state: StorageState, path: str
) -> None:
    problems: list[str] = []
    page = browser.new_context(base_url=site.url, storage_state=curators_state).new_page()
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/admin/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} scrolls sideways at {width}"
    page.context.close()
    assert problems == []


@pytest.mark.parametrize("path", PAGES)
def test_no_serious_barrier(browser: Browser, site: Site, curators_state: StorageState, path: str) -> None:
    # The checker is a script of the tests' own, which the site's policy would refuse.
    context = browser.new_context(base_url=site.url, storage_state=curators_state, color_scheme="dark", bypass_csp=True)
    page = context.new_page()
    page.goto(f"/admin/{path}")
    # The search boxes of drop-down lists are Django's own script.
    checked = {"exclude": [[".select2"]]}
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    found = Axe().run(page, checked, rules).response["violations"]
    page.emulate_media(color_scheme="light")
    let_transitions_end(page)
    found += Axe().run(page, checked, {"runOnly": ["color-contrast"]}).response["violations"]
    context.close()
    told = [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in found
        if violation["impact"] in SERIOUS
        for node in violation["nodes"][:3]
    ]
    assert told == []
