"""The project files: what Scratch's own format asks of them."""

import hashlib
import html
import io
import json
import re
import zipfile

import numpy as np
import pytest
from PIL import Image

from backend import projects
from backend.app import create_app
from backend.classifiers.store import Store
from backend.projects import build_own_project, build_project, project_names
from backend.projects.sb3 import Costume, write_sb3
from backend.projects.source import read_project

SQUARE = b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"></svg>'
SOURCE = """
stage
  variable "n" = "7"
  script at 5 6
    when I receive [go v]
    repeat (n)
      go to x: ((n) + (1)) y: (2)
      broadcast [go v]
    stop [all v]
sprite "Square" at 1 2
show "n" at 5 6
"""


def png(width: int, height: int) -> bytes:
    packed = io.BytesIO()
    Image.new("RGB", (width, height)).save(packed, "PNG")
    return packed.getvalue()


@pytest.fixture
def files(tmp_path) -> dict[str, bytes]:
    path = tmp_path / "little.scratch"
    path.write_text(SOURCE, encoding="utf-8")
    costumes = {
        "Stage": [Costume("small", png(480, 360)), Costume("fine", png(960, 720))],
        "Square": [Costume("square", SQUARE)],
    }
    contents = write_sb3(read_project(path), costumes)
    assert contents == write_sb3(read_project(path), costumes), "the same source, other bytes"
    return unzip(contents)


def unzip(contents: bytes) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(contents))
    return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def project(files) -> dict:
    return json.loads(files["project.json"])


def test_pictures_are_named_after_their_contents(files, project) -> None:
    costumes = [costume for target in project["targets"] for costume in target["costumes"]]
    assert len(costumes) == 3
    for costume in costumes:
        contents = files[costume["md5ext"]]
        assert hashlib.md5(contents).hexdigest() == costume["assetId"]
        assert costume["md5ext"] == f"{costume['assetId']}.{costume['dataFormat']}"
    small, fine, square = costumes
    assert (small["bitmapResolution"], small["rotationCenterX"]) == (1, 240)
    assert (fine["bitmapResolution"], fine["rotationCenterX"]) == (2, 480)
    assert (square["rotationCenterX"], square["rotationCenterY"]) == (30, 20)


def by_opcode(project: dict) -> dict:
    blocks = project["targets"][0]["blocks"]
    return {block["opcode"]: block | {"id": name} for name, block in blocks.items()}


def test_blocks_hang_together(project) -> None:
    blocks = by_opcode(project)
    hat, repeat = blocks["event_whenbroadcastreceived"], blocks["control_repeat"]
    goto, send, stop = (
        blocks["motion_gotoxy"],
        blocks["event_broadcast"],
        blocks["control_stop"],
    )
    assert (hat["topLevel"], hat["x"], hat["y"], hat["parent"]) == (True, 5, 6, None)
    assert (hat["next"], repeat["parent"]) == (repeat["id"], hat["id"])
    assert (repeat["next"], stop["parent"]) == (stop["id"], repeat["id"])
    assert repeat["inputs"]["SUBSTACK"] == [2, goto["id"]]
    assert (goto["parent"], goto["next"], send["parent"]) == (repeat["id"], send["id"], goto["id"])
    assert (send["next"], stop["next"]) == (None, None)
    assert stop["mutation"]["hasnext"] == "false"


def test_what_stands_in_slots(project) -> None:
    blocks = by_opcode(project)
    variable = next(iter(project["targets"][0]["variables"]))
    assert project["targets"][0]["variables"][variable] == ["n", "7"]
    assert blocks["control_repeat"]["inputs"]["TIMES"] == [3, [12, "n", variable], [6, ""]]
    plus = blocks["operator_add"]
    assert blocks["motion_gotoxy"]["inputs"] == {"X": [3, plus["id"], [4, ""]], "Y": [1, [4, "2"]]}
    assert plus["parent"] == blocks["motion_gotoxy"]["id"]
    [(message, name)] = project["targets"][0]["broadcasts"].items()
    assert name == "go"
    assert blocks["event_broadcast"]["inputs"]["BROADCAST_INPUT"] == [1, [11, "go", message]]
    received = blocks["event_whenbroadcastreceived"]["fields"]["BROADCAST_OPTION"]
    assert received == ["go", message]
    [monitor] = project["monitors"]
    assert (monitor["id"], monitor["params"]) == (variable, {"VARIABLE": "n"})


