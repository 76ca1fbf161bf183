import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.errors import BadSetting
from backend.explanations.cover import COVERS, cover_pixels, covered_inputs
from backend.grid import Grid
from backend.picture import Fit, Picture


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(2).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_the_covers_of_the_contract():
    assert list(COVERS) == ["black", "grey", "white", "mean", "blur", "noise"]


@pytest.mark.parametrize("cover, level", [("black", 0), ("grey", 128), ("white", 255)])
def test_plain_covers(cover, level):
    assert (cover_pixels(Picture(noise(3, 5)), cover) == level).all()


def test_mean_is_the_mean_colour_of_the_picture():
    pixels = np.zeros((2, 2, 3), np.uint8)
    pixels[0, 0] = (200, 100, 40)
    assert cover_pixels(Picture(pixels), "mean")[1, 1].tolist() == [50, 25, 10]


def test_blur_hides_detail_but_keeps_the_brightness():
    pixels = noise(90, 120)
    blurred = cover_pixels(Picture(pixels), "blur").astype(float)
    assert blurred.std() < pixels.std() / 5
    assert abs(blurred.mean() - pixels.mean()) < 3


def test_noise_is_the_same_every_time():
    picture = Picture(noise(9, 9))
    np.testing.assert_array_equal(cover_pixels(picture, "noise"), cover_pixels(picture, "noise"))


def test_noise_by_hand():
    states = [20201118]
    for _ in range(16):
        states.append((states[-1] * 1664525 + 1013904223) % 2**32)
    pixels = cover_pixels(Picture(noise(2, 2)), "noise")
    # Four bytes for each pixel, along the rows.
    assert pixels[0, 1].tolist() == [state >> 24 for state in states[5:8]]
    assert pixels[1, 1].tolist() == [state >> 24 for state in states[13:16]]


def test_an_unknown_cover_is_refused():
    with pytest.raises(BadSetting, match="velvet"):
        cover_pixels(Picture(noise(3, 5)), "velvet")


@settings(max_examples=150, deadline=None)
@given(
    height_px=st.integers(1, 120),
    width_px=st.integers(1, 120),
    input_size=st.none() | st.tuples(st.integers(4, 90), st.integers(4, 90)),
    way=st.sampled_from(["crop", "stretch", "pad"]),
    cover=st.sampled_from(sorted(COVERS)),
    rows=st.integers(1, 7),
    columns=st.integers(1, 7),
)
def test_equals_covering_first_and_fitting_the_whole_picture(
    height_px, width_px, input_size, way, cover, rows, columns
):
    picture = Picture(noise(height_px, width_px))
    grid = Grid(min(rows, height_px), min(columns, width_px), height_px, width_px)
    plan = Fit.of(picture, input_size or (height_px, width_px), way)
    assert plan.is_identity == (input_size in (None, (height_px, width_px)))
    what = cover_pixels(picture, cover)
    boxes = [grid.box(*at) for at in grid.squares()]
    inputs = covered_inputs(picture, plan, cover, boxes)
    uncovered = inputs.uncovered()
    for box, patch in zip(boxes, inputs.patches(), strict=True):
        covered = picture.pixels.copy()
        covered[box.top : box.bottom, box.left : box.right] = what[
            box.top : box.bottom, box.left : box.right
        ]
        np.testing.assert_array_equal(patch.on(uncovered), plan.apply(covered))


def test_a_black_square_on_the_stage_judged_by_pillow_alone():
    stage = noise(360, 480)
    picture = Picture(stage)
    box = Grid(6, 8, 360, 480).box(2, 3)
    inputs = covered_inputs(picture, Fit.of(picture, (224, 224), "crop"), "black", [box])
    judge = Image.fromarray(stage)
    judge.paste("black", (box.left, box.top, box.right, box.bottom))
    judge = judge.resize((224, 224), Image.Resampling.LANCZOS, box=(60, 0, 420, 360))
    (patch,) = inputs.patches()
    np.testing.assert_array_equal(patch.on(inputs.uncovered()), np.asarray(judge))
