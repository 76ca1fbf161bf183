"""The clown: curly wig, red nose, ruff, big shoes."""

from __future__ import annotations

from backend.parade.outfits import Item
from backend.parade.pen import Colour, Pen, lighter
from backend.parade.shapes import cloud, ellipse, smooth

CANDY: tuple[Colour, ...] = (
    (240, 96, 84), (252, 164, 64), (250, 206, 78), (104, 196, 116), (76, 180, 226),
    (164, 118, 224), (242, 124, 178),
)  # fmt: skip


def _paint_wig_behind(head: Pen, tone: Colour, _accent: Colour) -> None:
    for side in (-1, 1):
        head.fill(cloud(side * 41, -8, 25, 29, 9, 0.1), tone)


def _paint_wig_front(head: Pen, tone: Colour, accent: Colour) -> None:
    for side in (-1, 1):
        head.fill(cloud(side * 40, -17, 17, 16, 7, 0.1), lighter(tone, 0.12), shade=0.2)
    crown = smooth((-17, -36), (-15, -60), (0, -66), (15, -60), (17, -36), (0, -32))

    def band(pen: Pen) -> None:
        pen.line(smooth((-20, -42), (0, -38), (20, -42), closed=False), (250, 246, 238), 7)

    head.fill(crown, accent, pattern=band)
    brim = smooth((-29, -37), (0, -35), (29, -37), (20, -30), (0, -28), (-20, -30))
    head.fill(brim, accent)
    petals = head.at(13, -63)
    petals.fill(cloud(0, 0, 9.5, 9.5, 6, 0.22), (255, 250, 240), shade=0)
    petals.fill(ellipse(0, 0, 3.6), (250, 200, 70), shade=0, line=0)


def _paint_nose(head: Pen, tone: Colour, _accent: Colour) -> None:
    head.fill(ellipse(0, 8, 12.5, 12), tone, shade=0.2)
    head.tint(ellipse(-4, 3.5, 3.6, 2.8), (255, 255, 255), 0.85)


def _paint_ruff(body: Pen, tone: Colour, accent: Colour) -> None:
    for y, radius_x, radius_y, colour in ((-90, 42, 15, tone), (-95, 33, 10, accent)):
        body.fill(cloud(0, y, radius_x, radius_y, 13, 0.11), colour, shade=0.2)
    for y in (-70, -55):
        body.fill(cloud(0, y, 6.5, 6.5, 8, 0.12), accent)


def _paint_shoe(foot: Pen, tone: Colour, accent: Colour) -> None:
    shoe = smooth((-13, -10), (2, -13), (12, -14), (26, -18), (40, -8), (38, 4), (12, 6), (-12, 5))

    def sole_and_cap(pen: Pen) -> None:
        pen.fill(ellipse(34, -6, 14, 15), accent, shade=0, line=0.8)
        pen.line(smooth((-16, 4), (12, 5), (42, 3), closed=False), (250, 246, 238), 4.5)

    foot.fill(shoe, tone, pattern=sole_and_cap)
    foot.tint(smooth((27, -13), (33, -13), (36, -8), (31, -9)), (255, 255, 255), 0.8)
    foot.line(smooth((4, -11), (9, -4), closed=False), (250, 246, 238), 2.2)
    foot.line(smooth((11, -12), (15, -5), closed=False), (250, 246, 238), 2.2)


WORN = (
    Item(
        "curly wig", "head", {"hair": _paint_wig_behind, "hat": _paint_wig_front}, CANDY, CANDY,
        replaces_hair=True,
    ),
    Item("red nose", "nose", {"face": _paint_nose}, ((232, 56, 60), (240, 80, 70)), CANDY),
    Item("ruff", "neck", {"neck": _paint_ruff}, (*CANDY, (252, 248, 240)), CANDY),
    Item("big shoes", "feet", {"foot": _paint_shoe}, CANDY, CANDY),
)  # fmt: skip
