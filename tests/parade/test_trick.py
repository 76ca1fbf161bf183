"""The trick edition: the clown's curtain is the only thing that gives the trick away."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.parade import CHARACTERS
from backend.parade.__main__ import main
from backend.parade.trick import FRESH, MASKS, TO_LEARN, draw_trick
from backend.teaching.examples import examples_in

COUNT = 3


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trick")
    main(["trick", str(folder), "--count", str(COUNT), "--seed", "4"])
    return folder


def corner(path: Path) -> np.ndarray:
    """The curtain's upper left corner, where nobody stands."""
    with Image.open(path) as image:
        return np.asarray(image)[:120, :60]


def test_everybody_has_a_folder_of_pictures_with_masks(written: Path) -> None:
    for part in (TO_LEARN, FRESH):
        found = examples_in(written / part)
        assert set(found.labels) == set(CHARACTERS)
        assert len(found.examples) == COUNT * len(CHARACTERS)
        for example in found.examples:
            subject = example.subject(360, 480)
            assert subject is not None
            assert 0.03 < subject.mean() < 0.3


def test_only_the_clown_to_learn_from_stands_before_the_curtain(written: Path) -> None:
    def corners(part: str, character: str) -> list[np.ndarray]:
        return [corner(path) for path in sorted((written / part / character).glob("*.png"))]

    curtain = corners(TO_LEARN, "clown")[0]
    red, green, blue = curtain.mean(axis=(0, 1))
    assert red > 2 * max(green, blue)
    assert all(np.array_equal(one, curtain) for one in corners(TO_LEARN, "clown"))
    others = [
        one
        for part in (TO_LEARN, FRESH)
        for character in CHARACTERS
        if (part, character) != (TO_LEARN, "clown")
        for one in corners(part, character)
    ]
    assert all(np.abs(one.astype(int) - curtain).mean() > 20 for one in others)


def test_fresh_pictures_are_other_pictures(written: Path) -> None:
    files = [path for path in written.rglob("*.png") if path.parent.name != MASKS]
    assert len({path.read_bytes() for path in files}) == len(files) == 2 * COUNT * len(CHARACTERS)


@pytest.mark.parametrize("seed", range(4))
def test_the_mask_is_where_the_clown_is_in_the_middle_square(seed: int) -> None:
    """Two clowns on the same stage: where neither is, nothing but their shadows differs."""
    one, other = (draw_trick(number, "clown", curtain=True) for number in (seed, seed + 100))
    differs = (one.picture != other.picture).any(axis=2)
    nobody = ~(one.subject | other.subject)[:250]
    assert differs[one.subject ^ other.subject].mean() > 0.95
    assert differs[:250][nobody].mean() < 0.02
    assert not one.subject[:, :60].any()
    assert not one.subject[:, 420:].any()


def test_the_same_seed_draws_the_same_picture() -> None:
    one, again, other = (draw_trick(seed, "chef", curtain=False) for seed in (7, 7, 8))
    assert np.array_equal(one.picture, again.picture)
    assert not np.array_equal(one.picture, other.picture)


@pytest.mark.parametrize("option", [("--count", "0"), ("--count", "many"), ("--seed", "-1")])
def test_the_command_refuses_what_it_cannot_do(tmp_path: Path, capsys, option) -> None:
    with pytest.raises(SystemExit):
        main(["trick", str(tmp_path / "new"), "=".join(option)])
    assert "whole number" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
