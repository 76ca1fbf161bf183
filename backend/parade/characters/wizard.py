"""The wizard: pointed hat, long beard, star cloak, magic cane."""

from __future__ import annotations

from backend.parade.outfits import Item
from backend.parade.pen import Colour, Pen, lighter
from backend.parade.shapes import ellipse, smooth, star, tube

NIGHT_COLOURS: tuple[Colour, ...] = (
    (92, 76, 168), (58, 88, 168), (130, 66, 150), (40, 122, 128), (150, 58, 96), (64, 116, 84),
)  # fmt: skip
GOLDS: tuple[Colour, ...] = ((255, 206, 84), (255, 232, 150), (248, 178, 74), (226, 232, 250))


def _paint_hat(head: Pen, tone: Colour, accent: Colour) -> None:
    cone = smooth(
        (-33, -28), (-22, -58), (-8, -92), (10, -112), (32, -112), (22, -100), (20, -80), (29, -52),
        (34, -28), (0, -20),
    )  # fmt: skip

    def trimmings(pen: Pen) -> None:
        pen.fill(star(-9, -56, 9), accent, shade=0, line=0)
        pen.fill(star(11, -82, 6), accent, shade=0, line=0)
        pen.fill(star(17, -52, 5), accent, shade=0, line=0)
        pen.line(smooth((-38, -33), (0, -25), (38, -33), closed=False), accent, 8)

    brim = smooth((-60, -22), (-34, -32), (0, -25), (34, -32), (60, -22), (38, -14), (0, -11),
                  (-38, -14))  # fmt: skip
    head.fill(brim, tone)
    head.fill(cone, tone, pattern=trimmings)
    front = smooth((-60, -22), (-32, -24), (0, -19), (32, -24), (60, -22), (36, -13), (0, -9),
                   (-36, -13))  # fmt: skip
    head.fill(front, lighter(tone, 0.1), shade=0.2)


def _paint_beard(head: Pen, tone: Colour, _accent: Colour) -> None:
    beard = smooth(
        (-37, 4), (-26, 15), (-12, 13), (0, 15), (12, 13), (26, 15), (37, 4), (39, 24), (31, 46),
        (20, 60), (9, 82), (-3, 88), (-6, 78), (-22, 62), (-33, 44), (-39, 24),
    )  # fmt: skip

    def strands(pen: Pen) -> None:
        for x, bend in ((-19, -4), (-4, 3), (12, 2), (24, 5)):
            lock = smooth((x, 34), (x * 0.8 + bend, 50), (x * 0.45, 70), closed=False)
            pen.line(lock, lighter(tone, 0.5) if sum(tone) < 600 else (208, 206, 222), 2.4)

    head.fill(beard, tone, shade=0.1, pattern=strands)
    head.fill(ellipse(0, 23, 8, 4.6), (150, 58, 72), shade=0, line=0.7)
    for side in (-1, 1):
        moustache = smooth((0, 14), (side * 10, 11), (side * 22, 15), (side * 31, 10),
                           (side * 26, 22), (side * 12, 23))  # fmt: skip
        head.fill(moustache, lighter(tone, 0.25), shade=0.16)


def _paint_cloak_behind(body: Pen, tone: Colour, accent: Colour) -> None:
    cloak = smooth(
        (-20, -102), (20, -102), (44, -88), (60, -44), (68, -9), (40, -4), (16, -8), (-4, -3),
        (-28, -8), (-66, -6), (-60, -44), (-44, -88),
    )  # fmt: skip

    def stars(pen: Pen) -> None:
        for x, y, size in ((-50, -24, 6), (52, -30, 7), (-46, -58, 5), (46, -64, 5), (28, -16, 5),
                           (-24, -18, 6), (2, -20, 5)):  # fmt: skip
            pen.fill(star(x, y, size), accent, shade=0, line=0)

    body.fill(cloak, tone, pattern=stars, shade=0.08)


def _paint_cloak_collar(body: Pen, tone: Colour, accent: Colour) -> None:
    for side in (-1, 1):
        flap = smooth((0, -94), (side * 16, -104), (side * 36, -96), (side * 40, -72),
                      (side * 26, -76), (side * 10, -86))  # fmt: skip
        body.fill(flap, tone)
    body.fill(ellipse(0, -90, 5.5), accent)


def _paint_cane(hand: Pen, tone: Colour, accent: Colour) -> None:
    shaft = smooth((-4, 62), (1, 20), (-2, -20), (3, -50), closed=False)
    hand.fill(tube(shaft, (7, 7.5, 8)), tone)
    claw = smooth((-8, -48), (4, -44), (15, -52), (17, -64), (10, -56), (3, -54), (-5, -58),
                  (-12, -66))  # fmt: skip
    hand.fill(claw, tone)
    hand.fill(star(3, -70, 18, depth=0.55), accent)


WORN = (
    Item("pointed hat", "head", {"hat": _paint_hat}, NIGHT_COLOURS, GOLDS),
    Item(
        "long beard", "face", {"face": _paint_beard},
        ((240, 238, 246), (206, 204, 216), (226, 196, 148), (190, 120, 80)), GOLDS,
    ),
    Item(
        "star cloak", "back",
        {"behind": _paint_cloak_behind, "neck": _paint_cloak_collar}, NIGHT_COLOURS, GOLDS,
    ),
    Item(
        "magic cane", "hand", {"held": _paint_cane},
        ((146, 98, 66), (108, 78, 70), (188, 140, 92)), GOLDS,
    ),
)  # fmt: skip
