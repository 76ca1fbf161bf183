"""Scenes in nature: park, beach, snow, night."""

from __future__ import annotations

import numpy as np

from backend.parade.dice import choose
from backend.parade.pen import Colour, Pen, lighter, mix
from backend.parade.scenery import props
from backend.parade.shapes import ellipse, points, smooth, star, tube

SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((142, 206, 242), (226, 244, 250)),
    ((150, 196, 236), (255, 232, 214)),
    ((166, 222, 228), (244, 250, 232)),
    ((248, 190, 170), (255, 236, 200)),
)


def _ridge(rng: np.random.Generator, height: float, swing: float) -> np.ndarray:
    """The outline of rolling hills down to the picture's foot."""
    crest = [(float(x), height + float(rng.uniform(-swing, swing))) for x in range(-60, 600, 75)]
    return np.concatenate([smooth(*crest, closed=False), points((560, 380), (-80, 380))])


def _paint_sun(sky: Pen, rng: np.random.Generator, colour: Colour = (255, 224, 130)) -> None:
    x, y = rng.choice([70.0, 240.0, 400.0]) + rng.uniform(-40, 40), rng.uniform(36, 80)
    sky.tint(ellipse(x, y, 44), colour, 0.3)
    sky.fill(ellipse(x, y, 27), colour, line=0, shade=0)


def paint_park(pen: Pen, rng: np.random.Generator) -> None:
    """A meadow with trees, flowers and a path."""
    pen.gradient(*choose(rng, SKIES), 0, 230)
    if rng.random() < 0.7:
        _paint_sun(pen, rng)
    props.paint_clouds(pen, rng, 110)
    grass = props.LEAVES[rng.integers(len(props.LEAVES) - 1)]
    pen.fill(
        _ridge(rng, 182, 16), lighter(mix(grass, (150, 190, 220), 0.35), 0.25), line=0, shade=0
    )
    pen.fill(_ridge(rng, 212, 12), lighter(grass, 0.28), line=0, shade=0)
    for _ in range(rng.integers(1, 5)):
        tree = pen.at(rng.uniform(0, 480), rng.uniform(215, 235), scale=rng.uniform(0.6, 1.15))
        leaves = choose(rng, props.LEAVES)
        if rng.random() < 0.75:
            props.paint_round_tree(tree, leaves)
        else:
            props.paint_fir_tree(tree, (96, 158, 126), snowy=False)
    pen.fill(_ridge(rng, 240, 5), lighter(grass, 0.12), line=0, shade=0)
    if rng.random() < 0.6:
        bend = float(rng.uniform(-120, 120))
        far, near = 240 + bend, 240 - bend
        path = np.concatenate(
            [
                smooth((far - 5, 238), (far - 30, 272), (near - 90, 362), closed=False),
                smooth((near + 90, 362), (far + 40, 272), (far + 5, 238), closed=False),
            ]
        )
        pen.fill(path, (240, 222, 184), line=0, shade=0)
    for _ in range(rng.integers(0, 4)):
        bush = pen.at(rng.uniform(0, 480), rng.uniform(244, 262), scale=rng.uniform(0.6, 1))
        props.paint_bush(bush, choose(rng, props.LEAVES))
    props.paint_flowers(pen, rng, 262, 356)


def paint_beach(pen: Pen, rng: np.random.Generator) -> None:
    """Sand, sea, a palm and a sunshade."""
    pen.gradient(*choose(rng, SKIES), 0, 180)
    _paint_sun(pen, rng)
    props.paint_clouds(pen, rng, 100)
    sea = choose(rng, ((92, 188, 208), (86, 170, 214), (110, 200, 196)))
    pen.gradient(lighter(sea, 0.15), lighter(sea, 0.4), 168, 246)
    for _ in range(14):
        x, y = rng.uniform(0, 480), rng.uniform(176, 236)
        pen.tint(ellipse(x, y, rng.uniform(8, 24), 1.4), (255, 255, 255), 0.5)
    if rng.random() < 0.6:
        _paint_sailing_boat(pen.at(rng.uniform(40, 440), 190, scale=rng.uniform(0.6, 1)), rng)
    sand = choose(rng, ((248, 226, 176), (252, 234, 196), (240, 212, 164)))
    edge = [(float(x), 240 + float(rng.uniform(-6, 6))) for x in range(-60, 600, 60)]
    foot = points((560, 380), (-80, 380))
    for lift, colour in ((-5.0, (255, 255, 255)), (0.0, sand)):
        shore = np.concatenate([smooth(*edge, closed=False) + np.array([0, lift]), foot])
        pen.fill(shore, colour, line=0, shade=0)
    for side, chance in ((40, 0.6), (440, 0.5)):
        if rng.random() < chance:
            _paint_palm(pen.at(side + rng.uniform(-25, 25), 262, scale=rng.uniform(0.9, 1.3),
                               mirror=side > 240))  # fmt: skip
    if rng.random() < 0.7:
        _paint_sunshade(pen.at(rng.uniform(60, 420), 268, rng.uniform(-10, 10), 0.9), rng)
    for _ in range(rng.integers(2, 7)):
        colour = choose(rng, props.FESTIVE)
        shell = pen.at(rng.uniform(0, 480), rng.uniform(290, 352), rng.uniform(0, 70))
        shell.fill(star(0, 0, 7, depth=0.5), lighter(colour, 0.35), line=0, shade=0)


