"""Other backgrounds: the thing itself is cut out and put in front of something else."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageFilter

from backend.teaching.material import Material

SMALL_SIDE_PX = 72
MOST_COMPARED = 60
LEAST_SHARE, MOST_SHARE = 0.05, 0.7
"""A difference that covers less or more of the picture is not the thing itself."""
LEAST_DIFFERENCE = 28
LEAST_FILLED = 0.6
"""Of its convex hull; a rim or a crescent, which fill less, are not a whole thing."""
FRAME_PX, LEAST_PLAIN = 4, 0.6
"""The edge of a small picture; how much of it must be of one smooth colour."""
MOST_PLACES = 48
FOUND = 0.8
"""How often the new background is that of another picture, when there are any."""


class Backgrounds:
    """Cuts out by the masks that people drew, else by the difference from what is behind.

    Everything that is cut out comes before the backgrounds of all labels, so that none of them
    tells the label any more.
    """

    def __init__(self, material: Material):
        self._material = material
        count = len(material.examples)
        everything = self._usual(np.arange(count))
        self._usuals = [
            (everything, self._usual(np.flatnonzero(material.classes == at)))
            for at in range(len(material.labels))
        ]
        self._subjects: dict[int, np.ndarray | None] = {}
        found = {
            place: emptied(material.fitted(place), subject)
            for place in _some(np.random.default_rng(count).permutation(count), MOST_PLACES)
            if (subject := self._subject(place)) is not None
        }
        # Those of one label alone would tell that label.
        shared = len({int(material.classes[place]) for place in found}) > 1
        self._places = list(found.values()) if shared else []

    def replaced(self, place: int, random: np.random.Generator) -> np.ndarray:
        """An example in front of something else: (H, W, 3) uint8; as it is if it is not known
        what the thing is."""
        pixels = self._material.fitted(place)
        subject = self._subject(place)
        if subject is None:
            return pixels
        if self._places and random.random() < FOUND:
            behind = self._places[random.integers(len(self._places))]
        else:
            behind = background(pixels.shape[:2], random)
        return put_on(pixels, subject, behind)

    def _usual(self, places: np.ndarray) -> np.ndarray:
        return usual([self._material.fitted(place) for place in _some(places, MOST_COMPARED)])

    def _subject(self, place: int) -> np.ndarray | None:
        """Where in an example the thing is; asked for in every epoch, so it is kept, as bits."""
        shape = self._material.input_size
        if place not in self._subjects:
            subject = self._material.subject(place)
            if subject is None:
                usuals = self._usuals[self._material.classes[place]]
                subject = cut_out(self._material.fitted(place), usuals)
            self._subjects[place] = None if subject is None else np.packbits(subject)
        kept = self._subjects[place]
        if kept is None:
            return None
        return np.unpackbits(kept, count=shape[0] * shape[1]).reshape(shape).astype(bool)


def usual(pictures: list[np.ndarray]) -> np.ndarray:
    """What most pictures (H, W, 3) uint8 show at each place: (72, 72, 3) float32, their median."""
    return np.median([_small(pixels) for pixels in pictures], axis=0).astype(np.float32)


def cut_out(pixels: np.ndarray, usual_pictures: Sequence[np.ndarray]) -> np.ndarray | None:
    """Where the thing itself is, by the first that tells: (H, W) bool or None.

    A plain wall or table is known from the picture's own edge. Else the usual pictures tell.

    Args:
        pixels: (H, W, 3) uint8.
        usual_pictures: (72, 72, 3) float32, as a rule that of all labels and that of its own:
            the first tells where all pictures were taken in one place, the second where each
            label has its own place and the thing moved about in it.
    """
    plain = plain_background(pixels)
    behind = usual_pictures if plain is None else [plain, *usual_pictures]
    found = (difference(pixels, one) for one in behind)
    return next((subject for subject in found if subject is not None), None)


def plain_background(pixels: np.ndarray) -> np.ndarray | None:
    """What is behind a thing before a plain wall, as smooth as its light: (72, 72, 3) float32;
    None if the edge of the picture is not of one colour."""
    small = _small(pixels).astype(np.float32)
    down, across = np.indices(small.shape[:2]) / (SMALL_SIDE_PX / 2) - 1
    terms = [np.ones_like(down), down, across, down**2, across**2, down * across]
    basis = np.stack(terms, axis=2)
    inner = slice(FRAME_PX, -FRAME_PX)
    edge = np.ones(small.shape[:2], bool)
    edge[inner, inner] = False
    plain, smooth = edge, np.zeros_like(small)
    for _ in range(4):  # without what crosses the edge, such as an arm
        weights = np.linalg.lstsq(basis[plain], small[plain], rcond=None)[0]
        smooth = (basis @ weights).astype(np.float32)
        plain = edge & (np.abs(small - smooth).max(axis=2) < LEAST_DIFFERENCE)
        if plain.sum() < LEAST_PLAIN * edge.sum():
            return None
    return smooth


def difference(pixels: np.ndarray, behind: np.ndarray) -> np.ndarray | None:
    """Where a picture differs from what is behind: (H, W) bool; None if that is no whole thing."""
    from scipy import ndimage, spatial  # when needed: the server would start later

    differs = np.abs(_small(pixels).astype(np.float32) - behind).max(axis=2)
    spots = Image.fromarray(((differs > LEAST_DIFFERENCE) * 255).astype(np.uint8))
    spots = spots.filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.MaxFilter(5))
    parts, count = ndimage.label(np.asarray(spots) > 0)
    if not count:
        return None
    largest = 1 + int(np.argmax(ndimage.sum_labels(parts > 0, parts, np.arange(1, count + 1))))
    thing = ndimage.binary_fill_holes(parts == largest)
    if not LEAST_SHARE <= thing.mean() <= MOST_SHARE:
        return None
    hull_px = spatial.ConvexHull(np.argwhere(thing)).volume  # in two dimensions its area
    if thing.sum() < LEAST_FILLED * hull_px:
        return None
    mask = Image.fromarray(thing.astype(np.uint8) * 255)
    height, width = pixels.shape[:2]
    return np.asarray(mask.resize((width, height), Image.Resampling.BILINEAR)) > 127


def emptied(pixels: np.ndarray, subject: np.ndarray) -> np.ndarray:
    """A picture (H, W, 3) uint8 without its subject (H, W) bool: what is around flows in."""
    height, width = subject.shape
    wider = Image.fromarray(subject.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(5))
    known = (np.asarray(wider) == 0).astype(np.float32)[..., np.newaxis]
    filled, sums = pixels * known, np.concatenate([pixels * known, known], axis=2)
    missing = 1 - known
    side = max(height, width)
    while missing.any() and side > 1:
        side //= 2
        coarse = np.stack([_resized(layer, (side, side)) for layer in np.moveaxis(sums, 2, 0)])
        fine = np.stack([_resized(layer, (width, height)) for layer in coarse], axis=2)
        there = missing * (fine[..., 3:] > 0.05)
        filled += there * fine[..., :3] / np.maximum(fine[..., 3:], 0.05)
        missing = missing * (1 - there)
    return filled.round().clip(0, 255).astype(np.uint8)


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


def _resized(layer: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    image = Image.fromarray(layer.astype(np.float32))
    way = Image.Resampling.BOX if size[0] < layer.shape[1] else Image.Resampling.BILINEAR
    return np.asarray(image.resize(size, way))


def _some(places: np.ndarray, most: int) -> list[int]:
    """At most so many of the places, evenly spread."""
    chosen = np.linspace(0, len(places) - 1, min(len(places), most)).round().astype(int)
    return [int(place) for place in places[np.unique(chosen)]]
