"""What came of a lesson, checked on a pupil whose every answer is known."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.teaching.examples import MASKS, Example
from backend.teaching.material import Material
from backend.teaching.review import AT_ONCE, LOOKS_SIDE, MOST_SURPRISING, SURE, outside, review

SIDE = 16
LABELS = ("left", "right")


class Judge:
    """Says "left" or "right" by where a picture is bright, the surer the brighter.

    Its two maps (2, 4): brightness of 8 × 4 px blocks, in the left half and in the right half.
    """

    def maps(self, batch):
        blocks = batch[..., 0].reshape(len(batch), 2, 8, 4, 4).mean(axis=(2, 4)) / 255
        left, right = blocks.copy(), blocks.copy()
        left[..., 2:], right[..., :2] = 0, 0
        return np.stack([left, right], axis=-1)

    def scores(self, maps):
        return 10 * maps.mean(axis=(1, 2))

    def slopes(self, maps, target):
        assert maps.shape == (2, 4, 2)
        return np.eye(2)[target]


def bright(row: int, column: int, value: int) -> np.ndarray:
    """A dark picture with one bright block of the 2 × 4."""
    pixels = np.zeros((SIDE, SIDE, 3), np.uint8)
    pixels[row * 8 : row * 8 + 8, column * 4 : column * 4 + 4] = value
    return pixels


RIGHT = ("right", bright(0, 3, 255), None)


def material_of(folder: Path, pictures, held_back) -> Material:
    """Pictures: (label, pixels, mask or None)."""
    examples = []
    for number, (label, pixels, mask) in enumerate(pictures):
        inner = folder / label / MASKS
        inner.mkdir(parents=True, exist_ok=True)
        path, drawn = inner.parent / f"{number}.png", inner / f"{number}.png"
        Image.fromarray(pixels).save(path)
        if mask is not None:
            Image.fromarray(mask.astype(np.uint8) * 255).save(drawn)
        examples.append(Example(path, label, None if mask is None else drawn))
    classes = np.array([LABELS.index(label) for label, _, _ in pictures])
    signs = np.zeros((len(examples), 128), bool)
    held = np.array(held_back, bool)
    return Material(LABELS, examples, classes, signs, held, (), (SIDE, SIDE), "stretch")


def reviewed(folder: Path, pictures, held_back) -> dict:
    names = [str(number) for number in range(len(pictures))]
    return review(material_of(folder, pictures, held_back), Judge(), names)


def test_cells_count_and_name_the_pictures_held_back(tmp_path):
    pictures = [
        ("left", bright(0, 0, 255), None),
        ("left", bright(0, 3, 255), None),  # wrong
        ("right", bright(0, 2, 255), None),
        ("right", bright(1, 2, 200), None),
        ("right", bright(1, 0, 200), None),  # wrong, but it was learned from
    ]
    found = reviewed(tmp_path, pictures, [1, 1, 1, 1, 0])
    assert found["labels"] == ["left", "right"]
    assert found["confusion"] == [[1, 1], [0, 2]]
    assert found["cells"] == [[["0"], ["1"]], [[], ["2", "3"]]]
    assert found["accuracy"] == 0.75


def test_nothing_held_back_is_no_accuracy(tmp_path):
    found = reviewed(tmp_path, [("left", bright(0, 3, 255), None)] * 3 + [RIGHT], [0, 0, 0, 0])
    assert found["accuracy"] is None
    assert found["confusion"] == [[0, 0], [0, 0]]
    assert len(found["surprising"]) == 3


def test_the_least_expected_mistakes_come_first(tmp_path):
    """One block of 8 at value v: scores 10 v / 255 / 8 and 0."""
    values = (60, 255, 140)
    pictures = [("left", bright(0, 3, value), None) for value in values]
    pictures += [("left", bright(0, 1, 255), None), RIGHT]
    found = reviewed(tmp_path, pictures, [0, 1, 0, 0, 0])
    assert [one["name"] for one in found["surprising"]] == ["1", "2", "0"]
    for one in found["surprising"]:
        score = 10 * values[int(one["name"])] / 255 / 8
        assert one["confidence"] == pytest.approx(1 / (1 + np.exp(-score)), abs=1e-6)
        assert (one["label"], one["said"]) == ("left", "right")
    assert found["sure_and_wrong"] == []


def test_sure_and_wrong(tmp_path):
    sure = bright(0, 2, 255)
    sure[:, 8:] = 255
    pictures = [("left", sure, None), ("left", bright(0, 3, 255), None), RIGHT]
    found = reviewed(tmp_path, pictures, [0, 0, 0])
    assert [one["name"] for one in found["sure_and_wrong"]] == ["0"]
    assert found["sure_and_wrong"][0]["confidence"] > SURE


def test_only_so_many_surprises_are_listed_and_none_is_left_out(tmp_path):
    count = AT_ONCE + 3
    pictures = [("left", bright(0, 3, 100 + number), None) for number in range(count)]
    found = reviewed(tmp_path, [*pictures, RIGHT], [1] * count + [0])
    assert found["confusion"] == [[0, count], [0, 0]]
    names = [one["name"] for one in found["surprising"]]
    assert names == [str(number) for number in reversed(range(count))][:MOST_SURPRISING]


def test_it_looks_where_the_maps_are_on_average(tmp_path):
    """Of two pictures, one bright at the top left, one at the bottom left, equally in the end."""
    pictures = [
        ("left", bright(0, 0, 255), None),
        ("left", bright(1, 0, 51), None),
        ("right", bright(0, 3, 255), None),
    ]
    left, right = reviewed(tmp_path, pictures, [0, 0, 0])["looks_at"]
    assert left["label"] == "left"
    relevance = np.array(left["relevance"])
    assert relevance.shape == (LOOKS_SIDE, LOOKS_SIDE)
    assert relevance.sum() == pytest.approx(1, abs=1e-3)
    assert relevance[:4].sum() == pytest.approx(0.5, abs=1e-3)
    assert relevance[:, :4].sum() > 0.95
    assert np.array(right["relevance"])[:4, 4:].sum() > 0.8


def test_the_share_outside_is_that_of_the_pictures_with_masks(tmp_path):
    half = np.zeros((SIDE, SIDE), bool)
    half[:, :4] = True
    both = bright(0, 0, 200) + bright(0, 1, 100)  # two thirds inside, one outside
    pictures = [
        ("left", both, half),
        ("left", bright(0, 0, 255), half),
        ("left", bright(0, 1, 255), None),
        ("right", bright(0, 3, 255), None),
    ]
    left, right = reviewed(tmp_path, pictures, [0, 0, 0, 0])["looks_at"]
    assert left["outside"] == pytest.approx((1 / 3 + 0) / 2, abs=1e-3)
    assert right["outside"] is None


def test_a_cell_that_holds_anything_of_the_subject_is_not_outside():
    looked_at = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])
    subject = np.zeros((20, 30), bool)
    subject[9, 19] = True  # the last pixel of the cell in the middle of the first row
    assert outside(looked_at, subject) == pytest.approx(61 / 63)
    subject[10, 20] = True  # the first one of the last cell
    assert outside(looked_at, subject) == pytest.approx(29 / 63)


def test_what_is_not_known_is_no_share():
    subject = np.ones((4, 4), bool)
    assert outside(np.ones((2, 2)), None) is None
    assert outside(np.zeros((2, 2)), subject) is None
    assert outside(np.ones((2, 2)), subject) == 0
    assert outside(np.ones((2, 2)), ~subject) == 1
