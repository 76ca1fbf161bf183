"""The chosen pictures: everybody is there, and the command writes what the functions draw."""

from pathlib import Path

import numpy as np
from PIL import Image

from backend.parade import (
    CHARACTERS,
    GALLERY,
    SCENES,
    gallery_backdrop,
    gallery_picture,
    gallery_sprite,
)
from backend.parade.__main__ import main


def test_everybody_is_in_the_gallery_before_many_scenes() -> None:
    scenes = {name: gallery_picture(name) for name in GALLERY}
    assert len(scenes) >= 8
    assert {scene.label for scene in scenes.values()} == set(CHARACTERS)
    assert len({scene.scene for scene in scenes.values()}) >= 5
    for name, scene in scenes.items():
        assert name.rsplit("-", 1)[0] == scene.label
        assert len(scene.telling_parts) >= 3, name


def test_there_is_a_sprite_of_everybody_and_a_backdrop_of_every_scene() -> None:
    assert all(gallery_sprite(name).shape[2] == 4 for name in CHARACTERS)
    assert all(gallery_backdrop(name).shape == (360, 480, 3) for name in SCENES)


def test_the_pictures_command_writes_them_all(tmp_path: Path) -> None:
    main(["pictures", str(tmp_path)])
    written = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.png")}
    assert len(written) == len(GALLERY) + len(CHARACTERS) + len(SCENES)
    name = next(iter(GALLERY))
    with Image.open(tmp_path / "gallery" / f"{name}.png") as picture:
        assert np.array_equal(np.asarray(picture), gallery_picture(name).picture)
