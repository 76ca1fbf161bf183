"""Changes that make many pictures of one, so that a classifier learns what does not matter."""

from collections.abc import Callable, Collection

import numpy as np
from PIL import Image

MOST_SHIFT = 0.15
LEAST_LIGHT, MOST_LIGHT = 0.55, 1.45
LEAST_SEEN = 0.65
"""Of each side, when zoomed in."""


def flip(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Left becomes right."""
    del random
    return np.ascontiguousarray(pixels[:, ::-1])


def shift(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Moved a little; what is missing at the edge is mirrored."""
    height, width = pixels.shape[:2]
    across = _away_from_0(random) * MOST_SHIFT * width
    down = _away_from_0(random) * MOST_SHIFT * height
    rows = _mirrored(np.arange(height) - round(down), height)
    columns = _mirrored(np.arange(width) - round(across), width)
    return pixels[rows][:, columns]


def light(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Brighter or darker, and a little more of one colour than of another."""
    brightness = LEAST_LIGHT if random.random() < 0.5 else MOST_LIGHT
    strength = 1 + (brightness - 1) * random.uniform(0.4, 1)
    colour = strength * random.uniform(0.94, 1.06, 3)
    return (pixels * colour).clip(0, 255).astype(np.uint8)


def zoom(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Nearer: a part of the picture, as large as the whole."""
    height, width = pixels.shape[:2]
    seen = random.uniform(LEAST_SEEN, 0.85)
    left, top = random.random(2) * (1 - seen) * (width, height)
    box = (left, top, left + seen * width, top + seen * height)
    image = Image.fromarray(pixels)
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR, box=box))


CHANGES: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "flip": flip,
    "shift": shift,
    "light": light,
    "zoom": zoom,
}


def changed(pixels: np.ndarray, names: Collection[str], random: np.random.Generator) -> np.ndarray:
    """A picture (H, W, 3) uint8 with each of the named changes or without it, by chance."""
    for name, change in CHANGES.items():
        if name in names and random.random() < 0.6:
            pixels = change(pixels, random)
    return pixels


def _away_from_0(random: np.random.Generator) -> float:
    return random.uniform(0.3, 1) * random.choice((-1, 1))


def _mirrored(index: np.ndarray, length: int) -> np.ndarray:
    """Places beyond the ends, put where a mirror at the end would show them."""
    index = np.where(index < 0, -index - 1, index)
    index = np.where(index >= length, 2 * length - index - 1, index)
    return index.clip(0, length - 1)
