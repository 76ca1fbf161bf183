"""Films as files: how many frames, how large, how long, and what can be counted by hand on them."""

import io

import numpy as np
import pytest
from PIL import Image

from backend.drawing import film
from backend.drawing.film import (
    BAR_PX,
    FRAME_MS,
    LAST_FRAME_MS,
    MARGIN_PX,
    MOVING_FRAMES,
    STRIP_FRAMES,
    WIDTH_PX,
    Shown,
    below,
    draw_film,
    draw_frame,
    side_by_side,
)
from backend.picture import Picture

RED, BLUE = (200, 0, 0), (0, 0, 200)
TALL = 540
"""Height of a picture of 2 × 3 px when it is WIDTH_PX = 360 wide."""
FRAME = (WIDTH_PX, BAR_PX + TALL + 2 * BAR_PX + 2 * MARGIN_PX)
ODD_LABELS = ["قطة صغيرة", "🦁🎉", "L" * 300, "", "a\nb", "\u202eright to left", "猫"]


def tiny(colour=RED) -> Picture:
    """A picture 3 px high and 2 px wide, of one colour."""
    return Picture(np.full((3, 2, 3), colour, np.uint8))


def epochs(count: int, probes: int = 1, labels=("cat", "dog")) -> list[dict]:
    """A film as it is kept: squares open one after the other, and the first label grows surer."""
    kept = []
    for number in range(1, count + 1):
        ghost = [[0.0, 100.0], [100.0 * number / count, 0.0], [0.0, 0.0]]
        sure = 0.5 + 0.5 * number / count
        top = [
            {"label": labels[0], "confidence": sure},
            {"label": labels[1], "confidence": 1 - sure},
        ]
        frame = {"ghost": ghost, "relevance": ghost, "top": top}
        kept.append({"epoch": number, "accuracy": number / count, "frames": [frame] * probes})
    return kept


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def frames_of(content: bytes) -> list[tuple[np.ndarray, int]]:
    image, found = opened(content), []
    for number in range(image.n_frames):
        image.seek(number)
        image.load()
        found.append((np.asarray(image.convert("RGB")).astype(int), image.info["duration"]))
    return found


def bar_px(pixels: np.ndarray, number: int) -> int:
    """How long a bar is, counted just below its writing."""
    row = BAR_PX + TALL + MARGIN_PX + number * BAR_PX + BAR_PX - 5
    return int((np.abs(pixels[row] - [120, 190, 240]).sum(axis=1) < 30).sum())


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_a_film_moves_and_its_last_frame_stays(kind):
    content = draw_film(epochs(5), {0: tiny()}, kind)
    image = opened(content)
    assert (image.format, image.size, image.info["loop"]) == (kind.upper(), FRAME, 0)
    durations = [duration for _, duration in frames_of(content)]
    assert durations == [FRAME_MS] * 4 + [LAST_FRAME_MS]


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_the_last_frame_is_what_a_hand_would_draw(kind):
    pixels, _ = frames_of(draw_film(epochs(4), {0: tiny()}, kind))[-1]
    # Squares of 180 × 180; looked at in their middles, away from numbers and edges.
    middles = pixels[BAR_PX + 90 : BAR_PX + TALL : 180, 90::180]
    expected = np.array([[[0, 0, 0], RED], [RED, [0, 0, 0]], [[0, 0, 0], [0, 0, 0]]])
    assert np.abs(middles - expected).max() < 25
    # The first label is at 100 %, the second at 0 %.
    assert bar_px(pixels, 0) == pytest.approx(WIDTH_PX - 2 * MARGIN_PX + 1, abs=6)
    assert bar_px(pixels, 1) <= 3


def test_the_bars_grow_from_frame_to_frame():
    lengths = [
        bar_px(pixels, 0) for pixels, _ in frames_of(draw_film(epochs(4), {0: tiny()}, "gif"))
    ]
    full = WIDTH_PX - 2 * MARGIN_PX
    assert lengths == pytest.approx([full * share + 1 for share in (0.625, 0.75, 0.875, 1)], abs=2)


def test_a_square_half_open_is_half_as_bright():
    frame = draw_frame(tiny(), Shown("", np.array([[50.0, 100.0], [0.0, 25.0], [0.0, 0.0]]), []))
    pixels = np.asarray(frame)
    assert frame.size == (WIDTH_PX, BAR_PX + TALL + 2 * MARGIN_PX)
    assert pixels[BAR_PX + 90, 90].tolist() == [100, 0, 0]
    assert pixels[BAR_PX + 90, 270].tolist() == [200, 0, 0]
    assert pixels[BAR_PX + 270, 90].tolist() == [0, 0, 0]
    assert pixels[BAR_PX + 270, 270].tolist() == [50, 0, 0]


