"""Makes the pictures of all lessons from the running product.

    .venv/bin/python -m lessons.make_pictures              all pictures
    .venv/bin/python -m lessons.make_pictures blocks       only the pictures of blocks
    .venv/bin/python -m lessons.make_pictures de fr        only those of some languages

Blocks are drawn from the `blocks` fences of the sheets; pictures of the product are taken as the
lesson's `screens.py` says. Needs the Scratch editor, `npm install` and Chromium.
"""

import io
import json
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
from backend.translation import ENGLISH, LANGUAGES

LESSONS = Path(__file__).parent
ROOT = LESSONS.parent
SCRATCHBLOCKS = ROOT / "node_modules" / "scratchblocks"
EXTENSION = ROOT / "scratch-extension" / "peekaboo.js"
PORT = 8791
FENCE = re.compile(r"^```blocks (\S+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
WEBP_QUALITY = 88


def main() -> None:
    """Make the pictures."""
    lessons = sorted(path.parent for path in LESSONS.glob("*/worksheet.md"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for language in [one for one in LANGUAGES if one in sys.argv[1:]] or LANGUAGES:
            page = browser.new_page(
                viewport={"width": 1280, "height": 760}, device_scale_factor=2, locale=language
            )
            folders = {lesson: edition(lesson, language) for lesson in lessons}
            for folder in folders.values():
                (folder / "pictures").mkdir(exist_ok=True)
                draw_blocks(page, folder, language)
            if "blocks" not in sys.argv[1:]:
                with running_server() as address:
                    for lesson, folder in folders.items():
                        take_screens(page, address, lesson, folder)
            page.close()
        browser.close()


def edition(lesson: Path, language: str) -> Path:
    """The folder of a lesson's sheets in a language."""
    return lesson if language == ENGLISH else lesson / language


def draw_blocks(page: Page, folder: Path, language: str) -> None:
    """Draw the `blocks` fences of sheets; the same name has to mean the same code."""
    page.goto("about:blank")
    page.evaluate("(language) => { document.documentElement.lang = language; }", language)
    page.add_script_tag(path=SCRATCHBLOCKS / "build" / "scratchblocks.min.js")
    if language != ENGLISH:
        words = json.loads((SCRATCHBLOCKS / "locales" / f"{language}.json").read_text("utf-8"))
        page.evaluate("(words) => window.scratchblocks.loadLanguages(words)", {language: words})
    page.evaluate("window.scratchblocks.appendStyles()")
    page.add_script_tag(path=LESSONS / "scratch_stub.js")
    page.add_script_tag(path=EXTENSION)
    extension = page.evaluate("window.peekaboo.getInfo()")
    draw = (LESSONS / "draw_blocks.js").read_text("utf-8")
    drawn: dict[str, str] = {}
    for sheet in sorted(folder.glob("*.md")):
        for name, code in FENCE.findall(sheet.read_text("utf-8")):
            if drawn.setdefault(name, code) != code:
                raise SystemExit(f"{sheet}: two different blocks are called {name}.")
            drawing = {"code": code, "extension": extension, "language": language}
            save(folder / "pictures" / f"{name}.svg", page.evaluate(draw, drawing).encode())


def take_screens(page: Page, address: str, lesson: Path, folder: Path) -> None:
    """Take the pictures of the product that the lesson's `screens.py` describes in SCREENS."""
    screens: dict[str, Callable[[Page, str], bytes]]
    screens = runpy.run_path(str(lesson / "screens.py"))["SCREENS"]
    for name, take in screens.items():
        packed = io.BytesIO()
        Image.open(io.BytesIO(take(page, address))).save(
            packed, "WEBP", quality=WEBP_QUALITY, method=6
        )
        save(folder / "pictures" / f"{name}.webp", packed.getvalue())


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
