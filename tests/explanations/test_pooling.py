"""From a map over the model's input to the squares of the picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.explanations.base import pool
from backend.grid import Grid
from backend.picture import Fit, Picture
from tests.drawing.explained import explained, grey_picture


def fit_of(height: int, width: int, input_size: tuple[int, int], way: str) -> Fit:
    return Fit.of(Picture(np.zeros((height, width, 3), np.uint8)), input_size, way)


def test_by_hand():
    # A 2 × 4 picture, stretched to 2 × 2: each pixel of the input is two of the picture.
    fit, grid = fit_of(2, 4, (2, 2), "stretch"), Grid(1, 4, 2, 4)
    attribution = np.array([[1.0, 10.0], [3.0, 30.0]])
    # Each of the four squares holds half of two pixels of the input.
    np.testing.assert_allclose(pool(attribution, fit, grid, "sum"), [[2, 2, 20, 20]])
    np.testing.assert_allclose(pool(attribution, fit, grid, "mean"), [[2, 2, 20, 20]])
    larger = Grid(1, 2, 2, 4)
    np.testing.assert_allclose(pool(attribution, fit, larger, "sum"), [[4, 40]])
    np.testing.assert_allclose(pool(attribution, fit, larger, "mean"), [[2, 20]])


def test_squares_outside_the_crop_have_nothing():
    # 2 × 6, the middle 2 × 2 is seen: of six columns only the third and the fourth.
    fit, grid = fit_of(2, 6, (2, 2), "crop"), Grid(1, 6, 2, 6)
    attribution = np.array([[1.0, 2.0], [1.0, 2.0]])
    np.testing.assert_allclose(pool(attribution, fit, grid, "sum"), [[0, 0, 2, 4, 0, 0]])
    np.testing.assert_allclose(pool(attribution, fit, grid, "mean"), [[0, 0, 1, 2, 0, 0]])


def test_squares_become_a_map_over_the_input():
    # 2 × 4 padded to 4 × 4: the picture is the two rows in the middle.
    padded = explained(grey_picture(2, 4), None, squares=[[1, -2]], fit=fit_of(2, 4, (4, 4), "pad"))
    np.testing.assert_array_equal(
        padded.raw, [[0, 0, 0, 0], [1, 1, -2, -2], [1, 1, -2, -2], [0, 0, 0, 0]]
    )
    assert padded.raw.dtype == np.float32
    # 1 × 6, of which the middle 4 are seen as 1 × 4; the squares are 3 px wide.
    cropped = explained(
        grey_picture(1, 6), None, squares=[[5, 7]], fit=fit_of(1, 6, (1, 4), "crop")
    )
    np.testing.assert_array_equal(cropped.raw, [[5, 5, 7, 7]])
    # 1 × 6 made half as wide: the pixel in the middle lies in both squares.
    small = explained(
        grey_picture(1, 6), None, squares=[[4, 8]], fit=fit_of(1, 6, (1, 3), "stretch")
    )
    np.testing.assert_array_equal(small.raw, [[4, 6, 8]])


@given(
    shape=st.tuples(st.integers(6, 60), st.integers(6, 60)),
    input_size=st.tuples(st.integers(3, 30), st.integers(3, 30)),
    way=st.sampled_from(["crop", "stretch", "pad"]),
    rows=st.integers(1, 6),
    columns=st.integers(1, 6),
)
def test_nothing_is_lost_or_made(shape, input_size, way, rows, columns):
    fit, grid = fit_of(*shape, input_size, way), Grid(rows, columns, *shape)
    attribution = np.random.default_rng(1).normal(size=input_size)
    placed = attribution[
        fit.top_px : fit.top_px + fit.placed_height_px,
        fit.left_px : fit.left_px + fit.placed_width_px,
    ]
    relevance = pool(attribution, fit, grid, "sum")
    assert relevance.sum() == pytest.approx(placed.sum(), abs=1e-4)
    even = pool(np.ones(input_size), fit, grid, "mean")
    assert set(np.round(np.unique(even), 6)) <= {0.0, 1.0}
