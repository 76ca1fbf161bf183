"""A project played by TurboWarp's VM in the browser, with the real server and a real classifier."""

import base64
import io
import os
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image

from backend.classifiers.store import Store
from backend.parade.training import LABELS
from tests.extension.player import Player, ask, project

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
EXTENSION = ROOT / "scratch-extension" / "peekaboo.js"
SCAFFOLDING = ROOT / "node_modules/@turbowarp/packager/dist/scaffolding/scaffolding-min.js"
PARADE = ROOT / "backend" / "parade"


@pytest.fixture(scope="session")
def parade(server: str) -> dict[str, np.ndarray]:
    """Pictures of the parade, (360, 480, 3) uint8, by the name of who is on them."""
    pictures = {}
    for entry in ask(f"{server}/parade/index.json")["pictures"]:
        if entry["label"] in pictures:
            continue
        with urllib.request.urlopen(server + entry["url"], timeout=60) as answer:
            image = Image.open(io.BytesIO(answer.read())).convert("RGB")
        pictures[entry["label"]] = np.asarray(image)
    return pictures


@pytest.fixture(scope="session")
def cropped(real_store: Store, tmp_path_factory: Any) -> str:
    """The id of the parade's classifier, added once more so that it sees only the centre."""
    labels = tmp_path_factory.mktemp("labels") / "labels.txt"
    labels.write_text("\n".join(LABELS), "utf-8")
    parts = {"classifier.tflite": PARADE / "classifier.tflite", "labels.txt": labels}
    return real_store.add(parts, name="Cropped", fit="crop", pixels=(-1, 1)).id


@pytest.fixture
def play(
    browser: Any, server: str, parade: dict[str, np.ndarray]
) -> Iterator[Callable[..., Player]]:
    """A function that opens the page; at the end, no script of it may have failed."""
    if not SCAFFOLDING.exists():
        reason = "TurboWarp's VM is not installed (npm ci fetches it)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    contexts, errors = [], []

    def open_page(
        backdrop: np.ndarray | None = None,
        locale: str = "en",
        address: str = server,
        before: Callable[[Any], None] = lambda page: None,
        **settings: Any,
    ) -> Player:
        size = {"width": 480, "height": 360}
        context = browser.new_context(**({"viewport": size} | settings))
        contexts.append(context)
        page = context.new_page()
        page.route("**/test/*", lambda route: route.fulfill(path=HERE / _file_of(route)))
        page.route("**/test/scaffolding.js", lambda route: route.fulfill(path=SCAFFOLDING))
        page.route("**/peekaboo.js", lambda route: route.fulfill(path=EXTENSION))
        page.on("pageerror", lambda error: errors.append(str(error)))
        player = Player(page, address)
        page.on("request", player._note_request)
        page.on("requestfailed", lambda request: player.aborted.append(request.url))
        before(page)
        page.goto(address + "/test/player.html")
        page.wait_for_function("window.test")
        shown = parade["wizard"] if backdrop is None else backdrop
        content = base64.b64encode(project(shown)).decode()
        page.evaluate(
            "([content, locale]) => test.open(content, locale, location.origin + '/peekaboo.js')",
            [content, locale],
        )
        return player

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def _file_of(route: Any) -> str:
    return urlsplit(route.request.url).path.removeprefix("/test/")


@pytest.fixture
def player(play: Callable[..., Player]) -> Player:
    """The usual page: a wizard of the parade on the stage, in English."""
    return play()
