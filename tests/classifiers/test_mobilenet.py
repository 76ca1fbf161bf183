"""MobileNetV2 as a classifier, from files of the real form: weights by chance, labels made up."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from backend.classifiers import mobilenet
from backend.classifiers.backbones import is_teachable_machine
from backend.classifiers.mobilenet import LABELS, WEIGHTS
from backend.classifiers.store import Store
from backend.teaching.extractors import extractors
from tests.conftest import ROOT, free_port

NAMES = ["tench", "crane", "crane", *(f"a_thing_{number}" for number in range(997))]
PICTURE = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)


@pytest.fixture(scope="module")
def reference():
    """The network as Keras 2 builds it, in which the file on Keras' site was made."""
    tf_keras = pytest.importorskip("tf_keras")
    tf_keras.utils.set_random_seed(3)
    network = tf_keras.applications.MobileNetV2(weights=None)
    features = tf_keras.Model(network.inputs, network.layers[-2].output)
    kernel = network.layers[-1].kernel
    scores = features(PICTURE[np.newaxis] / 127.5 - 1, training=False) @ kernel
    kernel.assign(kernel * (2 / np.std(scores)))  # as sure as one that has learned
    return network


@pytest.fixture(scope="module")
def added(reference, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    reference.save_weights(folder / WEIGHTS.name)
    index = {str(place): [f"n{place:08}", name] for place, name in enumerate(NAMES)}
    (folder / LABELS.name).write_text(json.dumps(index))
    store = Store(tmp_path_factory.mktemp("home"))
    return store, mobilenet.add(store, folder / WEIGHTS.name, folder / LABELS.name)


def test_it_answers_as_keras_does(reference, added):
    store, model = added
    expected = reference(PICTURE[np.newaxis] / 127.5 - 1, training=False).numpy()[0]
    scores = store.open(model.id).score(PICTURE).astype(float)
    confidence = np.exp(scores - scores.max())
    assert np.allclose(confidence / confidence.sum(), expected, atol=1e-4)
    assert expected.max() > 0.01
    assert model.labels[:4] == ("tench", "crane", "crane (2)", "a thing 0")
    assert len(model.labels) == 1000


def test_a_classifier_can_be_built_upon_it(added):
    store, model = added
    found = extractors(store)
    assert found[0]["id"] == model.id
    assert found[0]["name"] == "MobileNet’s eyes"
    assert not is_teachable_machine(model)


@pytest.mark.parametrize("where", ["offline", "wrong"])
def test_the_command_says_what_to_do(tmp_path, where):
    for wanted in (WEIGHTS, LABELS):
        (tmp_path / wanted.name).write_bytes(b"something else")
    source = f"http://127.0.0.1:{free_port()}" if where == "offline" else str(tmp_path)
    run = subprocess.run(
        [sys.executable, "-m", "backend", "models", "get", "mobilenet_v2", "--from", source],
        cwd=ROOT,
        env=os.environ | {"PEEKABOO_HOME": str(tmp_path), "KERAS_HOME": str(tmp_path / "keras")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 1
    assert WEIGHTS.name in run.stderr
    assert ("--from FOLDER" if where == "offline" else "is not that file") in run.stderr
    assert "Traceback" not in run.stderr
    assert not list((tmp_path / "downloads").iterdir())


@pytest.mark.real
def test_teachable_machine_is_recognised_in_real_exports(real_model, real_store):
    for name in ("water_bottles", "pen_headphones_hand"):  # a Keras and a TensorFlow.js export
        assert is_teachable_machine(real_model(name)), name
    assert extractors(real_store)[0]["name"] == "Teachable Machine’s eyes"
    assert not is_teachable_machine(real_store.model("parade"))
