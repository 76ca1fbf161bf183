"""What is learned from and what is held back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.errors import CannotUse
from backend.picture import Picture
from backend.teaching.likeness import groups_of
from backend.teaching.material import gather, hardly_tested, hold_back
from tests.teaching.conftest import striped

SIZE = (24, 32)


def filled(mine, **counts: int):
    for label, count in counts.items():
        mine.add_label(label)
        for seed in range(count):
            mine.add_picture(label, Picture(striped(label == "up", seed)))
    return mine


def code_of(mine) -> str:
    with pytest.raises(CannotUse) as caught:
        gather(mine.examples(), SIZE, "crop", 0)
    return caught.value.code


def test_everything_is_read_and_fitted(mine):
    material = gather(filled(mine, up=3, down=5).examples(), SIZE, "stretch", 0)
    assert material.labels == ("up", "down")
    assert material.classes.tolist() == [0] * 3 + [1] * 5
    assert material.fitted(4).shape == (*SIZE, 3)
    assert material.skipped == ()


def test_broken_pictures_are_named_and_left_out(mine):
    filled(mine, up=3, down=3)
    (mine.folder / "up" / "broken.png").write_bytes(b"no picture")
    (mine.folder / "up" / "empty.jpg").write_bytes(b"")
    material = gather(mine.examples(), SIZE, "crop", 0)
    assert [one.name for one in material.skipped] == ["up/broken.png", "up/empty.jpg"]
    assert len(material.examples) == 6


def test_labels_without_pictures_are_no_labels(mine):
    filled(mine, up=2, nothing=0, down=2)
    assert gather(mine.examples(), SIZE, "crop", 0).labels == ("up", "down")


def test_too_little_to_learn_from(mine):
    assert code_of(mine) == "no_examples"
    filled(mine, up=5)
    assert code_of(mine) == "one_label"
    filled(mine, down=1)
    assert code_of(mine) == "too_few_pictures"


def test_masks_are_fitted_as_their_pictures(mine):
    filled(mine, up=2, down=2)
    half = np.zeros((72, 96, 3), np.uint8)
    half[:, 48:] = 255
    mine.set_mask("up~0001.png", Picture(half))
    material = gather(mine.examples(), SIZE, "stretch", 0)
    subject = material.subject(0)
    assert subject[:, 18:].all()
    assert not subject[:, :14].any()
    assert material.subject(1) is None


def signs_and_classes(draw) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    kinds = random.integers(0, 2, (draw(st.integers(1, 6)), 128)).astype(bool)
    count = draw(st.integers(4, 40))
    classes = random.integers(0, 3, count)
    return kinds[random.integers(0, len(kinds), count)], classes


@settings(max_examples=60)
@given(st.data(), st.integers(0, 100))
def test_something_of_every_label_is_learned_from(data, seed):
    signs, classes = signs_and_classes(data.draw)
    held = hold_back(classes, groups_of(signs), seed)
    for label in np.unique(classes):
        assert not held[classes == label].all()


def test_a_sixth_of_each_label_is_held_back_and_twins_stay_together():
    random = np.random.default_rng(1)
    signs = np.repeat(random.integers(0, 2, (40, 128)).astype(bool), 2, axis=0)
    classes = np.repeat([0, 1], 40)
    groups = groups_of(signs)
    held = hold_back(classes, groups, seed=3)
    assert [held[classes == label].sum() for label in (0, 1)] == [6, 6]
    for group in np.unique(groups):
        assert len(set(held[groups == group].tolist())) == 1


def test_a_label_whose_pictures_are_all_alike_has_some_held_back():
    signs, classes = np.zeros((20, 128), bool), np.repeat([0, 1], 10)
    signs[10:] = True
    held = hold_back(classes, groups_of(signs), seed=0)
    assert [held[classes == label].sum() for label in (0, 1)] == [2, 2]


def test_few_pictures_are_all_needed():
    signs = np.random.default_rng(0).integers(0, 2, (6, 128)).astype(bool)
    assert not hold_back(np.array([0, 0, 0, 1, 1, 1]), groups_of(signs), 0).any()


def test_a_picture_that_is_deleted_after_it_was_read(mine):
    material = gather(filled(mine, up=3, down=3).examples(), SIZE, "crop", 0)
    before = material.fitted(0).copy()
    mine.delete_picture("up~0001.png")
    assert np.array_equal(material.fitted(0), before)


def test_labels_of_which_nearly_all_pictures_are_the_same_are_hardly_tested(mine):
    filled(mine, down=12)
    mine.add_label("still")
    for _ in range(12):
        mine.add_picture("still", Picture(striped(True, 1)))
    material = gather(mine.examples(), SIZE, "crop", 0)
    assert hardly_tested(material) == ["still"]
    assert material.held_back[material.classes == 1].any()
