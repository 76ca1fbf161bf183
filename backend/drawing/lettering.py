"""Letters in pictures, also for labels in writings that the built-in font does not have."""

import unicodedata
from functools import lru_cache

from PIL import ImageFont

Font = ImageFont.ImageFont | ImageFont.FreeTypeFont

SYSTEM_FONTS = (
    # Linux, Windows and macOS, the broadest of each first; Pillow knows the folders.
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansArabic-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "segoeui.ttf",
    "malgun.ttf",
    "msgothic.ttc",
    "msyh.ttc",
    "Arial Unicode.ttf",
    "AppleSDGothicNeo.ttc",
    "Hiragino Sans GB.ttc",
)
"""Fonts that computers have: tried where the built-in one lacks a letter."""
NO_LETTER = "\uffff"


def lettering(text: str, size_px: int) -> tuple[str, Font]:
    """The text and a font that can write it.

    Where no font on this computer has all the letters, they lose their accents or become
    question marks: the text beside the picture has them all.
    """
    for font in _fonts(size_px):
        if _can_write(font, text):
            return text, font
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "replace").decode()
    without_accents = "".join(c for c in unicodedata.normalize("NFKD", text) if c.isascii())
    built_in = _fonts(size_px)[0]
    return (without_accents if without_accents.strip() else plain), built_in


@lru_cache(maxsize=16)
def _fonts(size_px: int) -> list[Font]:
    fonts: list[Font] = [ImageFont.load_default(size_px)]
    for name in SYSTEM_FONTS:
        try:
            fonts.append(ImageFont.truetype(name, size_px))
        except OSError:
            continue  # This computer does not have it; another may do.
    return fonts


def _can_write(font: Font, text: str) -> bool:
    missing = bytes(font.getmask(NO_LETTER))
    return all(letter.isspace() or bytes(font.getmask(letter)) != missing for letter in set(text))
