"""What the switches do to a picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.teaching.augmentation import CHANGES, changed
from tests.teaching.conftest import striped

PICTURE = striped(True, 1)


@given(st.sampled_from(list(CHANGES)), st.integers(0, 1000), st.integers(1, 40), st.integers(1, 40))
def test_shape_and_kind_stay(name, seed, height, width):
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    before = picture.copy()
    result = CHANGES[name](picture, np.random.default_rng(seed))
    assert result.shape == picture.shape
    assert result.dtype == np.uint8
    assert np.array_equal(picture, before)


def test_flipped_twice_is_as_before():
    random = np.random.default_rng(0)
    once = CHANGES["flip"](PICTURE, random)
    assert np.array_equal(once[:, 0], PICTURE[:, -1])
    assert np.array_equal(CHANGES["flip"](once, random), PICTURE)


def test_shifted_pictures_hold_no_new_colours_and_move_visibly():
    rows, columns = np.indices((60, 80))
    picture = np.stack([rows, columns, rows * 0], axis=2).astype(np.uint8)
    for seed in range(20):
        moved = CHANGES["shift"](picture, np.random.default_rng(seed)).astype(int)
        down, across = moved[30, 40, 0] - 30, moved[30, 40, 1] - 40
        assert 0.04 * 60 <= abs(down) <= 0.15 * 60 + 1
        assert 0.04 * 80 <= abs(across) <= 0.15 * 80 + 1


def test_light_changes_brightness_to_both_sides():
    grey = np.full((8, 8, 3), 100, np.uint8)
    means = [CHANGES["light"](grey, np.random.default_rng(seed)).mean() for seed in range(40)]
    assert min(means) < 80
    assert max(means) > 120
    assert all(abs(mean - 100) > 5 for mean in means)


def test_zoomed_pictures_show_a_part():
    rows, _ = np.indices((100, 100))
    picture = np.repeat(rows[..., np.newaxis], 3, axis=2).astype(np.uint8)
    for seed in range(20):
        seen = np.ptp(CHANGES["zoom"](picture, np.random.default_rng(seed)).astype(int))
        assert 60 <= seen <= 86


@pytest.mark.parametrize("names", [(), ("flip",), tuple(CHANGES)])
def test_only_what_was_asked_for(names):
    results = [changed(PICTURE, names, np.random.default_rng(seed)) for seed in range(20)]
    same = sum(np.array_equal(result, PICTURE) for result in results)
    assert same == 20 if not names else same < 20
    if names == ("flip",):
        flipped = PICTURE[:, ::-1]
        assert all(np.array_equal(one, PICTURE) or np.array_equal(one, flipped) for one in results)
