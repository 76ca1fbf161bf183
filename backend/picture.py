"""Pictures: from any file to upright sRGB pixels, and from there to a model's input."""

import io
import os
import warnings
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Literal, get_args

import numpy as np
import pillow_heif
from PIL import Image, ImageOps

from backend.errors import BadSetting, NotUnderstood, TooLarge
from backend.grid import Box
from backend.srgb import to_srgb

FitWay = Literal["crop", "stretch", "pad"]
FIT_WAYS: tuple[str, ...] = get_args(FitWay)

LARGEST_FILE_BYTES = 25 * 1024 * 1024
LARGEST_PIXELS = 50_000_000
"""A 50-megapixel photo, more than school cameras and telephones make."""
WORKING_SIDE_PX = 2048
"""Larger photos are first halved until both sides fit, so that a sweep stays quick."""
_decoding = BoundedSemaphore((os.cpu_count() or 1) + 1)
"""Unpacked photos are large: a few at a time, or thirty of them would fill the memory."""
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
SUFFIXES = frozenset(
    [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".heif"]
)
"""By which files with such pictures are known."""
pillow_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True)
class Picture:
    """An upright picture.

    Attributes:
        pixels: (H, W, 3) uint8, sRGB.
        shrunk_by: how many times as large its file is, should that have been too large.
    """

    pixels: np.ndarray
    shrunk_by: float = 1.0

    @property
    def height_px(self) -> int:
        """Height in pixels."""
        return self.pixels.shape[0]

    @property
    def width_px(self) -> int:
        """Width in pixels."""
        return self.pixels.shape[1]


def decode(body: bytes) -> Picture:
    """Read a picture file of any of `FORMATS`.

    It is turned upright (EXIF), put on white where it is transparent, brought from CMYK,
    palette, grey, 16 bits or what its colour profile says to 8-bit sRGB, and its first frame is
    taken if it moves.

    Raises:
        TooLarge: more bytes or pixels than we accept, before they are unpacked.
        NotUnderstood: empty, not a picture, or a broken one.
    """
    if not body:
        raise NotUnderstood("empty_picture", "The picture is empty.", "Send a PNG or JPEG picture.")
    if len(body) > LARGEST_FILE_BYTES:
        raise TooLarge(
            "picture_too_large",
            f"The picture file is larger than {LARGEST_FILE_BYTES // 2**20} MB.",
            "Make the picture smaller and try again.",
        )
    try:
        with _decoding, warnings.catch_warnings():
            # Our own limit below is stricter than Pillow's, and the rest is not for terminals.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(body), formats=FORMATS)
            _refuse_too_many_pixels(image.width, image.height)
            longest_px = max(image.size)
            image.draft("RGB", (WORKING_SIDE_PX, WORKING_SIDE_PX))
            image.load()
            ImageOps.exif_transpose(image, in_place=True)
            return _handy(image, longest_px)
    except TooLarge:
        raise
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except Exception as problem:
        # Pillow's decoders raise many kinds of exceptions for broken files (OSError,
        # SyntaxError, ValueError, struct.error, zlib.error, EOFError …): all mean the same.
        raise NotUnderstood(
            "not_a_picture",
            "This is not a picture that we can read, or it is damaged.",
            "Use a PNG, JPEG, WebP, GIF or HEIC picture; a screenshot is one, too.",
        ) from problem


def from_rgba(body: bytes, width_px: int, height_px: int) -> Picture:
    """Read raw pixels, 4 bytes each (red, green, blue, opacity), along the rows from the top.

    Raises:
        TooLarge: more pixels than we accept.
        NotUnderstood: the number of bytes does not fit the size.
    """
    if width_px < 1 or height_px < 1:
        raise NotUnderstood(
            "bad_picture_size",
            "Raw pixels need a width and a height of at least 1.",
            "Say the size like this: image/x-rgba; width=480; height=360.",
        )
    _refuse_too_many_pixels(width_px, height_px)
    if len(body) != width_px * height_px * 4:
        raise NotUnderstood(
            "bad_picture_size",
            f"{width_px} × {height_px} pixels need {width_px * height_px * 4} bytes, "
            f"but {len(body)} came.",
            "Send 4 bytes for each pixel: red, green, blue and opacity.",
        )
    # Read as one number each, the opacity is what decides which pixel is the least.
    if np.frombuffer(body, "<u4").min() >> 24 == 255:
        # Pillow leaves the fourth bytes out four times as fast as NumPy does.
        image = Image.frombytes("RGB", (width_px, height_px), body, "raw", "RGBX")
    else:
        image = Image.frombytes("RGBA", (width_px, height_px), body)
    return _handy(image, max(width_px, height_px))


def _refuse_too_many_pixels(width_px: int, height_px: int) -> None:
    if width_px * height_px > LARGEST_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> TooLarge:
    return TooLarge(
        "picture_too_large",
        f"The picture has more than {LARGEST_PIXELS // 1_000_000} million pixels.",
        "Make the picture smaller and try again.",
    )


def _handy(image: Image.Image, longest_px: int) -> Picture:
    """A picture for working with; the longest side of what came had `longest_px`."""
    factor = 1
    while max(image.size) > WORKING_SIDE_PX * factor:
        factor *= 2
    small = to_srgb(image, factor)
    return Picture(np.asarray(small), shrunk_by=longest_px / max(small.size))


