"""Things that stand in several scenes; each is painted around its foot or middle."""

from __future__ import annotations

import numpy as np

from backend.parade.dice import choose
from backend.parade.pen import Colour, Pen, darker, lighter, mix
from backend.parade.shapes import cloud, ellipse, points, rounded, smooth, tube

FESTIVE: tuple[Colour, ...] = (
    (240, 106, 96), (252, 184, 84), (252, 220, 120), (128, 200, 140), (102, 184, 224),
    (164, 138, 222), (242, 148, 188),
)  # fmt: skip
LEAVES: tuple[Colour, ...] = (
    (128, 188, 112), (104, 176, 124), (150, 196, 104), (88, 160, 118), (222, 164, 86),
)  # fmt: skip
GREY_SHADOW: Colour = (70, 56, 96)


def shadow(ground: Pen, radius: float) -> None:
    """The soft shadow under whoever stands there."""
    ground.tint(ellipse(0, 0, radius, radius * 0.17), GREY_SHADOW, 0.24)


def paint_cloud(sky: Pen, colour: Colour = (255, 255, 255), strength: float = 0.85) -> None:
    """A flat-bottomed cloud, about 90 wide."""
    outline = smooth((-45, 8), (-40, -6), (-26, -8), (-18, -22), (2, -24), (12, -12), (26, -14),
                     (36, -2), (46, 8), (0, 10))  # fmt: skip
    sky.tint(outline, colour, strength)


def paint_clouds(sky: Pen, rng: np.random.Generator, lowest: float) -> None:
    """A few clouds above the height `lowest`."""
    for _ in range(rng.integers(1, 5)):
        x, y = rng.uniform(10, 470), rng.uniform(25, lowest)
        paint_cloud(sky.at(x, y, scale=rng.uniform(0.6, 1.3)), strength=rng.uniform(0.6, 0.9))


def paint_round_tree(ground: Pen, leaves: Colour) -> None:
    """A leafy tree, about 120 tall."""
    shadow(ground, 30)
    ground.fill(smooth((-8, 2), (-5, -30), (-7, -60), (7, -60), (5, -30), (9, 2)), (150, 108, 84),
                line=0)  # fmt: skip
    ground.fill(cloud(0, -82, 44, 42, 9, 0.06), leaves, line=0, shade=0.16)
    for x, y in ((-16, -98), (10, -104), (-4, -78), (20, -82)):
        ground.tint(ellipse(x, y, 6, 4), (255, 255, 255), 0.16)


def paint_fir_tree(ground: Pen, needles: Colour, snowy: bool) -> None:
    """A fir tree, about 130 tall."""
    shadow(ground, 26)
    ground.fill(rounded(-6, -20, 6, 2, 2), (140, 104, 88), line=0)
    for y, reach in ((-14, 40), (-46, 32), (-76, 23)):
        inner = reach * 0.4
        skirt = smooth(
            (-reach, y), (-inner, y - 30), (0, y - 54), (inner, y - 30), (reach, y),
            (inner, y + 5), (0, y + 1), (-inner, y + 5),
        )  # fmt: skip
        ground.fill(skirt, needles, line=0, shade=0.14)
        if snowy:
            tip = smooth((-reach * 0.42, y - 26), (0, y - 54), (reach * 0.42, y - 26),
                         (reach * 0.16, y - 30), (-reach * 0.1, y - 24))  # fmt: skip
            ground.fill(tip, (250, 252, 255), line=0, shade=0)


def paint_bush(ground: Pen, leaves: Colour) -> None:
    """A low round bush, about 80 wide."""
    outline = smooth(
        (-42, 2), (-44, -14), (-32, -28), (-18, -30), (-4, -42), (14, -38), (22, -28), (36, -26),
        (44, -10), (42, 2),
    )  # fmt: skip
    ground.fill(outline, leaves, line=0, shade=0.14)
    for x, y in ((-22, -18), (2, -28), (24, -14)):
        ground.tint(ellipse(x, y, 5, 3.4), (255, 255, 255), 0.2)


def paint_flowers(ground: Pen, rng: np.random.Generator, top: float, bottom: float) -> None:
    """Flowers strewn over a meadow between two heights."""
    for _ in range(rng.integers(6, 16)):
        y = rng.uniform(top, bottom)
        size = 1.6 + 2.4 * (y - top) / max(bottom - top, 1)
        flower = ground.at(rng.uniform(0, 480), y)
        colour = choose(rng, FESTIVE)
        flower.fill(cloud(0, 0, size * 1.5, size * 1.3, 5, 0.2), lighter(colour, 0.35), shade=0,
                    line=0)  # fmt: skip
        flower.fill(ellipse(0, 0, size * 0.6), (255, 240, 170), shade=0, line=0)


