"""Lanczos resampling along one axis, number for number as Pillow does it.

Pillow resamples in two passes, along the rows and then along the columns, with weights in
fixed point (22 bits) and whole levels (0–255) in between. The sweep needs the same numbers
for a few rows and columns at a time, which Pillow cannot give: a part of a picture, resized
on its own, has its windows in slightly other places.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

RADIUS = 3
PRECISION_BITS = 22
MOST_SPANS = 256
"""Spans remembered of a pass: a few of the finest grids."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Edge:
    """Outputs of a pass that see both inputs that are covered and inputs that are not.

    Attributes:
        outputs: their span.
        visible, hidden: spans of the inputs that they see; if something is visible on both
            sides of what is hidden, `visible` holds that too.
        visible_weights, hidden_weights: (outputs, inputs of that span) float64, as
            `Lanczos.weights`; 0 for what is hidden in `visible`.
    """

    outputs: Span
    visible: Span
    hidden: Span
    visible_weights: np.ndarray
    hidden_weights: np.ndarray

    def down(self, uncovered: np.ndarray, cover: np.ndarray) -> np.ndarray:
        """Sums for the columns of (inputs, m) uint8: (outputs, m) float64, for `rounded`."""
        seen = uncovered[slice(*self.visible)].astype(np.float64)
        hidden = cover[slice(*self.hidden)].astype(np.float64)
        return self.visible_weights @ seen + self.hidden_weights @ hidden

    def across(self, uncovered: np.ndarray, cover: np.ndarray) -> np.ndarray:
        """Sums for rows of pixels (n, inputs · 3) uint8: (n, outputs · 3) float64, for `rounded`.

        Args:
            cover: as `uncovered`, or a single row if all are alike.
        """
        visible_weights, hidden_weights = self._weights_of_pixels
        seen = uncovered[:, _of_pixels(self.visible)].astype(np.float64)
        hidden = cover[:, _of_pixels(self.hidden)].astype(np.float64)
        return seen @ visible_weights + hidden @ hidden_weights

    @cached_property
    def _weights_of_pixels(self) -> tuple[np.ndarray, np.ndarray]:
        """For values in whose rows three channels take turns: (inputs · 3, outputs · 3)."""
        both = (self.visible_weights, self.hidden_weights)
        visible, hidden = (np.kron(weights.T, np.eye(3)) for weights in both)
        return visible, hidden


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
        self.edges = lru_cache(maxsize=MOST_SPANS)(self._edges)

    def _touched(self, low: int, high: int) -> Span:
        """The smallest span that holds every output that depends on an input in [low, high)."""
        places = np.flatnonzero((self._first < high) & (self._end > low))
        return (int(places[0]), int(places[-1]) + 1) if len(places) else (0, 0)

    def inside(self, low: int, high: int) -> Span:
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

    def _edges(self, covered: Span) -> tuple[Edge, ...]:
        """The outputs that see both what is covered and what is not, on either side of it."""
        low, high = self.touched(*covered)
        first, end = self.inside(*covered)
        if first == end:
            first = end = high
        sides = (low, first), (end, high)
        return tuple(self._edge(covered, side) for side in sides if side[0] < side[1])

    def _edge(self, covered: Span, outputs: Span) -> Edge:
        low, high = self.inputs(*outputs)
        hidden = max(covered[0], low), min(covered[1], high)
        weights = self.weights[slice(*outputs)].copy()
        hidden_weights = weights[:, slice(*hidden)].copy()
        weights[:, slice(*hidden)] = 0
        visible = (
            hidden[1] if hidden[0] == low else low,
            hidden[0] if hidden[1] == high else high,
        )
        return Edge(outputs, visible, hidden, weights[:, slice(*visible)].copy(), hidden_weights)


@lru_cache(maxsize=32)
def lanczos(size: int, low: float, high: float, outputs: int) -> Lanczos:
    """A pass, planned once for all pictures of the same size."""
    return Lanczos(size, low, high, outputs)


def _lanczos(distance: np.ndarray) -> np.ndarray:
    inside = (distance >= -RADIUS) & (distance < RADIUS)
    return np.where(inside, np.sinc(distance) * np.sinc(distance / RADIUS), 0.0)


def rounded(sums: np.ndarray) -> np.ndarray:
    """Levels (uint8) from sums of levels and weights."""
    # Weights that are not negative add up to less than 1.4, so nothing comes near 2³¹.
    levels = sums.astype(np.int32)
    levels += 1 << (PRECISION_BITS - 1)
    levels >>= PRECISION_BITS
    return np.clip(levels, 0, 255, out=levels).astype(np.uint8)


def _of_pixels(span: Span) -> slice:
    """Where the values of a span of pixels are, three for each."""
    return slice(3 * span[0], 3 * span[1])
