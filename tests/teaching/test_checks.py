"""What is worth mending before teaching is found, and nothing else is."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.teaching.checks import FEW, MOST_SHOWN, Check, check
from backend.teaching.examples import examples_in

SIZE = (72, 96)
COLOURS = {"apple": (200, 40, 30), "plum": (90, 30, 160), "lime": (120, 220, 40)}
Painter = Callable[[str, np.random.Generator], np.ndarray]


def room(dice: np.random.Generator, light: float = 1) -> np.ndarray:
    """Somewhere: soft blotches of any colour, (72, 96, 3) uint8."""
    coarse = Image.fromarray(dice.integers(40, 200, (4, 5, 3), np.uint8))
    smooth = np.asarray(coarse.resize(SIZE[::-1], Image.Resampling.BICUBIC))
    return (smooth * light).clip(0, 255).astype(np.uint8)


def with_thing(behind: np.ndarray, label: str, middle: tuple[float, float]) -> np.ndarray:
    """A disc of the label's colour, its middle at shares of the height and width."""
    rows, columns = np.indices(SIZE)
    down, across = middle[0] * SIZE[0], middle[1] * SIZE[1]
    inside = (rows - down) ** 2 + (columns - across) ** 2 < 14**2
    return np.where(inside[..., np.newaxis], np.array(COLOURS[label], np.uint8), behind)


def anywhere(label: str, dice: np.random.Generator) -> np.ndarray:
    """A good example: another place, light and background each time."""
    return with_thing(room(dice, dice.uniform(0.7, 1.3)), label, dice.uniform(0.3, 0.7, 2))


def fill(folder: Path, label: str, count: int, paint: Painter = anywhere) -> list[Path]:
    dice = np.random.default_rng([len(label), count])
    (folder / label).mkdir()
    files = [folder / label / f"{number:04}.png" for number in range(count)]
    for file in files:
        Image.fromarray(paint(label, dice)).save(file)
    return files


def found(folder: Path) -> list[Check]:
    return check(examples_in(folder))


def only(folder: Path) -> Check:
    """The one thing that is worth mending."""
    checks = found(folder)
    assert [one.code for one in checks] == [checks[0].code]
    assert checks[0].message.endswith(".")
    assert checks[0].hint.endswith(".")
    assert len(checks[0].pictures) <= MOST_SHOWN
    return checks[0]


def test_good_examples_need_no_mending(tmp_path):
    for label in COLOURS:
        fill(tmp_path, label, 12)
    assert found(tmp_path) == []


def test_no_examples_are_nothing_to_judge(tmp_path):
    (tmp_path / "apple").mkdir()
    assert found(tmp_path) == []


@pytest.mark.parametrize(("count", "said"), [(1, "1 picture."), (FEW - 1, f"{FEW - 1} pictures.")])
def test_too_few(tmp_path, count, said):
    fill(tmp_path, "apple", FEW)
    fill(tmp_path, "plum", count)
    few = [one for one in found(tmp_path) if one.code == "few_pictures"]
    assert [one.labels for one in few] == [("plum",)]
    assert few[0].message.endswith(said)


def test_uneven(tmp_path):
    fill(tmp_path, "apple", 3 * FEW + 1)
    fill(tmp_path, "plum", FEW)
    fill(tmp_path, "lime", 2 * FEW)
    one = only(tmp_path)
    assert (one.code, one.labels) == ("uneven_labels", ("plum", "apple"))
    assert f"{3 * FEW + 1}" in one.message


def test_three_times_as_many_is_not_yet_uneven(tmp_path):
    fill(tmp_path, "apple", 3 * FEW)
    fill(tmp_path, "plum", FEW)
    assert found(tmp_path) == []


def test_broken_pictures_are_named(tmp_path):
    for label in ("apple", "plum"):
        fill(tmp_path, label, 10)
    (tmp_path / "plum" / "odd.png").write_bytes(b"this is no picture")
    one = only(tmp_path)
    assert (one.code, one.labels) == ("broken_pictures", ("plum",))
    assert "plum/odd.png" in one.message


def test_the_same_picture_in_two_labels(tmp_path):
    """Also if it is smaller, noisier and stored anew there."""
    apples = fill(tmp_path, "apple", 10)
    fill(tmp_path, "plum", 10)
    copy = np.asarray(Image.open(apples[3]).resize((80, 60)))
    noise = np.random.default_rng(0).normal(0, 2, copy.shape)
    shown = tmp_path / "plum" / "twin.jpg"
    Image.fromarray((copy + noise).clip(0, 255).astype(np.uint8)).save(shown)
    one = only(tmp_path)
    assert (one.code, one.labels) == ("same_in_two_labels", ("apple", "plum"))
    assert {example.path for example in one.pictures} == {apples[3], shown}


