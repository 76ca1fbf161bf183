"""How examples are kept: small enough for ten thousand, and without what a camera wrote beside."""

from io import BytesIO
from typing import Any

from PIL import Image

from backend.picture import Picture

LONGEST_SIDE_PX = 1024
MOST_PIXELS_AS_PNG = 200_000
JPEG_QUALITY = 92


def encoded(picture: Picture) -> tuple[str, bytes]:
    """The suffix and the bytes of its file: PNG, or JPEG if it is large."""
    image = Image.fromarray(picture.pixels)
    image.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
    if image.width * image.height <= MOST_PIXELS_AS_PNG:
        return ".png", file_of(image, "PNG")
    return ".jpg", file_of(image, "JPEG", quality=JPEG_QUALITY)


def thumbnail(picture: Picture, longest_side_px: int) -> bytes:
    """A small copy as JPEG."""
    image = Image.fromarray(picture.pixels)
    image.thumbnail((longest_side_px, longest_side_px))
    return file_of(image, "JPEG", quality=85)


def file_of(image: Image.Image, kind: str, **settings: Any) -> bytes:
    """An image as the bytes of a file."""
    stream = BytesIO()
    image.save(stream, kind, **settings)
    return stream.getvalue()
