"""The commands for grown-ups at a terminal, run as they are typed."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from backend.__main__ import main
from backend.drawing.mosaic import draw_mosaic
from backend.explain_commands import _sheet
from backend.explanations.asking import Question
from backend.explanations.methods import METHODS, answer
from backend.parade.gallery import GALLERY, gallery_picture
from backend.picture import Picture
from tests.conftest import REAL_MODELS, ROOT
from tests.fakes import QuadraticNetwork


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    path = tmp_path_factory.mktemp("pictures") / "parade.png"
    Image.fromarray(gallery_picture(next(iter(GALLERY))).picture).save(path)
    return str(path)


@pytest.fixture
def run(home):
    def command(*arguments: str, status: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "backend", *arguments],
            cwd=ROOT,
            env=os.environ | {"PEEKABOO_HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == status, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if status == 0 else done.stderr

    return command


def test_classify(run, picture):
    label = GALLERY[next(iter(GALLERY))][1]
    assert label in run("classify", picture).splitlines()[0]
    answer = json.loads(run("classify", picture, "--json"))
    assert answer["label"] == label and answer["model"] == "parade"


def test_relevance_draws_the_squares(run, picture, tmp_path):
    drawn = tmp_path / "squares.png"
    answer = json.loads(run("relevance", picture, "-o", str(drawn), "--json"))
    pixels = np.asarray(Image.open(drawn).convert("RGB")).astype(int)
    original = np.asarray(Image.open(picture).convert("RGB")).astype(int)
    assert pixels.shape == original.shape
    most = answer["most_relevant"]
    ghosts = np.array(answer["ghost"])
    assert ghosts[most["row"], most["column"]] == pytest.approx(100)
    for (row, column), ghost in np.ndenumerate(ghosts):
        inside = np.s_[row * 60 + 30 : row * 60 + 55, column * 60 + 5 : column * 60 + 55]
        # Through a square as much of the picture is seen as its ghost effect says.
        np.testing.assert_allclose(pixels[inside], original[inside] * ghost / 100, atol=1)


def test_relevance_in_words_and_numbers(run, picture):
    lines = run("relevance", picture, "--rows", "3", "--columns", "4").splitlines()
    assert len(lines) == 6
    assert lines[1].startswith("ghost effect of each square")
    assert all(len(line.split()) == 4 for line in lines[2:5])
    assert lines[5].endswith(".")


def test_feature_maps_in_a_report_have_the_numbers_of_their_channels():
    pixels = np.random.default_rng(3).integers(0, 60, (12, 20, 3), np.uint8) + np.uint8(
        [99, 0, 195]
    )
    network = QuadraticNetwork(np.ones((12, 20, 3, 2)))
    question = Question.about(network, network, Picture(pixels), 3, 4)
    found = answer(METHODS["activations"], question, {"channels": 2})
    assert found.facts["channels"] == [2, 0]
    drawn = np.asarray(_sheet(found))
    np.testing.assert_array_equal(drawn, draw_mosaic(found.maps, channels=[2, 0]))
    assert not np.array_equal(drawn, draw_mosaic(found.maps, channels=[0, 1]))


def test_errors_are_explained(run, picture, tmp_path):
    assert "no file" in run("classify", "nothing.png", status=1)
    assert "no cover called" in run("relevance", picture, "--cover", "velvet", status=1)
    said = run("relevance", picture, "-o", "/nowhere/x.png", status=1)
    assert "cannot be saved as /nowhere/x.png (No such file or directory)." in said
    broken = tmp_path / "broken.h5"
    broken.write_bytes(b"nothing")
    assert run("models", "add", str(broken), status=1).count("\n") == 2
    assert "one method at a time" in run("sanity", picture, "--method", "grad_cam,xrai", status=1)


def test_a_home_that_cannot_be_is_explained(monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("PEEKABOO_HOME", str(tmp_path / "file"))
    assert main(["models", "list"]) == 1
    assert "may be written to" in capsys.readouterr().err


@pytest.mark.real
def test_models_are_added_listed_used_and_deleted(run, real):
    folder = real / "models" / "pen_headphones_hand"
    files = [str(folder / name) for name in REAL_MODELS["pen_headphones_hand"]]
    model = json.loads(run("models", "add", *files, "--name", "desk", "--json"))
    assert model["labels"] == ["face", "headphones", "pen", "hand"]
    listed = json.loads(run("models", "list", "--json"))["models"]
    assert [entry["name"] for entry in listed][-1] == "desk"
    photo = str(real / "photos" / "original" / "hand_five.jpg")
    assert json.loads(run("classify", photo, "--model", model["id"], "--json"))["label"]
    run("models", "rename", model["id"], "our desk")
    assert "our desk" in run("models", "list")
    run("models", "delete", model["id"])
    assert "desk" not in run("models", "list")
    assert model["id"] in run("classify", photo, "--model", model["id"], status=1)


def test_every_command_has_help(run):
    for command in (
        "",
        "serve",
        "classify",
        "relevance",
        "explain",
        "sanity",
        "layers",
        "models add",
    ):
        assert "usage: " in run(*command.split(), "--help")
