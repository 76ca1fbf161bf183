"""Things are cut out where they are, and their new backgrounds tell nothing."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.teaching.backgrounds import (
    Backgrounds,
    background,
    cut_out,
    difference,
    emptied,
    put_on,
    usual,
)
from backend.teaching.examples import MASKS, examples_in
from backend.teaching.material import Material, gather

SIZE = (72, 96)
THING = (30, 200, 30)


def wall(colour: tuple[int, int, int], seed: int = 0) -> np.ndarray:
    """Something plain with a little noise, (72, 96, 3) uint8."""
    noise = np.random.default_rng(seed).integers(-5, 6, (*SIZE, 3))
    return (np.array(colour) + noise).clip(0, 255).astype(np.uint8)


def box(top: int, left: int, height: int = 24, width: int = 24) -> np.ndarray:
    """Where a thing is: (72, 96) bool."""
    inside = np.zeros(SIZE, bool)
    inside[top : top + height, left : left + width] = True
    return inside


def shown(behind: np.ndarray, inside: np.ndarray) -> np.ndarray:
    return np.where(inside[..., np.newaxis], np.array(THING, np.uint8), behind)


def overlap(one: np.ndarray | None, other: np.ndarray) -> float:
    """Of two places: what both cover as a share of what either covers."""
    assert one is not None
    return float((one & other).sum() / (one | other).sum())


def test_the_usual_picture_is_what_most_show():
    pictures = [shown(wall((90, 80, 200)), box(10, 5 + 24 * number)) for number in range(3)]
    found = usual([np.ascontiguousarray(one) for one in pictures])
    assert found.shape == (72, 72, 3)
    assert np.abs(found - (90, 80, 200)).max() < 8


@pytest.mark.parametrize("place", [(10, 6), (40, 60), (24, 36)])
def test_a_thing_is_where_its_picture_differs_from_the_usual_one(place):
    behind = wall((180, 60, 60))
    inside = box(*place)
    assert overlap(difference(shown(behind, inside), usual([behind])), inside) > 0.6


def test_a_difference_that_is_tiny_or_everywhere_says_nothing():
    behind = wall((180, 60, 60))
    assert difference(wall((180, 60, 60), seed=1), usual([behind])) is None
    assert difference(shown(behind, box(3, 3, 5, 5)), usual([behind])) is None
    assert difference(wall((20, 60, 160)), usual([behind])) is None


def papered() -> np.ndarray:
    """A wall that is not plain: broad stripes, (72, 96, 3) uint8."""
    wide = (np.arange(SIZE[1]) // 12 % 2).astype(bool)
    return np.where(wide[np.newaxis, :, np.newaxis], wall((180, 60, 60)), wall((60, 60, 180)))


def test_the_second_usual_picture_is_asked_if_the_first_says_nothing():
    behind, inside = papered(), box(20, 50)
    pixels, mush = shown(behind, inside), usual([wall((20, 160, 160))])
    assert cut_out(pixels, [mush]) is None
    assert overlap(cut_out(pixels, [mush, usual([behind])]), inside) > 0.6
    assert cut_out(pixels, []) is None


def test_before_a_plain_wall_no_other_picture_is_needed():
    """In light from one side, with an arm that comes in over the edge, always in one place."""
    light = np.linspace(-40, 40, SIZE[1])[np.newaxis, :, np.newaxis]
    behind = (wall((150, 150, 140)) + light).clip(0, 255).astype(np.uint8)
    inside = box(20, 36) | box(40, 44, 32, 8)
    assert overlap(cut_out(shown(behind, inside), [usual([shown(behind, inside)])]), inside) > 0.6


def test_a_rim_is_no_thing():
    """What is left of a thing that lies still, if it is compared with its usual place."""
    behind = papered()
    rim = box(10, 20, 50, 50) & ~box(14, 20, 42, 46)
    assert difference(shown(behind, rim), usual([behind])) is None
    assert difference(shown(behind, box(10, 20, 50, 50)), usual([behind])) is not None


def test_only_the_thing_itself_gets_another_background():
    inside = box(20, 50)
    placed = put_on(shown(wall((180, 60, 60)), inside), inside, wall((20, 20, 20)))
    assert np.abs(placed[24:40, 54:70].astype(int) - THING).max() <= 1
    far = ~box(14, 44, 36, 36)
    assert placed[far].max() <= 25


def test_around_flows_in_where_the_thing_was():
    """A wall that is red on the left and blue on the right stays so, the thing is gone."""
    behind = wall((200, 40, 40))
    behind[:, 48:] = wall((40, 40, 200))[:, 48:]
    inside = box(20, 10, 30, 70)
    empty = emptied(shown(behind, inside), inside).astype(int)
    outside = ~box(16, 6, 38, 78)
    assert np.array_equal(empty[outside], behind[outside])
    left, right = empty[30:40, 14:30].mean(axis=(0, 1)), empty[30:40, 62:76].mean(axis=(0, 1))
    assert left[0] > 1.5 * left[2]
    assert right[2] > 1.5 * right[0]
    assert empty[inside][:, 1].max() < 90  # of the green thing nothing is left


def test_a_picture_that_is_all_thing_can_be_emptied():
    inside = np.ones(SIZE, bool)
    assert emptied(shown(wall((9, 9, 9)), inside), inside).shape == (*SIZE, 3)


def test_backgrounds_are_of_any_kind_and_can_be_repeated():
    made = [background((50, 70), np.random.default_rng(seed)) for seed in range(40)]
    again = background((50, 70), np.random.default_rng(7))
    assert np.array_equal(made[7], again)
    assert all(one.shape == (50, 70, 3) and one.dtype == np.uint8 for one in made)
    means = np.array([one.mean(axis=(0, 1)) for one in made])
    assert (means.max(axis=0) - means.min(axis=0) > 120).all()
    assert min(one.std() for one in made) < 40 < max(one.std() for one in made)


# What follows are whole lessons' examples.


def gathered(folder: Path) -> Material:
    return gather(examples_in(folder), SIZE, "stretch", 0)


def fill(folder: Path, label: str, walls: list[np.ndarray], masks: bool) -> None:
    (folder / label / MASKS).mkdir(parents=True)
    dice = np.random.default_rng(len(label))
    for number, behind in enumerate(walls):
        inside = box(int(dice.integers(0, 48)), int(dice.integers(0, 72)))
        Image.fromarray(shown(behind, inside)).save(folder / label / f"{number}.png")
        if masks:
            mask = Image.fromarray(inside.astype(np.uint8) * 255)
            mask.save(folder / label / MASKS / f"{number}.png")


RED, BLUES = (200, 40, 40), [(40, 40, 90 + 20 * number) for number in range(8)]


def redness(backgrounds: Backgrounds, place: int, tries: int = 40) -> list[float]:
    """How red the surroundings of the thing are, over several times."""
    random = np.random.default_rng(1)
    found = []
    for _ in range(tries):
        pixels = backgrounds.replaced(place, random).astype(float)
        edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
        found.append(float(np.median(edge[:, 0] - edge[:, 2])))
    return found


def test_every_label_comes_before_the_backgrounds_of_all(tmp_path):
    """The red label is not always red any more, and the blue one is sometimes."""
    fill(tmp_path, "curtain", [wall(RED, seed) for seed in range(8)], masks=True)
    fill(tmp_path, "sea", [wall(colour) for colour in BLUES], masks=True)
    backgrounds = Backgrounds(gathered(tmp_path))
    for place in (0, 12):
        seen = np.array(redness(backgrounds, place))
        assert 0.2 < (seen > 100).mean() < 0.6
        assert 0.2 < (seen < 0).mean() < 0.8


def test_without_masks_each_label_is_cut_out_of_its_own_place(tmp_path):
    fill(tmp_path, "curtain", [wall(RED, seed) for seed in range(8)], masks=False)
    fill(tmp_path, "sea", [wall((40, 40, 200), seed) for seed in range(8)], masks=False)
    backgrounds = Backgrounds(gathered(tmp_path))
    for place in (3, 12):
        assert np.ptp(redness(backgrounds, place)) > 200


def test_what_cannot_be_cut_out_stays_as_it_is(tmp_path):
    """Walls of all colours, no masks: nobody knows what the thing is."""
    dice = np.random.default_rng(0)
    for label in ("one", "two"):
        walls = [dice.integers(0, 256, (*SIZE, 3), np.uint8) for _ in range(6)]
        fill(tmp_path, label, walls, masks=False)
    material = gathered(tmp_path)
    backgrounds = Backgrounds(material)
    for place in range(12):
        again = backgrounds.replaced(place, np.random.default_rng(place))
        assert np.array_equal(again, material.fitted(place))


def test_the_places_of_one_label_alone_are_not_used(tmp_path):
    """Only the curtain's things can be cut out: before curtains again they would be known by it."""
    fill(tmp_path, "curtain", [wall(RED, seed) for seed in range(8)], masks=True)
    dice = np.random.default_rng(0)
    walls = [dice.integers(0, 256, (*SIZE, 3), np.uint8) for _ in range(8)]
    fill(tmp_path, "mess", walls, masks=False)
    seen = np.array(redness(Backgrounds(gathered(tmp_path)), 0))
    assert (np.abs(seen - 160) < 8).mean() < 0.1


def test_the_same_seed_gives_the_same_picture(tmp_path):
    fill(tmp_path, "curtain", [wall(RED, seed) for seed in range(4)], masks=True)
    fill(tmp_path, "sea", [wall(colour) for colour in BLUES], masks=True)
    pictures = [
        Backgrounds(gathered(tmp_path)).replaced(2, np.random.default_rng(9)) for _ in range(2)
    ]
    assert np.array_equal(*pictures)
