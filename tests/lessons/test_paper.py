"""Sheets as people see them: printed on A4, on a small screen, and while they are filled in."""

import re

import pytest
from playwright.sync_api import expect

from backend.projects import project_names
from tests.lessons.conftest import SHEETS, address, name_of

pytestmark = pytest.mark.browser
MOST_PAGES = {"worksheet": 3, "teacher": 4}
PRINTED_WIDTH_PX = 680  # 180 mm of A4 between the margins, at 96 px per inch
SCREEN_WIDTHS_PX = (360, 768, 1280)

each_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=name_of)


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.mistakes = []
    page.on("console", lambda message: page.mistakes.append(message.text))
    page.on("pageerror", lambda error: page.mistakes.append(str(error)))
    yield page
    page.close()


def open_sheet(page, server, path):
    page.goto(server + path)
    page.wait_for_load_state("networkidle")


def too_wide(page) -> list[str]:
    """What reaches over the right edge of the page."""
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')]
          .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
          .map((each) => each.outerHTML.slice(0, 80))"""
    )


@each_sheet
def test_it_prints_on_few_a4_pages(page, server, sheet):
    open_sheet(page, server, address(sheet))
    paper = page.pdf(prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert 1 < len(sizes) <= MOST_PAGES[sheet.stem]
    for width, height in sizes:
        assert float(width) == pytest.approx(595, abs=1)
        assert float(height) == pytest.approx(842, abs=1)


@each_sheet
def test_nothing_is_cut_off_on_paper(page, server, sheet):
    page.set_viewport_size({"width": PRINTED_WIDTH_PX, "height": 1000})
    page.emulate_media(media="print")
    open_sheet(page, server, address(sheet))
    assert too_wide(page) == []
    assert page.locator("nav").is_hidden()


@each_sheet
def test_it_fits_on_screens_with_all_its_pictures(page, server, sheet):
    open_sheet(page, server, address(sheet))
    for width in SCREEN_WIDTHS_PX:
        page.set_viewport_size({"width": width, "height": 800})
        assert too_wide(page) == [], f"{width} px"
    empty = page.evaluate(
        "[...document.images].filter((image) => !image.naturalWidth).map((image) => image.src)"
    )
    assert empty == []
    assert page.mistakes == []


@pytest.mark.parametrize("width", SCREEN_WIDTHS_PX)
def test_the_list_fits_on_screens(page, server, width):
    page.set_viewport_size({"width": width, "height": 800})
    open_sheet(page, server, "/lessons/")
    assert too_wide(page) == []
    assert page.mistakes == []


def test_what_is_written_stays_until_the_tab_is_closed(page, server, browser):
    path = "/lessons/what-is-it-looking-at/worksheet"
    open_sheet(page, server, path)
    page.get_by_label("row 2, column 3").first.check()
    page.locator("textarea").first.fill("the hat")
    page.locator("td input").first.fill("wizard")
    page.reload()
    assert page.get_by_label("row 2, column 3").first.is_checked()
    assert page.locator("textarea").first.input_value() == "the hat"
    assert page.locator("td input").first.input_value() == "wizard"

    other = browser.new_page()
    open_sheet(other, server, path)
    assert not other.get_by_label("row 2, column 3").first.is_checked()
    assert other.locator("textarea").first.input_value() == ""
    other.close()


def test_the_print_button_prints(page, server):
    page.add_init_script("window.print = () => { window.printed = true; };")
    open_sheet(page, server, "/lessons/what-is-it-looking-at/worksheet")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")


def test_names_are_asked_for_on_worksheets_only(page, server):
    for sheet, wanted in (("worksheet", 2), ("teacher", 0)):
        open_sheet(page, server, f"/lessons/what-is-it-looking-at/{sheet}")
        assert page.locator(".name-line input").count() == wanted


LONG = "It was the hat, because none of the others wears one. " * 6


@pytest.mark.parametrize("media", ["screen", "print"])
def test_what_is_written_on_the_screen_is_whole_on_paper(page, server, media):
    page.set_viewport_size({"width": PRINTED_WIDTH_PX, "height": 1000})
    open_sheet(page, server, "/lessons/what-is-it-looking-at/worksheet")
    page.get_by_label("Name").fill("Ada")
    page.locator("textarea").first.fill(LONG)
    page.locator("td input").first.fill("a word that no cell is wide enough for " * 2)
    page.emulate_media(media=media)
    for field in (".name-line input", "textarea", "td input"):
        first = page.locator(field).first
        written = page.locator(f"{field} + .written").first
        assert first.is_visible() == (media == "screen")
        assert written.is_visible() == (media == "print")
        assert written.text_content() == first.input_value() != ""
    # What was left empty keeps its line or field for a pencil.
    assert page.locator("textarea").last.is_visible()
    assert page.locator("td input").last.is_visible()
    if media == "print":
        assert too_wide(page) == []
        written = page.locator("textarea + .written").first.bounding_box()
        after = page.locator(".lines + *").first.bounding_box()
        assert after["y"] >= written["y"] + written["height"]


def test_addresses_of_projects_are_printed_in_the_notes(page, server):
    open_sheet(page, server, "/lessons/what-is-it-looking-at/teacher")
    page.emulate_media(media="print")
    link = page.locator("a[href='/editor?project=live']")
    written = link.evaluate("(a) => getComputedStyle(a, '::after').content")
    host = server.split("//")[1]
    assert host + "/editor?project=live" in (written + link.get_attribute("data-address"))


def test_every_project_of_a_lesson_can_be_opened_from_the_list(page, server):
    page.goto(server + "/lessons/")
    listed = page.locator("a[href^='/editor?project=']").evaluate_all(
        "(all) => all.map((link) => new URL(link.href).searchParams.get('project'))"
    )
    assert sorted(listed) == project_names()


def test_lessons_open_in_the_language_of_all_pages(browser, server):
    page = browser.new_page(locale="fr-CA")
    page.goto(server + "/lessons/what-is-it-looking-at/teacher")
    page.wait_for_url(server + "/lessons/fr/what-is-it-looking-at/teacher")
    assert page.locator("#language").input_value() == "fr"
    page.locator(".lesson-nav > a").click()
    page.wait_for_url(server + "/lessons/fr/")
    page.close()


def test_another_language_of_a_lesson_can_be_chosen(browser, server):
    page = browser.new_page(locale="fr")
    page.goto(server + "/lessons/fr/right-for-the-wrong-reason/worksheet")
    page.locator("#language").select_option("en")
    page.wait_for_url(server + "/lessons/right-for-the-wrong-reason/worksheet")
    expect(page.get_by_role("heading", level=1)).to_have_text("Right for the wrong reason")
    page.goto(server + "/")
    expect(page.locator("#language")).to_have_value("en")
    # An address that names its language is taken at its word.
    page.goto(server + "/lessons/ar/")
    expect(page.locator("#language")).to_have_value("ar")
    page.close()


def test_squares_are_counted_from_the_left_in_every_language(page, server):
    page.emulate_media(media="print")
    open_sheet(page, server, "/lessons/ar/what-is-it-looking-at/worksheet")
    first, last = (page.locator(f".columns b >> nth={at}").bounding_box() for at in (0, 7))
    assert first["x"] < last["x"]
    words = page.locator(".sheet > p").first
    assert words.evaluate("(p) => getComputedStyle(p).direction") == "rtl"


NO_STORAGE = """
Object.defineProperty(globalThis, 'sessionStorage', {
  get() { throw new DOMException('denied', 'SecurityError'); },
});
globalThis.print = () => { globalThis.isPrinted = true; };"""


def test_it_prints_where_browsers_keep_nothing(page, server):
    page.add_init_script(NO_STORAGE)
    worksheet = next(sheet for sheet in SHEETS if sheet.stem == "worksheet")
    open_sheet(page, server, address(worksheet))
    page.locator(".name-line input").first.fill("Ada")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("() => globalThis.isPrinted")
    assert page.locator(".written").first.inner_text() == "Ada"
    assert page.mistakes == []


def test_english_can_be_chosen_where_browsers_keep_nothing(browser, server):
    page = browser.new_page(locale="fr")
    page.add_init_script(NO_STORAGE.replace("sessionStorage", "localStorage"))
    page.goto(server + "/lessons/")
    page.wait_for_url(server + "/lessons/fr/")
    page.locator("#language").select_option("en")
    page.wait_for_url(server + "/lessons/")
    page.locator(".lesson-links a").first.click()
    page.wait_for_load_state("networkidle")
    assert page.locator("#language").input_value() == "en"
    page.close()
