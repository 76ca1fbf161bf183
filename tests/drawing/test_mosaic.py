import numpy as np
import pytest

from backend.drawing.mosaic import GAP_PX, LONGEST_SIDE_PX, draw_mosaic

DARK, LIGHT = [0x44, 0x01, 0x54], [0xFD, 0xE7, 0x25]  # the ends of viridis


def tile_colours(maps, normalised, column):
    """Colours of the left and the right half of a tile in the only row of tiles."""
    image = np.asarray(draw_mosaic(np.array(maps, float), normalised))
    left = GAP_PX + column * (160 + GAP_PX)
    return [image[GAP_PX + 40, left + at].tolist() for at in (20, 140)]


MAPS = [[[0, 1]], [[5, 10]]]  # two maps of 1 × 2


def test_separately_every_map_uses_all_colours():
    assert tile_colours(MAPS, "separately", 0) == [DARK, LIGHT]
    assert tile_colours(MAPS, "separately", 1) == [DARK, LIGHT]


def test_together_a_colour_means_the_same_everywhere():
    assert tile_colours(MAPS, "together", 1)[1] == LIGHT
    assert tile_colours(MAPS, "together", 0)[0] == DARK
    assert tile_colours(MAPS, "together", 0)[1] != LIGHT
    middle = tile_colours(MAPS, "together", 1)[0]  # 5 of 0 to 10
    np.testing.assert_allclose(middle, [0x21, 0x91, 0x8C], atol=2)


def test_a_constant_map_is_dark_not_a_division_by_zero():
    assert tile_colours([[[3, 3]], [[0, 1]]], "separately", 0) == [DARK, DARK]


def test_rows_stay_rows():
    tall = np.zeros((1, 2, 1))
    tall[0, 1] = 1
    image = np.asarray(draw_mosaic(tall))
    assert image[GAP_PX + 10, GAP_PX + 50].tolist() == DARK
    assert image[GAP_PX + 310, GAP_PX + 50].tolist() == LIGHT


@pytest.mark.parametrize("count", [1, 3, 64, 256, 1280])
def test_any_number_of_maps_fits_a_screen(count):
    image = draw_mosaic(np.random.default_rng(1).normal(size=(count, 7, 7)))
    assert image.width <= LONGEST_SIDE_PX
    assert image.height <= 1.2 * LONGEST_SIDE_PX


def test_maps_carry_the_numbers_of_their_channels():
    maps = np.zeros((2, 4, 4))
    counted, chosen = draw_mosaic(maps), draw_mosaic(maps, channels=[0, 1])
    assert np.array_equal(counted, chosen)
    assert not np.array_equal(counted, draw_mosaic(maps, channels=[0, 87]))
