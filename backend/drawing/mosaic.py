"""Feature maps side by side: what each channel of a layer answers to."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw

from backend.drawing.colours import COLOURS
from backend.drawing.lettering import lettering

Normalised = Literal["separately", "together"]

MOST_TILES = 256
LONGEST_SIDE_PX = 1280
LARGEST_TILE_PX = 160
SMALLEST_TILE_PX = 24
GAP_PX = 4
PAPER = (255, 255, 255)
INK = (33, 33, 45)


def draw_mosaic(
    maps: np.ndarray,
    normalised: Normalised = "separately",
    colours: str = "viridis",
    channels: Sequence[int] | None = None,
) -> Image.Image:
    """Draw feature maps as numbered tiles along the rows, each with its pixels kept square.

    Args:
        maps: (N, h, w), any numbers; at most the first `MOST_TILES` are drawn.
        normalised: `separately`, so that each tile uses all colours and shapes can be seen
            (a constant map has the lowest colour), or `together`, so that a colour means
            the same in all tiles and quiet channels stay quiet.
        colours: the name of a colour map.
        channels: the number of each map, from 0, where they are a choice among the layer's;
            people count from 1.

    Returns:
        RGB; a line below says how colours are to be read, and how many maps are left out.
    """
    shown = maps[:MOST_TILES].astype(np.float64)
    count, height, width = shown.shape
    columns = _columns(count, height / width)
    tile_px = min(LARGEST_TILE_PX, (LONGEST_SIDE_PX - GAP_PX) // columns - GAP_PX)
    tile_width = max(SMALLEST_TILE_PX, tile_px)
    tile_height = max(1, round(tile_width * height / width))
    letters_px = max(10, min(14, tile_width // 4))
    rows = math.ceil(count / columns)
    step_down, step_across = tile_height + letters_px + 2 * GAP_PX, tile_width + GAP_PX
    sheet = Image.new(
        "RGB",
        (max(200, columns * step_across + GAP_PX), rows * step_down + 14 + 3 * GAP_PX),
        PAPER,
    )
    pen = ImageDraw.Draw(sheet)
    for index, places in enumerate(_places(shown, normalised)):
        top = GAP_PX + index // columns * step_down
        left = GAP_PX + index % columns * step_across
        tile = Image.fromarray(COLOURS[colours].at(places))
        tile = tile.resize((tile_width, tile_height), Image.Resampling.BOX)
        sheet.paste(tile, (left, top))
        text, font = lettering(str((channels[index] if channels else index) + 1), letters_px)
        middle = left + tile_width / 2
        pen.text((middle, top + tile_height + 2), text, fill=INK, font=font, anchor="ma")
    text, font = lettering(_legend(len(maps), shown, normalised), 13)
    pen.text((GAP_PX, rows * step_down + 2 * GAP_PX), text, fill=INK, font=font)
    return sheet


def _columns(count: int, shape: float) -> int:
    """As many as make the sheet a little wider than high."""
    return min(count, max(1, math.ceil(math.sqrt(count * shape * 1.4))))


def _places(shown: np.ndarray, normalised: Normalised) -> np.ndarray:
    axes = (1, 2) if normalised == "separately" else None
    low = shown.min(axis=axes, keepdims=True)
    spread = shown.max(axis=axes, keepdims=True) - low
    return np.divide(shown - low, spread, out=np.zeros_like(shown), where=spread > 0)


def _legend(count: int, shown: np.ndarray, normalised: Normalised) -> str:
    if normalised == "together":
        text = f"Dark {shown.min():.3g} to light {shown.max():.3g}."
    else:
        text = "Dark to light: lowest to highest, for each map."
    left_out = count - len(shown)
    return text + (f" {left_out} more." if left_out else "")
