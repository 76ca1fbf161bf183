"""Relevance that follows the stage: newest pictures only, one at a time, until somebody ends it."""

import base64
import itertools
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.conftest import free_port, running_server
from tests.extension.player import RED, SPRITE_AT, Player, project
from tests.extension.test_stage import assert_squares_are_shown, shown
from tests.extension.test_trouble import NOT_RUNNING, remember_sentences

pytestmark = pytest.mark.browser

NOT_MEASURED = "Nothing is measured yet."

WATCH = """() => {
  const fetched = window.fetch;
  window.maps = [];
  window.fetch = async (address, request = {}) => {
    if (!address.includes('/api/relevance')) return fetched(address, request);
    const map = { begin: performance.now(), end: Infinity, ok: false };
    window.maps.push(map);
    try {
      const answer = await fetched(address, request);
      const read = answer.json.bind(answer);
      answer.json = async () => {
        const found = await read();
        Object.assign(map, { ok: true, found });
        return found;
      };
      return answer;
    } finally {
      map.end = performance.now();
    }
  };
}"""
"""Notes every question about relevance in `window.maps`: when it began, when its answer began."""

MOVE = """() => {
  const box = test.sprite();
  let x = -180;
  window.moving = setInterval(() => box.setXY(Math.min(x++, 180), 100), 100);
}"""
"""Moves the red box to the right, a unit at a time, until it is at the edge."""


@pytest.fixture
def live(player: Player) -> Player:
    """A page that shows relevance live, with its questions noted."""
    return start(player)


def start(player: Player) -> Player:
    player.page.evaluate(WATCH)
    player.run("keepShowing", ON="on")
    wait_for_maps(player, 1)
    return player


def maps(player: Player) -> int:
    """How many maps have come."""
    return player.page.evaluate("window.maps.filter(({ ok }) => ok).length")


def wait_for_maps(player: Player, more: int) -> None:
    """Wait until so many more maps have come."""
    enough = maps(player) + more
    player.wait_until(lambda: maps(player) >= enough)


def asks_no_more(player: Player) -> bool:
    """Whether no question is sent within half a second, when the last answer has come."""
    player.page.wait_for_timeout(300)
    before = len(player.sent)
    player.page.wait_for_timeout(500)
    return len(player.sent) == before


def left_edge(pixels: np.ndarray) -> int:
    """Where the red box begins in a picture, in px from the left."""
    return int(np.argmax((pixels[180 - SPRITE_AT[1]] == RED).all(axis=1)))


def test_every_map_is_of_a_newer_picture_and_one_is_asked_at_a_time(live: Player):
    live.page.evaluate(MOVE)
    wait_for_maps(live, 2)
    still = len(live.sent)
    wait_for_maps(live, 12)
    live.page.evaluate("clearInterval(window.moving)")
    moved = [left_edge(sent.pixels) for sent in live.sent[still:]]
    assert len(moved) >= 12
    assert moved == sorted(moved)
    assert len(set(moved)) > len(moved) / 2
    asked = live.page.evaluate("window.maps.map(({ begin, end }) => [begin, end])")
    for (_, answered), (following, _) in itertools.pairwise(asked):
        assert answered <= following


def test_pictures_travel_as_pixels_and_one_answer_comes_back(live: Player):
    sent = live.sent[-1]
    assert sent.kind == "image/x-rgba; width=480; height=360"
    assert sent.path == "/api/relevance?rows=6&columns=8&cover=black&measure=auto&amplify=auto"
    assert live.page.evaluate("window.maps[0].found.ghost.length") == 6


def test_reporters_and_squares_are_those_of_the_answer_for_the_same_picture(live: Player):
    wait_for_maps(live, 3)
    answer = live.same_answer()
    assert live.ask("mostRelevantSquare") == answer["most_relevant"]["square"]
    assert live.ask("anySquareMattered") is True
    assert live.ask("relevanceSentence") == answer["sentence"]
    for square in range(1, 49):
        row, column = divmod(square - 1, 8)
        ghost = pytest.approx(answer["ghost"][row][column], abs=0.006)
        assert live.ask("ghostOfSquare", SQUARE=square) == ghost
    live.page.wait_for_timeout(300)
    assert_squares_are_shown(live)


def test_reporters_speak_of_the_newest_map(live: Player, parade):
    clown = base64.b64encode(project(parade["clown"])).decode()
    live.page.evaluate("(content) => test.load(content)", clown)
    live.run("keepShowing", ON="on")
    wait_for_maps(live, 2)
    assert live.same_answer()["target"] == "clown"
    assert live.ask("mostRelevantSquare") == live.same_answer()["most_relevant"]["square"]


def press(name: str) -> Callable[[Player], None]:
    return lambda player: player.page.evaluate(f"window.player.vm.{name}()")


def block(opcode: str, **arguments: Any) -> Callable[[Player], None]:
    return lambda player: player.run(opcode, **arguments)


@pytest.mark.parametrize(
    "end",
    [
        block("keepShowing", ON="off"),
        block("hideRelevance"),
        press("stopAll"),
        press("greenFlag"),
    ],
    ids=["off", "hide relevance", "stop sign", "green flag"],
)
def test_how_it_ends(live: Player, parade, end):
    wait_for_maps(live, 2)
    assert not shown(live, parade["wizard"])
    end(live)
    assert asks_no_more(live)
    assert shown(live, parade["wizard"])
    assert live.ask("mapsPerSecond") == 0
    live.run("keepShowing", ON="on")
    wait_for_maps(live, 2)
    assert not shown(live, parade["wizard"])


