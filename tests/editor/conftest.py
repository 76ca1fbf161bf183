"""The real Scratch editor in a headless browser, with the real server and its own classifier."""

import importlib.util
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
READY_WITHIN_MS = 60_000


@pytest.fixture(scope="session")
def install() -> Any:
    """The module that fetches the editor, `scratch-extension/editor/install.py`."""
    path = ROOT / "scratch-extension" / "editor" / "install.py"
    spec = importlib.util.spec_from_file_location("editor_install", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Visit:
    """What the pages of one test asked for and complained about."""

    address: str
    outside: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def watch(self, page: Any) -> None:
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("requestfinished", lambda request: self.fetched.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _request(self, request: Any) -> None:
        if not re.match(rf"{self.address}/|data:|blob:", request.url):
            self.outside.append(request.url)

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.failed.append(f"{response.status} {response.url}")


@pytest.fixture
def visit(server: str) -> Visit:
    return Visit(server)


@pytest.fixture(scope="session")
def contexts(browser: Any) -> Iterator[Callable[[str], Any]]:
    """A function that returns the browser context of a locale.

    It is shared, so that the editor's 17 MB are fetched and compiled once and not in every test.
    """
    opened: dict[str, Any] = {}

    def context(locale: str) -> Any:
        if locale not in opened:
            opened[locale] = browser.new_context(locale=locale, accept_downloads=True)
        return opened[locale]

    yield context
    for open_context in opened.values():
        open_context.close()


@pytest.fixture
def open_editor(contexts: Any, visit: Visit, install: Any) -> Iterator[Callable[..., Any]]:
    """A function that opens the editor and waits until its project is on the stage.

    `before` is called with the page before it is opened. At the end nothing may have been asked
    of another computer, and no script may have failed.
    """
    if not install.is_installed():
        reason = "the Scratch editor is not installed (python3 run.py fetches it)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    pages = []

    def open_page(
        query: str = "",
        size: tuple[int, int] = (1280, 800),
        locale: str = "en-GB",
        before: Callable[[Any], None] = lambda page: None,
    ) -> Any:
        page = contexts(locale).new_page()
        pages.append(page)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        visit.watch(page)
        before(page)
        page.goto(visit.address + "/editor" + query)
        page.wait_for_selector("#loading", state="detached", timeout=READY_WITHIN_MS)
        page.wait_for_selector(PEEKABOO_ROW, timeout=READY_WITHIN_MS)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert visit.outside == []
    assert visit.errors == []


PEEKABOO_ROW = ".blocklyToolboxCategory#peekaboo"
