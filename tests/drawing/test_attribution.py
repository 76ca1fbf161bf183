"""The map over the picture, pixel by pixel on pictures of 3 × 5."""

import numpy as np
import pytest

from backend.drawing.attribution import draw, draw_map
from backend.drawing.settings import DrawSettings
from backend.picture import Picture
from tests.drawing.explained import explained, grey_picture

MAP = [[0, 0, 0, 0, 0], [0, 0, 1, 4, 0], [-2, 0, 0, 0, 0]]
GREY = [100, 100, 100]


def drawn(attribution, picture=None, more=None, **settings):
    picture = picture or grey_picture(3, 5)
    settings = {"resampling": "box", "clip_above": 100, "overlay": "original"} | settings
    return draw_map(
        picture, explained(picture, attribution, **(more or {})), DrawSettings(**settings)
    )


def test_as_opaque_as_strong_up_to_the_limit():
    pixels = drawn(MAP, alpha_limit=0.75)
    # Viridis: a quarter is #3b528b (59, 82, 139), the end #fde725 (253, 231, 37).
    assert pixels[1, 2].tolist() == [90, 96, 110]  # 0.75 × 100 + 0.25 × (59, 82, 139)
    assert pixels[1, 3].tolist() == [215, 198, 53]  # 0.25 × 100 + 0.75 × (253, 231, 37)
    pixels[1, 2:4] = GREY
    assert (pixels == 100).all()


def test_negative_polarity_shows_what_speaks_against_the_label():
    pixels = drawn(MAP, polarity="negative", alpha_limit=1)
    assert pixels[2, 0].tolist() == [253, 231, 37]
    pixels[2, 0] = GREY
    assert (pixels == 100).all()


def test_both_polarities_share_one_scale():
    pixels = drawn(MAP, polarity="both", alpha_limit=1)
    assert pixels[1, 3].tolist() == [0x27, 0x64, 0x19]  # the green end of ColorBrewer's PiYG
    # −2 of 4: a quarter of the way from the pink end, between #de77ae and #f1b6da.
    expected = np.array([0xDE, 0x77, 0xAE]) * 0.5 + np.array([0xF1, 0xB6, 0xDA]) * 0.5
    np.testing.assert_allclose(pixels[2, 0], 50 + expected / 2, atol=2)


def test_ghost_is_the_picture_under_black():
    pixels = drawn(MAP, colours="ghost")
    assert pixels[..., 0].tolist() == [[0, 0, 0, 0, 0], [0, 0, 25, 100, 0], [0, 0, 0, 0, 0]]


def test_mask_black_shows_the_picture_in_its_colours_where_it_matters():
    picture = Picture(np.full((3, 5, 3), (200, 100, 40), np.uint8))
    pixels = drawn(MAP, picture, overlay="mask_black")
    assert pixels[1, 3].tolist() == [200, 100, 40]
    assert pixels[1, 2].tolist() == [50, 25, 10]
    assert pixels[0, 0].tolist() == [0, 0, 0]


def test_grayscale_keeps_brightness_only():
    picture = Picture(np.full((3, 5, 3), (255, 0, 0), np.uint8))
    assert drawn(MAP, picture, overlay="grayscale")[0, 0].tolist() == [54, 54, 54]  # Rec. 709


def test_without_overlay_only_the_map_is_seen():
    pixels = drawn(MAP, overlay="none")
    assert pixels[0, 0].tolist() == [0x44, 0x01, 0x54]  # the colour of zero
    assert pixels[1, 3].tolist() == [253, 231, 37]


def test_what_is_clipped_below_is_not_coloured_and_moves_no_other_colour():
    pixels = drawn(MAP, clip_below=95)  # of 15 values, the 95th percentile is above 1
    assert pixels[1, 2].tolist() == GREY
    assert pixels[1, 3].tolist() == drawn(MAP)[1, 3].tolist()


def test_clip_above_saturates():
    # Magnitudes 0 × 13, 1, 4: the 14th of 15 lies at percentile 13/14.
    pixels = drawn(MAP, clip_above=100 * 13 / 14, alpha_limit=1)
    assert pixels[1, 2].tolist() == [253, 231, 37] == pixels[1, 3].tolist()


