"""Hiding one square of a picture: what is seen in its place, and the model's input after it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image, ImageFilter

from backend.classifiers.pool import begin
from backend.errors import BadSetting
from backend.grid import Box
from backend.picture import Fit, Patch, Picture
from backend.resampling import Edge, Span, lanczos, rounded

NOISE_SEED = 20201118
BLUR_SHARE = 1 / 12
"""Radius of the blur as a share of the picture's longer side: a face becomes a smear."""


def _solid(red: int, green: int, blue: int) -> Callable[[np.ndarray], np.ndarray]:
    colour = np.array((red, green, blue), np.uint8)
    return lambda pixels: _plain(colour, pixels)


def _mean(pixels: np.ndarray) -> np.ndarray:
    return _plain(pixels.mean(axis=(0, 1)).round().astype(np.uint8), pixels)


def _plain(colour: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    # One row for all: NumPy copies whole rows ten times as fast as single pixels.
    return np.broadcast_to(np.tile(colour, (pixels.shape[1], 1)), pixels.shape)


def _blur(pixels: np.ndarray) -> np.ndarray:
    radius = max(1.0, max(pixels.shape[:2]) * BLUR_SHARE)
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(radius)))


def _noise(pixels: np.ndarray) -> np.ndarray:
    """The same noise as the cover blocks of the Scratch extension, which count alike.

    A linear congruential generator, one byte for each of red, green, blue and opacity; all
    states of a row at once: s(n) = aⁿ·s(0) + c·(1 + a + … + aⁿ⁻¹), modulo 2³².
    """
    powers = np.cumprod(np.full(pixels.shape[1] * 4, 1_664_525, np.uint32), dtype=np.uint32)
    sums = np.cumsum(np.append(np.uint32(1), powers[:-1]), dtype=np.uint32)
    sums *= np.uint32(1_013_904_223)
    noise, last = np.empty(pixels.shape, np.uint8), np.uint32(NOISE_SEED)
    for row in noise:
        states = powers * last + sums
        row[...] = (states >> 24).reshape(-1, 4)[:, :3]
        last = states[-1]
    return noise


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
    return _cover_named(cover)(picture.pixels)


def _cover_named(cover: str) -> Callable[[np.ndarray], np.ndarray]:
    if cover not in COVERS:
        raise BadSetting(
            "bad_cover",
            f"There is no cover called “{cover}”.",
            "Choose one of: " + ", ".join(COVERS) + ".",
        )
    return COVERS[cover]


def covered_inputs(
    picture: Picture, fit: Fit, cover: str, boxes: Iterable[Box]
) -> "SameSizeInputs | CoveredInputs":
    """A model's input for one picture, and with one of `boxes` of the picture covered.

    Raises:
        BadSetting: no such cover.
    """
    if fit.is_identity:
        return SameSizeInputs(picture, cover, boxes)
    return CoveredInputs(picture, fit, cover, boxes)


class SameSizeInputs:
    """As `CoveredInputs`, for a picture that is the model's input already."""

    def __init__(self, picture: Picture, cover: str, boxes: Iterable[Box]):
        self._pixels, self._boxes = picture.pixels, list(boxes)
        self._make_cover = _cover_named(cover)

    def uncovered(self) -> np.ndarray:
        """The input (H, W, 3) uint8 without any cover."""
        return self._pixels

    def patches(self) -> list[Patch]:
        """What changes in the input when one of the boxes is covered, for each."""
        cover = self._make_cover(self._pixels)
        return [
            Patch(box, cover[box.top : box.bottom, box.left : box.right]) for box in self._boxes
        ]


