"""Scenes in town: street, room, theatre."""

from __future__ import annotations

import numpy as np

from backend.parade.dice import choose
from backend.parade.pen import Colour, Pen, darker, lighter, mix
from backend.parade.scenery import props
from backend.parade.shapes import ellipse, points, rounded, smooth

WALLS: tuple[Colour, ...] = (
    (250, 222, 196), (206, 228, 220), (222, 214, 240), (250, 230, 170), (204, 222, 242),
    (246, 208, 214),
)  # fmt: skip
RED_CURTAIN: Colour = (206, 66, 74)
WOODS: tuple[Colour, ...] = ((214, 170, 124), (190, 148, 112), (228, 192, 150), (176, 140, 118))


def paint_street(pen: Pen, rng: np.random.Generator) -> None:
    """Town houses, a pavement and a lamp; by day or in the evening."""
    evening = rng.random() < 0.3
    sky = ((112, 96, 168), (248, 178, 158)) if evening else ((150, 208, 240), (236, 246, 250))
    pen.gradient(*sky, 0, 240)
    if not evening:
        props.paint_clouds(pen, rng, 70)
    x = float(rng.uniform(-20, 20))
    while x < 520:
        props.paint_house(pen.at(x, 246), rng, lit=evening)
        x += float(rng.uniform(92, 108))
    pen.gradient((206, 200, 206), (190, 186, 196), 240, 296)
    pen.fill(rounded(-10, 294, 490, 304, 1), (232, 228, 230), line=0, shade=0)
    pen.gradient((142, 142, 160), (122, 124, 146), 304, 360)
    for offset in np.arange(rng.uniform(-60, 0), 520, 74).tolist():
        pen.tint(points((offset, 330), (offset + 38, 330), (offset + 33, 337), (offset - 6, 337)),
                 (255, 255, 255), 0.7)  # fmt: skip
    for place in (rng.uniform(10, 120), rng.uniform(360, 470)):
        if rng.random() < 0.6:
            props.paint_lamp_post(pen.at(float(place), 284, scale=1.05), lit=evening)


def paint_room(pen: Pen, rng: np.random.Generator) -> None:
    """A living room with wallpaper, a window, pictures and a rug."""
    wall = choose(rng, WALLS)
    pen.gradient(lighter(wall, 0.2), wall, 0, 246)
    dots = rng.random() < 0.5
    for x in range(14, 480, 34):
        if dots:
            for y in range(14 + x % 4 * 8, 236, 34):
                pen.tint(ellipse(x, y, 3), darker(wall, 0.3), 0.25)
        else:
            pen.tint(
                points((x - 6, 0), (x + 6, 0), (x + 6, 240), (x - 6, 240)), (255, 255, 255), 0.3
            )
    wood = choose(rng, WOODS)
    pen.gradient(wood, darker(wood, 0.12), 246, 360)
    props.floor_lines(pen, 246, 9, darker(wood, 0.5), 0.35)
    pen.fill(rounded(-10, 236, 490, 248, 1), lighter(wall, 0.65), line=0, shade=0)
    window_x = float(rng.uniform(70, 410))
    _paint_window(pen.at(window_x, 40), rng)
    picture_x = window_x + (150 if window_x < 240 else -150)
    _paint_picture(pen.at(picture_x + float(rng.uniform(-25, 25)), rng.uniform(60, 95)), rng)
    if rng.random() < 0.7:
        _paint_pot_plant(pen.at(float(rng.choice([36, 444])), 266), rng)
    rug = choose(rng, props.FESTIVE)
    rug_pen = pen.at(240 + float(rng.uniform(-60, 60)), 318)
    rug_pen.fill(ellipse(0, 0, 168, 34), lighter(rug, 0.35), line=0, shade=0)
    rug_pen.fill(ellipse(0, 0, 142, 27), lighter(rug, 0.6), line=0, shade=0)
    rug_pen.fill(ellipse(0, 0, 118, 21), lighter(rug, 0.42), line=0, shade=0)