def paint_house(ground: Pen, rng: np.random.Generator, lit: bool) -> None:
    """A narrow town house, 90 wide."""
    wall = choose(rng, FESTIVE)
    wall = mix(wall, (74, 70, 128), 0.62) if lit else lighter(wall, 0.42)
    height = float(rng.uniform(130, 215))
    ground.fill(rounded(-45, -height, 45, 6, 3), wall, line=0, shade=0.03)
    roof = darker(wall, 0.32)
    if rng.random() < 0.5:
        gable = points((-50, -height), (0, -height - 46), (50, -height))
        ground.fill(gable, roof, line=0, shade=0.06)
    else:
        ground.fill(rounded(-50, -height - 12, 50, -height + 4, 4), roof, line=0, shade=0)
    dark_pane = mix(wall, (84, 104, 140), 0.55)
    for y in np.arange(-height + 20, -62, 46).tolist():
        for x in (-22, 22):
            pane = (255, 222, 132) if lit and rng.random() < 0.6 else dark_pane
            ground.fill(rounded(x - 12, y - 3, x + 12, y + 29, 4), lighter(wall, 0.5), line=0,
                        shade=0)  # fmt: skip
            ground.fill(rounded(x - 9, y, x + 9, y + 26, 3), pane, line=0, shade=0)
            ground.line(points((x, y + 1), (x, y + 25)), lighter(wall, 0.5), 1.6)
    ground.fill(rounded(-13, -44, 13, 6, 12), darker(wall, 0.42), line=0, shade=0.08)
    ground.fill(ellipse(7, -18, 2), (255, 224, 140), line=0, shade=0)


def paint_lamp_post(ground: Pen, lit: bool) -> None:
    """A street lamp, about 165 tall."""
    iron = (84, 84, 112)
    shadow(ground, 14)
    ground.fill(tube(points((0, 0), (0, -130)), (7, 5)), iron, line=0, shade=0)
    if lit:
        ground.tint(ellipse(0, -148, 46), (255, 226, 140), 0.22)
    lantern = smooth((-11, -132), (-14, -158), (14, -158), (11, -132))
    ground.fill(lantern, (255, 230, 150) if lit else (226, 238, 242), line=0, shade=0.1)
    ground.fill(smooth((-18, -158), (0, -172), (18, -158), (0, -155)), iron, line=0, shade=0)


def paint_bunting(air: Pen, rng: np.random.Generator) -> None:
    """Little flags on a string across the top of the picture."""
    first, last = int(rng.integers(0, len(FESTIVE))), int(rng.integers(0, 2))
    sag, height = rng.uniform(20, 44), rng.uniform(4, 26)
    x = np.arange(-10, 500, 6.0)
    y = height + sag * (1 - ((x - 240) / 250) ** 2)
    air.line(np.stack([x, y], axis=1), (130, 116, 140), 1.8)
    for number, position in enumerate(range(5, 85, 7)):
        colour = FESTIVE[(first + number * (1 + last)) % len(FESTIVE)]
        flag = points((-11, -1), (11, -1), (0, 24))
        air.at(x[position], y[position]).fill(flag, colour, line=0, shade=0.12)


def paint_confetti(air: Pen, rng: np.random.Generator) -> None:
    """Paper snippets in the air."""
    for _ in range(rng.integers(15, 45)):
        colour = choose(rng, FESTIVE)
        snippet = air.at(rng.uniform(0, 480), rng.uniform(0, 330), rng.uniform(0, 180))
        snippet.fill(rounded(-3, -2, 3, 2, 1), colour, shade=0, line=0)


def paint_balloons(air: Pen, rng: np.random.Generator) -> None:
    """Two or three balloons that somebody has let go."""
    for number in range(rng.integers(2, 4)):
        colour = choose(rng, FESTIVE)
        one = air.at(number * 26, float(rng.uniform(-14, 14)), rng.uniform(-10, 10))
        one.line(smooth((0, 20), (4, 34), (-2, 48), (2, 62), closed=False), (140, 128, 150), 1.2)
        one.fill(points((-4, 24), (4, 24), (0, 18)), colour, line=0, shade=0)
        one.fill(ellipse(0, 0, 16.5, 20), colour, line=0, shade=0.14)
        one.tint(ellipse(-6, -8, 3, 5), (255, 255, 255), 0.6)


def floor_lines(ground: Pen, top: float, count: int, colour: Colour, strength: float) -> None:
    """Boards or stones that run towards the spectator."""
    for number in range(-count, count + 1):
        near, far = 240 + number * 700 / count, 240 + number * 330 / count
        ground.tint(points((far - 0.7, top), (far + 0.7, top), (near + 2, 362), (near - 2, 362)),
                    colour, strength)  # fmt: skip
