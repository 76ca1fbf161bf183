"""Blocks that are on show on the stage all the time, as Scratch's monitors."""

import itertools
from typing import Any

import pytest

from tests.extension.player import Player
from tests.extension.test_trouble import NOT_RUNNING

pytestmark = pytest.mark.browser

MINE = "**/api/collections/mine"
WATCH = """() => {
  const fetched = window.fetch;
  window.asked = [];
  window.fetch = (address, request) => {
    if (address.endsWith('/api/collections/mine')) window.asked.push(performance.now());
    return fetched(address, request);
  };
}"""
"""Notes in `window.asked` when it is asked what there is to learn from."""


def put_on_show(player: Player, opcode: str) -> None:
    """Tick the box beside a block."""
    player.page.evaluate(
        """(opcode) => {
          const { monitorBlocks } = window.player.vm.runtime;
          const usual = { fields: {}, inputs: {}, next: null, parent: null, shadow: false };
          const block = { ...usual, id: opcode, opcode: `peekaboo_${opcode}`, topLevel: true };
          monitorBlocks.createBlock({ ...block, x: 0, y: 0 });
          monitorBlocks.changeBlock({ id: opcode, element: 'checkbox', value: true });
        }""",
        opcode,
    )


def on_show(player: Player, opcode: str) -> Any:
    """What is to be read on the stage; empty before there is an answer."""
    return player.page.evaluate(
        "(opcode) => window.player.vm.runtime.getMonitorState().get(opcode).get('value')", opcode
    )


def test_the_helper_is_asked_at_most_twice_in_a_second(player: Player):
    labels = [{"label": "cat"}, {"label": "dog"}]
    player.page.route(MINE, lambda route: route.fulfill(json={"labels": labels}))
    player.page.evaluate(WATCH)
    put_on_show(player, "exampleLabels")
    player.wait_until(lambda: player.page.evaluate("window.asked.length") > 3)
    asked = player.page.evaluate("window.asked")
    assert min(after - before for before, after in itertools.pairwise(asked)) > 490
    assert on_show(player, "exampleLabels") == "cat, dog"


def test_the_reason_stands_on_the_stage_already(player: Player):
    player.page.route(MINE, lambda route: route.abort())
    put_on_show(player, "exampleLabels")
    player.wait_until(lambda: on_show(player, "exampleLabels") == NOT_RUNNING)
    assert not player.says_something()
    assert player.ask("exampleLabels") == NOT_RUNNING
    assert player.says_something()


def test_did_any_square_matter_says_nothing_before_there_is_an_answer(player: Player):
    put_on_show(player, "anySquareMattered")
    player.wait_until(lambda: on_show(player, "anySquareMattered") is False)
    assert not player.says_something()
