"""A picture of the results, as SVG: plain shapes and text, readable on light and dark pages."""

import math
from collections.abc import Callable, Iterable
from html import escape
from typing import Any

WIDTH, MARGIN = 860, 28
BAR_LEFT, BAR_RIGHT = 290, 780
ROW_PX = 30
PLOT_HEIGHT = 230
INK, FAINT, GRID = "#22223b", "#6b6b83", "#e3e3ec"
OURS, OTHERS, SECOND = "#5b3fd6", "#b9b9c9", "#e07a1f"
BARS = [
    ("keras_predict", "Keras, one predict each", OTHERS),
    ("tf_explain", "tf-explain, one batch", OTHERS),
    ("xplique", "xplique, one batch", OTHERS),
    ("in_process_whole", "Peekaboo, whole network each", SECOND),
    ("http_png", "Peekaboo over HTTP, PNG", OURS),
    ("http_raw", "Peekaboo over HTTP, raw pixels", OURS),
    ("in_process", "Peekaboo in process", OURS),
    ("in_process_fitted", "… the picture fitted before", OURS),
    ("parade_raw", "Parade classifier over HTTP", OURS),
]
"""Rows of the table, what to call them here, and their colour."""


def chart(results: dict[str, Any]) -> str:
    """Draw the table's main rows, the cost of squares and a class at once."""
    table = {row["name"]: row for row in results["table"]}
    bars = [(title, table[name], colour) for name, title, colour in BARS if name in table]
    top = 92
    below = top + ROW_PX * len(bars) + 66
    height = below + PLOT_HEIGHT + 76
    machine = results["machine"]
    where = f"{machine['processor']}, {machine['cores']} cores, {results['date'][:10]}"
    squares = _squares_of(results)
    half = (WIDTH - 3 * MARGIN) // 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" '
        'font-family="system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif">',
        f"<title>How long Peekaboo takes for {squares} squares, beside others</title>",
        f'<rect width="{WIDTH}" height="{height}" rx="16" fill="#ffffff"/>',
        _text(MARGIN, 44, f"{squares} squares, from picture to map", 21, weight=700),
        _text(MARGIN, 68, f"median, milliseconds, logarithmic · {where}", 13, FAINT),
        *_bars(bars, top),
        *_plot(
            (MARGIN, below, half),
            "Finer grids: milliseconds against squares",
            _square_lines(results["squares"]),
            logarithmic=True,
        ),
        *_plot(
            (2 * MARGIN + half, below, half),
            "A class at once: milliseconds against clients",
            _client_lines(results["clients"]),
            logarithmic=False,
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _squares_of(results: dict[str, Any]) -> str:
    title = next(row["title"] for row in results["table"] if row["name"] == "in_process")
    return title.split()[0]


def _bars(bars: list[tuple[str, dict, str]], top: int) -> Iterable[str]:
    medians = [row["median_ms"] for _, row, _ in bars if "median_ms" in row]
    low, high = 10 ** math.floor(math.log10(min(medians, default=1))), max(medians, default=10)
    scale = _scale(low, high, BAR_LEFT, BAR_RIGHT, logarithmic=True)
    bottom = top + ROW_PX * len(bars)
    for tick in _powers(low, high):
        at = scale(tick)
        yield f'<path d="M{at:.1f} {top - 6}V{bottom}" stroke="{GRID}"/>'
        yield _text(at, bottom + 18, f"{tick:,g}", 12, FAINT, "middle")
    for place, (title, row, colour) in enumerate(bars):
        middle = top + ROW_PX * place + ROW_PX / 2
        yield _text(BAR_LEFT - 14, middle + 4, title, 14, INK, "end")
        if "reason" in row:
            yield _text(BAR_LEFT + 8, middle + 4, row["reason"][:60], 13, FAINT)
            continue
        end = max(scale(row["median_ms"]), BAR_LEFT + 3)
        yield (
            f'<rect x="{BAR_LEFT}" y="{middle - 9:.1f}" width="{end - BAR_LEFT:.1f}" height="18" '
            f'rx="4" fill="{colour}"/>'
        )
        yield _text(end + 8, middle + 5, _number(row["median_ms"]), 14, INK, weight=600)


Line = tuple[str, str, list[tuple[float, float]]]


def _square_lines(grids: list[dict[str, Any]]) -> list[Line]:
    return [
        (title, colour, [(one["squares"], one[key]["median_ms"]) for one in grids])
        for title, colour, key in (
            ("whole network each", SECOND, "whole"),
            ("only what a square reaches", OURS, "incremental"),
        )
    ]


def _client_lines(crowds: list[dict[str, Any]]) -> list[Line]:
    answered = [one for one in crowds if "p95_ms" in one]
    return [
        (title, colour, [(one["clients"], one[key]) for one in answered])
        for title, colour, key in (
            ("whole map, 95 % within", SECOND, "p95_ms"),
            ("first squares, 95 % within", OURS, "first_squares_p95_ms"),
        )
    ]


def _plot(
    place: tuple[int, int, int], title: str, lines: list[Line], logarithmic: bool
) -> Iterable[str]:
    left, top, width = place
    yield _text(left, top, title, 15, weight=700)
    points = [point for _, _, line in lines for point in line]
    if not points:
        yield _text(left, top + 30, "nothing was answered", 13, FAINT)
        return
    x_low, x_high = (min(x for x, _ in points), max(x for x, _ in points))
    y_low = min(y for _, y in points) / 1.3 if logarithmic else 0.0
    y_high = max(y for _, y in points) * (1.3 if logarithmic else 1.08)
    axis_left, plot_top, bottom = left + 46, top + 62, top + PLOT_HEIGHT + 14
    across = _scale(x_low, max(x_high, x_low + 1), axis_left + 8, left + width - 10, logarithmic)
    up = _scale(y_low, y_high, bottom, plot_top, logarithmic)
    for tick in _powers(y_low, y_high) if logarithmic else _round_ticks(y_high):
        yield f'<path d="M{axis_left} {up(tick):.1f}H{left + width}" stroke="{GRID}"/>'
        yield _text(axis_left - 8, up(tick) + 4, f"{tick:,g}", 12, FAINT, "end")
    for tick in sorted({x for x, _ in points}):
        yield _text(across(tick), bottom + 20, f"{tick:,g}", 12, FAINT, "middle")
    for number, (name, colour, line) in enumerate(lines):
        drawn = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in line)
        yield (
            f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2.5" '
            'stroke-linejoin="round"/>'
        )
        for x, y in line:
            yield f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="4" fill="{colour}"/>'
        key = top + 20 + 18 * number
        yield f'<circle cx="{left + 6}" cy="{key - 4}" r="5" fill="{colour}"/>'
        yield _text(left + 18, key, name, 13, FAINT)


def _scale(
    low: float, high: float, first: float, last: float, logarithmic: bool
) -> Callable[[float], float]:
    def place(value: float) -> float:
        if logarithmic:
            part = math.log(value / low) / math.log(high / low) if high > low else 0.0
        else:
            part = (value - low) / (high - low)
        return first + part * (last - first)

    return place


def _powers(low: float, high: float) -> list[float]:
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    return [10.0**power for power in range(first, last + 1)]


def _round_ticks(high: float) -> list[float]:
    step = 10 ** math.floor(math.log10(high))
    step *= next(factor for factor in (0.1, 0.2, 0.5, 1, 2) if high / (step * factor) <= 6)
    return [number * step for number in range(int(high / step) + 1)]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _text(
    left: float, top: float, text: str, size: int, fill: str = INK, anchor: str = "start",
    weight: int = 400,
) -> str:  # fmt: skip
    return (
        f'<text x="{left:.1f}" y="{top:.1f}" font-size="{size}" fill="{fill}" '
        f'text-anchor="{anchor}" font-weight="{weight}">{escape(text)}</text>'
    )
