"""Where the parade passes: each scene is a name and the function that paints it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from backend.parade.pen import Pen
from backend.parade.scenery import outdoors, props, town

SCENES: dict[str, Callable[[Pen, np.random.Generator], None]] = {
    "beach": outdoors.paint_beach,
    "night": outdoors.paint_night,
    "park": outdoors.paint_park,
    "room": town.paint_room,
    "snow": outdoors.paint_snow,
    "street": town.paint_street,
    "theatre": town.paint_theatre,
}


def paint_scenery(pen: Pen, scene: str, rng: np.random.Generator) -> None:
    """Paint a scene of 480 × 360 units with, often, something festive in the air."""
    SCENES[scene](pen, rng)
    if scene not in ("room", "theatre") and rng.random() < 0.3:
        props.paint_balloons(pen.at(rng.uniform(20, 420), rng.uniform(30, 130)), rng)
    if rng.random() < 0.35:
        props.paint_bunting(pen, rng)
    if rng.random() < 0.25:
        props.paint_confetti(pen, rng)
