"""The explorer: sun hat, backpack, binoculars, map."""

from __future__ import annotations

from backend.parade.outfits import Item
from backend.parade.pen import Colour, Pen, darker, lighter
from backend.parade.shapes import ellipse, points, rounded, smooth

EARTHS: tuple[Colour, ...] = (
    (214, 178, 116), (176, 140, 92), (140, 152, 92), (196, 150, 108), (120, 134, 118),
)  # fmt: skip
WARMS: tuple[Colour, ...] = ((196, 88, 62), (110, 78, 58), (60, 112, 112), (226, 154, 62))


def _paint_hat(head: Pen, tone: Colour, accent: Colour) -> None:
    brim = smooth((-66, -20), (-40, -34), (0, -38), (40, -34), (66, -20), (38, -15), (0, -13),
                  (-38, -15))  # fmt: skip
    head.fill(brim, tone, shade=0.22)
    crown = smooth((-35, -26), (-32, -50), (-20, -63), (-4, -58), (10, -64), (28, -56), (35, -26),
                   (0, -21))  # fmt: skip

    def band(pen: Pen) -> None:
        pen.line(smooth((-40, -31), (0, -26), (40, -31), closed=False), accent, 9)

    head.fill(crown, lighter(tone, 0.12), pattern=band)


def _paint_pack(body: Pen, tone: Colour, accent: Colour) -> None:
    body.fill(rounded(-68, -134, 68, -106, 14), accent)
    for side in (-1, 1):
        roll = body.at(side * 58, -120)
        roll.fill(ellipse(0, 0, 12, 14.5), lighter(accent, 0.25))
        roll.fill(ellipse(0, 0, 6.5, 8), lighter(accent, 0.05), shade=0, line=0.7)
        pocket = rounded(min(side * 38, side * 70), -80, max(side * 38, side * 70), -42, 11)
        body.fill(pocket, darker(tone, 0.08))
    body.fill(rounded(-56, -110, 56, -34, 22), tone, shade=0.08)


def _paint_straps(body: Pen, tone: Colour, accent: Colour) -> None:
    strap = darker(tone, 0.22)
    for side in (-1, 1):
        path = smooth((side * 17, -100), (side * 24, -80), (side * 26, -58), closed=False)
        body.line(path, darker(strap, 0.5), 10.5)
        body.line(path, strap, 8)
        body.fill(rounded(side * 24 - 6, -82, side * 24 + 6, -73, 2.5), lighter(accent, 0.3),
                  shade=0, line=0.8)  # fmt: skip


def _paint_binoculars(body: Pen, tone: Colour, accent: Colour) -> None:
    for side in (-1, 1):
        body.line(smooth((side * 18, -102), (side * 11, -78), closed=False), tone, 3)
        left, right = min(side * 3, side * 21), max(side * 3, side * 21)
        body.fill(rounded(left, -82, right, -52, 6), tone)
    body.fill(rounded(-5, -76, 5, -62, 3), darker(tone, 0.3))
    for side in (-1, 1):
        body.fill(ellipse(side * 12.5, -54, 11.5), darker(tone, 0.3))
        body.fill(ellipse(side * 12.5, -54, 7.8), (150, 216, 240), line=0.7)
        body.tint(ellipse(side * 12.5 - 3, -57, 2.6), (255, 255, 255), 0.9)


def _paint_map(hand: Pen, tone: Colour, accent: Colour) -> None:
    sheet = hand.at(5, -14, 8)

    def drawn(pen: Pen) -> None:
        pen.fill(smooth((-30, 14), (-12, 2), (4, 12), (20, 4), (40, 16), (40, 40), (-30, 40)),
                 (146, 202, 220), shade=0, line=0)  # fmt: skip
        pen.fill(ellipse(16, -16, 9, 7), (140, 190, 120), shade=0, line=0)
        for x, y in ((-18, 8), (-10, 0), (-1, -3), (7, 1)):
            pen.fill(ellipse(x, y, 2), accent, shade=0, line=0)
        pen.line(points((10, -2), (18, 6)), (214, 62, 56), 3)
        pen.line(points((18, -2), (10, 6)), (214, 62, 56), 3)
        pen.tint(points((-9, -40), (9, -40), (9, 40), (-9, 40)), (120, 90, 60), 0.16)

    sheet.fill(
        points((-28, -26), (-9, -31), (9, -26), (28, -31), (28, 21), (9, 26), (-9, 21), (-28, 26)),
        tone, pattern=drawn, shade=0.04,
    )  # fmt: skip


WORN = (
    Item("sun hat", "head", {"hat": _paint_hat}, EARTHS, WARMS),
    Item("backpack", "back", {"behind": _paint_pack, "chest": _paint_straps}, (*EARTHS, *WARMS),
         (*WARMS, *EARTHS)),
    Item("binoculars", "chest", {"neck": _paint_binoculars},
         ((84, 80, 96), (96, 74, 64), (70, 92, 98)), WARMS),
    Item("map", "hand", {"held": _paint_map}, ((248, 232, 190), (240, 220, 170)), WARMS),
)  # fmt: skip