def test_another_project_ends_it(live: Player, parade):
    content = base64.b64encode(project(parade["clown"])).decode()
    live.page.evaluate("(content) => test.load(content)", content)
    assert asks_no_more(live)
    assert shown(live, parade["clown"])
    assert live.ask("mostRelevantSquare") == NOT_MEASURED


def test_on_twice_is_on_once(live: Player):
    live.run("keepShowing", ON="on")
    live.page.evaluate("() => { window.maps = []; }")
    wait_for_maps(live, 4)
    asked = live.page.evaluate("window.maps.map(({ begin, end }) => [begin, end])")
    for (_, answered), (following, _) in itertools.pairwise(asked):
        assert answered <= following
    live.run("keepShowing", ON="off")
    assert asks_no_more(live)


def test_the_switch_takes_words_and_says_what_it_does_not_know(player: Player):
    player.run("keepShowing", ON="maybe")
    assert player.says_something()
    assert asks_no_more(player)
    player.run("keepShowing", ON=" ON ")
    player.wait_until(lambda: player.sent)


def test_measuring_on_purpose_works_meanwhile(live: Player, parade):
    live.run("measureRelevance", PICTURE="backdrop")
    streamed = [sent for sent in live.sent if np.array_equal(sent.pixels, parade["wizard"])]
    assert len(streamed) == 1
    assert not live.says_something()
    wait_for_maps(live, 2)
    assert live.ask("mostRelevantSquare") == live.same_answer()["most_relevant"]["square"]


def test_settings_hold_from_the_next_map_on(live: Player):
    live.run("setSquares", COLUMNS=4, ROWS=3)
    wait_for_maps(live, 2)
    assert "rows=3&columns=4" in live.sent[-1].path
    assert live.ask("mostRelevantSquare") <= 12
    assert not live.says_something()


def test_maps_per_second_are_those_that_came(live: Player):
    live.page.wait_for_timeout(2500)
    before = maps(live)
    begin = time.monotonic()
    live.page.wait_for_timeout(2000)
    said = live.ask("mapsPerSecond")
    came = (maps(live) - before) / (time.monotonic() - begin)
    assert said > 0
    assert said == pytest.approx(came, rel=0.3, abs=1)


def test_scripts_of_the_project_go_on(live: Player):
    live.page.evaluate(
        """() => {
          const { runtime } = window.player.vm;
          const step = runtime._step.bind(runtime);
          window.frames = 0;
          runtime._step = () => { window.frames++; step(); };
        }"""
    )
    wait_for_maps(live, 5)
    assert live.page.evaluate("window.frames") >= 5
    assert live.page.evaluate("window.player.vm.runtime.threads.length") == 0


def test_the_helper_stops_and_comes_back(play: Callable[..., Player], tmp_path, parade):
    port = free_port()
    with running_server(tmp_path, port) as (address, _):
        player = start(play(address=address))
        remember_sentences(player)
    # A measurement that was on its way may fail in words of its own before.
    player.wait_until(lambda: times_told_that_it_is_away(player) > 0)
    player.page.wait_for_timeout(2500)
    assert times_told_that_it_is_away(player) == 1, "said once, not again and again"
    assert shown(player, parade["wizard"]), "an old map is not left on a new picture"
    assert player.ask("mostRelevantSquare") == NOT_MEASURED
    assert player.ask("mapsPerSecond") == 0
    with running_server(tmp_path, port):
        wait_for_maps(player, 2)
        assert not player.says_something()
        assert player.ask("mostRelevantSquare") == player.same_answer()["most_relevant"]["square"]


def times_told_that_it_is_away(player: Player) -> int:
    said = " ".join(player.page.evaluate("window.said").split())
    return said.count(" ".join(NOT_RUNNING.split()))


def test_it_can_be_started_before_the_helper(play: Callable[..., Player], tmp_path):
    port = free_port()
    player = play(address=f"http://localhost:{port}")
    remember_sentences(player)
    player.page.evaluate(WATCH)
    player.run("keepShowing", ON="on")
    player.wait_until(player.says_something)
    assert player.page.evaluate("window.said").split() == NOT_RUNNING.split()
    with running_server(tmp_path, port):
        wait_for_maps(player, 2)


def test_the_camera_on_the_stage_is_in_the_picture(live: Player):
    """Scratch's own video layer, with the browser's test picture, in front of the backdrop."""
    live.page.evaluate(
        """async () => {
          const { video } = window.player.vm.runtime.ioDevices;
          await video.enableVideo();
          video.setPreviewGhost(0);
        }"""
    )
    wizard = live.sent[0].pixels.astype(int)
    live.wait_until(lambda: np.abs(live.sent[-1].pixels - wizard).mean() > 30)
    first = live.sent[-1].pixels.astype(int)
    # The test picture moves.
    live.wait_until(lambda: np.abs(live.sent[-1].pixels - first).max() > 60)


def test_nothing_matters_is_said_while_it_is_so(play: Callable[..., Player], parade):
    player = play(np.full((360, 480, 3), 120, np.uint8))
    player.page.evaluate("test.sprite().setVisible(false)")
    start(player)
    player.wait_until(player.says_something)
    assert player.ask("mostRelevantSquare") == "none"
    assert player.ask("relevanceSentence") == player.same_answer()["sentence"]
