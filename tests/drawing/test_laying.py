"""The map lies where the model looked, whatever the picture's shape and the way it was fitted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.drawing.attribution import draw_map
from backend.drawing.laying import lay
from backend.drawing.scale import Scale
from backend.drawing.settings import DrawSettings
from backend.picture import FIT_WAYS, Fit, Picture
from tests.drawing.explained import explained, grey_picture

BOX = DrawSettings(resampling="box", clip_above=100)
shapes = st.tuples(st.integers(20, 90), st.integers(20, 90))
inputs = st.tuples(st.integers(5, 20), st.integers(5, 20))
ways = st.sampled_from(FIT_WAYS)


@settings(max_examples=60, deadline=None)
@given(shape=shapes, input_size=inputs, way=ways, at=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_dot_in_the_picture_comes_back_where_it_was(shape, input_size, way, at):
    """The dot goes through the model's own eyes and back: no formula of ours judges."""
    picture = grey_picture(*shape, level=0)
    fit = Fit.of(picture, input_size, way)
    row = int(fit.seen.top + at[0] * (fit.seen.height - 1))
    column = int(fit.seen.left + at[1] * (fit.seen.width - 1))
    dotted = picture.pixels.copy()
    dotted[row, column] = 255
    seen_by_model = fit.apply(dotted)[..., 0].astype(np.float64)
    if seen_by_model.max() < 8:
        return  # too small to be seen at all
    field = lay(explained(picture, seen_by_model, way), 1, BOX).field
    rows, columns = np.nonzero(field == field.max())
    cell_height = fit.seen.height / fit.placed_height_px
    cell_width = fit.seen.width / fit.placed_width_px
    assert abs(rows.mean() - row) <= cell_height
    assert abs(columns.mean() - column) <= cell_width


@settings(max_examples=60, deadline=None)
@given(shape=shapes, input_size=inputs, way=ways, seed=st.integers(0, 99))
def test_every_pixel_gets_the_value_that_its_centre_lies_in(shape, input_size, way, seed):
    picture = grey_picture(*shape)
    attribution = np.random.default_rng(seed).normal(size=input_size).astype(np.float32)
    fit = Fit.of(picture, input_size, way)
    if fit.placed_height_px > shape[0] or fit.placed_width_px > shape[1]:
        return
    laid = lay(explained(picture, attribution, way), 1, BOX)
    y = (np.arange(shape[0]) + 0.5 - fit.seen.top) * fit.placed_height_px / fit.seen.height
    x = (np.arange(shape[1]) + 0.5 - fit.seen.left) * fit.placed_width_px / fit.seen.width
    for r, down in enumerate(y):
        for c, across in enumerate(x):
            inside = 0 < down < fit.placed_height_px and 0 < across < fit.placed_width_px
            on_an_edge = min(abs(down - round(down)), abs(across - round(across))) < 1e-3
            if on_an_edge:
                continue
            assert laid.seen[r, c] == inside
            expected = 0.0
            if inside:
                expected = attribution[fit.top_px + int(down), fit.left_px + int(across)]
            assert laid.field[r, c] == pytest.approx(expected, rel=1e-5)


def test_crop_of_a_wide_picture_dims_both_sides():
    picture = grey_picture(20, 40, level=200)
    explanation = explained(picture, np.zeros((10, 10)), "crop")
    pixels = draw_map(picture, explanation, DrawSettings(overlay="original"))[..., 0]
    assert (pixels[:, 10:30] == 200).all()
    assert (pixels[:, :10] < 130).all() and (pixels[:, 30:] < 130).all()
    assert len(np.unique(pixels[:, :10])) == 2  # hatched


def test_pad_leaves_the_bars_out_of_picture_and_scale():
    picture = grey_picture(10, 20)
    attribution = np.ones((20, 20))
    attribution[:5] = attribution[15:] = 50  # on the black bars, which are no part of the picture
    laid = lay(explained(picture, attribution, "pad"), 1, BOX)
    assert laid.values.max() == 1 and laid.field.min() == laid.field.max() == 1
    assert laid.seen.all()


def test_smooth_resampling_is_that_of_pillow_on_the_whole_map():
    """A linear slope stays linear, also where the crop begins between two pixels."""
    picture = grey_picture(41, 60)  # the crop begins at column 9.5
    slope = np.arange(41.0) + 0.37 * np.arange(41)[:, np.newaxis]
    laid = lay(explained(picture, slope, "crop"), 1, DrawSettings(resampling="bilinear"))
    seen = np.flatnonzero(laid.seen[0])
    # The centre of column c lies at c + 0.5 − 9.5 of the map, whose first centre is 0.5.
    inner = seen[(seen > 10) & (seen < 49)]
    np.testing.assert_allclose(laid.field[20, inner], inner - 9.5 + 0.37 * 20, atol=1e-4)


def test_tiny_numbers_survive_resampling():
    picture = grey_picture(9, 9)
    laid = lay(explained(picture, np.full((3, 3), 1e-38)), 1, DrawSettings(resampling="lanczos"))
    np.testing.assert_allclose(laid.field, 1e-38, rtol=1e-5)


def test_squares_outside_what_is_seen_do_not_count():
    picture = Picture(np.zeros((10, 40, 3), np.uint8))
    # The crop sees columns 15 to 25; the outer of four columns of squares are 0–10 and 30–40.
    explanation = explained(picture, None, "crop", squares=[[9, 1, 2, 9]])
    values = lay(explanation, 1, BOX).values
    assert sorted(values) == [1] * 50 + [2] * 50  # five columns of ten pixels each


def test_the_strongest_of_a_few_squares_is_not_clipped():
    picture = grey_picture(60, 80)
    squares = np.zeros((6, 8))
    squares[2, 3], squares[4, 5] = 1, 3
    explanation = explained(picture, None, squares=squares)
    laid = lay(explanation, 1, DrawSettings())
    scale = Scale.of(laid.values, DrawSettings(), flat=False)
    assert scale.full_at == 3 and not scale.clipped
