"""The real server in a process of its own, and a browser that notes what pages do."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import running_server


@dataclass
class Server:
    """A running Peekaboo."""

    address: str
    process: subprocess.Popen

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


@contextmanager
def started_server(home: Path, port: int | None = None) -> Iterator[Server]:
    with running_server(home, port) as (address, process):
        yield Server(address, process)


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[Server]:
    """One server for all tests that do not stop it."""
    with started_server(tmp_path_factory.mktemp("peekaboo")) as running:
        yield running


@dataclass
class Notes:
    """What the pages of a test did that no page may do."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def open_page(browser, server, notes):
    """A function that opens a path; at the end, no page may have misbehaved.

    Answers that a test provokes (a refused file) appear in the browser's console as a
    failed load; everything else there is an error of the page.
    """
    contexts = []

    def open_path(path: str, width=1280, height=900, language="en-GB", at=server, **settings):
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale=language, **settings
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: _note_request(request.url, at.address, notes))
        page.on("pageerror", lambda error: notes.errors.append(str(error)))
        page.on("console", lambda message: _note_message(message, notes))
        page.goto(at.address + path)
        return page

    yield open_path
    for context in contexts:
        context.close()
    assert notes.outside == []
    assert notes.errors == []


def _note_request(url: str, own: str, notes: Notes) -> None:
    if not url.startswith((own + "/", "data:", "blob:")):
        notes.outside.append(url)


def _note_message(message, notes: Notes) -> None:
    provoked = message.text.startswith("Failed to load resource")
    if message.type in ("error", "warning") and not provoked:
        notes.errors.append(message.text)