def _paint_window(wall: Pen, rng: np.random.Generator) -> None:
    sky = choose(rng, ((172, 218, 244), (255, 214, 180), (110, 110, 178)))

    def view(inside: Pen) -> None:
        inside.tint(ellipse(22, 24, 11), (255, 244, 190), 0.9)
        inside.fill(ellipse(-20, 118, 60, 34), (136, 192, 128), line=0, shade=0)
        inside.fill(ellipse(34, 122, 52, 30), (116, 176, 122), line=0, shade=0)

    wall.fill(rounded(-52, -6, 52, 114, 6), (255, 252, 246), line=0, shade=0)
    wall.fill(rounded(-45, 1, 45, 107, 3), sky, line=0, shade=0, pattern=view)
    wall.fill(rounded(-2.5, 0, 2.5, 108, 1), (255, 252, 246), line=0, shade=0)
    wall.fill(rounded(-46, 51, 46, 56, 1), (255, 252, 246), line=0, shade=0)
    curtain = choose(rng, props.FESTIVE)
    for side in (-1, 1):
        drape = smooth((side * 22, -12), (side * 68, -12), (side * 70, 60), (side * 64, 124),
                       (side * 46, 120), (side * 50, 60))  # fmt: skip
        wall.fill(drape, lighter(curtain, 0.2), line=0, shade=0.16)
    wall.fill(rounded(-80, -17, 80, -10, 3), (176, 132, 98), line=0, shade=0)


def _paint_picture(wall: Pen, rng: np.random.Generator) -> None:
    colour = choose(rng, props.FESTIVE)

    def motif(inside: Pen) -> None:
        inside.fill(ellipse(-14, 34, 40, 22), (150, 196, 140), line=0, shade=0)
        inside.fill(ellipse(16, -6, 8), (255, 226, 130), line=0, shade=0)

    wall.fill(rounded(-36, -28, 36, 34, 3), darker(colour, 0.15), line=0, shade=0.05)
    wall.fill(rounded(-29, -21, 29, 27, 2), lighter(colour, 0.65), line=0, shade=0, pattern=motif)


def _paint_pot_plant(ground: Pen, rng: np.random.Generator) -> None:
    props.shadow(ground, 30)
    leaves = choose(rng, props.LEAVES)
    for angle in (-64, -38, -14, 12, 38, 62):
        leaf = smooth((0, 0), (-13, -40), (0, -88), (13, -40))
        ground.at(0, -28, angle).fill(leaf, leaves, line=0, shade=0.14)
    pot = choose(rng, props.FESTIVE)
    ground.fill(smooth((-24, -38), (24, -38), (17, 3), (-17, 3)), pot, line=0)
    ground.fill(rounded(-27, -44, 27, -33, 4), lighter(pot, 0.2), line=0, shade=0)


def paint_theatre(pen: Pen, rng: np.random.Generator) -> None:
    """A stage with a heavy curtain and spotlights."""
    colours = (RED_CURTAIN, RED_CURTAIN, (96, 92, 172), (62, 138, 132), (176, 92, 150))
    paint_stage(pen, choose(rng, colours), rng)


def paint_stage(pen: Pen, drape: Colour, rng: np.random.Generator) -> None:
    """A stage with a curtain of this colour."""
    pen.gradient(darker(drape, 0.22), drape, 0, 262)
    for x in np.arange(rng.uniform(-30, 0), 490, 32).tolist():
        fold = smooth(
            (x, -10), (x + 5, 130), (x - 2, 266), (x + 12, 266), (x + 15, 130), (x + 12, -10)
        )
        pen.tint(fold, darker(drape, 0.7), 0.4)
        pen.tint(fold + np.array([16, 0]), lighter(drape, 0.5), 0.22)
    wood = choose(rng, WOODS)
    pen.gradient(mix(wood, (120, 80, 70), 0.3), wood, 262, 360)
    props.floor_lines(pen, 262, 8, darker(wood, 0.6), 0.4)
    for x in (90, 240, 390):
        if rng.random() < 0.5:
            aim = 240 + float(rng.uniform(-150, 150))
            pen.tint(points((x - 8, -4), (x + 8, -4), (aim + 82, 312), (aim - 82, 312)),
                     (255, 246, 210), 0.16)  # fmt: skip
            pen.tint(ellipse(aim, 312, 84, 18), (255, 246, 210), 0.3)
    gold = (244, 198, 104)
    for x in range(-20, 500, 80):
        swag = smooth(
            (x - 4, -12), (x + 40, -10), (x + 84, -12), (x + 66, 30), (x + 40, 40), (x + 14, 30)
        )
        pen.fill(swag, lighter(drape, 0.08), line=0, shade=0.16)
        trim = smooth((x, 14), (x + 14, 30), (x + 40, 40), (x + 66, 30), (x + 80, 14), closed=False)
        pen.line(trim, gold, 3.2)
