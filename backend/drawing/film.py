"""A film of learning as one file: frames that move, or a strip for paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from backend.drawing.lettering import lettering
from backend.drawing.squares import draw_squares
from backend.grid import Grid
from backend.picture import Picture

WIDTH_PX = 360
BAR_PX, MARGIN_PX = 22, 8
FRAME_MS, LAST_FRAME_MS = 250, 2000
STRIP_FRAMES, MOVING_FRAMES = 6, 100
_INK, _PAPER, _BAR = (34, 34, 51), (255, 255, 255), (120, 190, 240)


@dataclass(frozen=True)
class Shown:
    """What one frame shows.

    Attributes:
        title: such as “lesson 3, 80 % right”.
        ghost: (rows, columns), 0 (black) to 100 (see-through).
        top: labels with their confidences, the likeliest first.
    """

    title: str
    ghost: np.ndarray
    top: Sequence[tuple[str, float]]


def draw_film(
    epochs: Sequence[Mapping[str, Any]],
    pictures: Mapping[int, Picture],
    kind: str,
    beside_them: Sequence[Image.Image] = (),
) -> bytes:
    """A film as a file: `STRIP_FRAMES` or `MOVING_FRAMES` lessons at most, from first to last.

    One of 300 lessons would be too large to be sent to anybody; after the first lessons,
    little changes from one to the next.

    Args:
        epochs: as `film.json` keeps them.
        pictures: which of the pictures that were watched are shown, by their places there.
        kind: `gif`, `webp` or `strip`.
        beside_them: images that stay at the side of all frames.
    """
    frames = []
    for epoch in _spread(epochs, STRIP_FRAMES if kind == "strip" else MOVING_FRAMES):
        right = "" if epoch["accuracy"] is None else f": {100 * epoch['accuracy']:.0f} % right"
        title = f"Lesson {epoch['epoch']}{right}"
        drawn = []
        for place, picture in pictures.items():
            frame = epoch["frames"][place]
            top = [(one["label"], one["confidence"]) for one in frame["top"]]
            drawn.append(draw_frame(picture, Shown(title, np.array(frame["ghost"]), top)))
        together = below if kind == "strip" else side_by_side
        frames.append(together([*drawn, *beside_them]))
    return strip(frames) if kind == "strip" else moving(frames, kind.upper())


def draw_frame(picture: Picture, shown: Shown) -> Image.Image:
    """The picture under its squares, its title above, and bars for the likeliest labels below."""
    image = Image.fromarray(picture.pixels)
    height = max(round(WIDTH_PX * image.height / image.width), shown.ghost.shape[0])
    small = Picture(np.asarray(image.resize((WIDTH_PX, height), Image.Resampling.LANCZOS)))
    rows, columns = shown.ghost.shape
    grid = Grid(rows, columns, height, WIDTH_PX)
    squares = draw_squares(small, grid, shown.ghost, [])
    bars = len(shown.top) * BAR_PX
    frame = Image.new("RGB", (WIDTH_PX, BAR_PX + height + bars + 2 * MARGIN_PX), _PAPER)
    draw = ImageDraw.Draw(frame)
    font = ImageFont.load_default(14)
    draw.text((MARGIN_PX, 2), shown.title, fill=_INK, font=font)
    frame.paste(squares, (0, BAR_PX))
    for number, (label, confidence) in enumerate(shown.top):
        top = BAR_PX + height + MARGIN_PX + number * BAR_PX
        length = round((WIDTH_PX - 2 * MARGIN_PX) * confidence)
        draw.rectangle((MARGIN_PX, top, MARGIN_PX + length, top + BAR_PX - 4), fill=_BAR)
        text, own = lettering(f"{label[:30]} {100 * confidence:.0f} %", 14)
        draw.text((MARGIN_PX + 4, top), text, fill=_INK, font=own)
    return frame


def moving(frames: Sequence[Image.Image], kind: str) -> bytes:
    """Frames that follow each other, for ever, as `GIF` or `WEBP`."""
    stream = BytesIO()
    durations = [FRAME_MS] * (len(frames) - 1) + [LAST_FRAME_MS]
    frames[0].save(
        stream,
        kind,
        save_all=True,
        append_images=list(frames[1:]),
        duration=durations,
        loop=0,
    )
    return stream.getvalue()


def strip(frames: Sequence[Image.Image]) -> bytes:
    """Frames side by side, as PNG."""
    stream = BytesIO()
    side_by_side(frames).save(stream, "PNG")
    return stream.getvalue()


def _spread(epochs: Sequence[Mapping[str, Any]], most: int) -> list[Mapping[str, Any]]:
    """Up to so many epochs, the first and the last among them."""
    places = np.linspace(0, len(epochs) - 1, min(len(epochs), most)).round().astype(int)
    return [epochs[place] for place in places]


def side_by_side(images: Sequence[Image.Image]) -> Image.Image:
    """Images on one sheet, from left to right, even at the top."""
    return _sheet(images, across=True)


def below(images: Sequence[Image.Image]) -> Image.Image:
    """Images on one sheet, one below the other."""
    return _sheet(images, across=False)


def _sheet(images: Sequence[Image.Image], across: bool) -> Image.Image:
    widths, heights = [image.width for image in images], [image.height for image in images]
    between = MARGIN_PX * (len(images) - 1)
    wide = (sum(widths) + between, max(heights))
    high = (max(widths), sum(heights) + between)
    sheet = Image.new("RGB", wide if across else high, _PAPER)
    at = 0
    for image in images:
        sheet.paste(image, (at, 0) if across else (0, at))
        at += (image.width if across else image.height) + MARGIN_PX
    return sheet
