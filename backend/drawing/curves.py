"""Small line plots, as SVG, for curves of a few hundred points at most."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

WIDTH, HEIGHT = 480, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 34, 88
LINE_HEIGHT = 18
STROKES = (
    # Okabe and Ito's colours, which everybody can tell apart, and a dash pattern for print.
    ("#0072b2", ""),
    ("#d55e00", "7 4"),
    ("#009e73", "2 4"),
    ("#cc79a7", "10 3 2 3"),
    ("#000000", "1 3"),
    ("#e69f00", "12 4"),
)


@dataclass(frozen=True)
class Curve:
    """A line of a plot.

    Attributes:
        name: what it is called in the legend.
        xs, ys: as many numbers each, at least one; places without a finite `y` are gaps.
    """

    name: str
    xs: Sequence[float]
    ys: Sequence[float]


def plot(title: str, across: str, up: str, curves: Sequence[Curve]) -> str:
    """An SVG element with axes, ticks and legend.

    Args:
        title: what the plot shows; also its description for screen readers.
        across, up: what the axes are, with units.
        curves: at least one; all texts are escaped.
    """
    points = [(x, y) for curve in curves for x, y in _finite(curve)]
    frame = _Frame.around(points, lines=len(curves))
    title = html.escape(title)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {frame.height}" '
        f'width="{WIDTH}" height="{frame.height}" role="img" aria-label="{title}" '
        'font-family="system-ui, sans-serif" font-size="13" fill="#21212d">',
        f'<rect width="{WIDTH}" height="{frame.height}" fill="#fff"/>',
        f'<text x="{LEFT}" y="20" font-weight="600">{title}</text>',
        *_axes(frame, html.escape(across), html.escape(up)),
    ]
    for index, (curve, stroke) in enumerate(zip(curves, cycle(STROKES), strict=False)):
        parts += _line(frame, curve, *stroke)
        parts += _legend(index, curve, *stroke)
    return "\n".join([*parts, "</svg>"])


def ticks(low: float, high: float) -> list[float]:
    """About five round numbers (1, 2 or 5 times a power of ten) from `low` to `high`."""
    rough = (high - low) / 5
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(count * step, 12) for count in range(first, last + 1)]


@dataclass(frozen=True)
class _Frame:
    """Where numbers lie on paper."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    height: int

    @classmethod
    def around(cls, points: Sequence[tuple[float, float]], lines: int) -> "_Frame":
        xs, ys = zip(*points, strict=True) if points else ((0.0, 1.0), (0.0, 1.0))
        # Zero belongs to the picture, so that small changes do not look large.
        y_low, y_high = min(0.0, *ys), max(0.0, *ys)
        height = HEIGHT + LINE_HEIGHT * (lines - 1)
        return cls(*_apart(min(xs), max(xs)), *_apart(y_low, y_high), height)

    @property
    def bottom(self) -> float:
        return HEIGHT - BOTTOM

    def x(self, value: float) -> float:
        share = (value - self.x_low) / (self.x_high - self.x_low)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        share = (value - self.y_low) / (self.y_high - self.y_low)
        return round(self.bottom - share * (self.bottom - TOP), 1)


def _apart(low: float, high: float) -> tuple[float, float]:
    return (low, high) if high > low else (low, low + 1)


def _finite(curve: Curve) -> list[tuple[float, float]]:
    pairs = zip(curve.xs, curve.ys, strict=True)
    return [(float(x), float(y)) for x, y in pairs if math.isfinite(x) and math.isfinite(y)]


def _axes(frame: _Frame, across: str, up: str) -> list[str]:
    parts = []
    right, bottom = WIDTH - RIGHT, frame.bottom
    for value in ticks(frame.y_low, frame.y_high):
        y = frame.y(value)
        parts.append(f'<path d="M{LEFT} {y}H{right}" stroke="#d9d9e3"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{value:g}</text>')
    for value in ticks(frame.x_low, frame.x_high):
        x = frame.x(value)
        parts.append(f'<path d="M{x} {bottom}v5" stroke="#21212d"/>')
        parts.append(f'<text x="{x}" y="{bottom + 19}" text-anchor="middle">{value:g}</text>')
    parts.append(f'<path d="M{LEFT} {TOP}V{bottom}H{right}" stroke="#21212d" fill="none"/>')
    middle = (TOP + bottom) / 2
    parts.append(
        f'<text x="16" y="{middle}" text-anchor="middle" '
        f'transform="rotate(-90 16 {middle})">{up}</text>'
    )
    parts.append(
        f'<text x="{(LEFT + right) / 2}" y="{bottom + 38}" text-anchor="middle">{across}</text>'
    )
    return parts


def _line(frame: _Frame, curve: Curve, colour: str, dashes: str) -> list[str]:
    """The curve in unbroken pieces; a point between two gaps becomes a dot."""
    pieces: list[list[str]] = [[]]
    for x, y in zip(curve.xs, curve.ys, strict=True):
        if math.isfinite(x) and math.isfinite(y):
            pieces[-1].append(f"{frame.x(x)},{frame.y(y)}")
        elif pieces[-1]:
            pieces.append([])
    parts = []
    for piece in filter(None, pieces):
        if len(piece) == 1:
            across, up = piece[0].split(",")
            parts.append(f'<circle cx="{across}" cy="{up}" r="3.5" fill="{colour}"/>')
        else:
            parts.append(f'<polyline points="{" ".join(piece)}" {_stroke(colour, dashes)}/>')
    return parts


def _legend(index: int, curve: Curve, colour: str, dashes: str) -> list[str]:
    y = HEIGHT - BOTTOM + 60 + LINE_HEIGHT * index
    return [
        f'<path d="M{LEFT} {y}h36" {_stroke(colour, dashes)}/>',
        f'<text x="{LEFT + 44}" y="{y + 4}">{html.escape(curve.name)}</text>',
    ]


def _stroke(colour: str, dashes: str) -> str:
    pattern = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'fill="none" stroke="{colour}" stroke-width="2.5" stroke-linejoin="round"{pattern}'
