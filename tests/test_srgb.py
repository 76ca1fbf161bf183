"""Colours as people see them, whatever numbers a file keeps them in."""

import io
import re
import struct
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageCms

from backend.picture import decode
from tests.conftest import ROOT
from tests.test_picture import encoded, noise

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def icc(space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    """An ICC profile (version 4) of a display or printer, as the specification lays it out."""
    text = b"mluc" + struct.pack(">4xII2s2sII", 1, 12, b"en", b"US", 2, 28) + b"\0x"
    white = b"XYZ " + struct.pack(">4x3i", 63190, 65536, 54061)
    tags = {b"desc": text, b"cprt": text, b"wtpt": white, **tags}
    table, body = b"", b""
    for name, content in tags.items():
        content += bytes(-len(content) % 4)
        table += name + struct.pack(">II", 132 + 12 * len(tags) + len(body), len(content))
        body += content
    kind = b"prtr" if space == b"CMYK" else b"mntr"
    head = struct.pack(">I4xI4s4s4s12x4s", 0, 0x04000000, kind, space, connection, b"acsp")
    head = (head + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)).ljust(128, b"\0")
    whole = head + struct.pack(">I", len(tags)) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


def xyz(*values: float) -> bytes:
    return b"XYZ " + struct.pack(">4x3i", *(round(65536 * value) for value in values))


def curve(kind: int, *numbers: float) -> bytes:
    numbers_16 = (round(65536 * number) for number in numbers)
    return b"para" + struct.pack(f">4xHxx{len(numbers)}i", kind, *numbers_16)


SRGB_CURVE = curve(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
DISPLAY_P3 = icc(
    b"RGB ",
    b"XYZ ",
    {
        b"rXYZ": xyz(0.51512, 0.24120, -0.00105),
        b"gXYZ": xyz(0.29198, 0.69225, 0.04189),
        b"bXYZ": xyz(0.15710, 0.06657, 0.78407),
        b"rTRC": SRGB_CURVE,
        b"gTRC": SRGB_CURVE,
        b"bTRC": SRGB_CURVE,
    },
)
LINEAR_GREY = icc(b"GRAY", b"XYZ ", {b"kTRC": curve(0, 1.0)})
# 4 inputs, 3 outputs, 2 points each way: white without black ink, whatever else, black with it.
PAPER = b"".join(bytes([255 * (1 - index % 2), 128, 128]) for index in range(16))
RAMP = bytes(range(256))
ONLY_BLACK_COUNTS = icc(
    b"CMYK",
    b"Lab ",
    {
        b"A2B0": b"mft1"
        + struct.pack(">4x4B9i", 4, 3, 2, 0, *np.eye(3, dtype=int).ravel() * 65536)
        + 4 * RAMP
        + PAPER
        + 3 * RAMP
    },
)


def from_p3(colour: tuple[int, int, int]) -> np.ndarray:
    """Display P3 to sRGB, by the matrices and the curve that CSS Color 4 prints."""
    to_xyz = np.array(
        [
            [608311 / 1250200, 189793 / 714400, 198249 / 1000160],
            [35783 / 156275, 247089 / 357200, 198249 / 2500400],
            [0, 32229 / 714400, 5220557 / 5000800],
        ]
    )
    to_linear = np.array(
        [
            [12831 / 3959, -329 / 214, -1974 / 3959],
            [-851781 / 878810, 1648619 / 878810, 36519 / 878810],
            [705 / 12673, -2585 / 12673, 705 / 667],
        ]
    )
    share = np.array(colour) / 255
    light = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    light = np.clip(to_linear @ to_xyz @ light, 0, 1)
    share = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return 255 * share


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("WEBP", {"lossless": True}), ("TIFF", {}), ("JPEG", {}), ("HEIF", {})],
)
@pytest.mark.parametrize("colour", [(200, 80, 60), (60, 160, 70), (230, 40, 120), (90, 90, 90)])
def test_photos_of_iphones_look_as_in_a_browser(kind, options, colour):
    image = Image.new("RGB", (16, 16), colour)
    lossy = 2 if kind in ("JPEG", "HEIF") else 0
    pixel = decode(encoded(image, kind, icc_profile=DISPLAY_P3, **options)).pixels[8, 8]
    assert np.abs(pixel - from_p3(colour)).max() <= 1 + lossy


