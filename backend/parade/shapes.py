"""Outlines of round and friendly shapes, as arrays of points (N, 2): x to the right, y down."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Points = np.ndarray


def points(*pairs: tuple[float, float]) -> Points:
    """Corners as given."""
    return np.array(pairs, dtype=float)


def ellipse(x: float, y: float, radius_x: float, radius_y: float | None = None) -> Points:
    """An ellipse around (x, y); a circle if only one radius is given."""
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    vertical = radius_x if radius_y is None else radius_y
    return np.stack([x + radius_x * np.cos(turn), y + vertical * np.sin(turn)], axis=1)


def arc(x: float, y: float, radius_x: float, radius_y: float, start: float, end: float) -> Points:
    """A piece of an ellipse's edge; degrees, clockwise from the right."""
    turn = np.radians(np.linspace(start, end, 20))
    return np.stack([x + radius_x * np.cos(turn), y + radius_y * np.sin(turn)], axis=1)


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> Points:
    """A rectangle with round corners."""
    radius = min(radius, (right - left) / 2, (bottom - top) / 2)
    corners = [
        (right - radius, top + radius, -90),
        (right - radius, bottom - radius, 0),
        (left + radius, bottom - radius, 90),
        (left + radius, top + radius, 180),
    ]
    return np.concatenate([arc(x, y, radius, radius, a, a + 90) for x, y, a in corners])


def smooth(*pairs: tuple[float, float], closed: bool = True, steps: int = 8) -> Points:
    """A soft curve through all the points (Catmull-Rom spline)."""
    knots = np.array(pairs, dtype=float)
    if closed:
        padded = np.concatenate([knots[-1:], knots, knots[:2]])
    else:
        padded = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    before, start, end, after = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    time = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (knot[:, None, :] for knot in (before, start, end, after))
    curve = 0.5 * (
        2 * b
        + (c - a) * time
        + (2 * a - 5 * b + 4 * c - d) * time**2
        + (3 * b - a - 3 * c + d) * time**3
    )
    flat = curve.reshape(-1, 2)
    return flat if closed else np.concatenate([flat, knots[-1:]])


def tube(path: Points, widths: Sequence[float] | float, caps: bool = True) -> Points:
    """The outline of a brush stroke along an open path, with round ends.

    `widths` are spread evenly along the path.
    """
    given = np.atleast_1d(np.asarray(widths, dtype=float))
    radius = (
        np.interp(np.linspace(0, 1, len(path)), np.linspace(0, 1, len(given)), given)[:, None] / 2
    )
    direction = np.gradient(path, axis=0)
    direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-9)
    normal = np.stack([-direction[:, 1], direction[:, 0]], axis=1)
    left, right = path + normal * radius, path - normal * radius
    if not caps:
        return np.concatenate([left, right[::-1]])
    half_turn = np.linspace(0, np.pi, 9)[1:-1, None]
    end = path[-1] + radius[-1] * (
        normal[-1] * np.cos(half_turn) + direction[-1] * np.sin(half_turn)
    )
    start = path[0] + radius[0] * (
        -normal[0] * np.cos(half_turn) - direction[0] * np.sin(half_turn)
    )
    return np.concatenate([left, end, right[::-1], start])


def star(x: float, y: float, radius: float, spikes: int = 5, depth: float = 0.48) -> Points:
    """A star with one spike pointing up."""
    turn = np.linspace(-np.pi / 2, 1.5 * np.pi, 2 * spikes, endpoint=False)
    reach = np.where(np.arange(2 * spikes) % 2 == 0, radius, radius * depth)
    return np.stack([x + reach * np.cos(turn), y + reach * np.sin(turn)], axis=1)


def cloud(
    x: float, y: float, radius_x: float, radius_y: float, bumps: int, depth: float = 0.12
) -> Points:
    """An ellipse with a bumpy edge: curls, bushes, foam."""
    turn = np.linspace(0, 2 * np.pi, bumps * 10, endpoint=False)
    reach = 1 - depth + 2 * depth * np.abs(np.sin(turn * bumps / 2))
    return np.stack(
        [x + radius_x * reach * np.cos(turn), y + radius_y * reach * np.sin(turn)], axis=1
    )
