import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import BadSetting
from backend.grid import Box, Grid


def test_squares_of_the_stage_are_60_pixels_wide_and_high():
    grid = Grid(rows=6, columns=8, height_px=360, width_px=480)
    assert grid.box(0, 0) == Box(0, 0, 60, 60)
    assert grid.box(1, 7) == Box(60, 420, 120, 480)
    assert grid.number(0, 0) == 1
    assert grid.number(1, 0) == 9
    assert grid.number(5, 7) == 48


def test_squares_that_do_not_divide_evenly_differ_by_one_pixel():
    grid = Grid(rows=2, columns=3, height_px=5, width_px=7)
    assert [grid.box(0, column) for column in range(3)] == [
        Box(0, 0, 2, 2),
        Box(0, 2, 2, 4),
        Box(0, 4, 2, 7),
    ]
    assert grid.box(1, 0) == Box(2, 0, 5, 2)


@given(
    rows=st.integers(1, 64),
    columns=st.integers(1, 64),
    height_px=st.integers(64, 200),
    width_px=st.integers(64, 200),
)
def test_every_pixel_is_covered_exactly_once(rows, columns, height_px, width_px):
    grid = Grid(rows, columns, height_px, width_px)
    times = np.zeros((height_px, width_px), int)
    for at in grid.squares():
        box = grid.box(*at)
        assert box.top < box.bottom and box.left < box.right
        times[box.top : box.bottom, box.left : box.right] += 1
    assert (times == 1).all()


@pytest.mark.parametrize("rows, columns", [(0, 8), (-1, 8), (1000, 8), (6, 0), (6, 65)])
def test_impossible_numbers_of_squares_are_refused(rows, columns):
    with pytest.raises(BadSetting) as refused:
        Grid(rows, columns, 2000, 2000)
    assert refused.value.code == ("bad_columns" if rows == 6 else "bad_rows")


def test_a_picture_smaller_than_its_grid_is_refused():
    with pytest.raises(BadSetting, match="3 pixels high"):
        Grid(6, 8, height_px=3, width_px=100)
    with pytest.raises(BadSetting, match="1 pixel high"):
        Grid(6, 8, height_px=1, width_px=100)
