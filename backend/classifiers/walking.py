"""A picture that changes patch by patch and stays changed, scored after every step.

As in the incremental sweep (`incremental`), only what a patch can reach is run; but here the
maps between the parts are changed for good, so that the next patch finds the last one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from backend.classifiers.compiled_parts import Parts
from backend.classifiers.reach import Axis, Crop, Span
from backend.grid import Box
from backend.picture import Patch


@dataclass(frozen=True)
class Crops:
    """What one part runs on for all boxes that may change: one size, many places."""

    height: int
    width: int
    rows: dict[Span, Crop]
    columns: dict[Span, Crop]

    @classmethod
    def of(cls, axes: tuple[Axis, Axis], rows: Iterable[Span], columns: Iterable[Span]) -> "Crops":
        """The smallest that suffice when boxes of these rows and columns change."""
        height, row_crops = axes[0].crops(rows)
        width, column_crops = axes[1].crops(columns)
        return cls(height, width, row_crops, column_crops)


def crops_for(parts: Parts, patches: Iterable[Patch]) -> list[Crops]:
    """The crops of each part when these patches are put on a picture."""
    boxes = {patch.box for patch in patches}
    rows: Iterable[Span] = {(box.top, box.bottom) for box in boxes}
    columns: Iterable[Span] = {(box.left, box.right) for box in boxes}
    found = []
    for axes in parts.axes:
        found.append(Crops.of(axes, rows, columns))
        rows = {crop.kept for crop in found[-1].rows.values()}
        columns = {crop.kept for crop in found[-1].columns.values()}
    return found


def walk(
    parts: Parts,
    maps: Sequence[np.ndarray],
    scores: np.ndarray,
    crops: list[Crops],
    changes: Iterable[tuple[Box, np.ndarray]],
) -> np.ndarray:
    """Put changes on a picture, one on top of the other, on the thread at hand.

    Args:
        maps: of the picture at the beginning, (h, w, channels) before each part; kept as they are.
        scores: (K,) of that picture.
        changes: boxes of the network's input, and what they hold from then on.

    Returns:
        (steps, K) float32.
    """
    maps = [one.copy() for one in maps]
    steps = [scores]
    try:
        for box, values in changes:
            if _follow(parts, maps, crops, box, values):
                runner = parts.run(len(maps) - 1, None)
                runner.input()[...] = maps[-1]
                runner.invoke()
                steps.append(runner.output().reshape(-1).copy())
            else:
                steps.append(steps[-1])
    except BaseException:
        # Views of the interpreters' memory live on in the traceback: they cannot run again.
        parts.forget_runners()
        raise
    return np.stack(steps)[1:]


def _follow(
    parts: Parts, maps: list[np.ndarray], crops: list[Crops], box: Box, values: np.ndarray
) -> bool:
    """Change all maps as the first one is changed; whether the last one was."""
    for number, crop in enumerate(crops):
        maps[number][box.top : box.bottom, box.left : box.right] = values
        rows = crop.rows.get((box.top, box.bottom))
        columns = crop.columns.get((box.left, box.right))
        if rows is None or columns is None:
            return False
        runner = parts.run(number, (crop.height, crop.width))
        down = slice(rows.start, rows.start + crop.height)
        across = slice(columns.start, columns.start + crop.width)
        runner.input()[...] = maps[number][down, across]
        runner.invoke()
        box = Box(rows.kept[0], columns.kept[0], rows.kept[1], columns.kept[1])
        values = runner.output()[
            rows.skip : rows.skip + box.bottom - box.top,
            columns.skip : columns.skip + box.right - box.left,
        ].copy()
    maps[-1][box.top : box.bottom, box.left : box.right] = values
    return True
