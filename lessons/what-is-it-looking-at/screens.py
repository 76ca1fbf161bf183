"""The pictures of the product in this lesson: for each name, how it is taken."""

import io
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import Page

from lessons import in_editor

STAGE = "[class*=stage-wrapper_stage-canvas-wrapper]"
FADED_MS = 1500
SHOWN = 6
EXAMPLE = 3  # how many pictures after the first

# What the blocks of step 2 (cover-by-hand) do when somebody has found the hat.
COVER_BY_HAND = """
async () => {
  const { runtime } = vm;
  const target = runtime.getTargetForStage();
  const look = Object.values(target.variables).find(({ type }) => type === 'broadcast_msg');
  await runtime._primitives.peekaboo_coverArea({ ROW: 3, COLUMN: 5 }, { target });
  runtime.startHats('event_whenbroadcastreceived', { BROADCAST_OPTION: look.name });
}
"""


def open_demo(page: Page, address: str) -> None:
    """Open the demo in the editor and press the green flag."""
    in_editor.open_project(page, address, "demo")
    wait_for_answer(page)


def wait_for_answer(page: Page) -> None:
    """Wait until the classifier has said what it sees."""
    page.wait_for_function("vm.runtime.threads.length === 0")
    page.wait_for_timeout(FADED_MS)


def stage(page: Page) -> bytes:
    """Take a picture of the stage alone."""
    return page.locator(STAGE).first.screenshot()


def press(page: Page, key: str) -> None:
    """Press a key on the stage and wait for what it does."""
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(key)
    wait_for_answer(page)


def editor(page: Page, address: str) -> bytes:
    """The whole editor after the green flag."""
    open_demo(page, address)
    return page.screenshot()


def covered(page: Page, address: str) -> bytes:
    """The stage with a square on the hat."""
    open_demo(page, address)
    page.evaluate(COVER_BY_HAND)
    wait_for_answer(page)
    return stage(page)


def peek(page: Page, address: str) -> bytes:
    """The stage after X, with another picture than the one to guess about."""
    open_demo(page, address)
    for _ in range(EXAMPLE):
        press(page, "ArrowRight")
    press(page, "x")
    return stage(page)


def answers(page: Page, address: str) -> bytes:
    """The first pictures of the demo after X, side by side."""
    open_demo(page, address)
    pictures = []
    for _ in range(SHOWN):
        press(page, "x")
        pictures.append(Image.open(io.BytesIO(stage(page))))
        press(page, "ArrowRight")
    return _side_by_side(pictures)


def _side_by_side(pictures: list[Image.Image]) -> bytes:
    width, height = (side * 2 // 3 for side in pictures[0].size)
    gap = width // 30
    sheet = Image.new("RGB", (3 * width + 2 * gap, 2 * height + gap), "white")
    for number, picture in enumerate(pictures):
        row, column = divmod(number, 3)
        place = (column * (width + gap), row * (height + gap))
        sheet.paste(picture.convert("RGB").resize((width, height)), place)
    packed = io.BytesIO()
    sheet.save(packed, "PNG")
    return packed.getvalue()


def drop(page: Page, address: str) -> bytes:
    """Where a class's own model goes on the start page."""
    page.goto(address)
    page.wait_for_selector("#models li")
    return page.locator("#add .drop").screenshot()


SCREENS: dict[str, Callable[[Page, str], bytes]] = {
    "editor": editor,
    "covered": covered,
    "peek": peek,
    "answers": answers,
    "drop": drop,
}
