"""The chef: tall hat, curled moustache, apron, frying pan."""

from __future__ import annotations

from backend.parade.outfits import Item
from backend.parade.pen import Colour, Pen, darker, lighter
from backend.parade.shapes import cloud, ellipse, points, rounded, smooth, tube

WHITES: tuple[Colour, ...] = ((252, 250, 246), (236, 240, 250), (255, 240, 226))
KITCHEN: tuple[Colour, ...] = (
    (226, 84, 76), (88, 146, 204), (112, 172, 108), (240, 178, 74), (150, 112, 180),
)  # fmt: skip


def _paint_hat(head: Pen, tone: Colour, accent: Colour) -> None:
    puff = smooth((-30, -52), (-50, -66), (-48, -90), (-26, -96), (-14, -108), (12, -110),
                  (26, -97), (48, -92), (51, -66), (30, -52), (0, -46))  # fmt: skip
    head.fill(puff, tone)
    for x in (-16, 2, 19):
        fold = smooth((x, -54), (x * 1.1, -68), (x * 1.35, -80), closed=False)
        head.line(fold, darker(tone, 0.2), 2)
    band = smooth((-34, -60), (0, -54), (34, -60), (36, -26), (0, -18), (-36, -26))

    def stripe(pen: Pen) -> None:
        pen.line(smooth((-42, -30), (0, -23), (42, -30), closed=False), accent, 7)

    head.fill(band, tone, pattern=stripe, shade=0.16)


def _paint_moustache(head: Pen, tone: Colour, _accent: Colour) -> None:
    for side in (-1, 1):
        curl = smooth((0, 15), (side * 12, 11), (side * 24, 17), (side * 36, 14), (side * 40, 4),
                      (side * 34, 2), closed=False)  # fmt: skip
        head.fill(tube(curl, (11, 14, 12, 8, 5, 3)), tone, shade=0.14)
    head.fill(ellipse(0, 14, 6, 5), tone, shade=0, line=0)


def _paint_apron(body: Pen, tone: Colour, accent: Colour) -> None:
    for side in (-1, 1):
        body.line(points((side * 14, -84), (side * 19, -103)), tone, 5)
    apron = smooth((-17, -87), (0, -86), (17, -87), (20, -70), (32, -58), (36, -30), (34, -16),
                   (0, -12), (-34, -16), (-36, -30), (-32, -58), (-20, -70))  # fmt: skip

    def hem(pen: Pen) -> None:
        pen.line(smooth((-40, -22), (0, -18), (40, -22), closed=False), accent, 5)
        pen.fill(rounded(-15, -54, 15, -33, 7), lighter(tone, 0.3), shade=0, line=0.8)
        pen.line(points((-15, -49), (15, -49)), accent, 4)

    body.fill(apron, tone, pattern=hem, shade=0.07)
    body.line(smooth((-33, -60), (0, -56), (33, -60), closed=False), accent, 4.5)


def _paint_pan(hand: Pen, tone: Colour, accent: Colour) -> None:
    pan = hand.at(0, 0, 14)
    pan.fill(tube(points((0, 14), (0, -24)), 9), accent)
    pan.fill(ellipse(0, -52, 31, 30), tone)
    pan.fill(ellipse(0, -52, 25, 24), lighter(tone, 0.2), line=0.7, shade=0.1)
    pan.fill(cloud(-1, -52, 18, 17, 6, 0.12), (255, 254, 248), shade=0, line=0.6)
    pan.fill(ellipse(1, -53, 8, 7.4), (255, 190, 58), line=0.5)
    pan.tint(ellipse(-2, -56, 2.4), (255, 255, 255), 0.8)


WORN = (
    Item("tall hat", "head", {"hat": _paint_hat}, WHITES, KITCHEN),
    Item(
        "curled moustache", "face", {"face": _paint_moustache},
        ((60, 44, 46), (104, 64, 44), (196, 104, 54), (150, 150, 160)), KITCHEN,
    ),
    Item("apron", "chest", {"chest": _paint_apron}, (*WHITES, *KITCHEN), KITCHEN),
    Item(
        "frying pan", "hand", {"held": _paint_pan},
        ((76, 76, 90), (98, 86, 90), (190, 104, 74)), ((140, 92, 62), (60, 58, 70)),
    ),
)  # fmt: skip
