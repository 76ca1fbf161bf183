"""A pen for flat, rounded drawings: smooth shapes, soft shading, and the pixels of every part.

Everything is painted a few times larger than asked for and then averaged down, so that edges are
smooth. Beside the picture runs a second sheet of the same size, on which each painted pixel
carries the number of the part it belongs to: the boxes of the parts are read off that sheet and
so are exact, also where one thing stands in front of another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from backend.grid import Box
from backend.parade.shapes import Points, tube

Colour = tuple[int, int, int]

SUPERSAMPLING = 3
INK: Colour = (58, 40, 78)
OUTLINE_PX = 1.7
SHADE_STRENGTH = 0.17


def mix(colour: Colour, other: Colour, amount: float) -> Colour:
    """Move `colour` towards `other`; 0 keeps it, 1 replaces it."""
    red, green, blue = (round(a + (b - a) * amount) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def darker(colour: Colour, amount: float = 0.3) -> Colour:
    """Move a colour towards the ink: friendlier shadows than black gives."""
    return mix(colour, INK, amount)


def lighter(colour: Colour, amount: float = 0.4) -> Colour:
    """Move a colour towards white."""
    return mix(colour, (255, 255, 255), amount)


class Sheet:
    """The enlarged picture under the pen, and beside it the part number of every pixel."""

    def __init__(self, height: int, width: int, *, transparent: bool = False) -> None:
        size = (width * SUPERSAMPLING, height * SUPERSAMPLING)
        self.image = Image.new("RGBA", size, 0) if transparent else Image.new("RGB", size, "white")
        self.numbers = Image.new("L", size, 0)
        self.parts: list[str] = []
        self._number = 0

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Everything painted in this context belongs to the part `name`."""
        if name not in self.parts:
            self.parts.append(name)
        before, self._number = self._number, self.parts.index(name) + 1
        try:
            yield
        finally:
            self._number = before

    def polygon(self, corners: Points, colour: Colour) -> None:
        """Fill a polygon given in enlarged pixels."""
        flat = corners.ravel().tolist()
        ImageDraw.Draw(self.image).polygon(flat, fill=colour)
        ImageDraw.Draw(self.numbers).polygon(flat, fill=self._number)

    def outline(self, corners: Points, colour: Colour, width: int) -> None:
        """Draw a line around a polygon; both in enlarged pixels."""
        flat = corners.ravel().tolist()
        # Round joints are slow and only seen where few long edges meet.
        joint = "curve" if len(corners) <= 24 else None
        for image, ink in ((self.image, colour), (self.numbers, self._number)):
            ImageDraw.Draw(image).line(flat + flat[:4], fill=ink, width=width, joint=joint)

    def veil(self, corners: Points, colour: Colour, strength: float, shift: Points | None) -> None:
        """Tint a polygon, or only the crescent of it that its own shifted copy leaves free."""
        box = self.box_of(corners)
        if box is None:
            return
        left, top = box.left, box.top
        level = round(255 * strength)
        mask = Image.new("L", (box.right - left, box.bottom - top), 0)
        inside = corners - (left, top)
        ImageDraw.Draw(mask).polygon(inside.ravel().tolist(), fill=level)
        if shift is None:
            if self._number:
                self._claim(box, mask)
        else:
            ImageDraw.Draw(mask).polygon((inside + shift).ravel().tolist(), fill=0)
        self.image.paste(colour, (left, top), mask)

    def _claim(self, box: Box, mask: Image.Image) -> None:
        """Make tinted pixels the current part's, unless they belong to a part already."""
        there = self.numbers.crop((box.left, box.top, box.right, box.bottom))
        free = there.point([255] + [0] * 255)
        tinted = mask.point([0] + [255] * 255)
        self.numbers.paste(self._number, (box.left, box.top), ImageChops.darker(free, tinted))

    def cut_out(self, box: Box) -> Sheet:
        """A sheet with what is there inside a box, for painting that must not leave a shape."""
        piece = copy(self)
        piece.image = self.image.crop((box.left, box.top, box.right, box.bottom))
        piece.numbers = self.numbers.crop((box.left, box.top, box.right, box.bottom))
        return piece

    def put_back(self, piece: Sheet, box: Box, corners: Points) -> None:
        """Take over from a cut-out piece what lies inside a polygon of the whole sheet."""
        left, top = box.left, box.top
        mask = Image.new("L", piece.image.size, 0)
        ImageDraw.Draw(mask).polygon((corners - (left, top)).ravel().tolist(), fill=255)
        self.image.paste(piece.image, (left, top), mask)
        self.numbers.paste(piece.numbers, (left, top), mask)

    def box_of(self, corners: Points) -> Box | None:
        """The box around a polygon, in enlarged pixels; None if none of it is on the sheet."""
        left, top = (int(v) for v in np.maximum(np.floor(corners.min(axis=0)), 0))
        right, bottom = (int(v) + 1 for v in np.minimum(np.ceil(corners.max(axis=0)), self._last))
        return Box(top, left, bottom, right) if right > left and bottom > top else None

    @property
    def _last(self) -> tuple[int, int]:
        return self.image.width - 1, self.image.height - 1

    def finished(self) -> Image.Image:
        """The picture at the size asked for, with smooth edges."""
        return self.image.reduce(SUPERSAMPLING)

    def boxes(self, at_least: int) -> dict[str, Box]:
        """The boxes of the parts, in px of the finished picture.

        A part of which fewer than `at_least` finished pixels are seen has no box: it is hidden
        behind other things.
        """
        seen = self.numbers.histogram()
        boxes = {}
        for number, name in enumerate(self.parts, start=1):
            if seen[number] < at_least * SUPERSAMPLING**2:
                continue
            only = [255 if value == number else 0 for value in range(256)]
            found = self.numbers.point(only).getbbox()
            assert found is not None  # the histogram has just counted its pixels
            left, top, right, bottom = found
            boxes[name] = Box(
                top // SUPERSAMPLING,
                left // SUPERSAMPLING,
                -(-bottom // SUPERSAMPLING),
                -(-right // SUPERSAMPLING),
            )
        return boxes


@dataclass(frozen=True)
class Pen:
    """Paints shapes given in its own coordinates (x to the right, y down) onto a sheet."""

    sheet: Sheet
    matrix: np.ndarray = field(default_factory=lambda: np.eye(3))  # own coordinates to picture px

    def at(
        self, x: float, y: float, angle: float = 0.0, scale: float = 1.0, mirror: bool = False
    ) -> Pen:
        """A pen whose origin is at (x, y), turned clockwise by `angle` degrees, scaled."""
        cosine, sine = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        flip = -1.0 if mirror else 1.0
        step = np.array(
            [
                [scale * cosine * flip, -scale * sine, x],
                [scale * sine * flip, scale * cosine, y],
                [0, 0, 1],
            ]
        )
        return replace(self, matrix=self.matrix @ step)

    def fill(
        self,
        shape: Points,
        colour: Colour,
        *,
        shade: float = 0.13,
        line: float = 1.0,
        pattern: Callable[[Pen], None] | None = None,
    ) -> None:
        """Paint a closed shape, then its pattern inside it, its shaded side and its outline.

        `shade` is the width of the shaded crescent as a fraction of the shape's smaller side and
        `line` the width of the outline in standard outlines; 0 leaves them out.
        """
        corners = self._corners(shape)
        self.sheet.polygon(corners, colour)
        if pattern is not None:
            self._paint_inside(corners, pattern)
        if shade:
            smaller_side = (corners.max(axis=0) - corners.min(axis=0)).min()
            shift = -np.array([0.75, 1.0]) * shade * smaller_side  # the light is at the top left
            self.sheet.veil(corners, INK, SHADE_STRENGTH, shift)
        if line:
            width = round(line * OUTLINE_PX * SUPERSAMPLING)
            self.sheet.outline(corners, darker(colour, 0.62), width)

    def tint(self, shape: Points, colour: Colour, strength: float) -> None:
        """Lay a see-through colour over what is there: shadows, blushes, shine.

        What is seen through it still belongs to the part that it belonged to.
        """
        self.sheet.veil(self._corners(shape), colour, strength, None)

    def line(self, path: Points, colour: Colour, width: float) -> None:
        """A plain line along an open path; `width` in the pen's own units."""
        self.sheet.polygon(self._corners(tube(path, width)), colour)

    def gradient(self, above: Colour, below: Colour, top: float, bottom: float) -> None:
        """Fill the sheet's whole width between two heights, from one colour to the other."""
        width = self.sheet.image.width
        first, last = round(top * SUPERSAMPLING), round(bottom * SUPERSAMPLING)
        share = np.linspace(0, 1, last - first)[:, None, None]
        rows = np.array(above) * (1 - share) + np.array(below) * share
        column = Image.fromarray(rows.round().astype(np.uint8))
        self.sheet.image.paste(
            column.resize((width, last - first), Image.Resampling.NEAREST), (0, first)
        )

    def _paint_inside(self, corners: Points, pattern: Callable[[Pen], None]) -> None:
        box = self.sheet.box_of(corners)
        if box is None:
            return
        piece = self.sheet.cut_out(box)
        shift = np.array(
            [[1, 0, -box.left / SUPERSAMPLING], [0, 1, -box.top / SUPERSAMPLING], [0, 0, 1]]
        )
        pattern(replace(self, sheet=piece, matrix=shift @ self.matrix))
        self.sheet.put_back(piece, box, corners)

    def _corners(self, shape: Points) -> Points:
        return (shape @ self.matrix[:2, :2].T + self.matrix[:2, 2]) * SUPERSAMPLING
