"""Every format, judged by Keras itself (or by hand for TensorFlow Lite)."""

import json

import h5py
import numpy as np
import pytest

from backend.classifiers.base import Prediction

# name: (pixels, fit, channels, logits, gradients)
KNOWN = {
    "sequential_3.keras": ((0.0, 255.0), "stretch", "rgb", True, True),
    "nested_3.keras": ((0.0, 1.0), "crop", "rgb", True, True),
    "nested_3_h5.h5": ((0.0, 1.0), "crop", "rgb", True, True),
    "arithmetic_2.h5": ((0.0, 255.0), "crop", "rgb", True, True),
    "arithmetic_2_zip.keras": ((0.0, 255.0), "crop", "rgb", True, True),
    "grey.h5": ((-1.0, 1.0), "crop", "grey", True, True),
    "linear.h5": ((-1.0, 1.0), "crop", "rgb", True, True),
    "scores.tflite": ((0.0, 1.0), "crop", "rgb", True, False),
    "shares.tflite": ((0.0, 1.0), "crop", "rgb", False, False),
    "ends_in_softmax.tflite": ((0.0, 1.0), "crop", "rgb", True, False),
}


def confidences(compiled, pictures):
    rows = compiled.scores(pictures)
    return np.stack([Prediction.from_scores(row, compiled.has_logits).confidence for row in rows])


@pytest.mark.parametrize("name", KNOWN)
def test_answers_are_those_of_the_program_that_made_it(name, made, add, store):
    model = add(name)
    known = np.load((made / name).with_suffix(".npz"))
    found = confidences(store.open(model.id), known["pictures"])
    assert np.abs(found - known["probabilities"]).max() < 1e-5
    # The judge itself must tell the pictures apart, or nothing would be shown.
    assert np.ptp(known["probabilities"], axis=0).max() > 0.04


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_known_about_it(name, add):
    model = add(name)
    found = (model.pixels, model.fit, model.channels, model.logits, model.gradients)
    assert found == KNOWN[name]


def test_scores_are_not_the_probabilities(add, store, made):
    compiled = store.open(add("nested_3.keras").id)
    scores = compiled.scores(np.load(made / "nested_3.npz")["pictures"])
    assert np.abs(scores.sum(axis=1) - 1).max() > 0.1


def test_layers_with_feature_maps_are_listed_in_order(add):
    assert add("nested_3.keras").layers == ("separable_conv2d", "conv2d_1", "add")
    assert add("grey.h5").layers[0].startswith("conv2d")
    assert add("scores.tflite").layers == ()


def test_input_size_is_height_before_width(add):
    assert add("sequential_3.keras").input_size == (40, 60)


@pytest.mark.parametrize("name", ["bytes.tflite", "bytes_inside.tflite"])
def test_models_that_calculate_in_integers(name, add, store, made):
    """Their answers are coarse; bytes as input are the pixels themselves."""
    model = add(name)
    assert model.quantised and model.logits
    known = np.load((made / name).with_suffix(".npz"))
    found = confidences(store.open(model.id), known["pictures"])
    assert np.abs(found - known["probabilities"]).max() < 0.02
    assert np.ptp(known["probabilities"], axis=0).max() > 0.2


@pytest.fixture
def as_tfjs(made, tmp_path):
    """Writes a Keras 2 file in TensorFlow.js' form; the kernel packed into uint16."""

    def write(name):
        with h5py.File(made / name) as opened:
            topology = json.loads(opened.attrs["model_config"])
            owner = next(name for name, group in opened["model_weights"].items() if len(group))
            dense = opened["model_weights"][owner][owner]
            kernel, bias = dense["kernel:0"][()], dense["bias:0"][()]
        scale = float(np.ptp(kernel)) / 65535
        packed = np.rint((kernel - kernel.min()) / scale).astype("<u2")
        quantization = {"dtype": "uint16", "scale": scale, "min": float(kernel.min())}
        listed = [
            {"name": f"{owner}/bias", "shape": list(bias.shape), "dtype": "float32"},
            {
                "name": f"{owner}/kernel",
                "shape": list(kernel.shape),
                "dtype": "float32",
                "quantization": quantization,
            },
        ]
        manifest = [{"paths": ["a.bin", "b.bin"], "weights": listed}]
        described = {"modelTopology": topology, "weightsManifest": manifest}
        files = {
            "model.json": json.dumps(described).encode(),
            "metadata.json": json.dumps({"labels": ["one", "two", "three"]}).encode(),
            "a.bin": bias.astype("<f4").tobytes() + packed.tobytes()[:100],
            "b.bin": packed.tobytes()[100:],
        }
        for file, content in files.items():
            (tmp_path / file).write_bytes(content)
        return {file: tmp_path / file for file in files}

    return write


def test_tensorflow_js_with_packed_weights_in_several_files(as_tfjs, made, store):
    model = store.add(as_tfjs("linear.h5"))
    assert (model.format, model.labels, model.gradients) == ("tfjs", ("one", "two", "three"), True)
    known = np.load(made / "linear.npz")
    found = confidences(store.open(model.id), known["pictures"])
    # Steps of 1/65535 in the kernel are seen a little in the answer.
    assert np.abs(found - known["probabilities"]).max() < 2e-3
