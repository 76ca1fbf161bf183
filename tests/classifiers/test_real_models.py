"""Real Teachable Machine models: labels, probabilities and scores known from elsewhere."""

import numpy as np
import pytest
from PIL import Image

from backend.classifiers.base import Prediction

pytestmark = pytest.mark.real
BESIDE = ("labels.txt", "metadata.json", "weights.bin")


@pytest.fixture(scope="module")
def variants(real, real_index, store):
    """(name, what is known, our model) of every real model file."""
    found = []
    for name, known in real_index["models"].items():
        for path, variant in known["variants"].items():
            file = real / "models" / name / path
            beside = [file.parent / other for other in BESIDE]
            others = [other for other in beside if other.exists() and file.suffix != ".zip"]
            model = store.add({part.name: part for part in [file, *others]})
            found.append((f"{name}/{path}", variant, model))
    return found


@pytest.fixture(scope="module")
def photos(real, real_index):
    """Every photo, 224 × 224."""
    return {
        name: np.asarray(Image.open(real / photo["png224"]).convert("RGB"))
        for name, photo in real_index["photos"].items()
    }


def test_labels_in_any_script(variants):
    for name, known, model in variants:
        assert list(model.labels) == known["labels"], name


def test_probabilities_on_every_photo(variants, photos, store):
    for name, known, model in variants:
        tolerance = 1 / 128 if "quantized" in name else 1e-4
        compiled = store.open(model.id)
        for photo, expected in known["expected"].items():
            scores = compiled.scores(photos[photo][np.newaxis])[0]
            found = Prediction.from_scores(scores, compiled.has_logits).confidence
            assert np.abs(found - expected).max() <= tolerance, (name, photo)


def test_pre_softmax_scores_on_every_photo(variants, photos, store):
    for name, known, model in variants:
        assert model.logits, name
        compiled = store.open(model.id)
        for photo, expected in known["scores_pre_softmax"].items():
            found = compiled.scores(photos[photo][np.newaxis])[0]
            assert np.abs(found - expected).max() < 1e-3, (name, photo)


def test_they_are_known_for_what_they_are(variants):
    for name, known, model in variants:
        keras = known["format"] == "h5" or known["format"].startswith("tfjs")
        assert model.input_size == tuple(known["input"][:2]), name
        assert (model.fit, model.channels, model.gradients) == ("crop", "rgb", keras), name
        assert model.pixels == (-1.0, 1.0), name
        assert ("out_relu" in model.layers) == keras, name


def test_the_project_file_is_refused_kindly(real, store):
    from backend.errors import CannotUse

    project = real / "models" / "minecraft_fishing" / "project.tm"
    with pytest.raises(CannotUse, match="project") as caught:
        store.add({"project.tm": project})
    assert caught.value.code == "teachable_machine_project"
    assert "Export Model" in caught.value.hint


def test_a_zip_and_its_content_are_the_same_model(real, store, variants, tmp_path):
    import zipfile

    (zipped,) = (model for name, _, model in variants if name.endswith("converted_keras.zip"))
    with zipfile.ZipFile(real / "models/minecraft_fishing/converted_keras.zip") as opened:
        opened.extractall(tmp_path)
    again = store.add({name: tmp_path / name for name in ("labels.txt", "keras_model.h5")})
    assert again.id == zipped.id