def test_turbowarp_finds_the_blocks_by_itself(project) -> None:
    assert project["extensions"] == ["peekaboo"]
    assert project["extensionURLs"] == {"peekaboo": "http://localhost:8000/peekaboo.js"}


def test_the_projects_of_the_lessons() -> None:
    names = project_names()
    assert {"demo", "build-it-yourself", "build-it-yourself-finished"} <= set(names)
    for name in names:
        files = unzip(build_project(name))
        project = json.loads(files["project.json"])
        wanted = {c["md5ext"] for target in project["targets"] for c in target["costumes"]}
        assert wanted | {"project.json"} == set(files)
        for target in project["targets"]:
            assert_links_are_whole(target["blocks"])


def assert_links_are_whole(blocks: dict) -> None:
    for name, block in blocks.items():
        if block["next"] is not None:
            assert blocks[block["next"]]["parent"] == name
        if block["topLevel"]:
            assert block["parent"] is None
        else:
            parent = blocks[block["parent"]]
            assert parent["next"] == name or name in json.dumps(parent["inputs"])


def test_the_demo_shows_at_least_six_pictures_of_every_character() -> None:
    project = json.loads(unzip(build_project("demo"))["project.json"])
    names = [costume["name"] for costume in project["targets"][0]["costumes"]]
    assert names[0] == "start"
    assert len(names) >= 7
    assert len(set(names)) == len(names)


def test_the_demo_with_somebodys_own_classifier_and_pictures() -> None:
    upright = np.zeros((360, 180, 3), np.uint8)
    small = np.full((3, 4, 3), (255, 0, 0), np.uint8)
    thin = np.zeros((1, 1000, 3), np.uint8)
    pictures = {"cat": upright, "<dog>": small, "start": thin}
    files = unzip(build_own_project("0123456789ab", pictures.items(), "de"))
    project = json.loads(files["project.json"])
    assert_names_agree(project)
    [stage] = project["targets"]
    assert [costume["name"] for costume in stage["costumes"]] == [
        "start",
        "cat",
        "<dog>",
        "start (2)",
    ]
    shown = []
    for costume in stage["costumes"][1:]:
        with Image.open(io.BytesIO(files[costume["md5ext"]])) as image:
            assert (image.size, costume["bitmapResolution"]) == ((480, 360), 1)
            shown.append(np.asarray(image))
    middle = np.zeros((360, 480, 3), np.uint8)
    middle[:, :150] = middle[:, 330:] = 255  # 180 px are left for the picture itself
    np.testing.assert_array_equal(shown[0], middle)
    assert (shown[1] == (255, 0, 0)).all()
    assert (shown[2] == 0).all(axis=(1, 2)).nonzero()[0].tolist() == [179]
    blocks = stage["blocks"]
    # Every script that asks says first whom, whatever starts it.
    asking = {top_of(block, blocks) for block in blocks.values() if block["opcode"] in ASKING}
    assert {blocks[top]["opcode"] for top in asking} == {
        "event_whenkeypressed",
        "event_whenbroadcastreceived",
    }
    for top in asking:
        use = blocks[blocks[top]["next"]]
        assert use["opcode"] == "peekaboo_useModel"
        menu = blocks[use["inputs"]["MODEL"][1]]
        assert menu["fields"]["model"][0] == "0123456789ab"


ASKING = {"peekaboo_classify", "peekaboo_measureRelevance"}


def top_of(block: dict, blocks: dict) -> str:
    """The name of the hat that a block belongs to."""
    name = block["parent"]
    while blocks[name]["parent"]:
        name = blocks[name]["parent"]
    return name


def test_an_unknown_project() -> None:
    with pytest.raises(KeyError):
        build_project("nobody-made-this")


LANGUAGES = ("de", "es", "fr", "ja", "ar")
NAMES_THAT_STAY = {"", "Peekaboo!", "X"}


