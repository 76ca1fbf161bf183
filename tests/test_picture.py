import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from backend.errors import BadSetting, NotUnderstood, TooLarge
from backend.picture import WORKING_SIDE_PX, Fit, Picture, decode, from_rgba


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_png_arrives_unchanged_with_rows_before_columns():
    pixels = noise(3, 5)
    picture = decode(encoded(Image.fromarray(pixels)))
    assert picture.height_px == 3 and picture.width_px == 5
    np.testing.assert_array_equal(picture.pixels, pixels)


def test_pictures_are_turned_upright():
    image = Image.new("RGB", (4, 2), "red")
    exif = image.getexif()
    exif[0x0112] = 6  # the camera was held on its side
    picture = decode(encoded(image, "JPEG", exif=exif))
    assert (picture.height_px, picture.width_px) == (4, 2)


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_photos_of_telephones(kind):
    across, down = np.meshgrid(np.linspace(0, 255, 64), np.linspace(0, 255, 48))
    pixels = np.stack([across, down, 255 - across], -1).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = np.rot90(pixels, -1)
    for picture, expected in (
        (decode(encoded(Image.fromarray(pixels), kind, quality=95)), pixels),
        (decode(encoded(Image.fromarray(pixels), kind, quality=95, exif=exif.tobytes())), turned),
    ):
        assert picture.pixels.shape == expected.shape
        assert np.abs(picture.pixels.astype(int) - expected).mean() < 3


@pytest.mark.parametrize("kind", ["HEIF", "AVIF", "WEBP", "TIFF", "GIF"])
@pytest.mark.parametrize("share", [0.1, 0.6, 0.95])
def test_broken_files_of_any_format_are_refused(kind, share):
    whole = encoded(Image.fromarray(noise(64, 64)), kind)
    with pytest.raises((NotUnderstood, TooLarge)):
        decode(whole[: int(len(whole) * share)])


def test_transparent_parts_are_white():
    picture = decode(encoded(Image.new("RGBA", (2, 2), (0, 0, 0, 0))))
    assert (picture.pixels == 255).all()


def test_palette_with_a_transparent_colour():
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putdata([0, 1])
    picture = decode(encoded(image, transparency=1))
    assert picture.pixels.tolist() == [[[10, 20, 30], [255, 255, 255]]]


def test_sixteen_bits_keep_their_upper_eight():
    image = Image.fromarray(np.array([[0, 0x1234, 0xFFFF]], np.uint16))
    picture = decode(encoded(image))
    assert picture.pixels[0, :, 0].tolist() == [0, 0x12, 0xFF]


def test_cmyk_becomes_rgb():
    picture = decode(encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"))
    red, green, blue = picture.pixels[4, 4]
    assert red > 200 and green < 60 and blue < 60


def test_the_first_frame_of_an_animation_counts():
    frames = [Image.new("RGB", (2, 2), colour) for colour in ("red", "blue")]
    body = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode(body).pixels[0, 0].tolist() == [255, 0, 0]


def test_grey_pictures_have_three_equal_channels():
    picture = decode(encoded(Image.new("L", (2, 2), 77)))
    assert picture.pixels.shape == (2, 2, 3) and (picture.pixels == 77).all()


@pytest.mark.parametrize("size", [(3, 2100), (2049, 2), (1, 300_000)])
def test_large_raw_pixels_are_the_same_picture_as_their_file(size):
    pixels = noise(*size)
    opaque = np.dstack([pixels, np.full(size, 255, np.uint8)])
    raw = from_rgba(opaque.tobytes(), size[1], size[0])
    file = decode(encoded(Image.fromarray(pixels)))
    assert max(raw.pixels.shape) <= WORKING_SIDE_PX
    assert raw.shrunk_by == file.shrunk_by == max(size) / max(raw.pixels.shape)
    np.testing.assert_array_equal(raw.pixels, file.pixels)


def test_large_photos_are_halved_until_they_are_handy():
    picture = decode(encoded(Image.new("RGB", (5000, 100), "green")))
    assert picture.width_px == 1250 <= WORKING_SIDE_PX
    assert picture.height_px == 25


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"\x89PNG\r\n\x1a\n", encoded(Image.fromarray(noise(50, 50)))[:900]],
    ids=["empty", "text", "only a header", "truncated"],
)
def test_what_is_not_a_picture_is_refused(body):
    with pytest.raises(NotUnderstood):
        decode(body)


