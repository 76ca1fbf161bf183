"""The built-in pictures: /parade/index.json, and each as a PNG, drawn when first asked for."""

import io
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from flask import Blueprint, Response, abort
from PIL import Image

from backend.parade import GALLERY, gallery_backdrop, gallery_picture, gallery_sprite
from backend.parade.characters import CHARACTERS
from backend.parade.scenery import SCENES

NAMES: dict[str, dict[str, str]] = {
    "gallery": {name: character for name, (_, character, _) in GALLERY.items()},
    "backdrops": {name: name for name in SCENES},
    "sprites": {name: name for name in CHARACTERS},
}
"""Kind → name → label (the character, or the place)."""
DRAW: dict[str, Callable[[str], np.ndarray]] = {
    "gallery": lambda name: gallery_picture(name).picture,
    "backdrops": gallery_backdrop,
    "sprites": gallery_sprite,
}


def parade_routes() -> Blueprint:
    """The routes."""
    routes = Blueprint("parade", __name__)

    @routes.get("/parade/index.json")
    def index() -> dict[str, list[dict[str, str]]]:
        return {
            "pictures": _list("gallery"),
            "backgrounds": _list("backdrops"),
            "sprites": _list("sprites"),
        }

    @routes.get("/parade/<kind>/<name>.png")
    def picture(kind: str, name: str) -> Response:
        if name not in NAMES.get(kind, {}):
            abort(404)
        response = Response(_png(kind, name), mimetype="image/png")
        response.cache_control.max_age = 3600
        return response

    return routes


def _list(kind: str) -> list[dict[str, str]]:
    return [
        {"name": name, "label": label, "url": f"/parade/{kind}/{name}.png"}
        for name, label in NAMES[kind].items()
    ]


@lru_cache(maxsize=64)
def _png(kind: str, name: str) -> bytes:
    pixels = DRAW[kind](name)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()
