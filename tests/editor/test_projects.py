"""Opening, saving and losing projects in the real editor."""

import io
import json
import re
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.picture import Picture
from backend.projects import build_project, project_names
from backend.teaching.collections import Collections
from tests.editor.stage import (
    FIRST_BLOCK_IS_AT_THE_TOP,
    Asked,
    press_flag,
    run_block,
    variable,
    wait_for,
    wait_until_idle,
)

pytestmark = pytest.mark.browser
LONGEST_S = 20


@pytest.mark.parametrize("name", project_names())
def test_a_project_of_the_lessons_opens_with_every_block(open_editor, name) -> None:
    page = open_editor(f"?project={name}")
    for index in range(len(project_json(build_project(name))["targets"])):
        page.evaluate(
            "index => Scratch.vm.setEditingTarget(Scratch.vm.runtime.targets[index].id)", index
        )
        page.wait_for_timeout(500)
        known = page.evaluate(
            """index => {
                const {runtime} = Scratch.vm;
                const blocks = Object.values(runtime.targets[index].blocks._blocks);
                const real = blocks.filter(block => !block.shadow);
                return {
                    ids: real.map(block => block.id),
                    strange: real.map(block => block.opcode).filter(opcode =>
                        !runtime.getOpcodeFunction(opcode) && !runtime.getIsHat(opcode) &&
                        !opcode.startsWith('data_') && opcode !== 'control_start_as_clone'),
                    drawn: [...document.querySelectorAll('.blocklyWorkspace .blocklyDraggable')]
                        .map(block => block.dataset.id),
                };
            }""",
            index,
        )
        assert known["strange"] == []
        assert set(known["ids"]) <= set(known["drawn"]), "the workspace lacks blocks"


def test_somebodys_own_classifier_with_its_pictures(open_editor, server, real_store) -> None:
    collections = Collections(real_store.home)
    collection = collections.add("Our pets")
    for shade, label in enumerate(("cat", "dog"), 1):
        collection.add_label(label)
        collection.add_picture(label, Picture(np.full((96, 96, 3), 80 * shade, np.uint8)))
    collection.note(model="parade")
    try:
        page = open_editor(f"?collection={collection.id}&title=Our+pets")
        press_flag(page)
        wait_for(page, "Scratch.vm.runtime.getTargetForStage().currentCostume === 1")
        wait_until_idle(page)
        names = page.evaluate(
            "Scratch.vm.runtime.getTargetForStage().getCostumes().map(({ name }) => name)"
        )
        assert names == ["start", "cat", "dog"]
        assert float(variable(page, "how sure (%)")) > 20  # of five labels
        assert page.locator("input[class*=project-title]").input_value() == "Peekaboo Our pets"
    finally:
        collections.delete(collection.id)


def test_a_classifier_that_was_never_taught_has_no_project(open_editor, visit) -> None:
    page = open_editor("?collection=mine")
    assert "That project is not here" in page.inner_text("#notice")
    assert visit.failed[0].startswith("404")


def project_json(sb3: bytes) -> dict[str, Any]:
    return json.loads(zipfile.ZipFile(io.BytesIO(sb3)).read("project.json"))


def save(page: Any, folder: Path) -> Path:
    page.click("[class*=menu-bar] >> text=File")
    with page.expect_download() as waiting:
        page.click("text=Save to your computer")
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def open_file(page: Any, path: Path) -> None:
    page.click("[class*=menu-bar] >> text=File")
    with page.expect_file_chooser() as waiting:
        page.click("text=Load from your computer")
    waiting.value.set_files(path)


def count_scripts(page: Any) -> int:
    return page.evaluate("Scratch.vm.runtime.targets[0].blocks._scripts.length")


def test_a_saved_project_has_everything_and_opens_again(open_editor, tmp_path) -> None:
    page = open_editor()
    scripts = count_scripts(page)
    press_flag(page)
    wait_until_idle(page)
    path = save(page, tmp_path)
    assert path.name == "Peekaboo demo.sb3"
    project = project_json(path.read_bytes())
    assert project["extensions"] == ["peekaboo"]
    # TurboWarp loads the blocks from there by itself.
    assert project["extensionURLs"] == {"peekaboo": "http://localhost:8000/peekaboo.js"}

    page.click("[class*=menu-bar] >> text=File")
    page.click("text=New")
    wait_for(page, "() => Scratch.vm.runtime.targets[1]?.sprite.name === 'Sprite1'")
    assert count_scripts(page) == 0
    assert_the_wheel_moves_the_palette(page)
    open_file(page, path)
    wait_for(page, f"() => Scratch.vm.runtime.targets[0]?.blocks._scripts.length === {scripts}")
    page.keyboard.press("x")  # The File menu closed, so that keys reach the project.
    wait_until_idle(page)
    assert run_block(page, "mostRelevantSquare") in range(1, 49)


def assert_the_wheel_moves_the_palette(page: Any) -> None:
    glides = "() => document.querySelector('.blocklyFlyout').textContent.includes('glide')"
    wait_for(page, glides)  # The blocks of the new project's sprite are there.
    page.click(".blocklyToolboxCategory#peekaboo")
    wait_for(page, FIRST_BLOCK_IS_AT_THE_TOP)
    page.mouse.move(200, 300)
    deadline = time.monotonic() + LONGEST_S
    while page.evaluate(FIRST_BLOCK_IS_AT_THE_TOP):
        assert time.monotonic() < deadline, "the wheel does not move the palette"
        page.mouse.wheel(0, 100)
        page.wait_for_timeout(100)


