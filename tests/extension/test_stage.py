"""What is drawn on the stage: squares, numbers, and that nothing gets in the way."""

import base64

import numpy as np
import pytest

from tests.extension.player import SPRITE_AT, Player, project

pytestmark = pytest.mark.browser

# Points inside a square, from its centre, that no number and no frame touches.
CLEAR = ((-15, 15), (5, 15), (-15, 0))


def expected_colours(player: Player) -> dict[tuple[int, int], np.ndarray]:
    """Every clear point of the stage and its colour under black squares with these ghosts."""
    picture, ghost = player.sent[-1].pixels, np.array(player.same_answer()["ghost"])
    colours = {}
    for row in range(6):
        for column in range(8):
            for dx, dy in CLEAR:
                x, y = column * 60 + 30 - 240 + dx, 180 - row * 60 - 30 + dy
                colours[x, y] = picture[180 - y - 1, x + 240] * ghost[row, column] / 100
    return colours


def assert_squares_are_shown(player: Player, tolerance: int = 2) -> None:
    colours = expected_colours(player)
    expected = np.array(list(colours.values()))
    assert expected.max() > 30
    np.testing.assert_allclose(player.colours_at(colours), expected, atol=tolerance)


def shown(player: Player, picture: np.ndarray) -> bool:
    """Whether the picture itself is to be seen, near the edges where no sprite and bubble is."""
    points = [(-225, 165), (-230, 10), (225, 165), (0, 165), (225, -100), (-225, -100)]
    expected = [picture[180 - y - 1, x + 240] for x, y in points]
    return bool(np.abs(player.colours_at(points) - expected).max() <= 2)


def test_squares_fade_to_their_ghost_effects(player: Player):
    player.run("measureRelevance", PICTURE="stage")
    player.run("showRelevance")
    assert_squares_are_shown(player)


def test_squares_start_black(player: Player):
    player.run("measureRelevance", PICTURE="stage")
    most = player.ask("mostRelevantSquare")
    x, y = (player.ask(block, SQUARE=most) for block in ("xOfSquare", "yOfSquare"))
    darkest = player.page.evaluate(
        """async ([x, y]) => {
          let over = false;
          test.run('showRelevance', {}, false).then(() => { over = true; });
          let darkest = 255;
          while (!over) {
            darkest = Math.min(darkest, Math.max(...test.coloursAt([[x, y]])[0]));
            await new Promise((resolve) => setTimeout(resolve, 4));
          }
          return darkest;
        }""",
        [x - 15, y + 15],
    )
    assert darkest < 40
    assert player.colours_at([(x - 15, y + 15)]).max() > 60


def test_hide_relevance(player: Player, parade):
    player.run("showRelevance")
    assert not shown(player, parade["wizard"])
    player.run("hideRelevance")
    assert shown(player, parade["wizard"])
    assert player.ask("mostRelevantSquare") == player.same_answer()["most_relevant"]["square"]


@pytest.mark.parametrize("press", ["stopAll()", "greenFlag()"])
def test_squares_vanish_with_the_stop_sign(player: Player, parade, press):
    player.run("showRelevance")
    player.page.evaluate(f"window.player.vm.{press}")
    assert shown(player, parade["wizard"])


def test_measuring_leaves_nothing_on_the_stage(player: Player, parade):
    player.run("setSquares", COLUMNS=24, ROWS=18)
    player.run("measureRelevance", PICTURE="stage")
    assert shown(player, parade["wizard"])


def test_squares_are_no_part_of_the_picture(player: Player):
    player.run("showRelevance")
    player.run("classify", PICTURE="stage")
    measured, classified = player.sent
    np.testing.assert_array_equal(classified.pixels, measured.pixels)


def test_a_sentence_is_no_part_of_the_picture(player: Player):
    player.run("classify", PICTURE="stage")
    player.run("coverSquare", SQUARE=0)
    assert player.says_something()
    player.run("classify", PICTURE="stage")
    np.testing.assert_array_equal(player.sent[1].pixels, player.sent[0].pixels)


def test_clicks_reach_the_sprite_below(player: Player):
    player.run("showRelevance")
    player.run("coverSquare", SQUARE=10)
    player.page.mouse.click(240 + SPRITE_AT[0], 180 - SPRITE_AT[1])
    player.page.wait_for_function("test.sprite().variables.clicked.value === 'yes'", timeout=3000)


@pytest.mark.parametrize("mode", ["ForceCPU", "ForceGPU"])
def test_colours_of_covers_are_touched_but_not_those_of_squares_and_sentences(play, mode):
    player = play(np.full((360, 480, 3), 120, np.uint8))
    player.page.evaluate("(mode) => window.player.renderer.setUseGpuMode(mode)", mode)
    player.page.evaluate("test.sprite().setXY(0, -150)")
    player.run("measureRelevance", PICTURE="backdrop")
    player.run("showRelevance")
    assert player.says_something()
    below = [(x, -167) for x in (-50, 50)]
    assert (player.colours_at(below) == 255).all(), "the paper of a sentence"
    assert touched(player) == {"grey"}
    player.page.evaluate("test.sprite().setXY(-210, 150)")
    assert (player.colours_at([(-225, 165)]) == 0).all(), "a square"
    assert touched(player) == {"grey"}
    player.run("coverSquare", SQUARE=1)
    assert touched(player) == {"grey", "black"}


