"""The editor page itself: palette, dialogs, languages, and that nothing comes from outside."""

import re
from typing import Any

import pytest

from tests.editor.conftest import READY_WITHIN_MS
from tests.editor.stage import FIRST_BLOCK_IS_AT_THE_TOP, wait_for

pytestmark = pytest.mark.browser

CONTRACT = [
    "useModel",
    "classify",
    "label",
    "confidence",
    "confidenceOf",
    "classifyLabel",
    "classifyConfidence",
    "setSquares",
    "setCover",
    "coverArea",
    "coverSquare",
    "uncover",
    "numberOfSquares",
    "xOfSquare",
    "yOfSquare",
    "measureRelevance",
    "showRelevance",
    "hideRelevance",
    "keepShowing",
    "mapsPerSecond",
    "showExplanation",
    "relevanceOfSquare",
    "ghostOfSquare",
    "mostRelevantSquare",
    "anySquareMattered",
    "relevanceSentence",
    "setMeasure",
    "setAmplify",
    "addExample",
    "numberOfExamples",
    "exampleLabels",
    "teach",
    "teachingProgress",
    "whenTaught",
    "showEpoch",
    "forgetExamples",
]
HATS = {"whenTaught"}
NEEDS_THE_INTERNET = ["Text to Speech", "Translate", "micro:bit", "EV3", "BOOST", "WeDo", "Face"]


def palette_text(page: Any) -> str:
    texts = page.locator(".blocklyFlyout text").all_text_contents()
    return re.sub(r"\s+", " ", " ".join(texts).replace("\xa0", " "))


def test_the_palette_opens_at_peekaboos_blocks(open_editor) -> None:
    page = open_editor()
    page.wait_for_selector(".blocklyToolboxSelected#peekaboo")
    wait_for(page, FIRST_BLOCK_IS_AT_THE_TOP)  # The palette glides there.
    text = palette_text(page)
    for words in ("classify", "measure relevance of", "show relevance with ghost effect"):
        assert words in text


def test_the_palette_offers_every_block_of_the_contract(open_editor) -> None:
    page = open_editor()
    offered = page.evaluate(
        """() => Scratch.vm.runtime._blockInfo.find(info => info.id === 'peekaboo')
            .blocks.map(block => block.info.opcode).filter(Boolean)"""
    )
    assert offered == CONTRACT
    working = "opcode => Boolean(Scratch.vm.runtime.getOpcodeFunction(`peekaboo_${opcode}`))"
    assert all(page.evaluate(working, opcode) for opcode in offered if opcode not in HATS)
    hats = page.evaluate("Object.keys(Scratch.vm.runtime._hats)")
    assert {f"peekaboo_{opcode}" for opcode in HATS} <= set(hats)


def test_the_dialogs_show_our_pictures_and_nothing_from_outside(open_editor, visit, server) -> None:
    page = open_editor()
    index = page.request.get(server + "/parade/index.json").json()
    backdrops = len(index["pictures"]) + len(index["backgrounds"])

    # At once: a dialog that stands open is not drawn anew.
    page.click("[class*=stage-selector] [class*=main-button]")
    assert_pictures(page, number=backdrops)
    page.locator("[class*=library-item]", has_text="wizard").first.click()
    wait_for(
        page, "() => Scratch.vm.runtime.targets[0].getCostumes().some(c => /wizard/.test(c.name))"
    )

    page.click("[class*=sprite-selector] [class*=main-button]")
    assert_pictures(page, number=len(index["sprites"]) + 1)
    page.click("button[class*=library-item]:has-text('Square')")
    wait_for(page, "() => Scratch.vm.runtime.targets.length === 2")

    page.click("text=Sounds")
    page.click("[class*=asset-panel] [class*=main-button]")
    page.wait_for_selector("[class*=library-item]")
    page.keyboard.press("Escape")
    page.click("text=Costumes")
    page.wait_for_selector("[class*=paint-editor] canvas")

    page.click("[role=tab]:has-text('Code')")
    page.click("[class*=add-button], [class*=extension-button] button")
    page.wait_for_selector("button#music")
    shown = " ".join(page.locator("button[class*=library-item]:visible").all_text_contents())
    assert "Pen" in shown
    assert [name for name in NEEDS_THE_INTERNET if name in shown] == []
    assert visit.failed == []


