"""What Scratch's own blocks notice of ours, in the real editor."""

from typing import Any

import pytest

from tests.editor.stage import picture_on_stage, run_block, wait_for

pytestmark = pytest.mark.browser

BLACK, WHITE = [0, 0, 0], [255, 255, 255]


@pytest.mark.parametrize("mode", ["ForceCPU", "ForceGPU"])
def test_squares_and_sentences_are_seen_but_not_touched(open_editor, mode) -> None:
    page = open_editor()
    page.evaluate("(mode) => Scratch.vm.renderer.setUseGpuMode(mode)", mode)
    page.click("[class*=sprite-selector] [class*=main-button]")
    page.click("button[class*=library-item]:has-text('Square')")
    wait_for(page, "() => Scratch.vm.runtime.targets.length === 2")
    run_block(page, "measureRelevance", PICTURE="backdrop")
    least = min(range(1, 49), key=lambda square: run_block(page, "ghostOfSquare", SQUARE=square))
    x, y = (run_block(page, block, SQUARE=least) for block in ("xOfSquare", "yOfSquare"))

    assert not touches(page, BLACK, x, y)
    run_block(page, "showRelevance")
    assert picture_on_stage(page)[int(180 - y), int(240 + x - 15)].tolist() == [*BLACK, 255]
    assert not touches(page, BLACK, x, y)
    run_block(page, "coverSquare", SQUARE=least)
    assert touches(page, BLACK, x, y), "covers are part of the stage"

    assert not touches(page, WHITE, 0, -150)
    run_block(page, "coverSquare", SQUARE=0)
    assert picture_on_stage(page)[342, 200:280].min() == 255, "the paper of a sentence"
    assert not touches(page, WHITE, 0, -150)


def touches(page: Any, colour: list[int], x: float, y: float) -> bool:
    """Whether the sprite touches a colour there, as Scratch's own block answers."""
    return page.evaluate(
        """([colour, x, y]) => {
            const sprite = Scratch.vm.runtime.targets[1];
            sprite.setXY(x, y);
            return sprite.isTouchingColor(colour);
        }""",
        [colour, x, y],
    )
