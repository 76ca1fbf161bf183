import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.errors import BadSetting, CannotUse, NotFound
from backend.explanations.cover import cover_pixels
from backend.explanations.sweep import Sweep
from backend.grid import Box
from backend.picture import Fit, Patch, Picture
from tests.fakes import BrightnessClassifier, PreparedWhole, RandomNetwork

WHITE = Picture(np.full((3, 5, 3), 255, np.uint8))


def test_only_the_square_over_the_pixel_that_is_read_matters():
    # 3 × 5 pixels, a square for each; the classifier reads the pixel in row 1, column 3.
    sweep = Sweep(BrightnessClassifier((3, 5), 1, 3), WHITE, 3, 5, "black", None)
    sure = 1 / (1 + math.exp(-10))
    drops = np.full((3, 5), np.nan)
    for square in sweep.squares():
        drops[square.row, square.column] = square.log_odds_drop
        at_pixel = (square.row, square.column) == (1, 3)
        assert square.confidence == pytest.approx(0.5 if at_pixel else sure)
        assert square.confidence_drop == pytest.approx(sure - 0.5 if at_pixel else 0)
        assert square.label == 0
    assert drops == pytest.approx(
        np.array([[0, 0, 0, 0, 0], [0, 0, 0, 10, 0], [0, 0, 0, 0, 0]]), abs=1e-6
    )


def test_the_target_stays_when_covering_changes_the_winner():
    grey = Picture(np.full((2, 2, 3), 100, np.uint8))
    sweep = Sweep(BrightnessClassifier((2, 2), 0, 1), grey, 2, 2, "white", "dark")
    assert sweep.start.target == 1 and sweep.start.before.winner == 0
    squares = {(square.row, square.column): square for square in sweep.squares()}
    # Covering the pixel with white makes it brighter: less dark, so a drop for “dark”.
    assert squares[0, 1].log_odds_drop == pytest.approx(10 * 155 / 255, rel=1e-5)
    assert squares[1, 0].log_odds_drop == pytest.approx(0)


def test_covering_that_helps_is_negative():
    dark = Picture(np.zeros((2, 2, 3), np.uint8))
    sweep = Sweep(BrightnessClassifier((2, 2), 0, 0), dark, 2, 2, "white", "bright")
    first = next(sweep.squares())
    assert first.log_odds_drop == pytest.approx(-10, rel=1e-5)
    assert first.confidence_drop == pytest.approx(0.5 - 1 / (1 + math.exp(-10)), rel=1e-5)


def test_squares_outside_the_crop_are_unseen_and_not_measured():
    stage = Picture(np.full((360, 480, 3), 255, np.uint8))
    sweep = Sweep(RandomNetwork((24, 24)), stage, 6, 8, "black", None)
    assert sweep.start.unseen == [(row, column) for row in range(6) for column in (0, 7)]
    measured = [(square.row, square.column) for square in sweep.squares()]
    assert len(measured) == sweep.start.evaluations - 1 == 36
    assert not set(measured) & set(sweep.start.unseen)


@settings(max_examples=25, deadline=None)
@given(
    shape=st.tuples(st.integers(8, 60), st.integers(8, 60)),
    input_size=st.tuples(st.integers(4, 30), st.integers(4, 30)),
    way=st.sampled_from(["crop", "stretch", "pad"]),
    cover=st.sampled_from(["black", "mean", "noise"]),
    rows=st.integers(1, 6),
    columns=st.integers(1, 6),
)
def test_equals_classifying_every_covered_picture(shape, input_size, way, cover, rows, columns):
    pixels = np.random.default_rng(3).integers(0, 256, (*shape, 3), dtype=np.uint8)
    picture = Picture(pixels)
    classifier = RandomNetwork(input_size, way)
    sweep = Sweep(classifier, picture, rows, columns, cover, "two")
    what = cover_pixels(picture, cover)
    for square in sweep.squares():
        box = sweep.start.grid.box(square.row, square.column)
        covered = pixels.copy()
        covered[box.top : box.bottom, box.left : box.right] = what[
            box.top : box.bottom, box.left : box.right
        ]
        logits = classifier.scores(Fit.of(picture, input_size, way).apply(covered)[np.newaxis])[
            0
        ].astype(float)
        exponentials = np.exp(logits - logits.max())
        judge = exponentials[1] / exponentials.sum()
        assert square.confidence == pytest.approx(judge, abs=1e-9)
        assert sweep.start.before.log_odds(1) - square.log_odds_drop == pytest.approx(
            math.log(judge / (1 - judge)), abs=1e-6
        )


def test_closing_the_iterator_stops_the_work():
    class Counting(BrightnessClassifier):
        scored = 0

        def scores(self, batch):
            self.scored += len(batch)
            return super().scores(batch)

    classifier = Counting((3, 5), 0, 0)
    squares = Sweep(classifier, WHITE, 3, 5, "black", None).squares()
    next(squares)
    squares.close()
    assert classifier.scored == 2  # the uncovered picture and one square


def test_an_unknown_label_is_refused_and_the_known_ones_are_named():
    with pytest.raises(NotFound) as refused:
        Sweep(BrightnessClassifier((3, 5), 0, 0), WHITE, 3, 5, "black", "zebra")
    assert "bright, dark" in refused.value.hint


def test_impossible_grids_are_refused_before_anything_is_measured():
    with pytest.raises(BadSetting):
        Sweep(BrightnessClassifier((3, 5), 0, 0), WHITE, 0, 5, "black", None)


def test_a_classifier_that_answers_nan_is_refused_and_its_squares_are_left():
    left = []

    class Prepared(PreparedWhole):
        def patched(self, patches):
            try:
                yield from super().patched(patches)
            finally:
                left.append(True)

    class Broken(BrightnessClassifier):
        def scores(self, batch):
            return super().scores(batch) * np.nan

        def prepare(self, make_input):
            prepared = Prepared(self, make_input())
            squares = prepared.patched([Patch(Box(0, 0, 1, 1), np.zeros((1, 1, 3), np.uint8))])
            next(squares)  # they have begun
            prepared.patched = lambda patches: squares
            return prepared

    with pytest.raises(CannotUse, match="not a number") as refused:
        Sweep(Broken((3, 5), 0, 0), WHITE, 3, 5, "black", None)
    assert left == [True]
    assert refused.value.code == "broken_model"
