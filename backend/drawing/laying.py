"""Laying a map exactly over the part of the picture that the model saw."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from backend.drawing.settings import RESAMPLING, DrawSettings
from backend.explanations.base import Explanation
from backend.grid import Grid

FEW_VALUES = 1 / 16
"""A map with fewer different values than this share of its pixels is made of regions."""


@dataclass(frozen=True)
class Laid:
    """A map, laid over a drawing of the picture.

    Attributes:
        field: (H, W) float64, a value for each pixel of the drawing; 0 where nothing is seen.
        seen: (H, W) bool, which pixels the model saw.
        values: (n,) the values before resampling, each as often as it has room in what the
            model saw: percentiles are shares of the area.
    """

    field: np.ndarray
    seen: np.ndarray
    values: np.ndarray


def lay(explanation: Explanation, enlarged: int, settings: DrawSettings) -> Laid:
    """Lay an explanation over its picture, which is drawn `enlarged` times as large.

    Squares are laid where there is no map for pixels, and for type `regions`, unless the
    map is made of regions itself.
    """
    grid, fit = explanation.grid, explanation.fit
    height_px, width_px = grid.height_px * enlarged, grid.width_px * enlarged
    seen = fit.seen
    rows = _pixels_between(seen.top * enlarged, seen.height * enlarged, height_px)
    columns = _pixels_between(seen.left * enlarged, seen.width * enlarged, width_px)
    field, seen_there = np.zeros((height_px, width_px)), np.zeros((height_px, width_px), bool)
    seen_there[rows, columns] = True

    attribution = explanation.attribution
    pieces = attribution is not None and _made_of_regions(attribution)
    if attribution is None or (settings.type == "regions" and not pieces):
        whole = _squares(explanation.relevance, grid, enlarged)
        field[rows, columns] = whole[rows, columns]
        return Laid(field, seen_there, field[rows, columns].ravel())
    top, left = fit.top_px, fit.left_px
    placed = attribution[top : top + fit.placed_height_px, left : left + fit.placed_width_px]
    way = Image.Resampling.NEAREST if pieces else RESAMPLING[settings.resampling]
    box = (
        (columns.start / enlarged - seen.left) * fit.placed_width_px / seen.width,
        (rows.start / enlarged - seen.top) * fit.placed_height_px / seen.height,
        (columns.stop / enlarged - seen.left) * fit.placed_width_px / seen.width,
        (rows.stop / enlarged - seen.top) * fit.placed_height_px / seen.height,
    )
    size = (columns.stop - columns.start, rows.stop - rows.start)
    field[rows, columns] = _resample(placed, size, box, way)
    return Laid(field, seen_there, placed.ravel())


def _pixels_between(start: float, length: float, size_px: int) -> slice:
    """Pixels whose centres lie between `start` and `start + length`; at least one."""
    first = min(max(0, int(np.ceil(start - 0.5))), size_px - 1)
    end = min(size_px, int(np.ceil(start + length - 0.5)))
    return slice(first, max(first + 1, end))


def _made_of_regions(attribution: np.ndarray) -> bool:
    return len(np.unique(attribution)) <= attribution.size * FEW_VALUES


def _squares(relevance: np.ndarray, grid: Grid, enlarged: int) -> np.ndarray:
    rows = np.diff(np.arange(grid.rows + 1) * grid.height_px // grid.rows) * enlarged
    columns = np.diff(np.arange(grid.columns + 1) * grid.width_px // grid.columns) * enlarged
    return relevance.repeat(rows, axis=0).repeat(columns, axis=1)


def _resample(
    values: np.ndarray,
    size: tuple[int, int],
    box: tuple[float, float, float, float],
    way: Image.Resampling,
) -> np.ndarray:
    """Values (h, w) in `box` (left, top, right, bottom), resampled to `size` (width, height).

    The box may reach half a pixel of the drawing beyond the values, where a pixel is seen in
    part: the outermost values go on there.
    """
    margin = int(np.ceil(max(0.0, -min(box), box[2] - values.shape[1], box[3] - values.shape[0])))
    # Pillow calculates in single precision: tiny attributions would be lost near its limits.
    largest = float(np.abs(values).max()) or 1.0
    framed = np.pad(values / largest, margin, mode="edge").astype(np.float32)
    height, width = framed.shape
    left, right = np.clip((box[0] + margin, box[2] + margin), 0, width).tolist()
    top, bottom = np.clip((box[1] + margin, box[3] + margin), 0, height).tolist()
    image = Image.fromarray(framed).resize(size, way, box=(left, top, right, bottom))
    return np.asarray(image, np.float64) * largest
