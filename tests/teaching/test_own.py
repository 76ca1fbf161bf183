"""Our own eyes: the pictures that they learned from, and what they are good for."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from backend.classifiers.model import Model
from backend.classifiers.store import Store
from backend.classifiers.trainable import Extractor
from backend.errors import NotFound
from backend.picture import Fit, decode
from backend.teaching.extractors import OWN, extractor_named, extractors
from backend.teaching.head import Head
from backend.teaching.own import pictures, textures, things
from tests.conftest import ROOT

FRESH = 10_000_000
SHIPPED = ROOT / "backend" / "teaching" / "own"


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    return Store(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def eyes(store) -> Extractor:
    return Extractor(extractor_named(OWN, store))


def drawn(kind: str, number: int) -> np.ndarray:
    """A picture with this thing that the eyes have not learned from."""
    first = FRESH + (pictures.KINDS.index(kind) - FRESH) % len(pictures.KINDS)
    return pictures.draw(first + number * len(pictures.KINDS)).picture


def painted(texture: str, seed: int) -> np.ndarray:
    """A surface in two colours by chance: (96, 96, 3) uint8."""
    dice = np.random.default_rng([FRESH, seed])
    share = textures.surface(texture, 96, dice)[..., np.newaxis]
    dark, light = dice.uniform(0, 100, 3), dice.uniform(150, 255, 3)
    return (dark + share * (light - dark)).astype(np.uint8)


def right(features: np.ndarray, classes: np.ndarray, learned: np.ndarray) -> float:
    """How many a head gets right of those that it has not seen."""
    head, random = Head.new(features[learned], classes.max() + 1, 0), np.random.default_rng(0)
    for _ in range(50):
        head.learn(features[learned], classes[learned], random)
    return float((head.scores(features[~learned]).argmax(1) == classes[~learned]).mean())


def right_by_pixels(pixels: np.ndarray, classes: np.ndarray, learned: np.ndarray) -> float:
    """The same for: which label's mean picture is the nearest?"""
    flat = pixels[:, ::3, ::3].reshape(len(pixels), -1).astype(float)
    labels = range(classes.max() + 1)
    means = [flat[learned & (classes == label)].mean(axis=0) for label in labels]
    away = [((flat[~learned] - mean) ** 2).sum(axis=1) for mean in means]
    return float((np.argmin(away, axis=0) == classes[~learned]).mean())


def test_the_same_seed_draws_the_same_picture():
    for seed in (0, len(pictures.KINDS) - 1, FRESH):
        one, again = pictures.draw(seed), pictures.draw(seed)
        assert np.array_equal(one.picture, again.picture)
        assert one.answers == again.answers
        assert one.picture.shape == (96, 96, 3)
        assert one.picture.std() > 3
    assert not np.array_equal(drawn("heart", 0), drawn("heart", 1))


@pytest.mark.parametrize("name", textures.TEXTURES)
def test_a_texture_is_a_share_everywhere_and_differs(name):
    fields = [textures.surface(name, 48, np.random.default_rng(seed)) for seed in range(3)]
    for field in fields:
        assert field.shape == (48, 48)
        assert field.min() >= 0
        assert field.max() <= 1
    assert not np.array_equal(fields[0], fields[1])


@pytest.mark.parametrize("name", things.THINGS)
def test_a_thing_has_an_outline_of_its_size(name):
    everything = np.concatenate(things.THINGS[name](np.random.default_rng(1)))
    assert np.isfinite(everything).all()
    assert 1 < np.ptp(everything, axis=0).max() < 3


def test_the_quarters_of_the_maps_lie_where_they_belong(eyes):
    maps = eyes.maps(np.stack([drawn("heart", 0), drawn("car", 0)]))
    rows, columns, channels = maps.shape[1:]
    whole, *quarters = np.split(maps, 5, axis=3)
    assert channels == 5 * whole.shape[3]
    assert np.allclose(sum(quarters), whole)
    for at, quarter in enumerate(quarters):
        down, across = at // 2 * rows // 2, at % 2 * columns // 2
        outside = np.ones((rows, columns), bool)
        outside[down : down + rows // 2, across : across + columns // 2] = False
        assert not quarter[:, outside].any()
        assert quarter.any()


def test_they_see_more_than_pixels_tell(eyes):
    names, count = ["stripes", "dots", "cells", "grain", "bricks"], 40
    batch = np.stack([painted(name, seed) for name in names for seed in range(count)])
    classes = np.repeat(np.arange(len(names)), count)
    learned = np.tile(np.arange(count) < count // 2, len(names))
    seen = right(eyes.maps(batch).mean(axis=(1, 2)), classes, learned)
    assert seen >= 0.7
    assert seen >= right_by_pixels(batch, classes, learned) + 0.2


@pytest.mark.real
def test_they_tell_real_hands_apart(eyes, real):
    batch, classes = [], []
    folders = [
        path for path in sorted((real / "datasets" / "hand_signs").iterdir()) if path.is_dir()
    ]
    for number, folder in enumerate(folders):
        for file in sorted(folder.iterdir()):
            picture = decode(file.read_bytes())
            batch.append(Fit.of(picture, eyes.input_size, "crop").apply(picture.pixels))
            classes.append(number)
    pixels, labels = np.stack(batch), np.array(classes)
    learned = np.random.default_rng(0).permutation(len(labels)) % 2 == 0
    seen = right(eyes.maps(pixels).mean(axis=(1, 2)), labels, learned)
    assert seen >= 0.88
    assert seen >= right_by_pixels(pixels, labels, learned) + 0.08


def test_they_are_the_last_choice_and_small(store):
    assert extractors(store)[-1]["id"] == OWN
    with pytest.raises(NotFound):
        extractor_named("0" * 12, store)
    files = ["classifier.keras", "classifier.tflite", "model.json"]
    assert sum((SHIPPED / file).stat().st_size for file in files) < 4e6


def test_the_training_command_writes_what_ships(tmp_path):
    settings = ["--pictures", "64", "--epochs", "1", "--cores", "1"]
    run = subprocess.run(
        [sys.executable, "-m", "backend.teaching.own", *settings, "--folder", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    assert "epoch 1 of 1" in run.stdout
    written, shipped = (Model.read(folder, OWN) for folder in (tmp_path, SHIPPED))
    assert replace(written, folder=SHIPPED) == shipped
    assert Extractor(written).maps(np.zeros((1, 96, 96, 3), np.uint8)).shape[3] == 5 * 192
    assert written.compile().score(np.zeros((96, 96, 3), np.uint8)).shape == (len(pictures.KINDS),)
