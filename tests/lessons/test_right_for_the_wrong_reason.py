"""What the lesson about the trap says is true of its project and its pictures."""

import json
import re
import zipfile
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from backend.parade.gallery import gallery_backdrop, gallery_sprite
from backend.picture import Picture
from backend.projects import build_project
from backend.teaching.checks import check
from backend.teaching.collections import Collections
from tests.lessons.conftest import FOLDERS, section

LESSON = next(folder for folder in FOLDERS if folder.name == "right-for-the-wrong-reason")
TRAP = 20


@pytest.fixture(scope="module")
def project() -> dict:
    return json.loads(zipfile.ZipFile(BytesIO(build_project("curtain"))).read("project.json"))


def test_the_project_begins_with_the_clown_in_the_theatre(project):
    places = [costume["name"] for costume in project["targets"][0]["costumes"]]
    assert (places[0], places[2]) == ("theatre", "beach")
    assert "night" in places
    assert [costume["name"] for costume in project["targets"][1]["costumes"]] == ["clown", "wizard"]
    assert len(places) == 7
    assert "seven places" in section(LESSON / "teacher.md", "When nothing seems to matter")


def test_its_keys_are_those_of_the_worksheet(project):
    blocks = [block for target in project["targets"] for block in target["blocks"].values()]
    keys = {block["fields"]["KEY_OPTION"][0] for block in blocks if "KEY_OPTION" in block["fields"]}
    text = (LESSON / "worksheet.md").read_text("utf-8")
    assert {key.upper() for key in keys} == set(
        re.findall(r"\*\*(SPACE|UP ARROW|LEFT ARROW|RIGHT ARROW|X)\*\*", text)
    )


def on_stage(character: str, place: str, x: int, size: float) -> Picture:
    stage = Image.fromarray(gallery_backdrop(place))
    sprite = Image.fromarray(gallery_sprite(character))
    sprite = sprite.resize((int(sprite.width * size), int(sprite.height * size)))
    stage.paste(sprite, (240 + x - sprite.width // 2, 190 - sprite.height // 2), sprite)
    return Picture(np.asarray(stage))


def test_peekaboo_warns_of_the_trap(project, tmp_path):
    places = [costume["name"] for costume in project["targets"][0]["costumes"]]
    mine = Collections(tmp_path).get("mine")
    dice = np.random.default_rng(0)
    for character, there in (("clown", places[:1]), ("wizard", places[1:])):
        mine.add_label(character)
        for number in range(TRAP):
            where, how_large = int(dice.integers(-80, 81)), dice.uniform(0.7, 0.95)
            shown = on_stage(character, there[number % len(there)], where, how_large)
            mine.add_picture(character, shown)
    (found,) = (one for one in check(mine.examples()) if one.code == "same_background")
    assert found.labels == ("clown",)
    answers = section(LESSON / "teacher.md", "Possible answers to “Explain”")
    assert found.message in " ".join(answers.split())
