"""What is worth mending in a collection, masks, and what the switches of a lesson do."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from flask import Blueprint, Response, request, send_file
from PIL import Image

from backend.errors import BadSetting, NotFound
from backend.picture import decode
from backend.routes.collections import picture_json
from backend.teaching.augmentation import CHANGES
from backend.teaching.backgrounds import background, cut_out, put_on, usual
from backend.teaching.checks import MOST_LOOKED_AT, check, small_copies
from backend.teaching.collection import Collection
from backend.teaching.collections import Collections
from backend.teaching.examples import Example
from backend.teaching.pictures import file_of
from backend.wire import Settings, whole_number

ONE_PICTURE = "/api/collections/<collection_id>/pictures/<name>"
LARGEST_SEED = 2**31 - 1
_BACKGROUND = "background"


def examining_routes(collections: Collections) -> Blueprint:
    """The routes, working on `collections`."""
    routes = Blueprint("examining", __name__)

    @routes.get("/api/collections/<collection_id>/checks")
    def checks(collection_id: str) -> dict[str, Any]:
        collection = collections.get(collection_id)
        found = [
            {
                "code": one.code,
                "message": one.message,
                "hint": one.hint,
                "labels": list(one.labels),
                "pictures": [picture_json(collection, shown.name) for shown in one.pictures],
            }
            for one in check(collection.examples())
        ]
        return {"checks": found}

    @routes.get(ONE_PICTURE + "/mask")
    def mask(collection_id: str, name: str) -> Response:
        collection = collections.get(collection_id)
        drawn = collection.mask(name)
        if drawn:
            return send_file(drawn, "image/png", max_age=0)
        subject = _subject(collection, name)
        if subject is None:
            raise NotFound(
                "no_mask",
                "Peekaboo cannot tell here what is thing and what is background.",
                "Paint it yourself.",
            )
        image = Image.fromarray(subject.astype(np.uint8) * 255)
        return send_file(BytesIO(file_of(image, "PNG")), "image/png", max_age=0)

    @routes.get(ONE_PICTURE + "/preview")
    def preview(collection_id: str, name: str) -> Response:
        collection = collections.get(collection_id)
        settings = Settings(request, {"change", "seed", "again"})
        change = settings.get("change", str, "flip")
        random = np.random.default_rng(settings.get("seed", _seed, 1))
        pixels = decode(collection.picture(name).read_bytes()).pixels
        if change == _BACKGROUND:
            subject = _subject(collection, name)
            if subject is not None:
                pixels = put_on(pixels, subject, background(pixels.shape[:2], random))
        elif change in CHANGES:
            pixels = CHANGES[change](pixels, random)
        else:
            raise BadSetting(
                "bad_change",
                f"“{change[:40]}” is not a change of pictures.",
                "Choose one of: " + ", ".join([*CHANGES, _BACKGROUND]) + ".",
            )
        content = file_of(Image.fromarray(pixels), "JPEG", quality=85)
        return send_file(BytesIO(content), "image/jpeg", max_age=0)

    return routes


def _subject(collection: Collection, name: str) -> np.ndarray | None:
    """Where the thing itself is in a picture: as it was painted, else by the difference."""
    path = collection.picture(name)
    pixels = decode(path.read_bytes()).pixels
    drawn = collection.mask(name)
    if drawn:
        return Example(path, "", drawn).subject(*pixels.shape[:2])
    examples = collection.examples()
    label = next(one.label for one in examples.examples if one.name == name)
    small = [_small_copies(some) for some in (examples.examples, examples.of(label))]
    return cut_out(pixels, [usual(copies) for copies in small if copies])


def _small_copies(examples: Sequence[Example]) -> list[np.ndarray]:
    chosen = np.linspace(0, len(examples) - 1, min(len(examples), MOST_LOOKED_AT)).astype(int)
    return small_copies([examples[at] for at in np.unique(chosen)])


def _seed(text: str) -> int:
    number = whole_number("seed")(text)
    if not 0 <= number <= LARGEST_SEED:
        raise BadSetting("bad_seed", f"{text[:20]} is no seed.", f"Choose 0 to {LARGEST_SEED}.")
    return number
