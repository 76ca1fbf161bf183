"""Other backgrounds: the thing itself is cut out and put in front of something else."""

import numpy as np
from PIL import Image, ImageFilter

from backend.teaching.material import Material

SMALL_SIDE_PX = 72
MOST_COMPARED = 60
LEAST_SHARE, MOST_SHARE = 0.02, 0.8
"""A difference that covers less or more of the picture is not the thing itself."""
LEAST_DIFFERENCE = 28
REPLACED = 0.85
"""How often a picture gets another background, when it is asked for."""


class Backgrounds:
    """Cuts out by the masks that people drew, else by the difference from the usual picture."""

    def __init__(self, material: Material):
        self._material = material
        count = len(material.examples)
        places = np.unique(np.linspace(0, count - 1, min(count, MOST_COMPARED)).astype(int))
        self._usual = usual([material.fitted(int(place)) for place in places])

    def replaced(self, place: int, random: np.random.Generator) -> np.ndarray:
        """An example, mostly in front of something else: (H, W, 3) uint8."""
        pixels = self._material.fitted(place)
        if random.random() > REPLACED:
            return pixels
        subject = self._material.subject(place)
        if subject is None:
            subject = difference(pixels, self._usual)
        return (
            pixels
            if subject is None
            else put_on(pixels, subject, background(pixels.shape[:2], random))
        )


def usual(pictures: list[np.ndarray]) -> np.ndarray:
    """What most pictures (H, W, 3) uint8 show at each place: (72, 72, 3) float32, their median."""
    return np.median([_small(pixels) for pixels in pictures], axis=0).astype(np.float32)


def difference(pixels: np.ndarray, usual_picture: np.ndarray) -> np.ndarray | None:
    """Where a picture differs from the usual one: (H, W) bool; None if that says nothing."""
    differs = np.abs(_small(pixels).astype(np.float32) - usual_picture).max(axis=2)
    mask = Image.fromarray(((differs > LEAST_DIFFERENCE) * 255).astype(np.uint8))
    mask = mask.filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.MaxFilter(5))
    if not LEAST_SHARE <= np.asarray(mask).mean() / 255 <= MOST_SHARE:
        return None
    height, width = pixels.shape[:2]
    return np.asarray(mask.resize((width, height), Image.Resampling.BILINEAR)) > 127


def put_on(pixels: np.ndarray, subject: np.ndarray, behind: np.ndarray) -> np.ndarray:
    """The subject (H, W) bool of a picture on another background (H, W, 3) uint8."""
    soft = Image.fromarray(subject.astype(np.uint8) * 255).filter(ImageFilter.GaussianBlur(1))
    share = np.asarray(soft, np.float32)[..., np.newaxis] / 255
    return (pixels * share + behind * (1 - share)).round().astype(np.uint8)


def background(size: tuple[int, int], random: np.random.Generator) -> np.ndarray:
    """Something to stand in front of, of any kind and colour: (H, W, 3) uint8."""
    first, second = random.integers(0, 256, (2, 3)).astype(np.float32)
    share = _KINDS[random.integers(len(_KINDS))](size, random)[..., np.newaxis]
    grain = random.normal(0, 6, (*size, 1))
    return (first * share + second * (1 - share) + grain).clip(0, 255).astype(np.uint8)


def _plain(size: tuple[int, int], random: np.random.Generator) -> np.ndarray:
    del random
    return np.ones(size)


def _slope(size: tuple[int, int], random: np.random.Generator) -> np.ndarray:
    along = _along(size, random.uniform(0, 2 * np.pi))
    return (along - along.min()) / (np.ptp(along) or 1)


def _stripes(size: tuple[int, int], random: np.random.Generator) -> np.ndarray:
    along = _along(size, random.choice([0, np.pi / 2, random.uniform(0, np.pi)]))
    return np.sin(along * 2 * np.pi / random.uniform(6, 40)) * 0.5 + 0.5


def _checks(size: tuple[int, int], random: np.random.Generator) -> np.ndarray:
    rows, columns = np.indices(size)
    side = int(random.integers(5, 30))
    return ((rows // side + columns // side) % 2).astype(float)


def _blotches(size: tuple[int, int], random: np.random.Generator) -> np.ndarray:
    coarse = random.random((int(random.integers(3, 12)),) * 2).astype(np.float32)
    image = Image.fromarray(coarse).resize((size[1], size[0]), Image.Resampling.BICUBIC)
    return np.asarray(image).clip(0, 1)


def _along(size: tuple[int, int], angle: float) -> np.ndarray:
    rows, columns = np.indices(size)
    return rows * np.sin(angle) + columns * np.cos(angle)


_KINDS = (_plain, _slope, _stripes, _checks, _blotches)


def _small(pixels: np.ndarray) -> np.ndarray:
    image = Image.fromarray(pixels)
    return np.asarray(image.resize((SMALL_SIDE_PX, SMALL_SIDE_PX), Image.Resampling.BOX))