def _paint_sailing_boat(sea: Pen, rng: np.random.Generator) -> None:
    colour = choose(rng, props.FESTIVE)
    sea.fill(smooth((-26, -8), (0, -6), (28, -9), (18, 5), (-16, 5)), colour, line=0)
    sea.fill(points((1, -10), (1, -62), (27, -14)), (255, 252, 244), line=0, shade=0.05)
    sea.fill(points((-2, -10), (-2, -54), (-20, -14)), lighter(colour, 0.45), line=0, shade=0)


def _paint_palm(ground: Pen) -> None:
    trunk = smooth((0, 6), (6, -50), (22, -104), closed=False)
    ground.fill(tube(trunk, (17, 12, 10)), (186, 144, 104), line=0)
    crown = ground.at(22, -106)
    for angle in (-170, -128, -82, -38, 6, 34, 150):
        leaf = smooth((0, -5), (28, -15), (58, 2), (62, 8), (30, 0), (0, 5))
        crown.at(0, 0, angle).fill(leaf, (104, 178, 118), line=0, shade=0.12)
    for x in (-6, 6):
        crown.fill(ellipse(x, 6, 6.5), (150, 108, 82), line=0)


def _paint_sunshade(ground: Pen, rng: np.random.Generator) -> None:
    colour = choose(rng, props.FESTIVE)
    ground.fill(tube(points((0, 4), (0, -122)), 4.5), (248, 244, 238), line=0, shade=0)
    top = smooth((-62, -88), (-48, -116), (-22, -134), (0, -138), (22, -134), (48, -116), (62, -88),
                 (40, -84), (20, -88), (0, -84), (-20, -88), (-40, -84))  # fmt: skip

    def stripes(inside: Pen) -> None:
        for x in (-50, 0, 50):
            inside.fill(points((x * 0.2, -140), (x + 11, -80), (x - 11, -80)), (255, 252, 244),
                        line=0, shade=0)  # fmt: skip

    ground.fill(top, colour, line=0, pattern=stripes, shade=0.12)


def paint_snow(pen: Pen, rng: np.random.Generator) -> None:
    """Snowy hills with fir trees and falling flakes."""
    horizon = choose(rng, ((232, 242, 252), (252, 232, 238)))
    pen.gradient((158, 196, 232), horizon, 0, 230)
    pen.fill(_ridge(rng, 178, 24), (206, 222, 242), line=0, shade=0)
    pen.fill(_ridge(rng, 210, 14), (226, 236, 250), line=0, shade=0)
    needles = choose(rng, ((92, 150, 138), (104, 158, 150), (84, 136, 142)))
    for _ in range(rng.integers(2, 7)):
        tree = pen.at(rng.uniform(0, 480), rng.uniform(222, 244), scale=rng.uniform(0.5, 1.1))
        props.paint_fir_tree(tree, needles, snowy=True)
    pen.fill(_ridge(rng, 246, 6), (244, 248, 255), line=0, shade=0)
    for _ in range(rng.integers(3, 9)):
        x, y = rng.uniform(0, 480), rng.uniform(268, 350)
        pen.tint(ellipse(x, y, rng.uniform(18, 50), 4), (176, 200, 234), 0.35)
    for _ in range(rng.integers(30, 70)):
        flake = ellipse(rng.uniform(0, 480), rng.uniform(0, 360), rng.uniform(1.2, 3.4))
        pen.tint(flake, (255, 255, 255), 0.85)


def paint_night(pen: Pen, rng: np.random.Generator) -> None:
    """A starry night over dark hills with a camp fire glow."""
    deep = choose(rng, ((44, 46, 104), (40, 62, 112), (66, 46, 108)))
    pen.gradient(deep, mix(deep, (236, 150, 190), 0.42), 0, 240)
    for _ in range(rng.integers(25, 60)):
        x, y = rng.uniform(0, 480), rng.uniform(0, 190)
        pen.tint(star(x, y, rng.uniform(1.5, 4.5), 4, 0.4), (255, 246, 206), 0.9)
    moon = pen.at(rng.uniform(50, 430), rng.uniform(42, 84))
    moon.tint(ellipse(0, 0, 44), (255, 244, 200), 0.16)
    moon.fill(ellipse(0, 0, 27), (255, 242, 200), line=0, shade=0.14)
    for x, y, radius in ((-8, -6, 5), (8, 6, 7), (7, -11, 3)):
        moon.tint(ellipse(x, y, radius), (226, 200, 160), 0.5)
    hill = mix(deep, (70, 130, 130), 0.5)
    pen.fill(_ridge(rng, 186, 22), mix(hill, (160, 130, 190), 0.3), line=0, shade=0)
    for _ in range(rng.integers(2, 6)):
        tree = pen.at(rng.uniform(0, 480), rng.uniform(212, 238), scale=rng.uniform(0.5, 1))
        props.paint_fir_tree(tree, mix(hill, (20, 30, 70), 0.35), snowy=False)
    pen.fill(_ridge(rng, 234, 8), lighter(hill, 0.08), line=0, shade=0)
    for _ in range(rng.integers(4, 12)):
        glow = pen.at(rng.uniform(0, 480), rng.uniform(150, 330))
        glow.tint(ellipse(0, 0, 6), (255, 240, 150), 0.3)
        glow.tint(ellipse(0, 0, 2.2), (255, 250, 200), 0.9)
