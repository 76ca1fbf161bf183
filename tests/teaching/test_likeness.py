"""Pictures that are nearly the same are found, others are left alone."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from backend.parade.drawing import draw_scene
from backend.teaching.likeness import groups_of, sign_of, tiny_of, twins_of


def scene(seed: int) -> np.ndarray:
    return draw_scene(seed, ("chef", "clown", "wizard")[seed % 3]).picture


@pytest.mark.parametrize("seed", range(5))
def test_the_next_frame_of_a_camera_is_the_same_picture(seed):
    picture = scene(seed)
    random = np.random.default_rng(seed)
    noisy = picture + random.normal(0, 4, picture.shape)
    later = np.roll((noisy * 1.03).clip(0, 255).astype(np.uint8), 2, axis=1)
    small = np.asarray(Image.fromarray(later).resize((240, 180)))
    assert groups_of(np.stack([sign_of(picture), sign_of(small)])).tolist() == [0, 0]


def test_other_scenes_are_other_pictures():
    signs = np.stack([sign_of(scene(seed)) for seed in range(30)])
    assert len(np.unique(groups_of(signs))) == 30


def test_groups_reach_over_several_steps():
    signs = np.zeros((4, 128), bool)
    signs[1, :8] = True
    signs[2, :16] = True  # 16 from the first, but 8 from the second
    signs[3, :64] = True
    assert groups_of(signs).tolist() == [0, 0, 0, 3]
    # The picture in the middle comes last and joins the two.
    assert groups_of(signs[[0, 2, 1, 3]]).tolist() == [0, 0, 0, 3]


def test_another_thing_before_the_same_wall_is_another_picture():
    """Signs alone would put all into one group."""
    wall = np.zeros((72, 72, 3), np.uint8)
    wall[:, ::18], wall[::18] = 200, 200
    one, moved, other = wall.copy(), wall.copy(), wall.copy()
    one[20:32, 20:32] = moved[40:52, 40:52] = (150, 40, 40)
    other[20:32, 20:32] = (40, 40, 150)
    noisy = one + np.random.default_rng(0).integers(0, 6, one.shape, np.uint8)
    brighter = (noisy.astype(int) + 12).clip(0, 255).astype(np.uint8)
    small = np.stack([one, moved, noisy, other, brighter])
    assert twins_of(np.zeros((5, 128), bool), small).tolist() == [0, 1, 0, 3, 0]


def test_twins_have_the_same_sign_too():
    small = np.zeros((3, 72, 72, 3), np.uint8)
    signs = np.zeros((3, 128), bool)
    signs[1] = True
    assert twins_of(signs, small).tolist() == [0, 1, 0]


def test_twins_reach_over_several_steps():
    small = np.zeros((3, 72, 72, 3), np.uint8)
    small[1, :6, :6], small[2, :6, :6] = 50, 25  # the last one joins the two
    assert twins_of(np.zeros((3, 128), bool), small).tolist() == [0, 0, 0]


def test_line_drawings_on_white_paper_are_other_pictures():
    """To signs alone they are nearly all the same: white beside white is never darker."""
    drawn = []
    for seed in range(12):
        sheet = Image.new("RGB", (96, 96), "white")
        dice = np.random.default_rng(seed)
        points = [tuple(point) for point in dice.integers(8, 88, (5, 2)).tolist()]
        ImageDraw.Draw(sheet).line(points, "black", 3)
        drawn.append(np.asarray(sheet))
    signs = np.stack([sign_of(picture) for picture in drawn])
    tiny = np.stack([tiny_of(picture) for picture in drawn])
    assert twins_of(signs, tiny).tolist() == list(range(12))
    assert twins_of(signs[[0, 0]], tiny[[0, 0]]).tolist() == [0, 0]
