"""The picture with its squares: black where nothing matters, see-through where it does."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from backend.grid import Grid
from backend.picture import Picture

UNSEEN_GREY = 96
HATCH_PX = 8
LIGHT = (255, 255, 255)
DARK = (0, 0, 0)


def draw_squares(
    picture: Picture, grid: Grid, ghost: np.ndarray, unseen: list[tuple[int, int]]
) -> Image.Image:
    """Lay the squares over the picture, each with its ghost value in its corner.

    Args:
        ghost: (rows, columns), 0 (black) to 100 (see-through).
        unseen: (row, column) of squares that the model never sees: hatched, without number.
    """
    seen_through = np.zeros(picture.pixels.shape[:2])
    for at in grid.squares():
        box = grid.box(*at)
        seen_through[box.top : box.bottom, box.left : box.right] = ghost[at] / 100
    image = Image.fromarray((picture.pixels * seen_through[..., np.newaxis]).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for row, column in grid.squares():
        box = grid.box(row, column)
        corners = (box.left, box.top, box.right - 1, box.bottom - 1)
        if (row, column) in unseen:
            _hatch(image, corners)
        else:
            _number(draw, corners, ghost[row, column])
        draw.rectangle(corners, outline=(70, 70, 70))
    return image


def _number(draw: ImageDraw.ImageDraw, corners: tuple[int, ...], ghost: float) -> None:
    left, top, right, bottom = corners
    size = min(bottom - top, right - left) // 4
    if size < 7:  # Too small to read: the square says it alone.
        return
    draw.text(
        (left + 3, top + 2),
        f"{ghost:.0f}",
        fill=LIGHT,
        font=ImageFont.load_default(size),
        stroke_width=1,
        stroke_fill=DARK,
    )


def _hatch(image: Image.Image, corners: tuple[int, ...]) -> None:
    left, top, right, bottom = corners
    height, width = bottom - top + 1, right - left + 1
    rows, columns = np.mgrid[:height, :width]
    stripes = ((rows + columns) // (HATCH_PX // 2)) % 2 * UNSEEN_GREY
    image.paste(Image.fromarray(stripes.astype(np.uint8)).convert("RGB"), (left, top))
