"""Colours are the published ones, and the defaults can be read by people who are colour-blind."""

import numpy as np
import pytest

from backend.drawing.attribution import draw_map
from backend.drawing.colours import COLOURS
from backend.drawing.settings import DrawSettings
from tests.drawing.explained import explained, grey_picture
from tests.drawing.seeing import MACHADO, lab_as_seen

TEN_TIMES_JUST_NOTICEABLE = 23
"""ΔE*ab; 2.3 is a just noticeable difference (Mahy et al. 1994)."""


@pytest.mark.parametrize(
    "name, place, published",
    [
        ("viridis", 0, "440154"),
        ("viridis", 0.25, "3b528b"),
        ("viridis", 0.75, "5dc863"),
        ("viridis", 1, "fde725"),
        ("cividis", 0, "00224e"),
        ("cividis", 1, "fee838"),
        ("pink_green", 0, "8e0152"),
        ("pink_green", 1, "276419"),
        ("red_green", 0, "a50026"),
        ("red_green", 1, "006837"),
        ("jet", 0, "000080"),
        ("jet", 0.375, "00ffff"),
        ("jet", 1, "800000"),
        ("ghost", 0, "000000"),
        ("ghost", 1, "ffffff"),
    ],
)
def test_published_colours(name, place, published):
    expected = np.frombuffer(bytes.fromhex(published), np.uint8).astype(int)
    # A table of 256 steps has none exactly at 0.375.
    assert np.abs(COLOURS[name].at(np.array(place)).astype(int) - expected).max() <= 2


def test_every_map_has_256_colours():
    assert {colours.table.shape for colours in COLOURS.values()} == {(256, 3)}


@pytest.mark.parametrize("deficiency", MACHADO)
@pytest.mark.parametrize("name", ["viridis", "cividis"])
def test_more_is_lighter_for_everybody(name, deficiency):
    lightness = lab_as_seen(COLOURS[name].table, deficiency)[:, 0]
    assert lightness[-1] - lightness[0] >= 70
    assert np.diff(lightness[::8]).min() >= 0.5


def least_difference(name: str, deficiency: str) -> float:
    """Between any strength from a quarter up, and the same strength of the other sign."""
    lab = lab_as_seen(COLOURS[name].table, deficiency)
    return np.linalg.norm(lab - lab[::-1], axis=1)[: 256 * 3 // 8].min()


@pytest.mark.parametrize("deficiency", MACHADO)
def test_for_and_against_look_different_to_everybody(deficiency):
    assert least_difference("pink_green", deficiency) >= TEN_TIMES_JUST_NOTICEABLE


def test_red_and_green_do_not_and_are_no_default():
    assert least_difference("red_green", "deuteranopia") < TEN_TIMES_JUST_NOTICEABLE
    assert DrawSettings().colours != "red_green"


@pytest.mark.parametrize("deficiency", MACHADO)
@pytest.mark.parametrize("level", [0, 60, 128, 200, 255])
def test_for_and_against_differ_on_the_picture_too(deficiency, level):
    """Half as strong as the strongest, half see-through, over any grey."""
    picture = grey_picture(1, 3, level)
    explanation = explained(picture, [[0.5, -0.5, 1]])
    pixels = draw_map(
        picture, explanation, DrawSettings(polarity="both", clip_above=100, resampling="box")
    )
    favour, against = lab_as_seen(pixels[0, :2], deficiency)
    assert np.linalg.norm(favour - against) >= TEN_TIMES_JUST_NOTICEABLE / 2
