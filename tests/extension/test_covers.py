"""Covers on the stage: what they look like, and that the classifier sees them."""

import numpy as np
import pytest

from tests.extension.player import Player

pytestmark = pytest.mark.browser


def test_covers_are_part_of_the_picture(player: Player):
    player.run("classify", PICTURE="stage")
    before = player.sent[-1].pixels
    player.run("coverArea", ROW=2, COLUMN=3)
    player.run("coverSquare", SQUARE=48)
    player.run("classify", PICTURE="stage")
    expected = before.copy()
    expected[60:120, 120:180] = 0
    expected[300:360, 420:480] = 0
    np.testing.assert_array_equal(player.sent[-1].pixels, expected)
    player.run("uncover")
    player.run("classify", PICTURE="stage")
    np.testing.assert_array_equal(player.sent[-1].pixels, before)


def test_a_cover_takes_the_place_of_one_on_the_same_square(player: Player):
    player.run("setCover", COVER="noise")
    for _ in range(3):
        player.run("coverSquare", SQUARE=1)
    player.run("setCover", COVER="white")
    player.run("setSquares", COLUMNS=1, ROWS=1)
    player.run("coverSquare", SQUARE=1)
    player.run("setSquares", COLUMNS=8, ROWS=6)
    player.run("setCover", COVER="black")
    player.page.evaluate(
        """() => {
          window.painted = 0;
          const paint = CanvasRenderingContext2D.prototype.fillRect;
          CanvasRenderingContext2D.prototype.fillRect = function (...box) {
            window.painted++;
            paint.call(this, ...box);
          };
        }"""
    )
    player.run("coverSquare", SQUARE=1)
    assert player.page.evaluate("window.painted") == 2, "the whole stage and the square"
    player.run("classify", PICTURE="stage")
    expected = np.full((360, 480, 3), 255)
    expected[:60, :60] = 0
    np.testing.assert_array_equal(player.sent[-1].pixels, expected)


def test_what_a_cover_looks_like(player: Player):
    player.run("classify", PICTURE="stage")
    before = player.sent[-1].pixels.astype(float)
    covers = ["black", "grey", "white", "mean", "blur", "noise"]
    for column, cover in enumerate(covers, start=1):
        player.run("setCover", COVER=cover)
        player.run("coverArea", ROW=4, COLUMN=column)
    player.run("classify", PICTURE="stage")
    pixels = player.sent[-1].pixels.astype(float)
    squares = {cover: pixels[180:240, 60 * at : 60 * at + 60] for at, cover in enumerate(covers)}
    assert (squares["black"] == 0).all()
    assert (squares["grey"] == 128).all()
    assert (squares["white"] == 255).all()
    mean = before.mean(axis=(0, 1))
    np.testing.assert_allclose(squares["mean"], np.broadcast_to(mean, (60, 60, 3)), atol=1)
    # A blur keeps the colours of its surroundings and nearly no detail.
    around = before[140:280, 200:340].mean(axis=(0, 1))
    assert np.abs(squares["blur"].mean(axis=(0, 1)) - around).max() < 40
    assert squares["blur"].std(axis=(0, 1)).max() < before[180:240, 240:300].std(axis=(0, 1)).max()
    assert squares["noise"].std() > 60


def test_covering_changes_what_the_classifier_says(player: Player):
    alone = player.ask("classifyConfidence", PICTURE="stage")
    player.run("measureRelevance", PICTURE="stage")
    answer = player.same_answer()
    most = answer["most_relevant"]
    player.run("coverSquare", SQUARE=most["square"])
    player.ask("classifyConfidence", PICTURE="stage")
    covered = player.ask("confidenceOf", LABEL="wizard")
    # The sweep covers in the same way as the block: the numbers have to agree.
    expected = 100 * answer["confidence"][most["row"]][most["column"]]
    assert covered == pytest.approx(expected, abs=0.02)
    assert covered < alone
