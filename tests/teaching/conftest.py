"""Pictures to learn from that are made in a moment."""

import io

import numpy as np
import pytest
from PIL import Image

from backend.picture import Picture
from backend.teaching.collections import Collections


def striped(down: bool, seed: int, size: tuple[int, int] = (72, 96)) -> np.ndarray:
    """Stripes, upright or lying, a little different for every seed: (H, W, 3) uint8."""
    dice = np.random.default_rng(seed)
    place = np.indices(size)[1 if down else 0] + dice.integers(0, 16)
    stripes = (place // 8 % 2)[..., None] * np.array([200, 60, 40])
    return (stripes + dice.integers(0, 50, (*size, 3))).clip(0, 255).astype(np.uint8)


def png(pixels: np.ndarray) -> bytes:
    """A PNG file of these pixels."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def collections(tmp_path) -> Collections:
    return Collections(tmp_path)


@pytest.fixture
def mine(collections):
    return collections.get("mine")


@pytest.fixture
def picture() -> Picture:
    return Picture(striped(True, 1))
