"""Pictures to measure with: each a little different, so that no cache can answer for the sweep."""

import io

import numpy as np
from PIL import Image

from backend.parade.gallery import gallery_picture
from backend.picture import Picture

STAGE = (360, 480)
"""Height and width in px of what the blocks send."""


class Pictures:
    """A picture of the parade at one size, in as many versions as are asked for."""

    def __init__(self, height_px: int = STAGE[0], width_px: int = STAGE[1]):
        drawn = Image.fromarray(gallery_picture("wizard-1").picture)
        self._pixels = np.asarray(drawn.resize((width_px, height_px), Image.Resampling.LANCZOS))

    def rgb(self, number: int) -> np.ndarray:
        """Version `number`, (H, W, 3) uint8: three pixels in the middle tell it from others."""
        pixels = self._pixels.copy()
        height, width = pixels.shape[:2]
        digits = [number >> 16 & 255, number >> 8 & 255, number & 255]
        pixels[height // 2, width // 2 : width // 2 + 3] = np.array(digits, np.uint8)[:, np.newaxis]
        return pixels

    def picture(self, number: int) -> Picture:
        """Version `number`, decoded."""
        return Picture(self.rgb(number))

    def raw(self, number: int) -> tuple[bytes, str]:
        """Version `number` as raw pixels, and their content type."""
        pixels = self.rgb(number)
        height, width = pixels.shape[:2]
        opaque = np.dstack([pixels, np.full((height, width), 255, np.uint8)])
        return opaque.tobytes(), f"image/x-rgba; width={width}; height={height}"

    def png(self, number: int) -> tuple[bytes, str]:
        """Version `number` as a PNG file, and its content type."""
        file = io.BytesIO()
        Image.fromarray(self.rgb(number)).save(file, "PNG")
        return file.getvalue(), "image/png"