@dataclass(frozen=True)
class Patch:
    """A box of a model's input, and what it will hold instead.

    Attributes:
        box: in px of the input; may be empty.
        pixels: (h, w, 3) uint8 of that box.
    """

    box: Box
    pixels: np.ndarray

    def on(self, model_input: np.ndarray) -> np.ndarray:
        """A copy of (H, W, 3) `model_input` with this patch on it."""
        patched = model_input.copy()
        box = self.box
        patched[box.top : box.bottom, box.left : box.right] = self.pixels
        return patched


@dataclass(frozen=True)
class Seen:
    """The box of the picture that the model sees, in px of the picture (may be fractions)."""

    left: float
    top: float
    width: float
    height: float

    def times(self, factor: float) -> "Seen":
        """The same box of a picture that is `factor` times as large."""
        return Seen(*(factor * side for side in (self.left, self.top, self.width, self.height)))


@dataclass(frozen=True)
class Fit:
    """How pictures of one size become a model's input; the same for all their covered copies.

    The box `seen` of the picture is resampled (Lanczos) to `placed_height_px` ×
    `placed_width_px` px and put into the input at (`top_px`, `left_px`); the rest is black.
    """

    input_height_px: int
    input_width_px: int
    seen: Seen
    top_px: int
    left_px: int
    placed_height_px: int
    placed_width_px: int

    @classmethod
    def of(cls, picture: Picture, input_size: tuple[int, int], way: str) -> "Fit":
        """Plan the way from `picture` to an input of (height, width) px.

        - `crop`: the largest centred box of the input's shape (as Teachable Machine does).
        - `stretch`: the whole picture, squashed to the input's shape.
        - `pad`: the whole picture in its own shape, centred, with black bars.

        Raises:
            BadSetting: `way` is none of `FIT_WAYS`.
        """
        height, width = input_size
        whole = Seen(0, 0, picture.width_px, picture.height_px)
        if way == "stretch":
            return cls(height, width, whole, 0, 0, height, width)
        # Whole numbers, divided last: a quotient must not be larger than the picture.
        wider = picture.width_px * height >= width * picture.height_px
        if way == "crop":
            if wider:
                seen_width = width * picture.height_px / height
                left = (picture.width_px - seen_width) * 0.5
                seen = Seen(left, 0, seen_width, picture.height_px)
            else:
                seen_height = height * picture.width_px / width
                top = (picture.height_px - seen_height) * 0.5
                seen = Seen(0, top, picture.width_px, seen_height)
            return cls(height, width, seen, 0, 0, height, width)
        if way == "pad":
            shape = picture.width_px / picture.height_px
            placed_width = width if wider else max(1, round(height * shape))
            placed_height = max(1, round(width / shape)) if wider else height
            top, left = (height - placed_height) // 2, (width - placed_width) // 2
            return cls(height, width, whole, top, left, placed_height, placed_width)
        raise BadSetting(
            "bad_fit",
            f"“{way}” is not a way to fit a picture.",
            "Choose one of: " + ", ".join(FIT_WAYS) + ".",
        )

    @property
    def is_identity(self) -> bool:
        """Whether pictures of this size are the input already."""
        size = self.input_height_px, self.input_width_px
        placed = self.placed_height_px, self.placed_width_px
        return placed == size and self.seen == Seen(0, 0, size[1], size[0])

    def apply(self, pixels: np.ndarray) -> np.ndarray:
        """Resample (H, W, 3) uint8 pixels to the input (input_height, input_width, 3) uint8."""
        seen = self.seen
        box = (seen.left, seen.top, seen.left + seen.width, seen.top + seen.height)
        return self.place(_resize(pixels, self.placed_width_px, self.placed_height_px, box))

    def pass_rows(self, pixels: np.ndarray) -> np.ndarray:
        """The first half of `apply`, along the rows: (n, W, 3) to (n, placed width, 3)."""
        rows, seen = len(pixels), self.seen
        box = (seen.left, 0, seen.left + seen.width, rows)
        return _resize(pixels, self.placed_width_px, rows, box)

    def pass_columns(self, pixels: np.ndarray) -> np.ndarray:
        """The second half, along the columns: (H, n, 3) to (placed height, n, 3)."""
        columns, seen = pixels.shape[1], self.seen
        box = (0, seen.top, columns, seen.top + seen.height)
        return _resize(pixels, columns, self.placed_height_px, box)

    def place(self, pixels: np.ndarray) -> np.ndarray:
        """Put resampled pixels where they belong in the input."""
        if pixels.shape[:2] == (self.input_height_px, self.input_width_px):
            return pixels
        placed = np.zeros((self.input_height_px, self.input_width_px, 3), np.uint8)
        bottom, right = self.top_px + len(pixels), self.left_px + pixels.shape[1]
        placed[self.top_px : bottom, self.left_px : right] = pixels
        return placed


def _resize(
    pixels: np.ndarray, width_px: int, height_px: int, box: tuple[float, float, float, float]
) -> np.ndarray:
    image = Image.fromarray(pixels)
    return np.asarray(image.resize((width_px, height_px), Image.Resampling.LANCZOS, box=box))
