"""Things in front of a person, which hide a part of what they wear."""

from __future__ import annotations

import numpy as np

from backend.parade.dice import choose
from backend.parade.pen import Pen, lighter
from backend.parade.scenery import props
from backend.parade.shapes import cloud, ellipse, points, rounded, smooth


def _paint_bush(ground: Pen, rng: np.random.Generator) -> None:
    props.paint_bush(ground.at(0, 0, scale=1.15), choose(rng, props.LEAVES))


def _paint_gift(ground: Pen, rng: np.random.Generator) -> None:
    first = int(rng.integers(len(props.FESTIVE)))
    box, ribbon = props.FESTIVE[first], props.FESTIVE[(first + 3) % len(props.FESTIVE)]
    props.shadow(ground, 40)
    ground.fill(rounded(-32, -46, 32, 4, 4), box, line=0)
    ground.fill(rounded(-7, -46, 7, 4, 1), ribbon, line=0, shade=0)
    ground.fill(rounded(-36, -58, 36, -42, 4), lighter(box, 0.2), line=0)
    ground.fill(rounded(-7, -58, 7, -42, 1), ribbon, line=0, shade=0)
    for side in (-1, 1):
        loop = smooth((0, -58), (side * 9, -74), (side * 22, -74), (side * 20, -62))
        ground.fill(loop, ribbon, line=0)


def _paint_drum(ground: Pen, rng: np.random.Generator) -> None:
    colour = choose(rng, props.FESTIVE)
    props.shadow(ground, 36)

    def cords(inside: Pen) -> None:
        for x in range(-36, 40, 18):
            inside.line(points((x, -48), (x + 9, 4)), (255, 246, 226), 2)
            inside.line(points((x + 18, -48), (x + 9, 4)), (255, 246, 226), 2)

    ground.fill(smooth((-34, -46), (34, -46), (32, 0), (0, 7), (-32, 0)), colour, line=0,
                pattern=cords)  # fmt: skip
    ground.fill(ellipse(0, -46, 34, 10), (255, 248, 232), line=0, shade=0)


def _paint_balloon(ground: Pen, rng: np.random.Generator) -> None:
    colour = choose(rng, props.FESTIVE)
    air = ground.at(0, -float(rng.uniform(70, 190)))
    air.line(smooth((0, 30), (5, 52), (-3, 76), (2, 96), closed=False), (120, 108, 130), 1.4)
    air.fill(points((-6, 38), (6, 38), (0, 28)), colour, line=0, shade=0)
    air.fill(ellipse(0, 0, 26, 31), colour, line=0)
    air.tint(ellipse(-9, -12, 5, 8), (255, 255, 255), 0.65)


def _paint_kite(ground: Pen, rng: np.random.Generator) -> None:
    first = int(rng.integers(len(props.FESTIVE)))
    one, other = props.FESTIVE[first], props.FESTIVE[(first + 2) % len(props.FESTIVE)]
    air = ground.at(0, -float(rng.uniform(60, 200)), rng.uniform(-30, 30))
    tail = smooth((0, 38), (8, 54), (-6, 70), (6, 86), closed=False)
    air.line(tail, (120, 108, 130), 1.4)
    for x, y in ((7, 54), (-5, 70)):
        air.fill(cloud(x, y, 7, 4, 2, 0.3), other, line=0, shade=0)
    air.fill(points((0, -36), (25, -4), (0, 38), (-25, -4)), one, line=0)
    air.fill(points((0, -36), (25, -4), (0, -4)), other, line=0, shade=0)
    air.fill(points((0, 38), (-25, -4), (0, -4)), other, line=0, shade=0)


THINGS = (_paint_bush, _paint_gift, _paint_drum, _paint_balloon, _paint_kite)


def paint_in_front(ground: Pen, rng: np.random.Generator) -> None:
    """Paint one thing before a person; the pen is at the person's feet, in their size."""
    thing = choose(rng, THINGS)
    thing(ground.at(float(rng.uniform(-52, 52)), 6), rng)
