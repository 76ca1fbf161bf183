"""Regions and their ranking, on pictures small enough for a pencil."""

import numpy as np
import pytest

from backend.explanations import xrai
from backend.explanations.xrai import Regions, segment


@pytest.fixture(autouse=True)
def small_pictures(monkeypatch):
    monkeypatch.setattr(xrai, "LEAST_NEW_PX", 1)
    monkeypatch.setattr(xrai, "DILATION_PX", 0)


def test_ranking_by_hand():
    # One segmentation into columns of 2 and 4 pixels, one into rows.
    columns = np.array([[0, 0, 1], [0, 0, 1]])
    rows = np.array([[0, 0, 0], [1, 1, 1]])
    density = np.array([[1.0, 2.0, 9.0], [0.0, 1.0, 6.0]])
    # Means: left 1, right 7.5, top 4, bottom 7/3. After the right column, the rest of the
    # top row (1.5) beats what is left of the bottom (0.5) and the left column (1).
    gains, ranks = Regions([columns, rows], density).rank("full")
    np.testing.assert_allclose(gains, [[1.5, 1.5, 7.5], [0.5, 0.5, 7.5]])
    np.testing.assert_array_equal(ranks, [[2, 2, 1], [3, 3, 1]])
    # Fast: in the order 7.5, 4, 7/3, 1, each with the pixels that are left for it.
    gains, _ = Regions([columns, rows], density).rank("fast")
    np.testing.assert_allclose(gains, [[1.5, 1.5, 7.5], [0.5, 0.5, 7.5]])


def test_the_rest_gets_its_mean():
    columns = np.array([[0, 1, 2, 3]])
    gains, ranks = Regions([columns], np.array([[4.0, 1.0, 8.0, 2.0]])).rank("full", 0.3)
    # A quarter is not more than 0.3, so a second region is taken; the others are one.
    np.testing.assert_allclose(gains, [[4, 1.5, 8, 1.5]])
    np.testing.assert_array_equal(ranks, [[2, 3, 1, 3]])


def test_dilation_is_a_disk(monkeypatch):
    monkeypatch.setattr(xrai, "DILATION_PX", 1)
    labels = np.zeros((3, 4), int)
    labels[1, 1] = 1
    near = xrai._dilated(labels).reshape(3, 4, 2)
    expected = np.array([[0, 1, 0, 0], [1, 1, 1, 0], [0, 1, 0, 0]], bool)
    np.testing.assert_array_equal(near[..., 1], expected)


def test_segments_follow_the_picture():
    picture = np.zeros((60, 90, 3), np.uint8)
    picture[10:40, 50:80] = (250, 120, 20)
    for labels in segment(picture):
        assert labels.shape == (60, 90)
        # Smoothing makes a rim of its own around the patch.
        inside = labels[15:35, 55:75]
        assert (inside == labels[25, 65]).mean() > 0.8
        assert not (labels[:, :45] == labels[25, 65]).any()


def test_a_picture_of_one_colour_is_one_region():
    (labels,) = segment(np.full((5, 7, 3), 9, np.uint8))
    assert labels.shape == (5, 7) and labels.max() == 0
