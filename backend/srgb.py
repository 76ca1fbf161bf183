"""From whatever a decoder gives to 8-bit sRGB: colour profiles, transparency, 16 bits."""

from contextlib import suppress
from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageChops, ImageCms

ROWS_AT_ONCE = 64
"""Of what is shrunk: all of a large picture would be in memory several times."""
LARGEST_PROFILE_BYTES = 4 * 2**20
"""Those of printers have 2 or 3; some are remembered."""
LARGEST_ROUNDING = 2
"""Levels by which a profile of sRGB itself, of which there are many, moves a colour at most."""
_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""Colour spaces of profiles, as Pillow calls them."""
_READ_AS = {"CMYK": ("CMYK",), "L": ("L", "RGB"), "LA": ("L", "RGB")}
"""Which of them can be meant for images of which mode; for all others it is RGB."""
_lattice = np.stack(np.meshgrid(*3 * [np.linspace(0, 255, 6)]), -1).reshape(6, 36, 3)
_PROBE = Image.fromarray(_lattice.astype(np.uint8))


def to_srgb(image: Image.Image, factor: int = 1) -> Image.Image:
    """An image of any mode as 8-bit sRGB, on white where it is transparent.

    What an ICC profile says of its colours counts, as it does in browsers: in the numbers of a
    photo from an iPhone (Display P3), reds and greens would look paler than they are. A profile
    that is broken or made for other pictures is ignored.

    Args:
        image: loaded, and upright.
        factor: how many pixels each way become one, as `Image.reduce` has it.
    """
    profile = image.info.get("icc_profile") or b""
    if len(profile) > LARGEST_PROFILE_BYTES:
        profile = b""
    mode, transform = _reading(profile, image.mode)
    small = _reduced(image, factor, "CMYK" if mode == "CMYK" else "RGB")
    return transform.apply(small.convert(mode)) if transform else small.convert("RGB")


@lru_cache(maxsize=8)  # Pictures of one camera have one profile.
def _reading(profile: bytes, mode: str) -> tuple[str, ImageCms.ImageCmsTransform | None]:
    """As what a profile reads images of a mode, and what makes that sRGB, if it is not already."""
    with suppress(OSError, TypeError, ValueError, ImageCms.PyCMSError):  # none, or broken
        found = ImageCms.ImageCmsProfile(BytesIO(profile))
        read_as = _MODES.get(found.profile.xcolor_space.strip(), "")
        if read_as in _READ_AS.get(mode, ("RGB",)):
            srgb = ImageCms.createProfile("sRGB")
            transform = ImageCms.buildTransform(found, srgb, read_as, "RGB")
            return read_as, None if _is_srgb(transform, read_as) else transform
    return "RGB", None


def _is_srgb(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    if mode != "RGB":
        return False
    moved = np.asarray(ImageChops.difference(_PROBE, transform.apply(_PROBE)))
    return bool(moved.max() <= LARGEST_ROUNDING)


def _reduced(image: Image.Image, factor: int, mode: str) -> Image.Image:
    if factor == 1:
        return _plain(image, mode)
    width, height = (-(-side // factor) for side in image.size)
    small = Image.new(mode, (width, height))
    for top in range(0, height, ROWS_AT_ONCE):
        bottom = min((top + ROWS_AT_ONCE) * factor, image.height)
        rows = image.crop((0, top * factor, image.width, bottom))
        small.paste(_plain(rows, mode).reduce(factor), (0, top))
    return small


def _plain(image: Image.Image, mode: str) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        # 16-bit grey: keep the upper eight bits, where Pillow's own conversion would clip.
        values = np.asarray(image).astype(np.float64)
        scale = 256 if image.mode.startswith("I;16") else 1
        image = Image.fromarray(np.clip(values / scale, 0, 255).astype(np.uint8))
    if image.has_transparency_data:
        with_opacity = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, with_opacity).convert("RGB")
    return image if image.mode == mode else image.convert(mode)
