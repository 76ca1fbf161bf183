"""Chosen pictures for the demo project, the start page and the editor's dialogs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from backend.parade.drawing import Scene, draw_backdrop, draw_scene, draw_sprite
from backend.parade.scenery import SCENES

GALLERY: dict[str, tuple[int, str, str]] = {
    "wizard-1": (5298, "wizard", "theatre"),
    "clown-1": (5101, "clown", "street"),
    "explorer-1": (5189, "explorer", "park"),
    "inventor-1": (5152, "inventor", "beach"),
    "chef-1": (5120, "chef", "room"),
    "wizard-2": (5310, "wizard", "snow"),
    "clown-2": (5032, "clown", "theatre"),
    "explorer-2": (5113, "explorer", "room"),
    "inventor-2": (5118, "inventor", "night"),
    "chef-2": (5122, "chef", "street"),
}
"""Name: seed, character, scene."""
SPRITE_SEEDS = {"chef": 4, "clown": 11, "explorer": 14, "inventor": 17, "wizard": 1}
BACKDROP_SEED = 5


def gallery_picture(name: str) -> Scene:
    """Draw one picture of the gallery; raises KeyError for a name that is not in GALLERY."""
    seed, character, scene = GALLERY[name]
    return draw_scene(seed, character, scene)


def gallery_sprite(character: str) -> np.ndarray:
    """Draw a character alone: (H, W, 4) uint8 with a transparent background."""
    return draw_sprite(SPRITE_SEEDS[character], character)


def gallery_backdrop(scene: str) -> np.ndarray:
    """Draw a scene without anybody in it: (360, 480, 3) uint8."""
    return draw_backdrop(BACKDROP_SEED, scene)


def write_pictures(folder: Path) -> list[Path]:
    """Write gallery/NAME.png, sprites/NAME.png and backdrops/NAME.png; returns the files."""
    kinds = {
        "gallery": {name: gallery_picture(name).picture for name in GALLERY},
        "sprites": {name: gallery_sprite(name) for name in SPRITE_SEEDS},
        "backdrops": {name: gallery_backdrop(name) for name in SCENES},
    }
    files = []
    for kind, pictures in kinds.items():
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for name, pixels in pictures.items():
            files.append(folder / kind / f"{name}.png")
            Image.fromarray(pixels).save(files[-1])
    return files
