"""Which crops a cut network runs on for the squares of a grid, and what is pasted there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from backend.classifiers.reach import Axis, Crop, Span, apart
from backend.grid import Box
from backend.picture import Patch

PATCHES_PER_JOB = 3
"""Handing a job over costs about as much as a tenth of a small network's run on one square."""
MOST_IN_A_BAND = 64
"""Patches whose way through the parts is one job, which bounds the memory between the parts."""


@dataclass(frozen=True)
class Change:
    """What a box of a map holds instead: values (h, w, channels)."""

    box: Box
    values: np.ndarray


@dataclass(frozen=True)
class Plan:
    """The crops of one part for all squares of a grid: one size, many places.

    Attributes:
        shared: whether the crops are as wide as the map, so that changes share them.
        runs_each: how many runs there are for one square, on average.
    """

    height: int
    width: int
    rows: dict[Span, Crop]
    columns: dict[Span, Crop]
    shared: bool
    runs_each: float

    @classmethod
    def of(cls, axes: tuple[Axis, Axis], rows: Iterable[Span], columns: Iterable[Span]) -> "Plan":
        """The cheapest crops when boxes of these rows and columns change."""
        height, row_crops = axes[0].crops(rows)
        width, column_crops = axes[1].crops(columns)
        whole = axes[1].sizes[axes[1].first]
        runs = len(apart(tuple(crop.kept for crop in column_crops.values())))
        if runs * whole >= len(column_crops) * width:
            return cls(height, width, row_crops, column_crops, shared=False, runs_each=1)
        as_wide = {span: Crop(0, one.kept, one.kept[0]) for span, one in column_crops.items()}
        return cls(height, whole, row_crops, as_wide, True, runs / len(column_crops))

    def runs(self, changes: dict[int, Change]) -> list[dict[int, tuple[Crop, Crop]]]:
        """The crops of the rows and columns of each change, one dictionary for each run.

        Changes that do not reach the end of the part are left out.
        """
        crops = {}
        for place, change in changes.items():
            rows = self.rows.get((change.box.top, change.box.bottom))
            columns = self.columns.get((change.box.left, change.box.right))
            if rows and columns:
                crops[place] = rows, columns
        if not self.shared:
            return [{place: crop} for place, crop in crops.items()]
        places = list(crops)
        groups = apart(tuple(columns.kept for _, columns in crops.values()))
        return [{places[one]: crops[places[one]] for one in group} for group in groups]


def bands_of(patches: list[Patch], plans: list[Plan]) -> Iterator[list[Patch]]:
    """Patches in the same rows, which may share runs; else a few, which are there sooner."""
    most = MOST_IN_A_BAND if any(plan.shared for plan in plans) else PATCHES_PER_JOB
    for _, group in groupby(patches, lambda patch: (patch.box.top, patch.box.bottom)):
        band = list(group)
        yield from (band[start : start + most] for start in range(0, len(band), most))


def paste(change: Change, onto: np.ndarray, part: Box) -> None:
    """Put a change of a map onto the array that holds its `part`, as far as they meet."""
    box = change.box
    top, bottom = max(box.top, part.top), min(box.bottom, part.bottom)
    left, right = max(box.left, part.left), min(box.right, part.right)
    if top < bottom and left < right:
        onto[top - part.top : bottom - part.top, left - part.left : right - part.left] = (
            change.values[top - box.top : bottom - box.top, left - box.left : right - box.left]
        )
