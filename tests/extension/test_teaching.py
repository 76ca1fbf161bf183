"""Blocks that gather examples, teach, and show what was looked at after a lesson."""

import json
import urllib.parse
import urllib.request

import numpy as np
import pytest
from PIL import Image

from tests.conftest import running_server
from tests.extension.player import Player, ask
from tests.extension.test_stage import shown
from tests.extension.test_trouble import NOT_RUNNING
from tests.teaching.conftest import png, striped

pytestmark = pytest.mark.browser
MINE = "/api/collections/mine"
TEACHING_S = 300


@pytest.fixture
def alone(play, tmp_path):
    """A player whose server nobody else uses."""
    with running_server(tmp_path) as (address, _):
        yield play(address=address)


def mine(player: Player) -> dict:
    return ask(player.address + MINE)


def post(player: Player, path: str, content: dict | bytes) -> None:
    body = json.dumps(content).encode() if isinstance(content, dict) else content
    kind = "application/json" if isinstance(content, dict) else "image/png"
    urllib.request.urlopen(
        urllib.request.Request(player.address + MINE + path, body, {"Content-Type": kind})
    )


def fill(player: Player) -> None:
    for label in ("up", "down"):
        post(player, "/labels", {"label": label})
        for seed in range(6):
            query = urllib.parse.urlencode({"label": label})
            post(player, f"/pictures?{query}", png(striped(label == "up", seed)))


def test_examples_are_what_the_stage_shows(alone: Player, parade):
    assert alone.ask("numberOfExamples", LABEL="my wizard / 🧙") == 0
    for _ in range(2):
        alone.run("addExample", PICTURE="stage", LABEL="my wizard / 🧙")
    assert alone.ask("numberOfExamples", LABEL=" my wizard /  🧙 ") == 2
    assert alone.ask("exampleLabels") == "my wizard / 🧙"
    (label,) = mine(alone)["labels"]
    assert label["label"] == "my wizard / 🧙"
    kept = urllib.request.urlopen(alone.address + label["pictures"][0]["url"])
    pixels = np.asarray(Image.open(kept).convert("RGB"))
    assert np.array_equal(pixels, alone.sent[-1].pixels)
    assert np.abs(pixels.astype(int) - parade["wizard"]).mean() < 4  # and the sprite in front
    alone.run("forgetExamples", LABEL="my wizard / 🧙")
    assert alone.ask("numberOfExamples", LABEL="my wizard / 🧙") == 0
    alone.run("forgetExamples", LABEL="never seen")
    assert not alone.says_something()
    assert mine(alone)["undo"]


def test_taught_in_scratch(alone: Player):
    fill(alone)
    assert alone.ask("teachingProgress") == 0
    alone.page.evaluate("test.listen('whenTaught', 'it is done')")
    alone.run("teach")
    alone.wait_until(alone.says_something)
    assert mine(alone)["training"]["state"] in ("queued", "running")  # said while it learns
    alone.wait_until(lambda: alone.ask("teachingProgress") == 100, TEACHING_S)
    alone.wait_until(lambda: alone.page.evaluate("test.heard()") == "it is done")
    model = mine(alone)["model"]
    assert mine(alone)["name"] == "My classifier"
    alone.run("useModel", MODEL="parade")
    alone.run("useModel", MODEL="mine")
    assert alone.ask("classifyLabel", PICTURE="stage") in ("up", "down")
    assert alone.sent[-1].path == f"/api/classify?model={model}"

    film = ask(alone.address + MINE + "/film")
    lesson = len(film["epochs"])
    alone.run("showEpoch", EPOCH=lesson)
    # Two pictures of 96 × 72 px beside each other, each 224 × 168 units large, 8 from the edge.
    for at, frame in enumerate(film["epochs"][-1]["frames"]):
        ghost = np.array(frame["ghost"])
        row, column = np.unravel_index(ghost.argmin(), ghost.shape)
        x = -240 + at * 240 + 8 + (column + 0.5) * 224 / 8
        y = 180 - 8 - (row + 0.5) * 168 / 6
        assert alone.colours_at([(x, y)]).max() <= 255 * ghost.min() / 100 + 3
        row, column = np.unravel_index(ghost.argmax(), ghost.shape)
        x = -240 + at * 240 + 8 + (column + 0.5) * 224 / 8
        y = 180 - 8 - (row + 0.5) * 168 / 6
        if ghost.max() > 99:
            # The pictures are striped, so a line through the square can lie on black alone.
            around = alone.colours_at(
                (x + dx, y + dy) for dx in range(-13, 14, 2) for dy in range(-13, 14, 2)
            )
            assert around.max() > 100
    middle = alone.colours_at([(0, 0)])
    alone.page.evaluate(
        "() => { const { vm } = window.player;"
        " vm.setEditingTarget(vm.runtime.getTargetForStage().id); return vm.duplicateCostume(0); }"
    )
    alone.wait_until(lambda: not np.array_equal(alone.colours_at([(0, 0)]), middle))
    assert alone.colours_at([(0, -170)]).min() < 250
    assert alone.ask("classifyLabel", PICTURE="stage") in ("up", "down")
    alone.run("showEpoch", EPOCH=lesson + 1)
    assert alone.says_something()


