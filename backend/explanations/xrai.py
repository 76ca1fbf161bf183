"""XRAI: regions of the picture, ranked by the Integrated Gradients inside them.

Kapishnikov et al., "XRAI: Better Attributions Through Regions" (2019), with the numbers of
its authors' program (PAIR saliency): Felzenszwalb's segments at six scales, dilated by five
pixels; baselines black and white (there: the picture's own darkest and brightest value); of
the colours the largest attribution. `full` counts only what a region would add to those
chosen before, `fast` ranks all regions once. Gains are kept up to date instead of being
counted anew for every region, so the same answer takes a small part of the time.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from math import isqrt

import numpy as np

from backend.explanations.asking import Found, Method, Question, Setting
from backend.explanations.integrated_gradients import advice, integrate_from
from backend.explanations.network import SCORE, after_softmax, unit_of

SCALES = (50, 100, 150, 250, 500, 1200)
SIGMA = 0.8
SMALLEST_SEGMENT_PX = 150
SEGMENTED_SIDE_PX = 224
DILATION_PX = 5
LEAST_NEW_PX = 50
"""A region that would add fewer pixels is left out."""
ALGORITHMS = ("full", "fast")


def xrai(question: Question, algorithm: str, steps: int, top: float, score: str) -> Found:
    """Rank regions by how densely they hold attribution."""
    softmax = after_softmax(score)
    integrated = integrate_from(question, ["black", "white"], steps, softmax, 0)
    density = integrated.attribution.max(axis=-1)
    regions = Regions(segment(question.model_input), density)
    attribution, ranks = regions.rank(algorithm, top / 100)
    return Found(
        unit=f"{unit_of(question, softmax)} per pixel",
        attribution=attribution.astype(np.float32),
        example_score=integrated.example_score,
        baseline_score=integrated.baseline_score,
        approx_error=integrated.approx_error,
        flat=bool(ranks.max() == 1),  # one region is no map
        maps=ranks[np.newaxis].astype(np.float32),
        facts={"regions": int(ranks.max())},
        cautions=advice(integrated.approx_error, "take more steps"),
    )


def segment(picture: np.ndarray) -> list[np.ndarray]:
    """Segments of a picture (H, W, 3), as label maps (H, W) from 0: one for each scale."""
    from skimage.segmentation import felzenszwalb
    from skimage.transform import resize

    darkest, brightest = int(picture.min()), int(picture.max())
    if darkest == brightest:
        return [np.zeros(picture.shape[:2], int)]
    scaled = (picture.astype(np.float64) - darkest) / (brightest - darkest) * 2 - 1
    side = (SEGMENTED_SIDE_PX, SEGMENTED_SIDE_PX)
    scaled = resize(scaled, side, order=3, mode="constant", preserve_range=True, anti_aliasing=True)

    def at_scale(scale: int) -> np.ndarray:
        labels = felzenszwalb(scaled, scale=scale, sigma=SIGMA, min_size=SMALLEST_SEGMENT_PX)
        size = picture.shape[:2]
        plain = {"order": 0, "preserve_range": True, "anti_aliasing": False}
        return resize(labels, size, mode="constant", **plain).astype(int)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(at_scale, SCALES))


class Regions:
    """Overlapping regions of a picture, and the attribution in them."""

    def __init__(self, segments: list[np.ndarray], density: np.ndarray):
        """Take label maps (H, W), and the attribution (H, W) that is to be gathered."""
        self._shape = density.shape
        self._density = density.ravel()
        self._memberships = Memberships(np.concatenate([_dilated(one) for one in segments], axis=1))

    def rank(self, algorithm: str, share: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
        """Choose regions until more than `share` of the area is covered.

        Returns:
            (H, W) float64: the mean attribution that each region added; and (H, W) whole
            numbers: 1 for the most important region, and so on.
        """
        gains = np.full(len(self._density), np.nan)
        order: list[tuple[float, np.ndarray]] = []
        choose = self._best_first if algorithm == "full" else self._by_density
        free = np.ones(len(self._density), bool)
        for pixels in choose(free, share):
            gain = self._density[pixels].mean()
            gains[pixels] = gain
            order.append((gain, pixels))
        order.sort(key=lambda chosen: -chosen[0])
        rest = np.flatnonzero(free)
        if len(rest):
            gains[rest] = self._density[rest].mean()
            order.append((0.0, rest))
        ranks = np.zeros(len(gains), int)
        for rank, (_, pixels) in enumerate(order, 1):
            ranks[pixels] = rank
        return gains.reshape(self._shape), ranks.reshape(self._shape)

    def _best_first(self, free: np.ndarray, share: float) -> Iterator[np.ndarray]:
        """Pixels of one region after the other: always the one whose new part is densest."""
        counts, sums = self._memberships.gathered(free, self._density)
        while np.mean(~free) <= share:
            useful = counts >= LEAST_NEW_PX
            if not useful.any():
                return
            density = np.divide(sums, counts, out=np.full(len(sums), -np.inf), where=useful)
            pixels = self._memberships.pixels_of(int(np.argmax(density)))
            pixels = pixels[free[pixels]]
            free[pixels] = False
            fewer, less = self._memberships.gathered(pixels, self._density)
            counts -= fewer
            sums -= less
            yield pixels

    def _by_density(self, free: np.ndarray, share: float) -> Iterator[np.ndarray]:
        counts, sums = self._memberships.gathered(free, self._density)
        density = sums / np.maximum(counts, 1)
        for region in np.argsort(-density, kind="stable"):
            if np.mean(~free) > share:
                return
            pixels = self._memberships.pixels_of(region)
            pixels = pixels[free[pixels]]
            if len(pixels) >= LEAST_NEW_PX:
                free[pixels] = False
                yield pixels


class Memberships:
    """Which pixels are in which regions, as two lists of the pairs: a pixel is in few regions."""

    def __init__(self, members: np.ndarray):
        """Take (pixels, regions) bool."""
        self._number = members.shape[1]
        pixels, self._regions = np.divmod(np.flatnonzero(members), self._number)
        self._starts = np.searchsorted(pixels, np.arange(len(members) + 1))
        # Numbers of 16 bits are sorted by counting, several times as fast.
        order = np.argsort(self._regions.astype(np.uint16), kind="stable")
        self._by_region = pixels[order]
        sizes = np.bincount(self._regions, minlength=self._number)
        self._first = np.concatenate([[0], np.cumsum(sizes)])

    def pixels_of(self, region: int) -> np.ndarray:
        """Indices of its pixels, ascending."""
        return self._by_region[self._first[region] : self._first[region + 1]]

    def gathered(self, pixels: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How many of some pixels (a mask or indices) each region has, and their values' sum."""
        indices = np.arange(len(values))[pixels]
        starts = self._starts[indices]
        lengths = self._starts[indices + 1] - starts
        ends = np.cumsum(lengths)
        pairs = np.repeat(starts - ends + lengths, lengths) + np.arange(
            ends[-1] if len(ends) else 0
        )
        regions = self._regions[pairs]
        weights = np.repeat(values[indices], lengths)
        return (
            np.bincount(regions, minlength=self._number),
            np.bincount(regions, weights, self._number),
        )


