"""Hiding one square of a picture: what is seen in its place, and the model's input after it."""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

from backend.errors import BadSetting
from backend.grid import Box
from backend.picture import Fit, Picture

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
    generator = np.random.default_rng(NOISE_SEED)
    return generator.integers(0, 256, pixels.shape, dtype=np.uint8)


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
    at the edges of the box, where resampling mixes the cover with its surroundings. Only
    what the box can reach is computed again. That is exact because Pillow resamples in two
    separate passes, first along the rows, then along the columns, and rounds to whole
    levels in between: the first pass is repeated for the box's rows only, the second for
    the columns only that the box can reach.
    """

    def __init__(self, picture: Picture, fit: Fit, cover: np.ndarray):
        self._pixels = picture.pixels
        self._cover = cover
        self._fit = fit
        self.uncovered = fit.apply(picture.pixels)
        self._rows_passed = self._pass_rows(picture.pixels)

    def covering(self, box: Box) -> np.ndarray:
        """The input (H, W, 3) uint8 of the model with `box` of the picture covered."""
        first, last = self._columns_reached(box)
        covered = self.uncovered.copy()
        if first >= last:
            return covered
        rows = slice(box.top, box.bottom)
        strip = self._pixels[rows].copy()
        strip[:, box.left : box.right] = self._cover[rows, box.left : box.right]
        block = self._rows_passed[:, first:last].copy()
        block[rows] = self._pass_rows(strip)[:, first:last]
        fit = self._fit
        covered[
            fit.top_px : fit.top_px + fit.placed_height_px,
            fit.left_px + first : fit.left_px + last,
        ] = self._pass_columns(block)
        return covered

    def _pass_rows(self, pixels: np.ndarray) -> np.ndarray:
        """Resample along the rows: (n, W, 3) to (n, placed width, 3)."""
        seen, rows = self._fit.seen, pixels.shape[0]
        return np.asarray(
            Image.fromarray(pixels).resize(
                (self._fit.placed_width_px, rows),
                Image.Resampling.LANCZOS,
                box=(seen.left, 0, seen.left + seen.width, rows),
            )
        )

    def _pass_columns(self, pixels: np.ndarray) -> np.ndarray:
        """Resample along the columns: (H, n, 3) to (placed height, n, 3)."""
        seen, columns = self._fit.seen, pixels.shape[1]
        return np.asarray(
            Image.fromarray(pixels).resize(
                (columns, self._fit.placed_height_px),
                Image.Resampling.LANCZOS,
                box=(0, seen.top, columns, seen.top + seen.height),
            )
        )

    def _columns_reached(self, box: Box) -> tuple[int, int]:
        """Half-open range of placed columns whose Lanczos window (radius 3) meets `box`."""
        seen, placed = self._fit.seen, self._fit.placed_width_px
        step = seen.width / placed
        reach = 3 * max(1.0, step) + step
        first = int((box.left - reach - seen.left) / step)
        last = int((box.right + reach - seen.left) / step) + 1
        return max(0, first), min(placed, last)
