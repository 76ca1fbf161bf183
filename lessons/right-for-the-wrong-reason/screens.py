"""The pictures of the product in this lesson: for each name, how it is taken.

All of them tell one story, in this order: the trap is set in Scratch, taught and looked at on the
page "Teach your own", tried in Scratch, mended, and looked at again.
"""

import io
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import Page

from lessons import in_editor

STAGE = "[class*=stage-wrapper_stage-canvas-wrapper]"
FADED_MS = 1500
TAUGHT_MS = 120_000
TRAP, MORE = 20, 3
"""Pictures of each character at first, and of each in every place afterwards."""
PLACES = 7
SHOWN_PX = 408
"""Of the boxes, so that whole thumbnails are seen."""


def open_project(page: Page, address: str) -> None:
    """Open the project in the editor and wait until the green flag's scripts have run."""
    in_editor.open_project(page, address, "curtain")
    idle(page)


def idle(page: Page) -> None:
    """Wait until no script runs."""
    page.wait_for_timeout(150)
    page.wait_for_function("vm.runtime.threads.every((thread) => thread.updateMonitor)")


def press(page: Page, *keys: str) -> None:
    """Press keys on the stage, one after the other."""
    page.evaluate("document.activeElement.blur()")
    for key in keys:
        page.keyboard.press(key)
        idle(page)


def set_the_trap(page: Page, address: str) -> None:
    """The clown always in the theatre, the wizard anywhere else, as the worksheet asks for."""
    open_project(page, address)
    press(page, *[" "] * TRAP, "ArrowUp")
    for number in range(TRAP):
        if number % (TRAP // (PLACES - 1)) == 0 and number < TRAP - 2:
            press(page, "ArrowRight")
        press(page, " ")


def mend(page: Page, address: str) -> None:
    """More pictures of both, in every place."""
    open_project(page, address)
    for _ in range(PLACES):
        press(page, *[" "] * MORE, "ArrowUp", *[" "] * MORE, "ArrowUp", "ArrowRight")


def teach(page: Page, address: str) -> None:
    """Teach it from nothing, on the page."""
    page.goto(f"{address}/teach?collection=mine")
    page.wait_for_selector("#teach[data-state=ready]")
    page.click(".teaching summary")
    page.check("#way [value=network]", force=True)
    page.click("#teach-go")
    page.wait_for_selector("#teach-stop:not([hidden])")
    page.wait_for_selector("#teach-stop", state="hidden", timeout=TAUGHT_MS)
    page.click(".teaching summary")
    page.wait_for_selector("#step-review:not([hidden])")
    page.wait_for_timeout(FADED_MS)


def examples(page: Page, address: str) -> bytes:
    """The two boxes of the page, with the trap in them, and what Peekaboo says about it."""
    set_the_trap(page, address)
    page.goto(f"{address}/teach?collection=mine")
    page.wait_for_selector(".check", timeout=20_000)
    page.wait_for_timeout(FADED_MS)
    cards = [page.locator(".label-card").nth(at).bounding_box() for at in (0, 1)]
    boxes = [box for box in cards if box]
    # The first is at the right where people read from there.
    left = min(box["x"] for box in boxes)
    right = max(box["x"] + box["width"] for box in boxes)
    clip = {"x": left, "y": boxes[0]["y"], "width": right - left, "height": SHOWN_PX}
    return page.screenshot(clip=clip)  # type: ignore[arg-type]


def warning(page: Page, address: str) -> bytes:
    """What Peekaboo says before it is taught."""
    page.goto(f"{address}/teach?collection=mine")
    page.wait_for_selector(".check", timeout=20_000)
    page.wait_for_timeout(FADED_MS)
    return page.locator("[data-check=same_background]").screenshot()


def film(page: Page, address: str) -> bytes:
    """What it looks at after the last lesson."""
    teach(page, address)
    return _probes(page)


def tricked(page: Page, address: str) -> bytes:
    """The clown at the beach, after X."""
    open_project(page, address)
    press(page, "ArrowRight", "ArrowRight", "x")
    page.wait_for_timeout(FADED_MS)
    return page.locator(STAGE).first.screenshot()


def mended(page: Page, address: str) -> bytes:
    """The same after more pictures, taught again."""
    mend(page, address)
    teach(page, address)
    open_project(page, address)
    press(page, "ArrowRight", "ArrowRight", "x")
    page.wait_for_timeout(FADED_MS)
    return page.locator(STAGE).first.screenshot()


def film_mended(page: Page, address: str) -> bytes:
    """What it looks at now."""
    page.goto(f"{address}/teach?collection=mine")
    page.wait_for_selector("#step-review:not([hidden])")
    page.wait_for_timeout(FADED_MS)
    return _probes(page)


def _probes(page: Page) -> bytes:
    """The watched pictures under their squares, side by side."""
    shots = [
        Image.open(io.BytesIO(one.screenshot()))
        for one in page.locator("#probes .probe-picture").all()
    ]
    width, height = shots[0].size
    gap = width // 20
    sheet = Image.new("RGB", (len(shots) * (width + gap) - gap, height), "white")
    for number, shot in enumerate(shots):
        sheet.paste(shot.convert("RGB"), (number * (width + gap), 0))
    packed = io.BytesIO()
    sheet.save(packed, "PNG")
    return packed.getvalue()


SCREENS: dict[str, Callable[[Page, str], bytes]] = {
    "examples": examples,
    "warning": warning,
    "film": film,
    "tricked": tricked,
    "mended": mended,
    "film-mended": film_mended,
}
