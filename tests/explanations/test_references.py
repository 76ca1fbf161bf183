"""What a picture is compared with: every label of a folder, and what a classifier learned from."""

from collections import Counter

import numpy as np
import pytest
from PIL import Image

from backend.classifiers.model import PARADE
from backend.errors import NotFound
from backend.explanations.references import (
    MOST_REFERENCES,
    fitting,
    pictures_in,
    usual_references,
)
from backend.picture import FIT_WAYS, Fit, Picture
from backend.teaching.collections import Collections


def save(path, level: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (2, 2), (level, level, level)).save(path)


def levels(pictures) -> list[int]:
    return [int(one.pixels[0, 0, 0]) for one in pictures]


def test_all_labels_of_a_training_set_have_their_share(tmp_path):
    for label, level in (("cat", 10), ("dog", 20), ("owl", 30)):
        for number in range(60):
            save(tmp_path / label / f"{number:02d}.png", level)
        save(tmp_path / label / "masks" / "00.png", 255)
    counted = Counter(levels(pictures_in(tmp_path)))
    assert sum(counted.values()) == MOST_REFERENCES
    assert set(counted) == {10, 20, 30} and min(counted.values()) >= MOST_REFERENCES // 3


def test_what_is_no_picture_is_passed_over(tmp_path):
    save(tmp_path / "one.png", 7)
    (tmp_path / "broken.png").write_bytes(b"not a picture")
    (tmp_path / "notes.txt").write_text("nothing")
    assert levels(pictures_in(tmp_path)) == [7]
    (tmp_path / "one.png").unlink()
    with pytest.raises(NotFound, match="no pictures"):
        pictures_in(tmp_path)


def test_a_classifier_that_was_taught_here_is_compared_with_what_it_learned_from(tmp_path):
    collection = Collections(tmp_path).get("mine")
    collection.add_label("cat")
    for level in (1, 2):
        collection.add_picture("cat", Picture(np.full((2, 2, 3), level, np.uint8)))
    parade, of_its_kind = usual_references(tmp_path, PARADE)
    assert len(parade) > 2 and of_its_kind
    strange, of_its_kind = usual_references(tmp_path, "0123456789ab")
    assert len(strange) == len(parade) and not of_its_kind
    collection.note(model="0123456789ab")
    own, of_its_kind = usual_references(tmp_path, "0123456789ab")
    assert levels(own) == [1, 2] and of_its_kind


@pytest.mark.parametrize("way", FIT_WAYS)
def test_fitted_as_they_are_read_they_are_small_and_the_same(tmp_path, way):
    pixels = np.random.default_rng(1).integers(0, 256, (40, 70, 3), dtype=np.uint8)
    collection = Collections(tmp_path).get("mine")
    collection.add_label("cat")
    collection.add_picture("cat", Picture(pixels))
    collection.note(model="0123456789ab")
    size = (24, 30)
    ((one,), _) = usual_references(tmp_path, "0123456789ab", fitting(size, way))
    assert one.pixels.shape == (*size, 3)
    np.testing.assert_array_equal(one.pixels, Fit.of(Picture(pixels), size, way).apply(pixels))
    again = Fit.of(one, size, way).apply(one.pixels)
    np.testing.assert_array_equal(again, one.pixels)
