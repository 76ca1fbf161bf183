"""Hiding one square of a picture: what is seen in its place, and the model's input after it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image, ImageFilter

from backend.errors import BadSetting
from backend.grid import Box
from backend.picture import Fit, Patch, Picture
from backend.resampling import Span, lanczos

NOISE_SEED = 20201118
BLUR_SHARE = 1 / 12
"""Radius of the blur as a share of the picture's longer side: a face becomes a smear."""


def _solid(red: int, green: int, blue: int) -> Callable[[np.ndarray], np.ndarray]:
    colour = np.array((red, green, blue), np.uint8)
    return lambda pixels: np.broadcast_to(colour, pixels.shape)


def _mean(pixels: np.ndarray) -> np.ndarray:
    return np.broadcast_to(pixels.mean(axis=(0, 1)).round().astype(np.uint8), pixels.shape)


def _blur(pixels: np.ndarray) -> np.ndarray:
    radius = max(1.0, max(pixels.shape[:2]) * BLUR_SHARE)
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(radius)))


def _noise(pixels: np.ndarray) -> np.ndarray:
    """The same noise as the cover blocks of the Scratch extension, which count alike.

    A linear congruential generator, one byte for each of red, green, blue and opacity; all
    its states at once: s(n) = aⁿ·seed + c·(1 + a + … + aⁿ⁻¹), modulo 2³².
    """
    height, width = pixels.shape[:2]
    powers = np.cumprod(np.full(height * width * 4, 1_664_525, np.uint32), dtype=np.uint32)
    sums = np.cumsum(np.append(np.uint32(1), powers[:-1]), dtype=np.uint32)
    states = powers * np.uint32(NOISE_SEED) + np.uint32(1_013_904_223) * sums
    return (states >> 24).astype(np.uint8).reshape(height, width, 4)[..., :3]


COVERS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "black": _solid(0, 0, 0),
    "grey": _solid(128, 128, 128),
    "white": _solid(255, 255, 255),
    "mean": _mean,
    "blur": _blur,
    "noise": _noise,
}
"""Name → what is seen where a square hides the picture, (H, W, 3) uint8 like its pixels."""


def cover_pixels(picture: Picture, cover: str) -> np.ndarray:
    """What is seen in place of the picture wherever it is covered, (H, W, 3) uint8.

    Raises:
        BadSetting: no such cover.
    """
    if cover not in COVERS:
        raise BadSetting(
            "bad_cover",
            f"There is no cover called “{cover}”.",
            "Choose one of: " + ", ".join(COVERS) + ".",
        )
    return COVERS[cover](picture.pixels)


class CoveredInputs:
    """A model's input for one picture with any one box covered.

    The result is exactly that of covering the full picture and fitting it as a whole, also
    at the edges of the box, where resampling mixes the cover with its surroundings. That
    is possible because resampling goes first along the rows, then along the columns, with
    whole levels in between:

    - the first pass, with a pair of columns of the picture covered from top to bottom (a
      stripe), serves every square between them;
    - of that stripe, outputs that see only the cover are those of the covered picture, and
      only those at its two edges are calculated; likewise for the second pass.

    Attributes:
        uncovered: the input (H, W, 3) uint8 without any cover.
    """

    def __init__(self, picture: Picture, fit: Fit, cover: np.ndarray):
        seen = fit.seen
        self._fit = fit
        self._across = lanczos(
            picture.width_px, seen.left, seen.left + seen.width, fit.placed_width_px
        )
        self._down = lanczos(
            picture.height_px, seen.top, seen.top + seen.height, fit.placed_height_px
        )
        self._pixels, self._cover = picture.pixels, cover
        self._rows_passed = fit.pass_rows(picture.pixels)
        self._cover_passed = _pass_rows(fit, cover)
        self.uncovered = fit.place(fit.pass_columns(self._rows_passed))
        self._stripes: dict[Span, _Stripe] = {}

    def covering(self, box: Box) -> Patch:
        """What changes in the input when `box` of the picture is covered."""
        top, bottom = self._down.touched(box.top, box.bottom)
        left, right = self._across.touched(box.left, box.right)
        down, across = self._fit.top_px, self._fit.left_px
        reached = Box(top + down, left + across, bottom + down, right + across)
        return Patch(reached, partial(self._paint, box, (top, bottom), (left, right)))

    def _paint(self, box: Box, rows: Span, columns: Span) -> np.ndarray:
        """The covered pixels of these rows and columns of the fitted picture."""
        (top, bottom), (left, right) = rows, columns
        if top == bottom or left == right:  # too thin to be seen at all
            return np.empty((bottom - top, right - left, 3), np.uint8)
        stripe = self._stripe(box.left, box.right)
        inside = _within(self._down.inside(box.top, box.bottom), rows)
        pixels = stripe.both_passed[top:bottom].copy()
        for first, end in ((top, inside[0]), (inside[1], bottom)):
            if first < end:
                low, high = self._down.inputs(first, end)
                strip = self._rows_passed[low:high, left:right].copy()
                covered = slice(max(box.top, low), min(box.bottom, high))
                strip[covered.start - low : covered.stop - low] = stripe.rows_passed[covered]
                edge = self._down.apply(strip.reshape(high - low, -1), first, end)
                pixels[first - top : end - top] = edge.reshape(end - first, right - left, 3)
        return pixels

    def _stripe(self, low: int, high: int) -> "_Stripe":
        # Two threads may make the same stripe at once: that costs a little and harms nothing.
        if (low, high) not in self._stripes:
            self._stripes[low, high] = self._make_stripe(low, high)
        return self._stripes[low, high]

    def _make_stripe(self, low: int, high: int) -> "_Stripe":
        """The stripe of all rows with columns [low, high) of the picture covered."""
        left, right = self._across.touched(low, high)
        inside = _within(self._across.inside(low, high), (left, right))
        passed = self._cover_passed[:, left:right].copy()
        for first, end in ((left, inside[0]), (inside[1], right)):
            if first < end:
                window = slice(*self._across.inputs(first, end))
                columns = self._pixels[:, window].copy()
                covered = slice(max(low, window.start), min(high, window.stop))
                columns[:, covered.start - window.start : covered.stop - window.start] = (
                    self._cover[:, covered]
                )
                columns = columns.swapaxes(0, 1)
                edge = self._across.apply(columns.reshape(len(columns), -1), first, end)
                edge = edge.reshape(end - first, -1, 3).swapaxes(0, 1)
                passed[:, first - left : end - left] = edge
        return _Stripe(passed, self._fit.pass_columns(passed))


@dataclass(frozen=True)
class _Stripe:
    rows_passed: np.ndarray
    both_passed: np.ndarray


def _within(inner: Span, outer: Span) -> Span:
    """`inner`, or the empty span at the end of `outer` where there is none."""
    return inner if inner[0] < inner[1] else (outer[1], outer[1])


def _pass_rows(fit: Fit, cover: np.ndarray) -> np.ndarray:
    if cover.strides[:2] == (0, 0):  # one colour stays that colour
        return np.broadcast_to(cover[0, 0], (len(cover), fit.placed_width_px, 3))
    return fit.pass_rows(cover)