def assert_pictures(page: Any, number: int) -> None:
    page.wait_for_selector("[class*=library-item] img")
    page.wait_for_timeout(300)
    widths = page.evaluate(
        "[...document.querySelectorAll('[class*=library-item] img')].map(i => i.naturalWidth)"
    )
    assert len(widths) == number
    assert all(width > 0 for width in widths), "a broken picture"


def test_no_page_may_reach_outside(open_editor, server) -> None:
    page = open_editor()
    policy = page.request.get(server + "/editor").headers["content-security-policy"]
    assert policy.startswith("default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'")
    assert (
        page.evaluate("fetch('https://scratch.mit.edu/').then(() => 'reached', () => 'refused')")
        == "refused"
    )


def test_the_page_has_one_main_part(open_editor) -> None:
    assert open_editor().locator("main").count() == 1


def test_arabic_runs_from_right_to_left(open_editor) -> None:
    page = open_editor("?locale=ar", size=(1024, 600))
    palette = page.locator(".blocklyToolbox").first.bounding_box()
    stage = page.locator("[class*=stage_stage] canvas").first.bounding_box()
    assert palette["x"] > stage["x"] + stage["width"]
    assert "صنّف" in palette_text(page)
    assert page.locator("[dir=rtl]").count() > 0


def test_the_language_follows_the_browser(open_editor) -> None:
    page = open_editor(locale="de-DE")
    assert "erkenne" in palette_text(page)
    assert page.locator("text=Datei").count() > 0


def test_the_language_chosen_on_the_start_page_is_kept(open_editor, server) -> None:
    def choose(page: Any) -> None:
        page.goto(server)
        page.select_option("#language", "ja")

    page = open_editor(locale="pt-BR", before=choose)
    assert "大事" in palette_text(page)
    assert page.locator("text=ファイル").count() > 0


def test_scratch_speaks_more_languages_than_peekaboo(open_editor) -> None:
    page = open_editor(locale="it-IT")
    assert page.locator("[role=tab]:has-text('Costumi'), [role=tab]:has-text('Sfondi')").count() > 0
    assert "classify" in palette_text(page)


def test_the_mark_leads_to_the_start_page_and_the_menu_tells_about_scratch(open_editor) -> None:
    page = open_editor()
    assert page.get_attribute("#logo_img", "src") == "/editor/wordmark.svg"
    page.click("button[aria-label='About menu']")
    page.click("text=About Scratch")
    assert "not affiliated" in page.inner_text("#notice")
    page.click("#notice-button")
    page.click("button[aria-label='About menu']")
    with page.context.expect_page() as beside:
        page.click("text=Teach your own")
    assert beside.value.url.endswith("/teach")
    beside.value.close()
    page.click("#logo_img")
    page.wait_for_url(re.compile(r"//localhost:\d+/$"))


def test_a_language_chosen_in_the_editor_stays_and_brings_no_other_mark(open_editor):
    page = open_editor()
    page.get_by_text("Settings", exact=True).click()
    page.get_by_text("Language", exact=True).first.click()
    page.get_by_text("العربية", exact=True).click()
    page.wait_for_function("document.documentElement.lang === 'ar'")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    page.wait_for_timeout(500)  # time enough for the editor to draw its own mark again
    mark = page.locator("#logo_img")
    assert mark.get_attribute("src") == "/editor/wordmark.svg"
    assert mark.get_attribute("alt") == "Peekaboo"
    kept = page.evaluate("localStorage.getItem('peekaboo.language')")
    # Tests share what the browser keeps: the language would stay chosen for all of them.
    page.evaluate("localStorage.clear()")
    assert kept == "ar"


@pytest.mark.usefixtures("open_editor")
def test_all_of_it_is_seen_on_a_tablet_held_upright(browser, server) -> None:
    tablet = {"width": 800, "height": 1280}
    context = browser.new_context(
        viewport=tablet, screen=tablet, is_mobile=True, has_touch=True, locale="en"
    )
    page = context.new_page()
    page.goto(server + "/editor")
    page.wait_for_selector("#loading", state="detached", timeout=READY_WITHIN_MS)
    stage = page.locator("[class*=stage-wrapper_stage-canvas-wrapper]").bounding_box()
    seen = page.evaluate("visualViewport.width")
    assert stage["x"] + stage["width"] <= seen
    context.close()
