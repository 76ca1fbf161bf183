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
    """The text and the font of this computer that can write most of it.

    Letters that this font lacks lose their accents or become question marks: the text
    beside the picture has them all.
    """
    fonts = _fonts(size_px)
    letters = set(text)
    lacking = [{letter for letter in letters if not _can_write(font, letter)} for font in fonts]
    best = min(range(len(fonts)), key=lambda index: len(lacking[index]))
    written = (_plain(letter) if letter in lacking[best] else letter for letter in text)
    return "".join(written), fonts[best]


def _plain(letter: str) -> str:
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(part for part in parts if part.isascii()) or "?"


@lru_cache(maxsize=16)
def _fonts(size_px: int) -> list[Font]:
    fonts: list[Font] = [ImageFont.load_default(size_px)]
    for name in SYSTEM_FONTS:
        try:
            fonts.append(ImageFont.truetype(name, size_px))
        except OSError:
            continue  # This computer does not have it; another may do.
    return fonts


def _can_write(font: Font, letter: str) -> bool:
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask(NO_LETTER))