def _dilated(labels: np.ndarray) -> np.ndarray:
    """Which pixels (H · W, segments) lie within `DILATION_PX` of each segment."""
    # 64 labels are the bits of one number, so that all of them grow at once.
    number = int(labels.max()) + 1
    grown = [_grown(labels, first) for first in range(0, number, 64)]
    bits = np.stack(grown, axis=-1).astype("<u8").view(np.uint8)
    near = np.unpackbits(bits.reshape(labels.size, -1), axis=1, count=number, bitorder="little")
    return near.view(bool)


def _grown(labels: np.ndarray, first: int) -> np.ndarray:
    """(H, W) uint64: the bits of those labels, from `first` on, that are near a pixel."""
    own = (labels >= first) & (labels < first + 64)
    shifts = np.where(own, labels - first, 0).astype(np.uint64)
    bits = np.where(own, np.uint64(1) << shifts, np.uint64(0))
    found, row = np.zeros_like(bits), bits.copy()
    halves = [isqrt(DILATION_PX**2 - down**2) for down in range(DILATION_PX, -1, -1)]
    for reach in range(DILATION_PX + 1):
        if reach:  # as far as this, the rows of the disk
            row[:, reach:] |= bits[:, :-reach]
            row[:, :-reach] |= bits[:, reach:]
        for down in [DILATION_PX - at for at, half in enumerate(halves) if half == reach]:
            found[down:] |= row[: len(row) - down]
            found[: len(row) - down] |= row[down:]
    return found


METHOD = Method(
    name="xrai",
    title="XRAI",
    purpose="Which regions of the picture hold what made the score?",
    paper="Kapishnikov et al. 2019",
    needs="gradients",
    settings=(
        Setting("algorithm", "choice", "full", "thorough or quick", options=ALGORITHMS),
        Setting("steps", "whole", 50, "steps on the way from each baseline", 1, 1000),
        Setting("top", "number", 100, "percent of the area that is ranked", 1, 100),
        SCORE,
    ),
    run=xrai,
)
