"""The bar under a map: which colour stands for which number, and what the numbers are."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from backend.drawing.lettering import lettering
from backend.drawing.scale import Scale

PAPER = (255, 255, 255)
INK = (33, 33, 45)
LETTERS_PX = 14
BAR_PX = 14
MARGIN_PX = 10
USUAL_WIDTH_PX = 420


@dataclass(frozen=True)
class _Sizes:
    """Sizes in px: larger under larger pictures, so that letters stay readable."""

    letters: int
    bar: int
    margin: int
    height: int

    @classmethod
    def under(cls, width_px: int) -> "_Sizes":
        larger = max(1.0, width_px / USUAL_WIDTH_PX)
        letters, bar, margin = (round(larger * px) for px in (LETTERS_PX, BAR_PX, MARGIN_PX))
        return cls(letters, bar, margin, margin + bar + 2 * letters + margin + letters // 2)


def colour_bar(scale: Scale, unit: str, width_px: int) -> Image.Image:
    """A bar `width_px` wide; hidden values are hatched.

    The number at a clipped end carries a "+" (or stands after "less than", written "<"),
    because there are values beyond it.
    """
    sizes = _Sizes.under(width_px)
    image = Image.new("RGB", (width_px, sizes.height), PAPER)
    pen = ImageDraw.Draw(image)
    if scale.full_at == 0:
        _centred(pen, "Nothing stands out here.", width_px, sizes.margin, sizes.letters)
        _centred(pen, unit, width_px, sizes.margin + sizes.letters * 3 // 2, sizes.letters)
        return image
    length = width_px - 2 * sizes.margin
    image.paste(Image.fromarray(_stripe(scale, sizes.bar, length)), (sizes.margin, sizes.margin))
    right, bottom = width_px - sizes.margin, sizes.margin + sizes.bar
    pen.rectangle((sizes.margin - 1, sizes.margin - 1, right, bottom), outline=INK)
    _numbers(pen, scale, width_px, sizes)
    _centred(pen, unit, width_px, bottom + sizes.letters * 3 // 2, sizes.letters)
    return image


def _stripe(scale: Scale, height_px: int, length_px: int) -> np.ndarray:
    values = np.linspace(*scale.ends, length_px)
    stripe = np.tile(scale.paint(scale.strength(values)), (height_px, 1, 1))
    rows, columns = np.mgrid[:height_px, :length_px]
    hatch = np.where((rows + columns) // 3 % 2, 240, 180).astype(np.uint8)
    hidden = ~scale.shown(values)
    stripe[:, hidden] = hatch[:, hidden, np.newaxis]
    return stripe


def _numbers(pen: ImageDraw.ImageDraw, scale: Scale, width_px: int, sizes: _Sizes) -> None:
    low, high = scale.ends
    low_text, high_text = number(low), number(high)
    if scale.clipped:
        low_text = f"< {low_text}" if low else low_text
        high_text = f"{high_text} +" if high else high_text
    top = sizes.margin + sizes.bar + sizes.letters // 5
    for text, left, anchor in (
        (low_text, sizes.margin, "la"),
        (number((low + high) / 2), width_px / 2, "ma"),
        (high_text, width_px - sizes.margin, "ra"),
    ):
        letters, font = lettering(text, sizes.letters)
        pen.text((left, top), letters, fill=INK, font=font, anchor=anchor)


def _centred(pen: ImageDraw.ImageDraw, text: str, width_px: int, top: float, size_px: int) -> None:
    letters, font = lettering(text, size_px)
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
