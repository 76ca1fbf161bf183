"""One renderer for every explanation: the map, laid over the picture, and its colour bar."""

import numpy as np
from PIL import Image

from backend.drawing.colour_bar import PAPER, colour_bar
from backend.drawing.laying import Laid, lay
from backend.drawing.scale import Scale
from backend.drawing.settings import DrawSettings
from backend.explanations.base import Explanation
from backend.picture import Picture

SMALLEST_SIDE_PX = 400
"""Smaller pictures are drawn larger, by a whole number, so that maps and letters are readable."""
UNSEEN_BRIGHTNESS = 0.35
UNSEEN_STRIPE = 45
HATCH_PX = 8
BACKGROUND = 238
LEVELS = (0.25, 0.5, 0.75)
"""Where the lines of equal relevance run, as shares of the strongest colour."""
LINES_PER_SIDE = 300
"""Lines reach one pixel further to each side for so many pixels of the shorter side."""
GREY_SHARES = (0.2126, 0.7152, 0.0722)
"""Rec. 709: how much red, green and blue add to brightness."""


def draw(
    picture: Picture, explanation: Explanation, settings: DrawSettings | None = None
) -> Image.Image:
    """Draw an explanation over its picture, with a colour bar below.

    The map lies exactly over what the model saw; what it did not see is dark and hatched.

    Args:
        picture: the very picture that was explained (`explanation.grid` has its size).
        settings: None for the defaults, which people who are colour-blind can read as well.

    Returns:
        RGB; a small picture is drawn enlarged by a whole number.
    """
    settings = settings or DrawSettings()
    enlarged = max(1, -(-SMALLEST_SIDE_PX // max(picture.height_px, picture.width_px)))
    laid = lay(explanation, enlarged, settings)
    scale = Scale.of(laid.values, settings, explanation.verdict == "flat")
    pixels = _painted(picture, laid, scale, settings)
    bar = colour_bar(scale, f"{explanation.target}: {explanation.unit}", pixels.shape[1])
    drawing = Image.new("RGB", (pixels.shape[1], len(pixels) + bar.height), PAPER)
    drawing.paste(Image.fromarray(pixels))
    drawing.paste(bar, (0, len(pixels)))
    return drawing


def draw_map(
    picture: Picture, explanation: Explanation, settings: DrawSettings, enlarged: int = 1
) -> np.ndarray:
    """The map alone over the picture, `enlarged` times as large: (H, W, 3) uint8, no bar."""
    laid = lay(explanation, enlarged, settings)
    scale = Scale.of(laid.values, settings, explanation.verdict == "flat")
    return _painted(picture, laid, scale, settings)


def _painted(picture: Picture, laid: Laid, scale: Scale, settings: DrawSettings) -> np.ndarray:
    enlarged = len(laid.field) // picture.height_px
    below = picture.pixels.repeat(enlarged, axis=0).repeat(enlarged, axis=1).astype(np.float32)
    if settings.type == "outlines":
        drawn = _outlines(_below(below, settings), laid, scale)
    else:
        drawn = _colours(below, laid, scale, settings)
    drawn = np.where(laid.seen[..., np.newaxis], drawn, _unseen(below))
    return np.rint(drawn).astype(np.uint8)


def _below(pixels: np.ndarray, settings: DrawSettings) -> np.ndarray:
    if settings.overlay == "grayscale":
        return np.repeat((pixels @ np.array(GREY_SHARES, np.float32))[..., np.newaxis], 3, axis=-1)
    if settings.overlay == "none":
        return np.full_like(pixels, BACKGROUND)
    return pixels


def _colours(pixels: np.ndarray, laid: Laid, scale: Scale, settings: DrawSettings) -> np.ndarray:
    strength = scale.strength(laid.field).astype(np.float32)
    shown = scale.shown(laid.field)
    below = _below(pixels, settings)
    if scale.colours.covers:
        # What matters shines through a black cover.
        light = np.abs(strength)
        if settings.overlay == "mask_black" and settings.type == "regions":
            light = np.ceil(light)  # regions are seen whole
        elif settings.overlay == "none":
            below = np.full_like(pixels, 255)
        return below * (light * shown)[..., np.newaxis]
    if settings.overlay == "none":
        opacity = shown.astype(np.float32)
    elif settings.type == "regions":
        opacity = shown * (strength != 0) * settings.alpha_limit
    else:
        # As ELI5 does it: as opaque as strong, up to a limit.
        opacity = shown * np.minimum(np.abs(strength), settings.alpha_limit)
    opacity = opacity[..., np.newaxis]
    return below * (1 - opacity) + scale.paint(strength) * opacity


def _outlines(below: np.ndarray, laid: Laid, scale: Scale) -> np.ndarray:
    """Lines of equal relevance, each in its colour, with a dark rim to stand out anywhere."""
    strength = scale.strength(laid.field) * scale.shown(laid.field)
    rows, columns = (np.flatnonzero(laid.seen.any(axis=axis)) for axis in (1, 0))
    seen = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    drawn = below.copy()
    reach_px = min(below.shape[:2]) // LINES_PER_SIDE
    rim_px = reach_px + max(1, reach_px)
    hidden = scale.hidden_below / scale.full_at if scale.full_at else 1.0
    for level in sorted({level for level in (hidden, *LEVELS) if hidden <= level < 1 and level}):
        for sign in (1, -1):
            edge = np.zeros(strength.shape, bool)
            edge[seen] = _edge(sign * strength[seen] >= level)
            drawn[_thicker(edge, rim_px)] = 0
            drawn[_thicker(edge, reach_px)] = scale.paint(np.array(sign * level))
    return drawn


def _edge(inside: np.ndarray) -> np.ndarray:
    """The pixels inside that have a neighbour outside; the end of the picture is no edge."""
    framed = np.pad(inside, 1, mode="edge")
    surrounded = framed[:-2, 1:-1] & framed[2:, 1:-1] & framed[1:-1, :-2] & framed[1:-1, 2:]
    return inside & ~surrounded


def _thicker(edge: np.ndarray, reach_px: int) -> np.ndarray:
    """All pixels within `reach_px` rows and columns of an edge."""
    for axis in (0, 1):
        framed = np.pad(edge, [(reach_px, reach_px) if a == axis else (0, 0) for a in (0, 1)])
        windows = np.lib.stride_tricks.sliding_window_view(framed, 2 * reach_px + 1, axis)
        edge = np.any(windows, axis=-1, keepdims=True)[..., 0]
    return edge


def _unseen(pixels: np.ndarray) -> np.ndarray:
    rows, columns = np.mgrid[: pixels.shape[0], : pixels.shape[1]]
    stripes = (rows + columns) // (HATCH_PX // 2) % 2 * UNSEEN_STRIPE
    return pixels * UNSEEN_BRIGHTNESS + stripes[..., np.newaxis]