def texts(project: dict, drawings: list[bytes]) -> set[str]:
    """What people read in a project: names, comments, drawings."""
    stage = project["targets"][0]
    found = {name for name, _ in stage["variables"].values()}
    found |= {name for name, _ in stage["lists"].values()} | set(stage["broadcasts"].values())
    found |= {target["name"] for target in project["targets"][1:]}
    for target in project["targets"]:
        for comment in target["comments"].values():
            found |= set(comment["text"].split("\n"))
    for drawing in drawings:
        found |= set(re.findall(r">([^<>]*\w[^<>]*)<", drawing.decode()))
    return found - NAMES_THAT_STAY


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", project_names())
def test_projects_speak_every_language(name: str, language: str) -> None:
    english = unzip(build_project(name))
    other = unzip(build_project(name, language))
    read_in = [
        texts(
            json.loads(files["project.json"]),
            [contents for file, contents in files.items() if file.endswith(".svg")],
        )
        for files in (english, other)
    ]
    assert len(read_in[0]) == len(read_in[1])
    same = read_in[0] & read_in[1]
    assert same <= {"n", "amplification"}, "these are not translated"
    assert_names_agree(json.loads(other["project.json"]))


def assert_names_agree(project: dict) -> None:
    """Blocks call variables, lists and messages what the stage calls them."""
    stage = project["targets"][0]
    names = {key: name for key, (name, _) in (stage["variables"] | stage["lists"]).items()}
    names |= stage["broadcasts"]
    for target in project["targets"]:
        for block in target["blocks"].values():
            for name, key in block["fields"].values():
                assert key is None or names[key] == name
            for slot in block["inputs"].values():
                for value in slot[1:]:
                    if isinstance(value, list) and value[0] in (11, 12):
                        assert names[value[2]] == value[1]
    for monitor in project["monitors"]:
        assert names[monitor["id"]] == monitor["params"]["VARIABLE"]


def test_a_language_without_words_is_answered_in_english() -> None:
    assert build_project("demo", "xx") == build_project("demo")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("stage\n  paint it black", "line 2: not understood"),
        ("stage\n  backdrops from the parade: 99", "99 pictures"),
        ('stage\n  backdrop "moon" from the parade', "no scene 'moon'"),
        (
            'stage\nsprite "S" at 0 0\n  costume "nobody" from the parade',
            "the parade has no 'nobody'",
        ),
        ('stage\n  backdrop "moon" from "moon.svg"', "no file “moon.svg”"),
    ],
)
def test_an_authors_mistake_is_told(tmp_path, monkeypatch, source, reason):
    folder = tmp_path / "lesson" / "projects"
    folder.mkdir(parents=True)
    (folder / "odd-one.scratch").write_text(source, encoding="utf-8")
    (folder / "words.json").write_text("{}")
    monkeypatch.setattr(projects, "LESSONS", tmp_path)
    answer = create_app(Store(tmp_path)).test_client().get("/projects/odd-one.sb3")
    assert answer.status_code == 422
    said = answer.get_data(as_text=True)
    assert "odd-one.scratch" in said
    assert reason in html.unescape(said)


@pytest.mark.parametrize("name", project_names())
def test_the_paint_editor_can_read_all_drawings(name: str) -> None:
    """It puts texts with x and y into a corner, and makes rounded rectangles square."""
    for file, contents in unzip(build_project(name)).items():
        if file.endswith(".svg"):
            drawing = contents.decode()
            assert not re.search(r"<text[^>]*\s[xy]=", drawing)
            assert "rx=" not in drawing


def room_needed(text: str, width: int) -> float:
    """Height of a note with this text, about: letters of 8.6 (East Asian: 16.5) by 22.3."""
    lines = 0
    for paragraph in text.split("\n"):
        end = width  # each paragraph begins a line
        for word in re.findall(r"[\u3000-\uffef]|[^\s\u3000-\uffef]+|^$", paragraph):
            wide = word > "\u3000"
            long = len(word) * (16.5 if wide else 8.6)
            fits = end + long <= width - 25
            lines += not fits
            end = (end if fits else 0) + long + (0 if wide else 8.6)
    return 52 + 22.3 * lines


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", project_names())
def test_notes_are_large_enough_and_no_script_begins_on_them(name: str, language: str) -> None:
    project = json.loads(unzip(build_project(name, language))["project.json"])
    for target in project["targets"]:
        starts = [(one["x"], one["y"]) for one in target["blocks"].values() if one["topLevel"]]
        for note in target["comments"].values():
            assert note["height"] >= room_needed(note["text"], note["width"])
            right, bottom = note["x"] + note["width"], note["y"] + note["height"]
            assert right <= 600, "it reaches under the stage where the screen is small"
            on_it = [
                (x, y) for x, y in starts if note["x"] <= x < right and note["y"] <= y < bottom
            ]
            assert not on_it
