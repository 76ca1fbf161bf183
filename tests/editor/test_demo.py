"""The demo project, as a child plays it: green flag, X, arrow keys."""

import io
import re
import urllib.request
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.editor.stage import (
    Asked,
    backdrop,
    picture_on_stage,
    press_flag,
    run_block,
    variable,
    wait_until_idle,
)

pytestmark = pytest.mark.browser
SQUARES = range(1, 49)


def gallery_picture(server: str, name: str) -> np.ndarray:
    with urllib.request.urlopen(f"{server}/parade/gallery/{name}.png") as answer:
        return np.asarray(Image.open(io.BytesIO(answer.read())).convert("RGB"))


def test_the_green_flag_shows_a_picture_and_says_what_it_is(open_editor, server) -> None:
    page = open_editor()
    assert backdrop(page) == "start"
    asked = Asked(page, "/api/classify")
    press_flag(page)
    wait_until_idle(page)

    answer = asked.again(page)
    assert backdrop(page) != "start"
    assert variable(page, "I think it is") == answer["label"]
    assert variable(page, "how sure (%)") == pytest.approx(100 * answer["confidence"], abs=0.006)
    # The character is the first word of the picture's name.
    assert answer["label"] == re.match(r"[a-z]+", backdrop(page))[0]


def test_the_key_x_is_heard_on_an_arabic_keyboard_too(open_editor) -> None:
    page = open_editor(locale="ar")
    asked = Asked(page, "/api/relevance")
    press_flag(page)
    wait_until_idle(page)
    press_key(page, "ء", "KeyX")
    wait_until_idle(page)
    assert len(asked.requests) == 1
    # Where something is written, no key is meant for the project.
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('input'), {id: 'in'}))"
    )
    press_key(page, "ء", "KeyX", target="#in")
    wait_until_idle(page)
    assert len(asked.requests) == 1


def press_key(page: Any, key: str, code: str, target: str = "body") -> None:
    """Press and release a key as a keyboard of another script does."""
    for kind in ("keydown", "keyup"):
        page.dispatch_event(target, kind, {"key": key, "code": code, "bubbles": True})


def test_x_shows_the_relevance_that_the_server_measures_for_the_same_pixels(
    open_editor, server
) -> None:
    page = open_editor()
    asked = Asked(page, "/api/relevance")
    press_flag(page)
    wait_until_idle(page)
    page.keyboard.press("x")
    wait_until_idle(page)

    sent = asked.requests[-1]
    assert sent.headers["content-type"] == "image/x-rgba; width=480; height=360"
    pixels = np.frombuffer(sent.post_data_buffer, np.uint8).reshape(360, 480, 4)[..., :3]
    drawn = gallery_picture(server, backdrop(page))
    assert np.abs(pixels.astype(int) - drawn).max() <= 2, "labels and squares are not classified"

    answer = asked.again(page)
    assert answer["verdict"] == "found"
    ghost = np.array(answer["ghost"]).reshape(-1)
    shown = [run_block(page, "ghostOfSquare", SQUARE=square) for square in SQUARES]
    assert shown == pytest.approx(ghost, abs=0.006)
    assert run_block(page, "mostRelevantSquare") == answer["most_relevant"]["square"]
    assert_stage_shows(picture_on_stage(page), drawn, np.array(answer["ghost"]) / 100)


def assert_stage_shows(stage: np.ndarray, picture: np.ndarray, ghost: np.ndarray) -> None:
    """Each square is the picture under a black square with that ghost effect.

    Judged by the upper half of each square without its edge: its number stands in the lower one.
    """
    scale = stage.shape[0] / 360
    for row in range(6):
        for column in range(8):
            part = np.s_[60 * row + 8 : 60 * row + 28, 60 * column + 8 : 60 * column + 52]
            shown_part = tuple(
                slice(round(edge.start * scale), round(edge.stop * scale)) for edge in part
            )
            expected = picture[part].mean(axis=(0, 1)) * ghost[row, column]
            shown = stage[shown_part][..., :3].mean(axis=(0, 1))
            assert shown == pytest.approx(expected, abs=6), f"row {row}, column {column}"


def test_space_and_a_click_take_the_squares_away(open_editor, server) -> None:
    page = open_editor()
    press_flag(page)
    wait_until_idle(page)
    drawn = gallery_picture(server, backdrop(page))

    for hide in (lambda: page.keyboard.press(" "), lambda: click_stage(page)):
        page.keyboard.press("x")
        wait_until_idle(page)
        assert difference(page, drawn) > 20
        hide()
        wait_until_idle(page)
        assert difference(page, drawn) < 2


def click_stage(page: Any) -> None:
    page.click("[class*=stage_stage] canvas", position={"x": 300, "y": 200})


def difference(page: Any, drawn: np.ndarray) -> float:
    stage = Image.fromarray(picture_on_stage(page)).convert("RGB").resize((480, 360))
    return float(np.abs(np.asarray(stage).astype(int) - drawn).mean())


def test_arrow_keys_go_round_all_pictures_and_never_to_the_start_screen(open_editor) -> None:
    page = open_editor()
    press_flag(page)
    wait_until_idle(page)
    first = backdrop(page)
    names = [first]
    while len(names) < 40:
        page.keyboard.press("ArrowRight")
        wait_until_idle(page)
        if backdrop(page) == first:
            break
        names.append(backdrop(page))
    assert len(names) == len(set(names)) >= 6
    assert "start" not in names

    page.keyboard.press("ArrowLeft")
    wait_until_idle(page)
    assert backdrop(page) == names[-1]
    page.click("[class*=stop-all_stop-all]")
    page.keyboard.press("ArrowRight")
    wait_until_idle(page)
    assert backdrop(page) == first


def test_keys_reach_the_project_after_saving_a_menu_and_a_tab(open_editor) -> None:
    page = open_editor()
    press_flag(page)
    wait_until_idle(page)
    file = page.locator("[class*=menu-bar_menu-bar-item]", has_text="File").first

    def save() -> None:
        file.click()
        with page.expect_download():
            page.get_by_text("Save to your computer").click()

    def leave_the_menu() -> None:
        file.click()
        page.locator(".blocklySvg").first.click(position={"x": 420, "y": 500})

    def change_tabs() -> None:
        page.get_by_role("tab", name="Backdrops").click()
        page.get_by_role("tab", name="Code").click()

    for work in (save, leave_the_menu, change_tabs):
        work()
        page.wait_for_timeout(300)
        before = backdrop(page)
        page.keyboard.press("ArrowRight")
        wait_until_idle(page)
        assert backdrop(page) != before, work.__name__


def test_an_arrow_key_hides_the_relevance_of_the_picture_before(open_editor, server) -> None:
    page = open_editor()
    press_flag(page)
    wait_until_idle(page)
    page.keyboard.press("x")
    wait_until_idle(page)
    page.keyboard.press("ArrowRight")
    wait_until_idle(page)
    assert difference(page, gallery_picture(server, backdrop(page))) < 2
