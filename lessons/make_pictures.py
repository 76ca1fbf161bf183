"""Makes the pictures of all lessons from the running product.

    .venv/bin/python -m lessons.make_pictures           all pictures
    .venv/bin/python -m lessons.make_pictures blocks    only the pictures of blocks

Blocks are drawn from the `blocks` fences of the sheets; pictures of the product are taken as the
lesson's `screens.py` says. Needs the Scratch editor, `npm install` and Chromium.
"""

import io
import os
import re
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from backend.bench.editor import chromium

LESSONS = Path(__file__).parent
ROOT = LESSONS.parent
SCRATCHBLOCKS = ROOT / "node_modules" / "scratchblocks" / "build" / "scratchblocks.min.js"
EXTENSION = ROOT / "scratch-extension" / "peekaboo.js"
PORT = 8791
FENCE = re.compile(r"^```blocks (\S+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
WEBP_QUALITY = 88


def main() -> None:
    """Make the pictures."""
    lessons = sorted(path.parent for path in LESSONS.glob("*/worksheet.md"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": 1280, "height": 760}, device_scale_factor=2, locale="en"
        )
        for lesson in lessons:
            (lesson / "pictures").mkdir(exist_ok=True)
            draw_blocks(page, lesson)
        if "blocks" not in sys.argv[1:]:
            with running_server() as address:
                for lesson in lessons:
                    take_screens(page, address, lesson)
        browser.close()


def draw_blocks(page: Page, lesson: Path) -> None:
    """Draw the `blocks` fences of a lesson's sheets; the same name has to mean the same code."""
    page.goto("about:blank")
    page.add_script_tag(path=SCRATCHBLOCKS)
    page.evaluate("window.scratchblocks.appendStyles()")
    page.add_script_tag(path=LESSONS / "scratch_stub.js")
    page.add_script_tag(path=EXTENSION)
    extension = page.evaluate("window.peekaboo.getInfo()")
    draw = (LESSONS / "draw_blocks.js").read_text("utf-8")
    drawn: dict[str, str] = {}
    for sheet in sorted(lesson.glob("*.md")):
        for name, code in FENCE.findall(sheet.read_text("utf-8")):
            if drawn.setdefault(name, code) != code:
                raise SystemExit(f"{sheet}: two different blocks are called {name}.")
            picture = page.evaluate(draw, {"code": code, "extension": extension})
            save(lesson / "pictures" / f"{name}.svg", picture.encode())


def take_screens(page: Page, address: str, lesson: Path) -> None:
    """Take the pictures of the product that the lesson's `screens.py` describes in SCREENS."""
    screens: dict[str, Callable[[Page, str], bytes]]
    screens = runpy.run_path(str(lesson / "screens.py"))["SCREENS"]
    for name, take in screens.items():
        packed = io.BytesIO()
        Image.open(io.BytesIO(take(page, address))).save(
            packed, "WEBP", quality=WEBP_QUALITY, method=6
        )
        save(lesson / "pictures" / f"{name}.webp", packed.getvalue())


def save(file: Path, contents: bytes) -> None:
    """Write a picture and say so."""
    file.write_bytes(contents)
    print(f"{file.relative_to(ROOT)}  {len(contents) / 1000:.0f} kB")


@contextmanager
def running_server() -> Iterator[str]:
    """Start Peekaboo as it is after a fresh installation; gives its address."""
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            [sys.executable, "-m", "backend", "serve", "--no-browser", "--port", str(PORT)],
            cwd=ROOT,
            env=os.environ | {"PEEKABOO_HOME": home},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        try:
            ready = process.stdout.readline()
            if "Peekaboo is ready" not in ready:
                raise SystemExit("Peekaboo did not start.")
            yield f"http://localhost:{PORT}"
        finally:
            process.terminate()
            process.wait(10)
            process.stdout.close()


if __name__ == "__main__":
    main()