def test_a_flat_map_is_never_stretched_to_look_like_one():
    pixels = drawn(np.array(MAP) * 1e-6, more={"verdict": "flat"})
    assert (pixels == 100).all()


def test_a_map_of_zeros_colours_nothing():
    assert (drawn(np.zeros((3, 5))) == 100).all()
    assert (drawn(np.zeros((3, 5)), type="outlines") == 100).all()
    assert (drawn(np.zeros((3, 5)), type="regions") == 100).all()


def test_the_unit_does_not_change_the_picture():
    np.testing.assert_array_equal(drawn(MAP), drawn(np.array(MAP) * 1e-12))


def test_regions_are_the_squares_where_the_map_has_none():
    rng = np.random.default_rng(3)
    picture = grey_picture(30, 50)
    squares = [[0.0, 3.0], [-1.0, 1.5]]
    explanation = explained(picture, rng.normal(size=(30, 50)), squares=squares)
    settings = DrawSettings(type="regions", clip_above=100, alpha_limit=0.5, overlay="original")
    pixels = draw_map(picture, explanation, settings)
    assert (pixels[:15, 25:] == np.rint(50 + np.array([253, 231, 37]) / 2)).all()
    assert (pixels[15:, 25:] == np.rint(50 + np.array([0x21, 0x91, 0x8C]) / 2)).all()  # viridis ½
    assert (pixels[:, :25] == 100).all()


def test_regions_of_the_map_itself_stay_regions():
    picture = grey_picture(32, 32)
    attribution = np.zeros((32, 32))
    attribution[3:9, 5:20] = 2  # two values only: a region
    pixels = draw_map(
        picture, explained(picture, attribution), DrawSettings(type="regions", overlay="original")
    )
    coloured = (pixels != 100).any(axis=-1)
    np.testing.assert_array_equal(coloured, attribution == 2)


def test_a_method_that_only_knows_squares_is_drawn_by_squares():
    picture = grey_picture(4, 6)
    explanation = explained(picture, None, squares=[[0, 0, 1]])
    pixels = draw_map(
        picture, explanation, DrawSettings(colours="ghost", overlay="original", clip_above=100)
    )
    assert pixels[..., 0].tolist() == [[0, 0, 0, 0, 100, 100]] * 4


def test_outlines_run_round_what_matters_and_leave_the_rest_alone():
    attribution = np.zeros((40, 60))
    attribution[10:30, 20:40] = 1
    pixels = drawn(attribution, grey_picture(40, 60), type="outlines")
    changed = (pixels != 100).any(axis=-1)
    expected = np.zeros((40, 60), bool)
    expected[9:31, 19:41] = True  # the line with a rim of one pixel
    expected[12:28, 22:38] = False
    np.testing.assert_array_equal(changed, expected)
    line = pixels[10, 20]
    assert line.max() > 0 and pixels[9, 30].tolist() == [0, 0, 0]


def test_the_edge_of_what_is_seen_is_no_outline():
    picture = grey_picture(30, 60)
    explanation = explained(picture, np.ones((20, 20)), "crop")
    pixels = draw_map(picture, explanation, DrawSettings(type="outlines", overlay="original"))
    assert (pixels[:, 15:45] == 100).all()


@pytest.mark.parametrize("size", [(3, 5), (96, 96), (360, 480), (1000, 30)])
def test_the_drawing_is_large_enough_to_read_and_has_a_bar(size):
    picture = grey_picture(*size)
    image = draw(picture, explained(picture, np.ones((8, 8))))
    enlarged = image.width // picture.width_px
    assert image.width == size[1] * enlarged
    below = image.height - size[0] * enlarged
    assert 50 < below < 200
    assert max(image.width, image.height - below) >= 400


def test_enlarging_keeps_every_pixel_of_the_picture():
    picture = Picture(np.random.default_rng(1).integers(0, 256, (3, 5, 3), dtype=np.uint8))
    explanation = explained(picture, np.zeros((3, 5)))
    pixels = draw_map(picture, explanation, DrawSettings(overlay="original"), enlarged=4)
    np.testing.assert_array_equal(pixels[2::4, 1::4], picture.pixels)
