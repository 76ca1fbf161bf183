"""Sheets as people see them: printed on A4, on a small screen, and while they are filled in."""

import re

import pytest

from tests.lessons.conftest import SHEETS, address

pytestmark = pytest.mark.browser
MOST_PAGES = {"worksheet": 3, "teacher": 4}
PRINTED_WIDTH_PX = 680  # 180 mm of A4 between the margins, at 96 px per inch
SCREEN_WIDTHS_PX = (360, 768, 1280)

each_sheet = pytest.mark.parametrize(
    "sheet", SHEETS, ids=lambda sheet: f"{sheet.parent.name}/{sheet.stem}"
)


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
@pytest.mark.parametrize("width", SCREEN_WIDTHS_PX)
def test_it_fits_on_screens(page, server, sheet, width):
    page.set_viewport_size({"width": width, "height": 800})
    open_sheet(page, server, address(sheet))
    assert too_wide(page) == []
    assert page.mistakes == []


@pytest.mark.parametrize("width", SCREEN_WIDTHS_PX)
def test_the_list_fits_on_screens(page, server, width):
    page.set_viewport_size({"width": width, "height": 800})
    open_sheet(page, server, "/lessons/")
    assert too_wide(page) == []
    assert page.mistakes == []


@each_sheet
def test_all_pictures_appear(page, server, sheet):
    open_sheet(page, server, address(sheet))
    empty = page.evaluate(
        "[...document.images].filter((image) => !image.naturalWidth).map((image) => image.src)"
    )
    assert empty == []


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


def test_name_and_date_are_asked_for_on_paper_only(page, server):
    open_sheet(page, server, "/lessons/what-is-it-looking-at/worksheet")
    assert page.get_by_text("Date").is_hidden()
    page.emulate_media(media="print")
    assert page.get_by_text("Date").is_visible()
