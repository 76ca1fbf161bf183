"""Surfaces: stripes, dots, fur, cells and others, each different every time it is thrown."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

Field = np.ndarray
"""(side, side) float32, mostly from 0 to 1: how much of the second colour is where."""
Dice = np.random.Generator
Texture = Callable[[Field, Field, Dice], Field]
"""From coordinates across and down, in steps of the pattern, to its field."""


def noise(dice: Dice, side: int, cells: int, rows: int | None = None) -> Field:
    """Soft hills by chance, 0 to 1: `cells` across and as many (or `rows`) down."""
    grid = Image.fromarray(dice.random((rows or cells, cells), np.float32))
    hills = np.asarray(grid.resize((side, side), Image.Resampling.BICUBIC))
    return hills.clip(0, 1)


def _edge(field: Field, dice: Dice) -> Field:
    """Make a wave around 0 harder or softer, and bring it to 0 to 1."""
    return (field * dice.uniform(0.6, 4) + 0.5).clip(0, 1)


def _layers(dice: Dice, side: int, roughness: float) -> Field:
    """Noise of many sizes at once, as clouds and stone have it: 0 to 1."""
    total, weight, weights = np.zeros((side, side), np.float32), 1.0, 0.0
    for cells in (3, 6, 12, 24, 48):
        total += weight * noise(dice, side, cells)
        weights += weight
        weight *= roughness
    return ((total / weights - 0.5) * 2 + 0.5).clip(0, 1)


def _plain(u: Field, v: Field, dice: Dice) -> Field:
    return np.full_like(u, dice.uniform(0, 0.2))


def _fade(u: Field, v: Field, dice: Dice) -> Field:
    slope = u - u.min()
    return slope / slope.max()


def _stripes(u: Field, v: Field, dice: Dice) -> Field:
    return _edge(np.sin(2 * np.pi * u) + dice.uniform(-0.5, 0.5), dice)


def _zebra(u: Field, v: Field, dice: Dice) -> Field:
    bend = (noise(dice, len(u), 4) - 0.5) * dice.uniform(1.5, 4)
    return _edge(2 * np.sin(2 * np.pi * (u + bend)) + dice.uniform(-0.5, 0.5), dice)


def _checks(u: Field, v: Field, dice: Dice) -> Field:
    return _edge(2 * np.sin(np.pi * u) * np.sin(np.pi * v), dice)


def _plaid(u: Field, v: Field, dice: Dice) -> Field:
    return ((np.sin(2 * np.pi * u) > 0.3) * 0.5 + (np.sin(2 * np.pi * v) > 0.3) * 0.5).astype(
        np.float32
    )


def _dots(u: Field, v: Field, dice: Dice) -> Field:
    row = np.floor(v)
    away = np.hypot((u + 0.5 * (row % 2)) % 1 - 0.5, v % 1 - 0.5)
    return _edge((dice.uniform(0.18, 0.38) - away) * 8, dice)


def _rings(u: Field, v: Field, dice: Dice) -> Field:
    return _edge(np.sin(2 * np.pi * np.hypot(u - dice.normal(), v - dice.normal())), dice)


def _rays(u: Field, v: Field, dice: Dice) -> Field:
    turn = np.arctan2(v - dice.normal(), u - dice.normal())
    return _edge(np.sin(turn * dice.integers(4, 15)), dice)


def _bricks(u: Field, v: Field, dice: Dice) -> Field:
    row = np.floor(v)
    joint = dice.uniform(0.06, 0.16)
    across = (u / 2 + 0.5 * (row % 2)) % 1
    return ((across < joint / 2) | (v % 1 < joint)).astype(np.float32)


def _scales(u: Field, v: Field, dice: Dice) -> Field:
    row = np.floor(v)
    return np.hypot((u + 0.5 * (row % 2)) % 1 - 0.5, v % 1).clip(0, 1).astype(np.float32)


def _waves(u: Field, v: Field, dice: Dice) -> Field:
    swing = dice.uniform(0.2, 0.5) * np.sin(2 * np.pi * v / dice.uniform(1, 3))
    return _edge(np.sin(2 * np.pi * (u + swing)), dice)


def _cells(u: Field, v: Field, dice: Dice) -> Field:
    """Patches around points by chance, as on a giraffe (Worley 1996)."""
    count = int(np.ptp(u) * np.ptp(v) / 3) % 40 + 12
    at = dice.random((count, 2)) * [np.ptp(u), np.ptp(v)] + [u.min(), v.min()]
    away = np.hypot(u[..., None] - at[:, 0], v[..., None] - at[:, 1])
    nearest = np.partition(away, 1, axis=2)[..., :2]
    gap = nearest[..., 1] - nearest[..., 0]
    return (1 - gap * dice.uniform(2, 6)).clip(0, 1).astype(np.float32)


def _spots(u: Field, v: Field, dice: Dice) -> Field:
    cells = int(dice.integers(6, 24))
    return _edge((noise(dice, len(u), cells) - dice.uniform(0.55, 0.75)) * 6, dice)


def _camouflage(u: Field, v: Field, dice: Dice) -> Field:
    steps = dice.integers(2, 4)
    return np.floor(_layers(dice, len(u), 0.4) * steps) / steps


def _clouds(u: Field, v: Field, dice: Dice) -> Field:
    return _layers(dice, len(u), dice.uniform(0.3, 0.6))


def _stone(u: Field, v: Field, dice: Dice) -> Field:
    return _layers(dice, len(u), dice.uniform(0.9, 1.3))


def _grain(u: Field, v: Field, dice: Dice) -> Field:
    return dice.random(u.shape, np.float32) * dice.uniform(0.5, 1)


def _fur(u: Field, v: Field, dice: Dice) -> Field:
    few, many = int(dice.integers(5, 14)), int(dice.integers(35, 90))
    across, down = (few, many) if dice.random() < 0.5 else (many, few)
    return noise(dice, len(u), across, down)


def _wood(u: Field, v: Field, dice: Dice) -> Field:
    bend = noise(dice, len(u), 3, 2) * dice.uniform(1, 4)
    fine = noise(dice, len(u), 60, 4) * 0.4
    return ((u * 0.7 + bend) % 1 * 0.6 + fine).astype(np.float32)


TEXTURES: dict[str, Texture] = {
    "plain": _plain, "fade": _fade, "stripes": _stripes, "zebra": _zebra, "checks": _checks,
    "plaid": _plaid, "dots": _dots, "rings": _rings, "rays": _rays, "bricks": _bricks,
    "scales": _scales, "waves": _waves, "cells": _cells, "spots": _spots,
    "camouflage": _camouflage, "clouds": _clouds, "stone": _stone, "grain": _grain,
    "fur": _fur, "wood": _wood,
}  # fmt: skip


def surface(name: str, side: int, dice: Dice) -> Field:
    """A texture of this name, turned, stretched and sized by the dice: (side, side) float32."""
    down, across = (np.indices((side, side), np.float32) - side / 2) / side
    turn, steps = dice.uniform(0, 2 * np.pi), dice.uniform(2.5, 10)
    u = (np.cos(turn) * across + np.sin(turn) * down) * steps + dice.random()
    v = (np.cos(turn) * down - np.sin(turn) * across) * steps * dice.uniform(0.7, 1.4)
    return TEXTURES[name](u.astype(np.float32), (v + dice.random()).astype(np.float32), dice)