def with_film(player: Player, pictures: int) -> list[str]:
    """Give the page a film of so many white pictures of `mine`; return their addresses.

    The left half of each did not matter, all of the right half did.
    """
    post(player, "/labels", {"label": "white"})
    for shade in range(pictures):
        post(player, "/pictures?label=white", png(np.full((72, 96, 3), 255 - shade, np.uint8)))
    urls = [picture["url"] for picture in mine(player)["labels"][0]["pictures"]]
    frame = {"ghost": [[0, 100]], "top": [{"label": "white", "confidence": 1}]}
    film = {"probes": [{"url": url} for url in urls], "epochs": [{"frames": [frame] * pictures}]}
    player.page.route("**/mine/film", lambda route: route.fulfill(json=film))
    return urls


def test_a_watched_picture_that_was_deleted_is_left_out(alone: Player):
    first, second = with_film(alone, 2)
    delete(alone.address + first)
    alone.run("showEpoch", EPOCH=1)
    # What is left has all of the stage for itself.
    assert alone.colours_at([(-100, 20), (100, 20)]).tolist() == [[0] * 3, [254] * 3]
    assert not alone.says_something()
    delete(alone.address + second)
    alone.run("showEpoch", EPOCH=1)
    assert alone.says_something()


def delete(address: str) -> None:
    urllib.request.urlopen(urllib.request.Request(address, method="DELETE"))


@pytest.mark.parametrize("end", ["stop sign", "hide relevance"])
def test_a_lesson_that_nobody_waits_for_any_more_is_not_shown(alone: Player, parade, end):
    with_film(alone, 1)
    held = []
    alone.page.route("**/mine/pictures/*", lambda route: held.append(route))
    alone.start("showEpoch", EPOCH=1)
    alone.wait_until(lambda: held)
    if end == "stop sign":
        alone.page.evaluate("window.player.vm.stopAll()")
    else:
        alone.run("hideRelevance")
    with alone.page.expect_request_finished():
        held[0].continue_()
    alone.page.wait_for_timeout(300)  # time enough to draw
    assert shown(alone, parade["wizard"])


def test_nothing_to_learn_from_is_said(alone: Player):
    alone.run("showEpoch", EPOCH=1)
    assert alone.says_something()
    alone.run("useModel", MODEL="mine")
    assert alone.says_something()
    alone.page.evaluate("window.player.vm.stopAll()")
    assert not alone.says_something()
    alone.run("teach")
    alone.wait_until(alone.says_something, TEACHING_S)
    assert alone.ask("teachingProgress") == 0


def test_the_helper_is_missing(alone: Player):
    alone.page.route("**/api/**", lambda route: route.abort())
    assert alone.ask("numberOfExamples", LABEL="cat") == NOT_RUNNING
    assert alone.ask("teachingProgress") == 0