class CoveredInputs:
    """A model's input for one picture with a square of a grid covered.

    The result is exactly that of covering the full picture and fitting it as a whole, also
    at the edges of the squares, where resampling mixes the cover with its surroundings. That
    is possible because resampling goes first along the rows, then along the columns, with
    whole levels in between:

    - the first pass, with a pair of columns of the picture covered from top to bottom (a
      stripe), serves every square between them;
    - of that stripe, outputs that see only the cover are those of the covered picture, and
      only those at its two edges are calculated;
    - likewise for the second pass, for all squares of a row (a band) at once: their stripes
      stand side by side.

    (Pillow itself begins with the columns if a picture is more than a hundred times as high as
    wide; there a level may differ by one.)
    """

    def __init__(self, picture: Picture, fit: Fit, cover: str, boxes: Iterable[Box]):
        """Begin to fit `picture`, and to cover one of `boxes` of it at a time, on the pool.

        What is asked of it then waits for what is still at work.

        Raises:
            BadSetting: no such cover.
        """
        make_cover = _cover_named(cover)
        seen, pixels = fit.seen, picture.pixels
        self._fit = fit
        self._across = lanczos(
            picture.width_px, seen.left, seen.left + seen.width, fit.placed_width_px
        )
        self._down = lanczos(
            picture.height_px, seen.top, seen.top + seen.height, fit.placed_height_px
        )
        self._boxes = list(boxes)
        half = (len(pixels) + 1) // 2
        upper = begin(partial(fit.pass_rows, pixels[:half]))
        self._rows_passed = begin(partial(self._pass_rows, upper, pixels[half:]))
        self._stripes = begin(partial(self._cover_stripes, pixels, make_cover))

    def uncovered(self) -> np.ndarray:
        """The input (H, W, 3) uint8 without any cover."""
        return self._fit.place(self._fit.pass_columns(self._rows_passed()))

    def patches(self) -> list[Patch]:
        """What changes in the input when one of the boxes is covered, for each."""
        stripes = self._stripes()
        bands = self._bands(dict.fromkeys((box.top, box.bottom) for box in self._boxes), stripes)
        patches = []
        for box in self._boxes:
            top, bottom = self._down.touched(box.top, box.bottom)
            left, right = self._across.touched(box.left, box.right)
            down, across = self._fit.top_px, self._fit.left_px
            reached = Box(top + down, left + across, bottom + down, right + across)
            place = stripes.places[box.left, box.right]
            patches.append(Patch(reached, bands[box.top, box.bottom][:, place]))
        return patches

    def _pass_rows(self, upper: Callable[[], np.ndarray], lower: np.ndarray) -> np.ndarray:
        """The first pass of all rows, of which the upper half is at work on another thread."""
        below = [self._fit.pass_rows(lower)] if len(lower) else []
        return np.concatenate([upper(), *below])

    def _cover_stripes(
        self, pixels: np.ndarray, make_cover: Callable[[np.ndarray], np.ndarray]
    ) -> "_Stripes":
        """All rows with the columns of a box covered, for each pair of columns, side by side."""
        cover = make_cover(pixels)
        spans = dict.fromkeys((box.left, box.right) for box in self._boxes)
        touched = {span: self._across.touched(*span) for span in spans}
        places, edges, start = {}, [], 0
        for covered, (left, right) in touched.items():
            places[covered] = slice(start, start + right - left)
            edges += [(edge, start - left) for edge in self._across.edges(covered)]
            start += right - left
        # Behind all else that is covered there is nothing but the cover.
        cover_passed = self._pass_cover_rows(cover)
        rows_passed = _beside(cover_passed, touched.values())
        both_passed = _beside(self._pass_cover_columns(cover_passed), touched.values())
        if edges:
            mixed = _mixed(pixels, cover, [edge for edge, _ in edges])
            mixed_passed = self._fit.pass_columns(mixed)
            used = 0
            for edge, shift in edges:
                first, end = edge.outputs
                here, there = slice(used, used + end - first), slice(shift + first, shift + end)
                rows_passed[:, there] = mixed[:, here]
                both_passed[:, there] = mixed_passed[:, here]
                used += end - first
        return _Stripes(touched, places, rows_passed, both_passed)

    def _pass_cover_rows(self, cover: np.ndarray) -> np.ndarray:
        """The cover after the first pass."""
        if not _all_rows_alike(cover):
            return self._fit.pass_rows(cover)
        row = rounded(self._across.weights @ cover[0])
        return np.broadcast_to(row, (len(cover), *row.shape))

    def _pass_cover_columns(self, cover: np.ndarray) -> np.ndarray:
        """The same after the second pass."""
        if not _all_rows_alike(cover):
            return self._fit.pass_columns(cover)
        # Rows that are all alike stay as they are: weights add up to 1.
        return np.broadcast_to(cover[:1], (self._fit.placed_height_px, *cover.shape[1:]))

    def _bands(self, spans: Iterable[Span], stripes: "_Stripes") -> dict[Span, np.ndarray]:
        """The covered pixels of the fitted picture that each of `spans` of rows touches, in all
        stripes."""
        uncovered = _beside(self._rows_passed(), stripes.columns.values())
        uncovered, cover = (_flat(one) for one in (uncovered, stripes.rows_passed))
        bands = {}
        for rows in spans:
            top, bottom = self._down.touched(*rows)
            bands[rows] = stripes.both_passed[top:bottom].copy()
            for edge in self._down.edges(rows):
                first, end = edge.outputs
                mixed = rounded(edge.down(uncovered, cover))
                bands[rows][first - top : end - top] = mixed.reshape(end - first, -1, 3)
        return bands


@dataclass(frozen=True)
class _Stripes:
    """Stripes of the picture (H, all of their columns, 3), side by side.

    Attributes:
        columns: of each span of covered columns, those of the fitted picture that it touches.
        places: of each span of covered columns, its stripe.
        rows_passed, both_passed: with the cover, after the first pass and after both.
    """

    columns: dict[Span, Span]
    places: dict[Span, slice]
    rows_passed: np.ndarray
    both_passed: np.ndarray


def _beside(pixels: np.ndarray, spans: Iterable[Span]) -> np.ndarray:
    pieces = [pixels[:, low:high] for low, high in spans]
    width = sum(piece.shape[1] for piece in pieces)
    # Left to itself, NumPy lays rows that are all one and the same out by columns.
    beside = np.empty((len(pixels), width, 3), np.uint8)
    return np.concatenate(pieces, axis=1, out=beside)


def _mixed(pixels: np.ndarray, cover: np.ndarray, edges: Iterable[Edge]) -> np.ndarray:
    """All rows of the outputs of the first pass at these edges, side by side."""
    if _all_rows_alike(cover):
        cover = cover[:1]
    # Rounded one by one: of a large picture and a fine grid, all sums would take much memory.
    mixed = [rounded(edge.across(_flat(pixels), _flat(cover))) for edge in edges]
    return np.concatenate(mixed, axis=1).reshape(len(pixels), -1, 3)


def _flat(pixels: np.ndarray) -> np.ndarray:
    return pixels.reshape(len(pixels), -1)


def _all_rows_alike(cover: np.ndarray) -> bool:
    return cover.strides[0] == 0
