"""A small round person, the same for every character: only what they wear tells them apart.

Body coordinates: the origin is on the ground between the feet, the body is about 170 units tall.
Head coordinates: the origin is the middle of the head, which is about 80 units wide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from backend.parade.dice import choose
from backend.parade.pen import Colour, Pen, darker, lighter, mix
from backend.parade.shapes import Points, arc, cloud, ellipse, smooth, tube

SKINS: tuple[Colour, ...] = (
    (255, 219, 190), (246, 200, 164), (229, 172, 128), (198, 134, 92), (152, 98, 68), (112, 72, 54),
)  # fmt: skip
HAIRS: tuple[Colour, ...] = (
    (58, 42, 44), (96, 60, 44), (150, 92, 50), (222, 166, 78), (206, 98, 52), (120, 120, 134),
)  # fmt: skip
CLOTHES: tuple[Colour, ...] = (
    (238, 108, 96), (250, 176, 72), (250, 214, 106), (118, 190, 118), (74, 168, 164),
    (96, 158, 222), (132, 124, 212), (232, 140, 182), (240, 236, 226), (150, 170, 184),
)  # fmt: skip
TROUSERS: tuple[Colour, ...] = (
    (64, 84, 132), (86, 92, 108), (132, 96, 74), (72, 112, 104), (122, 84, 124), (196, 168, 128),
)  # fmt: skip
SHOES: tuple[Colour, ...] = (
    (84, 70, 78), (150, 96, 66), (232, 232, 236), (196, 84, 84), (84, 118, 168),
)  # fmt: skip
DARK: Colour = (48, 36, 58)

HAIR_STYLES = ("short", "bob", "curls", "bun", "side")
PATTERNS = ("plain", "stripes", "dots", "buttons", "dungarees")
MOUTHS = ("smile", "open", "grin", "small")
FREE_HANDS = {"down": (-45, -44), "wave": (-66, -112), "hip": (-37, -54), "out": (-66, -74)}
SHOULDER = (25.0, -86.0)


@dataclass(frozen=True)
class Person:
    """What somebody looks like and how they stand."""

    skin: Colour
    hair: Colour
    hair_style: str
    shirt: Colour
    trousers: Colour
    shoes: Colour
    pattern: str
    mouth: str
    gaze: float  # where the face turns to: -1 left .. 1 right
    tilt: float  # of the head, degrees
    lean: float  # of the body, degrees
    stride: float  # how far apart the feet are: 0 .. 1
    lifted_foot: int  # -1, 0 (none), 1
    free_hand: str
    held: tuple[float, float]  # the holding hand, body coordinates

    @classmethod
    def random(cls, rng: np.random.Generator) -> Person:
        """Anybody, in any pose."""

        return cls(
            skin=choose(rng, SKINS),
            hair=choose(rng, HAIRS),
            hair_style=choose(rng, HAIR_STYLES),
            shirt=choose(rng, CLOTHES),
            trousers=choose(rng, TROUSERS),
            shoes=choose(rng, SHOES),
            pattern=choose(rng, PATTERNS),
            mouth=choose(rng, MOUTHS),
            gaze=float(rng.uniform(-1, 1)),
            tilt=float(rng.uniform(-9, 9)),
            lean=float(rng.uniform(-5, 5)),
            stride=float(rng.uniform(0, 1)),
            lifted_foot=int(rng.integers(-1, 2)),
            free_hand=choose(rng, tuple(FREE_HANDS)),
            held=(float(rng.uniform(50, 62)), float(rng.uniform(-92, -66))),
        )

    def head(self, body: Pen) -> Pen:
        """The pen in head coordinates."""
        return body.at(0, -132, self.tilt)

    def feet(self, body: Pen) -> Iterator[Pen]:
        """Pens at both ankles; toes point to the pen's right."""
        for side in (-1, 1):
            x, y = self._ankle(side)
            turn = -16 * side if self.lifted_foot == side else 0
            yield body.at(x, y, turn, mirror=side < 0)

    def hands(self, body: Pen) -> Iterator[Pen]:
        """Pens at both hands; the fingers point down the pen's y axis."""
        for side in (-1, 1):
            path = self._arm(side)
            along = path[-1] - path[-4]
            angle = np.degrees(np.arctan2(along[1], along[0])) - 90
            yield body.at(path[-1][0], path[-1][1], angle, mirror=side < 0)

    def draw_legs(self, body: Pen) -> None:
        """Both trouser legs, without shoes."""
        for side in (-1, 1):
            ankle = self._ankle(side)
            path = smooth(
                (side * 12, -46),
                ((side * 14 + ankle[0]) / 2 + side * 1.5, (ankle[1] - 46) / 2),
                (ankle[0], ankle[1] - 3),
                closed=False,
            )
            body.fill(tube(path, (23, 20, 18)), self.trousers)

    def draw_torso(self, body: Pen) -> None:
        """Shirt and the upper part of the trousers."""
        torso = smooth(
            (0, -101), (22, -96), (30, -80), (32, -56), (27, -38), (0, -34),
            (-27, -38), (-32, -56), (-30, -80), (-22, -96),
        )  # fmt: skip
        body.fill(torso, self.shirt, pattern=self._draw_clothes)

    def draw_arms(self, body: Pen, side: int) -> None:
        """One arm with its sleeve; the hand is drawn by `draw_hand`."""
        path = self._arm(side)
        body.fill(tube(path, (17, 15, 13)), self.skin)
        body.fill(tube(path[: len(path) * 2 // 3], (20, 18)), self.shirt)

    def draw_hand(self, hand: Pen) -> None:
        """A mitten of a hand."""
        hand.fill(ellipse(6, -1, 3.6, 5.2), self.skin, shade=0)
        hand.fill(ellipse(0, 2, 8.6, 9.4), self.skin)

    def draw_shoe(self, foot: Pen) -> None:
        """A plain shoe, when nothing special is on the foot."""
        shoe = smooth((-10, -9), (6, -10), (15, -3), (15, 3), (0, 4), (-10, 3))
        foot.fill(shoe, self.shoes)

    def draw_hair_behind(self, head: Pen) -> None:
        """The hair that the head hides."""
        if self.hair_style == "bob":
            shape = smooth((0, -44), (38, -30), (48, 6), (42, 36), (0, 40), (-42, 36), (-48, 6),
                           (-38, -30))  # fmt: skip
            head.fill(shape, self.hair)
        elif self.hair_style == "bun":
            head.fill(ellipse(-34, -32, 14), self.hair)
            head.fill(ellipse(34, -32, 14), self.hair)
        elif self.hair_style == "curls":
            head.fill(cloud(0, -4, 49, 43, 15, 0.06), self.hair)

    def draw_head(self, head: Pen, with_hair: bool) -> None:
        """Ears, head, face and the hair over the forehead."""
        for side in (-1, 1):
            head.fill(ellipse(side * 39, 2, 7.5, 9.5), self.skin)
            head.fill(ellipse(side * 39.5, 3, 3, 5), darker(self.skin, 0.16), shade=0, line=0)
        shape = smooth(
            (0, -39), (26, -32), (40, -8), (38, 15), (22, 32), (0, 37),
            (-22, 32), (-38, 15), (-40, -8), (-26, -32),
        )  # fmt: skip
        head.fill(shape, self.skin, shade=0.09)
        if with_hair:
            self._draw_fringe(head)
        self._draw_face(head)

    def _draw_fringe(self, head: Pen) -> None:
        if self.hair_style == "side":
            shape = smooth(
                (-41, 4), (-42, -22), (-22, -42), (6, -44), (32, -36), (42, -12), (41, 4),
                (35, -10), (22, -21), (-4, -22), (-26, -14), (-35, -4),
            )  # fmt: skip
        elif self.hair_style == "curls":
            shape = cloud(0, -34, 37, 12.5, 9, 0.14)
        else:
            shape = smooth(
                (-41, 2), (-42, -22), (-24, -41), (0, -45), (24, -41), (42, -22), (41, 2),
                (34, -12), (18, -23), (6, -20), (-8, -24), (-22, -20), (-34, -11),
            )  # fmt: skip
        head.fill(shape, self.hair, shade=0.1)
        shine = tube(arc(0, -4, 31, 32, 215, 250), (2, 4, 2))
        head.tint(shine, (255, 255, 255), 0.28)

    def _draw_face(self, head: Pen) -> None:
        face = head.at(self.gaze * 4.5, 0)
        blush = mix(self.skin, (240, 84, 92), 0.55)
        for side in (-1, 1):
            face.tint(ellipse(side * 24, 14, 7.5, 5.2), blush, 0.6)
            eye = face.at(side * 14.5 + self.gaze, -1)
            eye.fill(ellipse(0, 0, 5.6, 7.6), DARK, shade=0, line=0)
            eye.fill(ellipse(-1.8, -3, 2.3), (255, 255, 255), shade=0, line=0)
            eye.fill(ellipse(1.8, 3.2, 1.2), (214, 204, 226), shade=0, line=0)
            brow = tube(arc(side * 15, -10, 8, 6, 215, 325), (2, 3.2, 2))
            face.fill(brow, darker(self.hair, 0.25), shade=0, line=0)
        nose = mix(self.skin, (190, 72, 66), 0.34)
        face.fill(ellipse(self.gaze * 2, 9, 4.6, 3.4), nose, shade=0, line=0)
        self._draw_mouth(face.at(self.gaze, 18))

    def _draw_mouth(self, mouth: Pen) -> None:
        if self.mouth in ("smile", "small"):
            reach = 11 if self.mouth == "smile" else 6
            mouth.line(arc(0, -3, reach, 8, 15, 165), DARK, 2.6)
            return
        height = 13 if self.mouth == "open" else 8
        shape = smooth((-11, -1), (0, 0.5), (11, -1), (8, height * 0.6), (0, height * 0.85),
                       (-8, height * 0.6))  # fmt: skip
        inside = (126, 44, 62) if self.mouth == "open" else (255, 255, 255)

        def tongue(pen: Pen) -> None:
            if self.mouth == "open":
                pen.fill(ellipse(0, 11, 7, 5), (238, 112, 118), shade=0, line=0)

        mouth.fill(shape, inside, shade=0, pattern=tongue)

    def _draw_clothes(self, body: Pen) -> None:
        accent = lighter(self.shirt, 0.62) if sum(self.shirt) < 640 else (236, 128, 112)
        if self.pattern == "stripes":
            for y in range(-94, -40, 15):
                body.line(smooth((-36, y), (0, y + 4), (36, y), closed=False), accent, 6)
        elif self.pattern == "dots":
            for row, y in enumerate(range(-94, -40, 13)):
                for x in range(-35 + row % 2 * 8, 40, 16):
                    body.fill(ellipse(x, y, 3), accent, shade=0, line=0)
        elif self.pattern == "buttons":
            body.line(smooth((0, -102), (1, -40), closed=False), darker(self.shirt, 0.2), 1.6)
            for y in (-84, -70, -56):
                body.fill(ellipse(0, y, 2.8), accent, shade=0, line=0)
        belt = smooth((-40, -51), (0, -47), (40, -51), (40, -20), (-40, -20))
        body.fill(belt, self.trousers, shade=0, line=0.8)
        if self.pattern == "dungarees":
            bib = smooth(
                (-17, -77), (0, -78), (17, -77), (20, -60), (21, -44), (-21, -44), (-20, -60)
            )
            for side in (-1, 1):
                body.line(smooth((side * 15, -74), (side * 19, -102), closed=False),
                          self.trousers, 6)  # fmt: skip
            body.fill(bib, self.trousers, shade=0)
            for side in (-1, 1):
                body.fill(ellipse(side * 13, -71, 2.8), (250, 214, 106), shade=0, line=0)

    def _ankle(self, side: int) -> tuple[float, float]:
        lift = 9.0 if self.lifted_foot == side else 0.0
        return side * (13 + 9 * self.stride + lift * 0.6), -6 - lift

    def _arm(self, side: int) -> Points:
        shoulder = (side * SHOULDER[0], SHOULDER[1])
        hand = self.held if side > 0 else FREE_HANDS[self.free_hand]
        middle = ((shoulder[0] + hand[0]) / 2, (shoulder[1] + hand[1]) / 2)
        if side < 0 and self.free_hand == "hip":
            elbow = (-54.0, -66.0)
        else:
            elbow = (middle[0] + side * 3, middle[1] + (9 if hand[1] > -100 else 6))
        return smooth(shoulder, elbow, hand, closed=False)