def touched(player: Player) -> set[str]:
    """Which of three colours the sprite touches, as Scratch's own block answers."""
    return {
        name
        for name, level in {"black": 0, "grey": 120, "white": 255}.items()
        if player.page.evaluate("(colour) => test.sprite().isTouchingColor(colour)", [level] * 3)
    }


def test_squares_stay_in_front(player: Player):
    player.run("showRelevance")
    player.page.evaluate("test.sprite().goToFront()")
    assert_squares_are_shown(player)


def test_another_project_starts_clean_and_squares_lie_in_front_of_it(play, parade):
    player = play()
    player.run("setSquares", COLUMNS=3, ROWS=3)
    player.run("coverSquare", SQUARE=1)
    player.run("showRelevance")
    content = base64.b64encode(project(parade["clown"])).decode()
    player.page.evaluate("(content) => test.load(content)", content)
    assert shown(player, parade["clown"])
    assert player.ask("numberOfSquares") == 48
    player.run("showRelevance")
    assert_squares_are_shown(player)


def test_full_screen_and_back(player: Player):
    player.run("measureRelevance", PICTURE="stage")
    player.run("showRelevance")
    player.page.set_viewport_size({"width": 949, "height": 712})
    player.page.evaluate(
        "() => { document.getElementById('player').style.cssText = 'width: 949px; height: 712px';"
        " window.player.relayout(); }"
    )
    assert player.page.evaluate("window.player.renderer.canvas.width") == 949
    # Enlarged, the pixels beside a point have their share in it.
    assert_squares_are_shown(player, tolerance=40)
    player.run("classify", PICTURE="stage")
    np.testing.assert_array_equal(player.sent[1].pixels, player.sent[0].pixels)


def test_high_density_screens(play):
    player = play(device_scale_factor=2)
    player.run("measureRelevance", PICTURE="stage")
    player.run("showRelevance")
    assert player.page.evaluate("window.player.renderer.canvas.width") == 960
    assert player.sent[-1].pixels.shape == (360, 480, 3)
    assert_squares_are_shown(player, tolerance=24)


def test_what_the_model_never_sees_looks_different(player: Player, cropped):
    """A costume three times as wide as high, shown 480 × 160; the model sees the middle 4 : 3."""
    player.page.evaluate("() => { const box = test.sprite(); box.setSize(400); box.setXY(0, 0); }")
    player.run("useModel", MODEL=cropped)
    player.run("measureRelevance", PICTURE="sprite")
    answer = player.same_answer()
    assert answer["unseen"] == [[row, column] for row in range(6) for column in (0, 1, 6, 7)]
    player.run("showRelevance")
    row, column = next(
        (row, column)
        for row in range(6)
        for column in range(3, 5)
        if answer["ghost"][row][column] < 1
    )
    height = 160 / 6
    assert player.colours_at([(column * 60 - 232, 80 - (row + 0.3) * height)]).max() < 12
    for row, column in answer["unseen"]:
        y = 80 - (row + 0.5) * height
        stripes = player.colours_at((column * 60 - 240 + x, y) for x in range(5, 55, 2))
        # Light stripes, never as black as a square that does not matter.
        assert stripes.max(axis=1).min() > 90
        assert len(np.unique(stripes, axis=0)) > 2
        assert player.ask("ghostOfSquare", SQUARE=row * 8 + column + 1) == 0
    # The frame of what it sees, 320 / 3 of 240 px: white dashes along its left edge.
    left = -240 + 480 * (1 - 320 / 3 / 240) / 2
    dashes = player.colours_at((left + 1, y) for y in range(-76, 77)).min(axis=1) > 230
    assert 40 < dashes.sum() < 150


def test_numbers_are_written_on_the_squares(player: Player):
    """Black squares carry light digits in their lower right corner, and nothing elsewhere."""
    player.run("measureRelevance", PICTURE="stage")
    answer = player.same_answer()
    player.run("showRelevance")
    row, column = next((r, c) for r in range(6) for c in range(8) if answer["ghost"][r][c] < 0.5)
    left, top = column * 60 - 240, 180 - row * 60
    corner = player.colours_at((left + x, top - y) for x in range(36, 56) for y in (49, 50, 51))
    assert corner.max() > 120
    points = [(left + x, top - y) for x in range(4, 56, 4) for y in (10, 20, 30)]
    assert player.colours_at(points).max() < 12


def test_squares_go_with_the_sprite_that_they_lie_on(player: Player, parade):
    player.page.evaluate("() => { const box = test.sprite(); box.setSize(400); box.setXY(0, 0); }")
    player.run("measureRelevance", PICTURE="sprite")
    player.run("showRelevance")
    assert not np.allclose(player.colours_at(MIDDLE), at_middle(parade), atol=2)
    player.page.evaluate("test.sprite().runtime.disposeTarget(test.sprite())")
    player.wait_until(lambda: np.allclose(player.colours_at(MIDDLE), at_middle(parade), atol=2))


MIDDLE = [(x, y) for x in (-30, -10, 10, 30) for y in (-30, -10, 10, 30)]


def at_middle(parade) -> np.ndarray:
    return np.array([parade["wizard"][180 - y - 1, x + 240] for x, y in MIDDLE])
