"""The parade: characters of our own in drawn scenes, and a classifier that tells them apart.

`python -m backend.parade --help` draws pictures and trains the classifier.
"""

from backend.parade.characters import CHARACTERS
from backend.parade.drawing import Scene, draw_backdrop, draw_scene, draw_sprite, telling_parts_of
from backend.parade.gallery import (
    GALLERY,
    gallery_backdrop,
    gallery_picture,
    gallery_sprite,
    write_pictures,
)
from backend.parade.scenery import SCENES

__all__ = [
    "CHARACTERS",
    "GALLERY",
    "SCENES",
    "Scene",
    "draw_backdrop",
    "draw_scene",
    "draw_sprite",
    "gallery_backdrop",
    "gallery_picture",
    "gallery_sprite",
    "telling_parts_of",
    "write_pictures",
]
