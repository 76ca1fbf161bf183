"""Things that anybody may wear or carry: they tell nothing about who it is."""

from __future__ import annotations

import numpy as np

from backend.parade.outfits import Item
from backend.parade.pen import Colour, Pen, darker, lighter
from backend.parade.person import CLOTHES
from backend.parade.shapes import arc, ellipse, points, smooth, tube


def _paint_scarf(body: Pen, tone: Colour, accent: Colour) -> None:
    tail = smooth((13, -92), (17, -72), (12, -52), closed=False)
    body.fill(tube(tail, (12, 14, 15), caps=False), tone)
    body.line(points((8, -56), (20, -54)), accent, 4)
    body.fill(tube(arc(0, -106, 29, 17, 15, 165), (13, 16, 13)), tone)
    for x in (-20, -8, 5, 18):
        y = -90 - abs(x) * 0.18
        body.line(points((x - 1, y - 6), (x + 1, y + 6)), accent, 4)


def _paint_bow_tie(body: Pen, tone: Colour, _accent: Colour) -> None:
    for side in (-1, 1):
        wing = smooth((0, -91), (side * 15, -99), (side * 17, -90), (side * 15, -82))
        body.fill(wing, tone)
    body.fill(ellipse(0, -91, 4.6), darker(tone, 0.12))


def _paint_glasses(head: Pen, tone: Colour, _accent: Colour) -> None:
    turn = np.linspace(0, 360, 30)
    for side in (-1, 1):
        ring = np.stack(
            [side * 15 + 11.5 * np.cos(np.radians(turn)), 11.5 * np.sin(np.radians(turn))], axis=1
        )
        head.tint(ring, (255, 255, 255), 0.22)
        head.line(ring, tone, 2.8)
    head.line(arc(0, 0, 4, 3, 190, 350), tone, 2.6)


def _paint_balloon(hand: Pen, tone: Colour, _accent: Colour) -> None:
    hand.line(smooth((0, 14), (3, -20), (9, -46), closed=False), (110, 100, 120), 1.8)
    hand.fill(points((5, -40), (13, -40), (9, -48)), tone)
    balloon = smooth((9, -45), (-9, -60), (-13, -80), (0, -99), (18, -99), (31, -80), (27, -60))
    hand.fill(balloon, tone)
    hand.tint(ellipse(1, -84, 4, 7), (255, 255, 255), 0.7)


def _paint_flag(hand: Pen, tone: Colour, accent: Colour) -> None:
    hand.fill(tube(points((0, 26), (0, -62)), 4.5), (176, 130, 88), shade=0)
    cloth = smooth((1, -62), (14, -66), (28, -60), (44, -64), (44, -38), (28, -34), (14, -40),
                   (1, -36))  # fmt: skip

    def spot(pen: Pen) -> None:
        pen.fill(ellipse(22, -50, 8), accent, shade=0, line=0)

    hand.fill(cloth, tone, pattern=spot)


BRIGHT = tuple(lighter(colour, 0.3) for colour in CLOTHES)
SHARED = (
    Item("scarf", "neck", {"neck": _paint_scarf}, CLOTHES, BRIGHT),
    Item("bow tie", "neck", {"neck": _paint_bow_tie}, CLOTHES, BRIGHT),
    Item("glasses", "eyes", {"face": _paint_glasses}, ((70, 60, 76), (150, 84, 70)), BRIGHT),
    Item("balloon", "hand", {"held": _paint_balloon}, CLOTHES, BRIGHT),
    Item("flag", "hand", {"held": _paint_flag}, CLOTHES, BRIGHT),
)
