"""Which crops a cut network runs on for the squares of a grid, and what is pasted there.

All of this depends on places alone: it is planned once and serves every picture.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from backend.classifiers.reach import Axis, Crop, Span, apart
from backend.grid import Box
from backend.picture import Patch

MOST_ALONE, MOST_IN_A_BAND = 3, 64
"""Patches in one job where they cannot share runs, and where they do. Handing a job over costs
about as much as a tenth of a small network's run on one square."""

Place = tuple[slice, slice]
"""Rows and columns of a map."""


@dataclass(frozen=True)
class Passage:
    """How one change passes through a run on a crop.

    Attributes:
        number: of the change in its band.
        taken, onto: which of its values lie on the crop, and where.
        kept: where the run's output holds what the change becomes.
    """

    number: int
    taken: Place
    onto: Place
    kept: Place


@dataclass(frozen=True)
class Run:
    """A run of a part on a crop of its map, and the changes that share it."""

    crop: Place
    passages: list[Passage]


@dataclass(frozen=True)
class Route:
    """The way of a band of changes through all parts that run on crops.

    Attributes:
        legs: for each part the size (height, width) of its crops, and its runs.
        ends: for each change, where it has come to in the last map; None if it does not.
    """

    legs: list[tuple[tuple[int, int], list[Run]]]
    ends: list[Place | None]

    @classmethod
    def of(cls, boxes: Iterable[Box], plans: Iterable["Plan"]) -> "Route":
        """The way of what changes in these boxes of the picture, as planned."""
        boxes = list(boxes)
        changed = dict(enumerate(boxes))
        legs = []
        for plan in plans:
            runs, after = [], {}
            for crops in plan.runs(changed):
                rows, columns = next(iter(crops.values()))
                crop = Box(
                    rows.start, columns.start, rows.start + plan.height, columns.start + plan.width
                )
                passages = []
                for number, (down, across) in crops.items():
                    box = Box(down.kept[0], across.kept[0], down.kept[1], across.kept[1])
                    kept = _place(box, down.kept[0] - down.skip, across.kept[0] - across.skip)
                    both = _overlap(changed[number], crop)
                    taken = _place(both, changed[number].top, changed[number].left)
                    passages.append(Passage(number, taken, _place(both, crop.top, crop.left), kept))
                    after[number] = box
                runs.append(Run(_place(crop), passages))
            legs.append(((plan.height, plan.width), runs))
            changed = after
        ends = [
            _place(changed[number]) if number in changed else None for number in range(len(boxes))
        ]
        return cls(legs, ends)


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

    def runs(self, changed: dict[int, Box]) -> list[dict[int, tuple[Crop, Crop]]]:
        """The crops of the rows and columns of each change, one dictionary for each run.

        Changes that do not reach the end of the part are left out.
        """
        crops = {}
        for number, box in changed.items():
            rows = self.rows.get((box.top, box.bottom))
            columns = self.columns.get((box.left, box.right))
            if rows and columns:
                crops[number] = rows, columns
        if not self.shared:
            return [{number: crop} for number, crop in crops.items()]
        numbers = list(crops)
        groups = apart(tuple(columns.kept for _, columns in crops.values()))
        return [{numbers[one]: crops[numbers[one]] for one in group} for group in groups]


def bands_of(
    patches: Iterable[Patch], plans: Iterable[Plan], workers: int
) -> Iterator[list[Patch]]:
    """Patches in the same rows, which may share runs, one job each; else a few.

    Bands that so many workers could not divide fairly are cut smaller and come last.
    """
    shared = any(plan.shared for plan in plans)
    most = MOST_IN_A_BAND if shared else MOST_ALONE
    bands = []
    for _, group in groupby(patches, lambda patch: (patch.box.top, patch.box.bottom)):
        bands += _cut(list(group), most)
    fair = len(bands) // workers * workers
    yield from bands[:fair]
    pieces = math.ceil(workers / max(len(bands) - fair, 1))
    for band in bands[fair:]:
        yield from _cut(band, math.ceil(len(band) / pieces))


def _cut(band: list[Patch], most: int) -> list[list[Patch]]:
    return [band[start : start + most] for start in range(0, len(band), most)]


def _overlap(one: Box, other: Box) -> Box:
    """Where two boxes that meet lie on each other."""
    return Box(
        max(one.top, other.top),
        max(one.left, other.left),
        min(one.bottom, other.bottom),
        min(one.right, other.right),
    )


def _place(box: Box, top: int = 0, left: int = 0) -> Place:
    """A box, seen from (top, left)."""
    return slice(box.top - top, box.bottom - top), slice(box.left - left, box.right - left)
