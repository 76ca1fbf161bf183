"""Outlines of things: round and pointed ones, hands, animals, plants, and what people make."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from backend.parade.shapes import Points, cloud, ellipse, points, rounded, smooth, star, tube

Dice = np.random.Generator
Thing = Callable[[Dice], list[Points]]
"""Outlines that are filled together, within about −1 to 1 across and down."""


def _regular(corners: int) -> Thing:
    def outline(dice: Dice) -> list[Points]:
        turn = np.linspace(0, 2 * np.pi, corners, endpoint=False) - np.pi / 2
        return [np.stack([np.cos(turn), np.sin(turn)], axis=1)]

    return outline


def _disc(dice: Dice) -> list[Points]:
    return [ellipse(0, 0, 1)]


def _oval(dice: Dice) -> list[Points]:
    return [ellipse(0, 0, 1, dice.uniform(0.35, 0.65))]


def _bar(dice: Dice) -> list[Points]:
    height = dice.uniform(0.2, 0.5)
    return [rounded(-1, -height, 1, height, dice.uniform(0, 0.2))]


def _star(dice: Dice) -> list[Points]:
    return [star(0, 0, 1, 5, dice.uniform(0.35, 0.55))]


def _sun(dice: Dice) -> list[Points]:
    return [star(0, 0, 1, int(dice.integers(9, 16)), dice.uniform(0.55, 0.8))]


def _heart(dice: Dice) -> list[Points]:
    low = dice.uniform(0.8, 1)
    return [smooth((0, -0.45), (0.45, -0.85), (0.95, -0.45), (0.6, 0.25), (0, low),
                   (-0.6, 0.25), (-0.95, -0.45), (-0.45, -0.85))]  # fmt: skip


def _bow(dice: Dice) -> list[Points]:
    """A bent stroke that is thin at both ends: a banana, a moon, a smile."""
    bend, width = dice.uniform(0.4, 0.9), dice.uniform(0.3, 0.6)
    path = smooth((-1, -bend / 2), (-0.5, bend / 3), (0, bend / 2), (0.5, bend / 3),
                  (1, -bend / 2), closed=False)  # fmt: skip
    return [tube(path, (0.08, width * 0.8, width, width * 0.8, 0.08))]


def _cross(dice: Dice) -> list[Points]:
    half = dice.uniform(0.15, 0.35)
    return [rounded(-1, -half, 1, half, 0), rounded(-half, -1, half, 1, 0)]


def _arrow(dice: Dice) -> list[Points]:
    half, head = dice.uniform(0.12, 0.3), dice.uniform(0, 0.4)
    return [rounded(-1, -half, head, half, 0), points((head, -0.7), (1, 0), (head, 0.7))]


def _drop(dice: Dice) -> list[Points]:
    neck = dice.uniform(0.15, 0.4)
    return [smooth((0, -1), (neck, -0.4), (0.65, 0.35), (0, 0.95), (-0.65, 0.35), (-neck, -0.4))]


def _apple(dice: Dice) -> list[Points]:
    stem = tube(points((0, -0.6), (dice.uniform(-0.2, 0.2), -1)), 0.12)
    return [smooth((0, -0.6), (0.5, -0.78), (0.9, -0.2), (0.55, 0.75), (0, 0.7), (-0.55, 0.75),
                   (-0.9, -0.2), (-0.5, -0.78)), stem]  # fmt: skip


def _leaf(dice: Dice) -> list[Points]:
    wide = dice.uniform(0.3, 0.55)
    blade = smooth((0, -1), (wide, -0.2), (wide * 0.7, 0.4), (0, 0.7), (-wide * 0.7, 0.4),
                   (-wide, -0.2))  # fmt: skip
    return [blade, tube(points((0, 0.5), (0.1, 1)), 0.1)]


def _bush(dice: Dice) -> list[Points]:
    return [cloud(0, 0, 1, dice.uniform(0.5, 0.9), int(dice.integers(6, 12)), 0.12)]


def _flower(dice: Dice) -> list[Points]:
    turns = np.linspace(0, 2 * np.pi, int(dice.integers(5, 9)), endpoint=False)
    return [ellipse(0.62 * np.cos(a), 0.62 * np.sin(a), 0.34) for a in turns]


def _tree(dice: Dice) -> list[Points]:
    return [cloud(0, -0.35, 0.8, 0.65, 8), rounded(-0.14, 0, 0.14, 1, 0.05)]


def _fir(dice: Dice) -> list[Points]:
    tiers = [points((0, -1 + 0.5 * n), (0.5 + 0.15 * n, -0.3 + 0.5 * n),
                    (-0.5 - 0.15 * n, -0.3 + 0.5 * n)) for n in range(3)]  # fmt: skip
    return [*tiers, rounded(-0.12, 0.6, 0.12, 1, 0)]


def _mushroom(dice: Dice) -> list[Points]:
    cap = smooth((-1, 0), (-0.7, -0.7), (0, -1), (0.7, -0.7), (1, 0), (0, 0.15))
    return [cap, rounded(-0.3, 0, 0.3, 1, 0.2)]


def _hand(fingers: int) -> Thing:
    """A palm with stretched fingers, the others folded; five are with the thumb."""

    def outline(dice: Dice) -> list[Points]:
        palm = [smooth((-0.42, 0), (0, -0.12), (0.42, 0), (0.45, 0.5), (0.25, 0.8),
                       (-0.25, 0.8), (-0.45, 0.5))]  # fmt: skip
        palm.append(rounded(-0.24, 0.6, 0.24, 1.3, 0.1))
        spread, width = dice.uniform(0.2, 0.6), dice.uniform(0.17, 0.24)
        first = 0 if fingers >= 4 else int(dice.integers(0, 5 - max(fingers, 1)))
        for number in range(first, first + min(fingers, 4)):
            root = -0.33 + 0.22 * number
            turn = (number - 1.5) / 1.5 * spread
            length = dice.uniform(0.75, 0.95) * (0.85 if number in (0, 3) else 1)
            tip = (root + length * np.sin(turn), 0.1 - length * np.cos(turn))
            palm.append(tube(points((root, 0.15), tip), width))
        if fingers == 5:
            palm.append(tube(points((0.35, 0.45), (0.95, dice.uniform(-0.15, 0.15))), width * 1.1))
        return palm

    return outline


def _beast(neck: float, legs: float, trunk: bool = False, mane: bool = False) -> Thing:
    """An animal on four legs, seen from the side."""

    def outline(dice: Dice) -> list[Points]:
        length, stand = dice.uniform(0.55, 0.7), legs * dice.uniform(0.85, 1.15)
        body = [ellipse(0, 0.1, length, dice.uniform(0.28, 0.36))]
        for foot in (-0.85, -0.55, 0.55, 0.85):
            hip = foot * length * 0.9
            step = hip + dice.uniform(-0.1, 0.1)
            body.append(tube(points((hip, 0.2), (step, 0.2 + stand)), 0.17))
        reach = neck * dice.uniform(0.85, 1.15)
        head = (length + 0.15 + reach * 0.35, -0.05 - reach)
        body.append(tube(points((length * 0.75, 0.05), head), (0.35, 0.2)))
        size = 0.2 if not trunk else 0.3
        body.append(ellipse(head[0] + 0.08, head[1], size * 1.25, size))
        if mane:
            body.append(cloud(head[0] + 0.02, head[1], 0.42, 0.42, 10))
        if trunk:
            x, y = head
            body.append(tube(smooth((x + 0.25, y), (x + 0.42, y + 0.4), (x + 0.4, y + 0.8),
                                    closed=False), (0.2, 0.1)))  # fmt: skip
            body.append(ellipse(x - 0.15, y, 0.25, 0.3))
        tail = (-length - dice.uniform(0.1, 0.3), dice.uniform(-0.2, 0.5))
        return [*body, tube(points((-length * 0.9, 0), tail), 0.08)]

    return outline


def _fish(dice: Dice) -> list[Points]:
    return [ellipse(0.1, 0, 0.75, dice.uniform(0.3, 0.5)), points((-0.5, 0), (-1, -0.5), (-1, 0.5))]


def _bird(dice: Dice) -> list[Points]:
    wing = points((-0.3, 0), (0.3, 0), (dice.uniform(-0.5, 0.2), -0.9))
    return [ellipse(0, 0.1, 0.65, 0.3), ellipse(0.65, -0.15, 0.24), wing,
            points((0.85, -0.2), (1.1, -0.12), (0.85, -0.05)),
            points((-0.5, 0.1), (-1, -0.1), (-1, 0.25))]  # fmt: skip


def _butterfly(dice: Dice) -> list[Points]:
    low = dice.uniform(0.3, 0.45)
    wings = [
        ellipse(side * 0.5, y, 0.45, r) for side in (-1, 1) for y, r in ((-0.4, 0.5), (0.45, low))
    ]
    return [*wings, ellipse(0, 0, 0.1, 0.8)]


def _house(dice: Dice) -> list[Points]:
    return [rounded(-0.75, -0.1, 0.75, 0.9, 0), points((-1, -0.1), (0, -1), (1, -0.1))]


def _bottle(dice: Dice) -> list[Points]:
    neck, wide = dice.uniform(0.1, 0.18), dice.uniform(0.3, 0.42)
    return [smooth((-neck, -0.5), (-wide, -0.1), (-wide, 0.9), (wide, 0.9), (wide, -0.1),
                   (neck, -0.5)), rounded(-neck, -1, neck, -0.3, 0.03)]  # fmt: skip


def _cup(dice: Dice) -> list[Points]:
    narrow = dice.uniform(0.35, 0.6)
    handle = smooth((0.5, -0.4), (0.95, -0.35), (0.95, 0.25), (0.5, 0.4), closed=False)
    return [points((-0.65, -0.7), (0.65, -0.7), (narrow, 0.8), (-narrow, 0.8)), tube(handle, 0.14)]


def _car(dice: Dice) -> list[Points]:
    roof = dice.uniform(0.45, 0.65)
    return [rounded(-1, -0.1, 1, 0.4, 0.15),
            points((-roof - 0.1, -0.05), (-0.4, -0.55), (0.35, -0.55), (roof, -0.05)),
            ellipse(-0.55, 0.42, 0.24), ellipse(0.55, 0.42, 0.24)]  # fmt: skip


def _pen(dice: Dice) -> list[Points]:
    half = dice.uniform(0.08, 0.16)
    return [rounded(-1, -half, 0.75, half, 0.03), points((0.73, -half), (1.1, 0), (0.73, half))]


def _glasses(dice: Dice) -> list[Points]:
    size = dice.uniform(0.32, 0.42)
    bridge = tube(points((-0.2, 0), (0.2, 0)), 0.1)
    return [ellipse(-0.55, 0, size, 0.36), ellipse(0.55, 0, size, 0.36), bridge]


def _person(dice: Dice) -> list[Points]:
    reach = dice.uniform(-0.6, 0.5)
    limbs = [tube(points((side * 0.1, -0.3), (side * 0.6, reach)), 0.16) for side in (-1, 1)]
    feet = [tube(points((side * 0.1, 0.2), (side * dice.uniform(0.15, 0.4), 1)), 0.2)
            for side in (-1, 1)]  # fmt: skip
    return [ellipse(0, -0.75, 0.26), rounded(-0.25, -0.5, 0.25, 0.4, 0.1), *limbs, *feet]


THINGS: dict[str, Thing] = {
    "disc": _disc, "oval": _oval, "bar": _bar, "triangle": _regular(3), "square": _regular(4),
    "pentagon": _regular(5), "star": _star, "sun": _sun, "heart": _heart, "bow": _bow,
    "cross": _cross, "arrow": _arrow, "drop": _drop, "apple": _apple, "leaf": _leaf,
    "bush": _bush, "flower": _flower, "tree": _tree, "fir": _fir, "mushroom": _mushroom,
    **{f"hand {fingers}": _hand(fingers) for fingers in range(6)},
    "long neck": _beast(1.0, 0.9), "trunk": _beast(0.25, 0.6, trunk=True),
    "mane": _beast(0.35, 0.65, mane=True), "horse": _beast(0.5, 0.75), "dog": _beast(0.25, 0.45),
    "fish": _fish, "bird": _bird, "butterfly": _butterfly, "house": _house, "bottle": _bottle,
    "cup": _cup, "car": _car, "pen": _pen, "glasses": _glasses, "person": _person,
}  # fmt: skip