def test_a_strip_shows_six_frames_from_first_to_last():
    content = draw_film(epochs(50), {0: tiny()}, "strip")
    sheet = np.asarray(opened(content).convert("RGB")).astype(int)
    assert opened(content).format == "PNG"
    assert sheet.shape[:2] == (FRAME[1], 6 * WIDTH_PX + 5 * MARGIN_PX)
    step = WIDTH_PX + MARGIN_PX
    brightness = [int(sheet[BAR_PX + 270, at * step + 90, 0]) for at in range(6)]
    # Six even places among the lessons 1 to 50: the square is open by 2 % for each lesson.
    lessons = [1, 11, 21, 30, 40, 50]
    assert brightness == pytest.approx([200 * lesson / 50 for lesson in lessons], abs=1)


@pytest.mark.parametrize(("kind", "most"), [("webp", MOVING_FRAMES), ("strip", STRIP_FRAMES)])
def test_of_a_long_film_only_what_is_shown_is_drawn(kind, most, monkeypatch):
    drawn = []

    def draw(picture, shown):
        drawn.append(int(shown.title.removeprefix("Lesson ").partition(":")[0]))
        return Image.new("RGB", (2, 2), (drawn[-1], 0, 0))

    monkeypatch.setattr(film, "draw_frame", draw)
    draw_film(epochs(250), {0: tiny()}, kind)
    assert len(drawn) == most
    assert (drawn[0], drawn[-1]) == (1, 250)
    assert np.ptp(np.diff(drawn)) <= 1


def test_a_short_strip_has_as_many_frames_as_there_are():
    sheet = opened(draw_film(epochs(2), {0: tiny()}, "strip"))
    assert sheet.size == (2 * WIDTH_PX + MARGIN_PX, FRAME[1])


def test_pictures_stand_side_by_side_in_films_and_below_each_other_on_paper():
    pictures = {0: tiny(), 1: tiny(BLUE)}
    still = Image.new("RGB", (100, 50), (1, 2, 3))
    moving = opened(draw_film(epochs(2, probes=2), pictures, "gif", [still]))
    assert moving.size == (2 * WIDTH_PX + 100 + 2 * MARGIN_PX, FRAME[1])
    paper = opened(draw_film(epochs(1, probes=2), pictures, "strip", [still]))
    assert paper.size == (WIDTH_PX, 2 * FRAME[1] + 50 + 2 * MARGIN_PX)
    blue = np.asarray(paper)[FRAME[1] + MARGIN_PX + BAR_PX + 90, 270]
    assert blue.tolist() == list(BLUE)


def test_only_the_pictures_that_were_chosen_are_shown():
    kept = epochs(1, probes=2)
    kept[0]["frames"][1] = kept[0]["frames"][1] | {"ghost": [[0.0, 0.0], [0.0, 0.0], [100.0, 0.0]]}
    pixels = np.asarray(opened(draw_film(kept, {1: tiny(BLUE)}, "strip")))
    assert pixels.shape[1] == WIDTH_PX
    assert pixels[BAR_PX + 450, 90].tolist() == list(BLUE)
    assert pixels[BAR_PX + 90, 270].tolist() == [0, 0, 0]


@pytest.mark.parametrize("label", ODD_LABELS)
@pytest.mark.parametrize("kind", ["gif", "strip"])
def test_odd_labels_do_not_break_it(label, kind):
    image = opened(draw_film(epochs(2, labels=(label, "dog")), {0: tiny()}, kind))
    across = 1 if kind == "gif" else 2
    assert image.size == (across * WIDTH_PX + (across - 1) * MARGIN_PX, FRAME[1])


def test_a_film_without_held_back_pictures_says_no_share():
    kept = epochs(1)
    with_share = opened(draw_film(kept, {0: tiny()}, "strip")).convert("L")
    kept[0]["accuracy"] = None
    without = opened(draw_film(kept, {0: tiny()}, "strip")).convert("L")
    title = (0, 0, WIDTH_PX, BAR_PX)
    ink = [int((np.asarray(one.crop(title)) < 128).sum()) for one in (with_share, without)]
    assert ink[0] > ink[1] > 0
    rest = (0, BAR_PX, *FRAME)
    assert with_share.crop(rest).tobytes() == without.crop(rest).tobytes()


def test_sheets_leave_a_margin_between_images_only():
    images = [Image.new("RGB", (4, 6), RED), Image.new("RGB", (2, 3), BLUE)]
    across, down = np.asarray(side_by_side(images)), np.asarray(below(images))
    assert across.shape == (6, 4 + MARGIN_PX + 2, 3)
    assert down.shape == (6 + MARGIN_PX + 3, 4, 3)
    assert across[0, 4 + MARGIN_PX].tolist() == list(BLUE)
    assert across[3, 4 + MARGIN_PX].tolist() == across[0, 4].tolist() == [255, 255, 255]
    assert down[6 + MARGIN_PX, 0].tolist() == list(BLUE)
