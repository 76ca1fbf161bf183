"""The parade's pictures: repeatable, varied, and with boxes that really hold the parts."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.grid import Box
from backend.parade import CHARACTERS, SCENES, Scene, draw_backdrop, draw_scene, draw_sprite
from backend.parade import telling_parts_of as telling
from backend.parade.drawing import ITEMS

SEEDS = st.integers(0, 2**32)
REPLACES_HAIR = [name for name, item in ITEMS.items() if item.replaces_hair]
OTHER_PARTS = [name for name in ITEMS if name not in REPLACES_HAIR]


def changed_box(one: np.ndarray, other: np.ndarray) -> Box | None:
    """The smallest box around all pixels that differ."""
    rows, columns = np.nonzero((one != other).any(axis=2))
    if rows.size == 0:
        return None
    return Box(rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)


def encloses(outer: Box, inner: Box) -> bool:
    return (
        outer.top <= inner.top
        and outer.left <= inner.left
        and outer.bottom >= inner.bottom
        and outer.right >= inner.right
    )


def worn_with(part: str) -> list[str]:
    """An outfit of that part and things that go to other places."""
    outfit = [part]
    for name in ("pointed hat", "scarf", "backpack", "binoculars", "map", "glasses", "big shoes"):
        if ITEMS[name].slot not in {ITEMS[worn].slot for worn in outfit}:
            outfit.append(name)
    return outfit


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SEEDS, st.sampled_from(OTHER_PARTS))
def test_a_box_holds_every_pixel_that_its_part_changes(seed: int, part: str) -> None:
    outfit = worn_with(part)
    with_part = draw_scene(seed, "chef", parts=outfit)
    without = draw_scene(seed, "chef", parts=[name for name in outfit if name != part])
    changed = changed_box(with_part.picture, without.picture)
    if part not in with_part.parts:  # hidden by a thing in front
        return
    assert changed is not None
    assert encloses(with_part.parts[part], changed)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(SEEDS)
def test_hair_boxes_hold_every_pixel_that_other_hair_changes(seed: int) -> None:
    one, other = (draw_scene(seed, "clown", parts=[name]) for name in REPLACES_HAIR)
    changed = changed_box(one.picture, other.picture)
    boxes = [one.parts[REPLACES_HAIR[0]], other.parts[REPLACES_HAIR[1]]]
    union = Box(
        min(box.top for box in boxes),
        min(box.left for box in boxes),
        max(box.bottom for box in boxes),
        max(box.right for box in boxes),
    )
    assert encloses(union, changed)


def test_boxes_are_not_larger_than_their_parts() -> None:
    """At most two pixels on a side are spare: where what is behind has the same colour."""
    for seed, part in itertools.product(range(4), ("pointed hat", "frying pan", "balloon", "map")):
        with_part = draw_scene(seed, "wizard", "snow", parts=[part])
        without = draw_scene(seed, "wizard", "snow", parts=[])
        changed, box = changed_box(with_part.picture, without.picture), with_part.parts[part]
        spare = np.subtract(
            (changed.top, changed.left, box.bottom, box.right),
            (box.top, box.left, changed.bottom, changed.right),
        )
        assert spare.max() <= 2, (seed, part)


def test_the_same_seed_gives_the_same_pixels() -> None:
    for seed in range(10):
        one, again = draw_scene(seed), draw_scene(seed)
        assert np.array_equal(one.picture, again.picture)
        assert (one.label, one.scene, one.parts) == (again.label, again.scene, again.parts)
    assert not np.array_equal(draw_scene(1).picture, draw_scene(2).picture)


def test_pictures_have_the_size_of_the_stage() -> None:
    scene = draw_scene(7)
    assert scene.picture.shape == (360, 480, 3)
    assert scene.picture.dtype == np.uint8
    for box in scene.parts.values():
        assert 0 <= box.top < box.bottom <= 360
        assert 0 <= box.left < box.right <= 480


@pytest.mark.parametrize("scene", SCENES)
def test_a_chosen_person_stands_before_a_chosen_scene(scene: str) -> None:
    for character in ("clown", "wizard"):
        drawn = draw_scene(3, character, scene)
        assert (drawn.label, drawn.scene) == (character, scene)
        same = (drawn.picture == draw_backdrop(3, scene)).all(axis=2)
        assert 0.5 < same.mean() < 0.97  # the scenery around the person is untouched


def test_scene_and_character_are_chosen_independently_and_evenly(fresh: list[Scene]) -> None:
    pairs = [(scene.label, scene.scene) for scene in fresh]
    for names, position in ((CHARACTERS, 0), (SCENES, 1)):
        counts = [sum(pair[position] == name for pair in pairs) for name in names]
        assert min(counts) >= 0.7 * len(fresh) / len(names), dict(zip(names, counts, strict=True))
    assert len(set(pairs)) >= 34  # of 35


def test_telling_parts_are_sometimes_missing_and_sometimes_somebody_elses(
    fresh: list[Scene],
) -> None:
    own = [len(scene.telling_parts) for scene in fresh]
    assert min(own) >= 1
    assert {2, 3, 4} <= set(own)
    everybodys = {name for character in CHARACTERS for name in telling(character)}
    foreign = [set(s.parts) & everybodys - set(telling(s.label)) for s in fresh]
    assert 0.05 <= np.mean([bool(names) for names in foreign]) <= 0.35
    assert max(map(len, foreign)) == 1


def test_each_character_has_four_telling_parts_of_its_own() -> None:
    names = [name for character in CHARACTERS for name in telling(character)]
    assert len(CHARACTERS) >= 4
    assert all(len(telling(character)) == 4 for character in CHARACTERS)
    assert len(set(names)) == len(names)


def test_a_sprite_is_cut_to_size_on_a_transparent_ground() -> None:
    sprite = draw_sprite(1, "wizard")
    opaque = sprite[..., 3] > 0
    assert sprite.shape[2] == 4
    assert not opaque.all()
    for edge in (opaque[0], opaque[-1], opaque[:, 0], opaque[:, -1]):
        assert edge.any()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"character": "dragon"}, "dragon"),
        ({"scene": "moon"}, "moon"),
        ({"parts": ["crown"]}, "crown"),
        ({"parts": ["magic cane", "map"]}, "hand"),
    ],
)
def test_unknown_names_are_refused(arguments: dict, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        draw_scene(1, **arguments)
