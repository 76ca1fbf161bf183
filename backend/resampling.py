"""Lanczos resampling along one axis, number for number as Pillow does it.

Pillow resamples in two passes, along the rows and then along the columns, with weights in
fixed point (22 bits) and whole levels (0–255) in between. The sweep needs the same numbers
for a few rows and columns at a time, which Pillow cannot give: a part of a picture, resized
on its own, has its windows in slightly other places.
"""

from functools import lru_cache

import numpy as np

RADIUS = 3
PRECISION_BITS = 22
MOST_SPANS = 256
"""Spans remembered of a pass: a few of the finest grids."""

Span = tuple[int, int]


class Lanczos:
    """The weights of one pass.

    Attributes:
        weights: (out, in) float64 holding whole numbers: shares of an input value in an
            output value, in units of 2⁻²². Sums stay below 2⁵³, so they are exact.
    """

    def __init__(self, size: int, low: float, high: float, outputs: int):
        """Plan to resample [low, high) of `size` values to `outputs` values."""
        # Pillow keeps the box in single precision.
        start, stop = np.float32(low), np.float32(high)
        scale = float(stop - start) / outputs
        stretch = max(scale, 1.0)
        support = RADIUS * stretch
        centres = float(start) + (np.arange(outputs) + 0.5) * scale
        first = np.maximum((centres - support + 0.5).astype(int), 0)
        end = np.minimum((centres + support + 0.5).astype(int), size)
        taps = first[:, np.newaxis] + np.arange(int(np.ceil(support)) * 2 + 1)
        shares = _lanczos((taps - centres[:, np.newaxis] + 0.5) * (1.0 / stretch))
        shares[taps >= end[:, np.newaxis]] = 0
        shares /= shares.sum(axis=1, keepdims=True)
        whole = np.trunc(shares * 2**PRECISION_BITS + np.copysign(0.5, shares))
        self.weights = np.zeros((outputs, size))
        rows, columns = np.nonzero(whole)
        self.weights[rows, taps[rows, columns]] = whole[rows, columns]
        used = self.weights != 0
        self._first = used.argmax(axis=1)
        self._end = size - used[:, ::-1].argmax(axis=1)
        # The squares of a grid share their edges, and one picture's grid is the next one's.
        self.touched = lru_cache(maxsize=MOST_SPANS)(self._touched)
        self.inside = lru_cache(maxsize=MOST_SPANS)(self._inside)
        self._of_pixels = lru_cache(maxsize=MOST_SPANS)(self._weights_of_pixels)

    def _touched(self, low: int, high: int) -> Span:
        """The smallest span that holds every output that depends on an input in [low, high)."""
        places = np.flatnonzero((self._first < high) & (self._end > low))
        return (int(places[0]), int(places[-1]) + 1) if len(places) else (0, 0)

    def _inside(self, low: int, high: int) -> Span:
        """The longest span of outputs that depend on inputs in [low, high) only."""
        chosen = (self._first >= low) & (self._end <= high)
        # An output that lies exactly on an input depends on that one alone, so a chosen
        # output may stand apart from the others.
        turns = np.flatnonzero(np.diff(np.concatenate(([0], chosen, [0]))))
        runs = [(int(first), int(end)) for first, end in turns.reshape(-1, 2)]
        return max(runs, key=lambda run: run[1] - run[0], default=(0, 0))

    def inputs(self, low: int, high: int) -> Span:
        """Span of the inputs that the outputs [low, high) depend on."""
        return int(self._first[low:high].min()), int(self._end[low:high].max())

    def apply(self, values: np.ndarray, low: int, high: int) -> np.ndarray:
        """Outputs [low, high) from `values` (n, m) uint8, the inputs that they depend on."""
        window = slice(*self.inputs(low, high))
        return _rounded(self.weights[low:high, window] @ values.astype(np.float64))

    def apply_across(self, pixels: np.ndarray, low: int, high: int) -> np.ndarray:
        """Outputs [low, high) of rows of pixels.

        Args:
            pixels: (n, inputs, 3) uint8, the inputs that they depend on.

        Returns:
            (n, high − low, 3) uint8.
        """
        rows = pixels.reshape(len(pixels), -1).astype(np.float64)
        return _rounded(rows @ self._of_pixels(low, high)).reshape(len(pixels), -1, 3)

    def _weights_of_pixels(self, low: int, high: int) -> np.ndarray:
        """Weights of values in whose rows three channels take turns: (inputs · 3, outputs · 3)."""
        window = slice(*self.inputs(low, high))
        return np.kron(self.weights[low:high, window].T, np.eye(3))


@lru_cache(maxsize=32)
def lanczos(size: int, low: float, high: float, outputs: int) -> Lanczos:
    """A pass, planned once for all pictures of the same size."""
    return Lanczos(size, low, high, outputs)


def _lanczos(distance: np.ndarray) -> np.ndarray:
    inside = (distance >= -RADIUS) & (distance < RADIUS)
    return np.where(inside, np.sinc(distance) * np.sinc(distance / RADIUS), 0.0)


def _rounded(sums: np.ndarray) -> np.ndarray:
    """Levels (uint8) from sums of levels and weights."""
    # Weights that are not negative add up to less than 1.4, so nothing comes near 2³¹.
    levels = sums.astype(np.int32)
    levels += 1 << (PRECISION_BITS - 1)
    levels >>= PRECISION_BITS
    return np.clip(levels, 0, 255, out=levels).astype(np.uint8)