def test_unsaved_work_is_not_lost_without_a_question(open_editor, tmp_path) -> None:
    page = open_editor()
    questions: list[str] = []

    def answer_no(dialog: Any) -> None:
        questions.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer_no)
    move_a_script(page)
    page.close(run_before_unload=True)
    assert_asked(page, questions, ["beforeunload"])
    assert not page.is_closed()

    page.click("[class*=menu-bar] >> text=File")
    page.click("text=New")
    assert_asked(page, questions, ["beforeunload", "confirm"])
    assert count_scripts(page) == 7
    page.keyboard.press("Escape")

    save(page, tmp_path)
    page.wait_for_timeout(500)
    page.close(run_before_unload=True)
    assert questions == ["beforeunload", "confirm"]


def assert_asked(page: Any, questions: list[str], expected: list[str]) -> None:
    deadline = time.monotonic() + LONGEST_S
    while len(questions) < len(expected) and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    page.wait_for_timeout(200)  # no other question follows
    assert questions == expected


def move_a_script(page: Any) -> None:
    page.evaluate("Scratch.vm.once('PROJECT_CHANGED', () => { window.moved = true; })")
    box = page.locator(".blocklyBlockCanvas text", has_text="stage clicked").first.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 30, steps=8)
    page.mouse.up()
    wait_for(page, "() => window.moved")


def test_an_untouched_project_may_be_left(open_editor) -> None:
    page = open_editor()
    questions: list[str] = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    press_flag(page)
    wait_until_idle(page)
    page.keyboard.press("x")
    wait_until_idle(page)
    page.close(run_before_unload=True)
    assert questions == []


def a_zip(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, contents in files.items():
            archive.writestr(name.replace("_json", ".json"), contents)
    return packed.getvalue()


@pytest.mark.parametrize(
    "contents",
    [b"", b"not a zip", build_project("demo")[:5000], a_zip(project_json=b'{"targets": 3}')],
    ids=["empty", "no zip", "cut off", "wrong inside"],
)
def test_a_broken_project_gives_a_kind_message_and_a_working_editor(open_editor, contents) -> None:
    def break_project(page: Any) -> None:
        page.route("**/projects/demo.sb3*", lambda route: route.fulfill(body=contents))

    page = open_editor(before=break_project)
    assert "That project is broken" in page.inner_text("#notice")
    page.click("#notice-button")
    assert page.evaluate("Scratch.vm.runtime.targets.length") == 2
    assert page.locator(".blocklyFlyout text", has_text="use model").count() > 0


def test_a_project_that_is_not_there(open_editor) -> None:
    page = open_editor("?project=nobody-made-this")
    assert "That project is not here" in page.inner_text("#notice")
    assert page.evaluate("Scratch.vm.runtime.targets.length") == 2


def test_a_broken_file_leaves_the_open_project_as_it_is(open_editor, tmp_path) -> None:
    page = open_editor()
    scripts = count_scripts(page)
    told: list[str] = []
    page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.accept()))
    broken = tmp_path / "broken.sb3"
    broken.write_bytes(b"not a project")
    open_file(page, broken)
    page.wait_for_timeout(1000)
    assert len(told) == 1
    assert count_scripts(page) == scripts


def test_a_project_with_unknown_blocks_opens_without_them(open_editor, tmp_path) -> None:
    project = project_json(build_project("demo"))
    strange = {"opcode": "somethingElse_run", "next": None, "parent": None, "inputs": {}}
    strange |= {"fields": {}, "shadow": False, "topLevel": True, "x": 900, "y": 20}
    project["targets"][0]["blocks"]["strange"] = strange
    project["extensions"].append("somethingElse")
    files = dict(unzip(build_project("demo"))) | {"project.json": json.dumps(project).encode()}
    contents = a_zip(**{name.replace(".json", "_json"): data for name, data in files.items()})
    page = open_editor(
        before=lambda page: page.route(
            "**/projects/demo.sb3*", lambda route: route.fulfill(body=contents)
        )
    )
    assert "Some blocks are missing" in page.inner_text("#notice")
    assert "somethingElse" in page.inner_text("#notice-detail")
    assert count_scripts(page) == 8


def unzip(contents: bytes) -> list[tuple[str, bytes]]:
    archive = zipfile.ZipFile(io.BytesIO(contents))
    return [(name, archive.read(name)) for name in archive.namelist()]


def ghosts_of_clones(page: Any) -> list[float]:
    """Ghost effects of the black squares on the stage, along the rows from the top left."""
    return page.evaluate(
        """() => Scratch.vm.runtime.targets.filter(target => !target.isOriginal && target.visible)
            .sort((one, other) => other.y - one.y || one.x - other.x)
            .map(target => target.effects.ghost)"""
    )


def test_the_hand_built_version_finds_what_the_server_finds(open_editor) -> None:
    page = open_editor("?project=build-it-yourself-finished")
    press_flag(page)
    wait_until_idle(page)
    asked = Asked(page, "/api/relevance")
    page.keyboard.press("f")
    wait_until_idle(page)
    answer = asked.again(page)
    measured = [ghost for row in answer["ghost"] for ghost in row]
    assert ghosts_of_clones(page) == pytest.approx(measured, abs=0.006)

    page.keyboard.press("x")
    wait_until_idle(page)
    drops = [drop for row in answer["confidence_drop"] for drop in row]
    amplify = float(variable(page, "amplify"))
    by_hand = [float(ghost) for ghost in variable(page, "ghosts")]
    # A square drawn on the stage is the one that the server thinks of, to the pixel's edge.
    assert by_hand == pytest.approx([100 * amplify * drop for drop in drops], abs=0.5 * amplify)
    shown = ghosts_of_clones(page)
    assert shown == pytest.approx([min(100, max(0, ghost)) for ghost in by_hand], abs=0.01)
    assert variable(page, "what") == answer["target"]
    assert re.fullmatch(r"\d+(\.\d+)?", str(variable(page, "sure before")))
