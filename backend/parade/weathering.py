"""What training does to pictures, so that covers, mirrors and lamps are nothing new later."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter


def weathered(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Mirror, relight and partly cover a picture (H, W, 3) uint8; returns a new one."""
    result = picture[:, ::-1] if rng.random() < 0.5 else picture
    gain, offset = (
        rng.uniform(0.75, 1.2, size=3) ** 0.5 * rng.uniform(0.85, 1.1),
        rng.uniform(-18, 18),
    )
    result = np.clip(result * gain + offset, 0, 255).astype(np.uint8)
    for _ in range(rng.choice(4, p=(0.3, 0.35, 0.2, 0.15))):
        _cover_something(result, rng)
    return result


def _cover_something(picture: np.ndarray, rng: np.random.Generator) -> None:
    """Cover a random rectangle in place: a sixth to a third of the height, as squares are."""
    height, width = picture.shape[:2]
    rows, columns = rng.integers(height // 8, height // 3, size=2)
    top, left = rng.integers(0, height - rows), rng.integers(0, width - columns)
    area = picture[top : top + rows, left : left + columns]
    cover = rng.choice(("black", "grey", "white", "mean", "noise", "blur"),
                       p=(0.4, 0.12, 0.12, 0.12, 0.12, 0.12))  # fmt: skip
    if cover == "noise":
        area[:] = rng.integers(0, 256, area.shape)
    elif cover == "blur":
        blurred = Image.fromarray(area).filter(ImageFilter.GaussianBlur(5))
        area[:] = np.asarray(blurred)
    else:
        flat = {"black": 0, "grey": 127, "white": 255, "mean": picture.mean(axis=(0, 1))}[cover]
        area[:] = flat
