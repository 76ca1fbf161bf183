"""`python -m backend train`: a folder becomes a classifier and a film; errors are kind."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from backend.__main__ import main
from backend.classifiers.store import Store
from tests.teaching.conftest import png, striped


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def at_home(home, monkeypatch):
    monkeypatch.setenv("PEEKABOO_HOME", str(home))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stripes")
    for label in ("up", "down"):
        (folder / label).mkdir()
        for seed in range(8):
            (folder / label / f"{seed}.png").write_bytes(png(striped(label == "up", seed)))
    (folder / "up" / "broken.png").write_bytes(b"no picture")
    mask = np.zeros((72, 96, 3), np.uint8)
    mask[:, :48] = 255
    (folder / "up" / "masks").mkdir()
    for seed in range(8):
        (folder / "up" / "masks" / f"{seed}.png").write_bytes(png(mask))
    return folder


def test_a_folder_becomes_a_classifier(folder, home, capsys):
    assert main(["train", str(folder), "--epochs", "4", "--name", "Stripes", "--json"]) == 0
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert answer["model"]["labels"] == ["down", "up"]
    assert [one["name"] for one in answer["skipped"]] == ["up/broken.png"]
    assert "lesson 4 of 4" in err
    looks = {one["label"]: one["outside"] for one in answer["review"]["looks_at"]}
    assert 0 < looks["up"] < 1
    assert looks["down"] is None
    assert answer["model"]["id"] in [model.id for model in Store(home).models()]


def test_it_says_in_words_what_came_of_it(folder, capsys):
    assert main(["train", str(folder), "--epochs", "3", "--seed", "2"]) == 0
    out = capsys.readouterr().out
    assert "left out: up/broken.png" in out
    assert "% of the pictures that were held back are right." in out
    assert "of what it looks at is background." in out
    assert f"It is on this computer now: {folder.name}" in out


def test_taught_twice_they_can_be_told_apart_and_nobody_else_speaks(folder, home):
    command = [sys.executable, "-m", "backend", "train", str(folder), "--epochs", "2", "--seed"]
    for seed in ("5", "6"):
        done = subprocess.run([*command, seed], capture_output=True, text=True, check=True)
        # Lines of TensorFlow's begin so: a letter, the day, the time.
        assert not re.findall(r"^[IWE]\d{4} .*", done.stderr, re.MULTILINE)
    names = [model.name for model in Store(home).models()]
    assert len(set(names)) == len(names)
    assert f"{folder.name} (2)" in names


@pytest.mark.parametrize(("name", "kind"), [("f.gif", "GIF"), ("f.webp", "WEBP"), ("f.png", "PNG")])
def test_films(folder, tmp_path, name, kind):
    probe = tmp_path / "probe.png"
    probe.write_bytes(png(striped(True, 99)))
    film = tmp_path / name
    wanted = ["--film", str(film), "--probe", str(probe), "--compare", "parade"]
    wanted += ["--augment", "flip, light"]
    assert main(["train", str(folder), "--epochs", "5", *wanted]) == 0
    with Image.open(film) as image:
        assert image.format == kind
        if kind != "PNG":
            assert image.n_frames == 5
            assert image.width == 2 * 360 + 8
        else:
            assert image.width == 5 * 360 + 4 * 8


def test_two_pictures_of_one_name_are_not_mixed_up(folder, tmp_path):
    probes = []
    for place, colour in enumerate((0, 255)):
        path = tmp_path / str(place) / "same.png"
        path.parent.mkdir()
        path.write_bytes(png(np.full((72, 96, 3), colour, np.uint8)))
        probes += ["--probe", str(path)]
    film = tmp_path / "film.png"
    assert main(["train", str(folder), "--epochs", "1", "--film", str(film), *probes]) == 0
    with Image.open(film) as image:
        pixels = np.asarray(image.convert("L")).astype(int)
    height = (pixels.shape[0] - 8) // 2
    dark, light = pixels[22 : 22 + 270], pixels[height + 8 + 22 :][:270]
    # The square that matters most is see-through; its median is the picture, not its number.
    medians = [np.median(one.reshape(6, 45, 8, 45), axis=(1, 3)).max() for one in (dark, light)]
    assert medians[0] < 10
    assert medians[1] > 245


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["FOLDER/nothing"], "There is no folder “nothing”."),
        (["FOLDER/up/masks"], "There are no pictures to learn from yet."),
        (["FOLDER", "--epochs", "0"], "“0” does not work for “epochs”."),
        (["FOLDER", "--way", "magic"], "“magic” does not work for “way”."),
        (["FOLDER", "--augment", "spin"], "does not work for “augment”."),
        (["FOLDER", "--extractor", "0" * 12], "is not on this computer"),
        (["FOLDER", "--compare", "0" * 12], "is not on this computer"),
        (["FOLDER", "--film", "film.mp4"], "“film.mp4” is no kind of film."),
        (["FOLDER", "--probe", "FOLDER/none.png"], "There is no file"),
        (["FOLDER", *["--probe", "x.png"] * 5], "These are 5 pictures to watch."),
        (["FOLDER", "--film", "FOLDER/none/film.gif"], "There is no folder for"),
    ],
)
def test_errors(folder, capsys, arguments, said):
    assert main(["train", *(one.replace("FOLDER", str(folder)) for one in arguments)]) == 1
    assert said in capsys.readouterr().err