def test_large_and_transparent_pictures_are_converted_too():
    clear = Image.new("RGBA", (2500, 3), (200, 80, 60, 0))
    clear.paste((200, 80, 60, 255), (0, 0, 1000, 3))
    pixels = decode(encoded(clear, icc_profile=DISPLAY_P3)).pixels
    assert pixels.shape[1] == 1250
    assert np.abs(pixels[0, 0] - from_p3((200, 80, 60))).max() <= 1
    assert (pixels[0, -1] == 255).all()


STRANGE = DISPLAY_P3.replace(b"RGB ", b"RG\xff ")


@pytest.mark.parametrize(
    "profile",
    [None, SRGB, b"broken", DISPLAY_P3[:200], STRANGE, LINEAR_GREY],
    ids=["none", "sRGB", "no profile", "cut off", "strange", "of grey"],
)
def test_without_another_profile_nothing_changes(profile):
    pixels = noise(40, 30)
    content = encoded(Image.fromarray(pixels), icc_profile=profile)
    np.testing.assert_array_equal(decode(content).pixels, pixels)


def test_grey_with_a_profile():
    """Half of the light is 188 in sRGB: 1.055 * 0.502^(1/2.4) - 0.055 = 0.737."""
    picture = decode(encoded(Image.new("L", (4, 4), 128), icc_profile=LINEAR_GREY))
    assert np.abs(picture.pixels.astype(int) - 188).max() <= 1
    # One for colours says how bright greys are, too, which in Display P3 is as in sRGB.
    picture = decode(encoded(Image.new("L", (4, 4), 128), icc_profile=DISPLAY_P3))
    assert np.abs(picture.pixels.astype(int) - 128).max() <= 1


def test_print_colours_with_a_profile():
    inks = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    with_profile = decode(encoded(inks, "TIFF", icc_profile=ONLY_BLACK_COUNTS)).pixels
    assert with_profile.min() >= 253
    black = Image.new("CMYK", (8, 8), (0, 0, 0, 255))
    assert decode(encoded(black, "TIFF", icc_profile=ONLY_BLACK_COUNTS)).pixels.max() <= 2
    plain = decode(encoded(inks, "TIFF")).pixels
    np.testing.assert_array_equal(plain[4, 4], [255, 0, 0])
    strange = decode(encoded(inks, "TIFF", icc_profile=DISPLAY_P3)).pixels
    np.testing.assert_array_equal(strange, plain)


def large(mode: str) -> Image.Image:
    """Noise in 4,301 rows: neither 4 nor the rows of a piece divide them."""
    dice = np.random.default_rng(3)
    if mode == "I;16":
        return Image.fromarray(dice.integers(0, 65536, (4301, 31), dtype=np.uint16))
    return Image.fromarray(dice.integers(0, 256, (4301, 31, 4), dtype=np.uint8)).convert(mode)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "L", "P", "CMYK", "I;16"])
def test_large_pictures_in_pieces_are_what_they_are_at_once(mode):
    image = large(mode)
    if mode == "I;16":
        at_once = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    else:
        opaque = Image.new("RGBA", image.size, "white")
        opaque.alpha_composite(image.convert("RGB" if mode == "CMYK" else "RGBA").convert("RGBA"))
        at_once = opaque.convert("RGB")
    kind = "TIFF" if mode == "CMYK" else "PNG"
    pixels = decode(encoded(image, kind)).pixels
    np.testing.assert_array_equal(pixels, np.asarray(at_once.reduce(4)))


@pytest.mark.skipif(sys.platform != "linux", reason="read from /proc")
@pytest.mark.parametrize(("kind", "most_mb"), [("uint16", 300), ("uint8", 400)])
def test_a_small_file_of_a_large_picture_does_not_fill_the_memory(kind, most_mb):
    """49 million pixels of 2 or 4 bytes: once as they are unpacked, not six times."""
    size = (7000, 7000) if kind == "uint16" else (7000, 7000, 4)
    stream = io.BytesIO()
    Image.fromarray(np.zeros(size, kind)).save(stream, "PNG", compress_level=9)
    program = (
        "import sys; from backend.picture import decode; decode(sys.stdin.buffer.read());"
        "print(open('/proc/self/status').read())"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        input=stream.getvalue(),
        capture_output=True,
        check=True,
    )
    # Not `ru_maxrss`, which begins with what the tests themselves had taken.
    most_kb = re.search(rb"VmHWM:\s+(\d+) kB", found.stdout)[1]
    assert int(most_kb) / 1024 < most_mb
