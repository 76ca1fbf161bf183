"""The inventor: wild hair, goggles, dark gloves, spanner."""

from __future__ import annotations

import numpy as np

from backend.parade.outfits import Item
from backend.parade.pen import Colour, Pen, darker, lighter
from backend.parade.shapes import Points, ellipse, points, rounded, smooth, tube

METALS: tuple[Colour, ...] = ((206, 152, 78), (176, 186, 200), (200, 120, 84))
GLASSES: tuple[Colour, ...] = ((132, 222, 214), (154, 206, 250), (250, 206, 120), (190, 236, 150))


def _spikes(radius_x: float, radius_y: float, depth: float, count: int) -> Points:
    """Tufts that stand up around the head, from ear to ear over the top."""
    turn = np.radians(np.linspace(-206, 26, 2 * count + 1))
    reach = np.where(np.arange(2 * count + 1) % 2 == 1, 1.0, depth)
    swirl = np.where(np.arange(2 * count + 1) % 2 == 1, 0.07, 0.0)
    edge = np.stack(
        [radius_x * reach * np.cos(turn + swirl), radius_y * reach * np.sin(turn + swirl)], axis=1
    )
    return np.concatenate([edge, points((20, -20), (-20, -20))])


def _paint_hair_behind(head: Pen, tone: Colour, _accent: Colour) -> None:
    head.fill(_spikes(70, 72, 0.66, 8), tone, shade=0.06)


def _paint_hair_front(head: Pen, tone: Colour, _accent: Colour) -> None:
    front = smooth((-42, -4), (-44, -28), (-22, -48), (0, -52), (24, -48), (44, -28), (42, -4),
                   (34, -20), (26, -25), (17, -17), (6, -28), (-5, -18), (-16, -28), (-24, -18),
                   (-33, -22))  # fmt: skip
    head.fill(front, lighter(tone, 0.12), shade=0.1)


def _paint_goggles(head: Pen, tone: Colour, accent: Colour) -> None:
    head.line(smooth((-42, -6), (0, -3), (42, -6), closed=False), darker(tone, 0.6), 9)
    head.fill(rounded(-6, -6, 6, 2, 3), tone, shade=0)
    for side in (-1, 1):
        lens = head.at(side * 16, -2)
        lens.fill(ellipse(0, 0, 17, 16.5), tone)
        lens.fill(ellipse(0, 0, 12.2, 11.8), accent, line=0.8, shade=0)
        lens.fill(ellipse(0.5, 0.5, 4.4, 5.8), (48, 36, 58), shade=0, line=0)
        lens.tint(points((-9, -2), (-1, -10), (3, -10), (-9, 3)), (255, 255, 255), 0.75)
        lens.tint(points((2, 9), (9, 2), (10, 5), (6, 9)), (255, 255, 255), 0.55)


def _paint_glove(hand: Pen, tone: Colour, accent: Colour) -> None:
    cuff = smooth((-10, -26), (0, -28), (10, -26), (12, -12), (9, -4), (-9, -4), (-12, -12))
    hand.fill(cuff, tone)
    hand.line(smooth((-11, -22), (0, -24), (11, -22), closed=False), accent, 3.5)
    hand.fill(ellipse(10, 1, 5, 7), tone, shade=0)
    hand.fill(ellipse(0, 5, 12, 13), tone)
    hand.tint(ellipse(-4, 0, 3, 4.5), (255, 255, 255), 0.28)


def _paint_spanner(hand: Pen, tone: Colour, _accent: Colour) -> None:
    tool = hand.at(0, 0, 12)
    tool.fill(tube(points((0, 40), (0, 0), (0, -40)), 11), tone)
    jaw = smooth((-8, -38), (-21, -52), (-18, -72), (-8, -78), (-8, -62), (0, -56), (8, -62),
                 (8, -78), (18, -72), (21, -52), (8, -38))  # fmt: skip
    tool.fill(jaw, tone)
    tool.fill(ellipse(0, 44, 12), tone)
    tool.fill(ellipse(0, 44, 5), darker(tone, 0.5), shade=0, line=0)
    tool.tint(tube(points((-2.5, 30), (-2.5, -34)), 2.4), (255, 255, 255), 0.6)


WORN = (
    Item(
        "wild hair", "head", {"hair": _paint_hair_behind, "hat": _paint_hair_front},
        ((236, 236, 244), (196, 196, 212), (240, 150, 66), (126, 92, 180), (86, 70, 74)), METALS,
        replaces_hair=True,
    ),
    Item("goggles", "eyes", {"face": _paint_goggles}, METALS, GLASSES),
    Item("dark gloves", "hands", {"hand": _paint_glove},
         ((58, 58, 74), (78, 56, 62), (44, 72, 84)), ((226, 120, 76), (240, 196, 84), METALS[1])),
    Item("spanner", "hand", {"held": _paint_spanner}, ((178, 190, 206), (206, 152, 78),
                                                     (226, 110, 90)), METALS),
)  # fmt: skip