def test_truncated_jpeg_is_refused():
    with pytest.raises(NotUnderstood):
        decode(encoded(Image.fromarray(noise(200, 200)), "JPEG")[:4000])


def test_twenty_thousand_pixels_each_way_are_too_many():
    body = encoded(Image.new("1", (20_000, 20_000)))
    assert len(body) < 1_000_000
    with pytest.raises(TooLarge):
        decode(body)


def test_raw_pixels_on_white():
    picture = from_rgba(bytes([1, 2, 3, 255, 9, 9, 9, 0]), width_px=2, height_px=1)
    assert picture.pixels.tolist() == [[[1, 2, 3], [255, 255, 255]]]


@pytest.mark.parametrize("width_px, height_px", [(2, 2), (0, 1), (-1, -1)])
def test_raw_pixels_of_another_size_are_refused(width_px, height_px):
    with pytest.raises(NotUnderstood):
        from_rgba(bytes(4), width_px, height_px)


@settings(max_examples=40, deadline=None)
@given(
    height_px=st.integers(1, 90),
    width_px=st.integers(1, 90),
    input_size=st.tuples(st.integers(1, 60), st.integers(1, 60)),
)
def test_crop_is_what_pillow_calls_fit(height_px, width_px, input_size):
    pixels = noise(height_px, width_px)
    ours = Fit.of(Picture(pixels), input_size, "crop").apply(pixels)
    judge = ImageOps.fit(Image.fromarray(pixels), input_size[::-1], Image.Resampling.LANCZOS)
    np.testing.assert_array_equal(ours, np.asarray(judge))


@pytest.mark.parametrize("way", ["crop", "pad", "stretch"])
def test_a_picture_of_the_shape_of_the_input_is_seen_as_a_whole(way):
    for height in range(1, 61):
        for width in range(1, 61):
            plan = Fit.of(Picture(np.zeros((height, width, 3), np.uint8)), (height, width), way)
            assert plan.is_identity
            twice = Picture(np.zeros((2 * height, 2 * width, 3), np.uint8))
            larger = Fit.of(twice, (height, width), way)
            assert not larger.is_identity
            seen = larger.seen
            assert (seen.left, seen.top) == (0, 0)
            assert (seen.width, seen.height) == (2 * width, 2 * height)


def test_crop_of_the_stage_sees_the_middle_square():
    plan = Fit.of(Picture(noise(360, 480)), (224, 224), "crop")
    assert (plan.seen.left, plan.seen.top, plan.seen.width, plan.seen.height) == (60, 0, 360, 360)


def test_stretch_sees_everything():
    pixels = noise(30, 50)
    plan = Fit.of(Picture(pixels), (10, 10), "stretch")
    judge = Image.fromarray(pixels).resize((10, 10), Image.Resampling.LANCZOS)
    np.testing.assert_array_equal(plan.apply(pixels), np.asarray(judge))
    assert plan.seen.width == 50 and plan.seen.height == 30


def test_pad_keeps_the_shape_between_black_bars():
    pixels = np.full((30, 60, 3), 200, np.uint8)
    placed = Fit.of(Picture(pixels), (20, 20), "pad").apply(pixels)
    assert (placed[5:15] == 200).all()
    assert (placed[:5] == 0).all() and (placed[15:] == 0).all()


def test_an_unknown_fit_is_refused():
    with pytest.raises(BadSetting, match="squeeze"):
        Fit.of(Picture(noise(3, 5)), (2, 2), "squeeze")
