"""Opens a lesson's project in the Scratch editor, for the pictures in `screens.py`."""

from playwright.sync_api import Page

from backend.bench.editor import EXPOSE_VM, LONGEST_START_S, READY


def open_project(page: Page, address: str, name: str) -> None:
    """Open a project in the editor and press the green flag."""
    page.add_init_script(EXPOSE_VM)
    page.goto(f"{address}/editor?project={name}")
    page.wait_for_function(READY, timeout=1000 * LONGEST_START_S)
    page.click("[class*=green-flag_green-flag]")
