"""The bar under a map: which colour stands for which number, and what the numbers are."""

import numpy as np
from PIL import Image, ImageDraw

from backend.drawing.lettering import lettering
from backend.drawing.scale import Scale

PAPER = (255, 255, 255)
INK = (33, 33, 45)
LETTERS_PX = 14
BAR_PX = 14
MARGIN_PX = 10
HEIGHT_PX = MARGIN_PX + BAR_PX + 2 * (LETTERS_PX + 6) + 4


def colour_bar(scale: Scale, unit: str, width_px: int) -> Image.Image:
    """A bar of `HEIGHT_PX` × `width_px` px; hidden values are hatched, zero has its own mark.

    The number at a clipped end carries a "+" (or stands after "less than", written "<"),
    because there are values beyond it.
    """
    image = Image.new("RGB", (width_px, HEIGHT_PX), PAPER)
    pen = ImageDraw.Draw(image)
    if scale.full_at == 0:
        _centred(pen, "Nothing stands out here.", width_px, MARGIN_PX)
        _centred(pen, unit, width_px, MARGIN_PX + LETTERS_PX + 8)
        return image
    length = width_px - 2 * MARGIN_PX
    values = np.linspace(*scale.ends, length)
    colours = scale.paint(scale.strength(values))
    stripes = np.broadcast_to(colours, (BAR_PX, length, 3)).copy()
    hidden = ~scale.shown(values)
    rows, columns = np.mgrid[:BAR_PX, :length]
    hatch = ((rows + columns) // 3 % 2)[..., np.newaxis] * np.uint8(60) + np.uint8(180)
    stripes[:, hidden] = np.broadcast_to(hatch, stripes.shape)[:, hidden]
    image.paste(Image.fromarray(stripes), (MARGIN_PX, MARGIN_PX))
    frame = (MARGIN_PX - 1, MARGIN_PX - 1, width_px - MARGIN_PX, MARGIN_PX + BAR_PX)
    pen.rectangle(frame, outline=INK)
    _numbers(pen, scale, width_px)
    _centred(pen, unit, width_px, MARGIN_PX + BAR_PX + LETTERS_PX + 8)
    return image


def _numbers(pen: ImageDraw.ImageDraw, scale: Scale, width_px: int) -> None:
    low, high = scale.ends
    low_text, high_text = number(low), number(high)
    if scale.clipped:
        low_text = f"< {low_text}" if low else low_text
        high_text = f"{high_text} +" if high else high_text
    top = MARGIN_PX + BAR_PX + 3
    for text, left, anchor in (
        (low_text, MARGIN_PX, "la"),
        (number((low + high) / 2), width_px / 2, "ma"),
        (high_text, width_px - MARGIN_PX, "ra"),
    ):
        letters, font = lettering(text, LETTERS_PX)
        pen.text((left, top), letters, fill=INK, font=font, anchor=anchor)


def _centred(pen: ImageDraw.ImageDraw, text: str, width_px: int, top: float) -> None:
    letters, font = lettering(text, LETTERS_PX)
    while pen.textlength(letters, font) > width_px - 8 and len(letters) > 4:
        letters = letters[:-4] + "..."
    pen.text((width_px / 2, top), letters, fill=INK, font=font, anchor="ma")


def number(value: float) -> str:
    """A number for people: two or three digits that matter, and no minus before zero."""
    if value == 0:
        return "0"
    if 1e-4 <= abs(value) < 1e4:
        return f"{value:.{max(0, 2 - int(np.floor(np.log10(abs(value)))))}f}"
    return f"{value:.1e}"