def test_pictures_of_one_label_that_are_nearly_the_same(tmp_path):
    fill(tmp_path, "apple", 10)
    still = anywhere("plum", np.random.default_rng(5))

    def held_still(label: str, dice: np.random.Generator) -> np.ndarray:
        del label
        return (still + dice.normal(0, 1.5, still.shape)).clip(0, 255).astype(np.uint8)

    fill(tmp_path, "plum", 10, held_still)
    twins = next(one for one in found(tmp_path) if one.code == "twin_pictures")
    assert twins.labels == ("plum",)
    assert {example.label for example in twins.pictures} == {"plum"}


def test_all_files_of_a_label_that_were_dropped_twice(tmp_path):
    fill(tmp_path, "plum", 10)
    for apple in fill(tmp_path, "apple", 10):
        shutil.copy(apple, apple.with_name("again " + apple.name))
    assert [one.labels for one in found(tmp_path) if one.code == "twin_pictures"] == [("apple",)]


def test_a_label_that_has_a_background_of_its_own(tmp_path):
    curtain = np.zeros((*SIZE, 3), np.uint8)
    curtain[:, ::4], curtain[:, 1::4], curtain[..., 0] = 40, 60, 170

    def before_the_curtain(label: str, dice: np.random.Generator) -> np.ndarray:
        return with_thing(curtain, label, dice.uniform(0.3, 0.7, 2))

    fill(tmp_path, "apple", 12)
    plums = fill(tmp_path, "plum", 12, before_the_curtain)
    one = only(tmp_path)
    assert (one.code, one.labels) == ("same_background", ("plum",))
    assert {example.path for example in one.pictures} <= set(plums)
    assert one.pictures


def test_a_background_that_all_labels_share_tells_nothing(tmp_path):
    table = room(np.random.default_rng(3))

    def on_the_table(label: str, dice: np.random.Generator) -> np.ndarray:
        return with_thing(table, label, dice.uniform(0.3, 0.7, 2))

    for label in ("apple", "plum"):
        fill(tmp_path, label, 12, on_the_table)
    assert found(tmp_path) == []


def test_a_label_that_is_always_darker(tmp_path):
    def in_the_evening(label: str, dice: np.random.Generator) -> np.ndarray:
        return (anywhere(label, dice) * 0.3).astype(np.uint8)

    for label in ("apple", "plum"):
        fill(tmp_path, label, 12)
    fill(tmp_path, "lime", 12, in_the_evening)
    one = only(tmp_path)
    assert (one.code, one.labels) == ("same_light", ("lime",))
    assert "darker" in one.message


@pytest.mark.parametrize(
    ("middle", "said"),
    [
        ((0.5, 0.2), "on the left"),
        ((0.5, 0.8), "on the right"),
        ((0.25, 0.5), "at the top"),
        ((0.75, 0.5), "at the bottom"),
    ],
)
def test_a_label_that_is_always_in_one_place(tmp_path, middle, said):
    """The pictures are not square: a mix-up of rows and columns would be seen."""
    table = room(np.random.default_rng(3))

    def put(label: str, dice: np.random.Generator) -> np.ndarray:
        where = dice.uniform(0.25, 0.75, 2)
        if label == "lime":
            where = np.array(middle) + dice.uniform(-0.04, 0.04, 2)
        return with_thing(table, label, (float(where[0]), float(where[1])))

    for label in COLOURS:
        fill(tmp_path, label, 14, put)
    places = [one for one in found(tmp_path) if one.code == "same_place"]
    assert [one.labels for one in places] == [("lime",)]
    assert places[0].message == f"“lime” is always {said}."


def test_many_pictures_are_looked_at_evenly(tmp_path):
    """Twins at the very end of a long label are seen as well as those at its beginning."""
    fill(tmp_path, "apple", 70)
    fill(tmp_path, "plum", 70)
    last = tmp_path / "apple" / "0069.png"
    (tmp_path / "plum" / "9999.png").write_bytes(last.read_bytes())
    assert only(tmp_path).code == "same_in_two_labels"


def test_a_picture_that_was_changed_is_looked_at_again(tmp_path):
    apples = fill(tmp_path, "apple", 10)
    plums = fill(tmp_path, "plum", 10)
    kept = plums[2].read_bytes()
    plums[2].write_bytes(apples[2].read_bytes())
    assert only(tmp_path).code == "same_in_two_labels"
    plums[2].write_bytes(kept)
    assert found(tmp_path) == []
