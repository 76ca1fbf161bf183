"""Gradients of real Keras models: judged by finite differences and by LiteRT.

Run in a process of its own, so that TensorFlow is not in that of the other tests.
"""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

PROGRAM = """
import sys
from pathlib import Path
import numpy as np
from backend.classifiers.differentiable import Differentiable
from backend.classifiers.model import Model

folder, model_id, way = sys.argv[1:]
model = Model.read(Path(folder), model_id)
network, fast = Differentiable(model), model.compile()
random = np.random.default_rng(0)
size = model.input_size
batch = random.integers(0, 256, (7, *size, 3)).astype(np.float32)

def gradients_of(pictures, target, softmax=False):
    found = list(network.gradients([one.copy for one in pictures], target, softmax))
    return tuple(map(np.stack, zip(*found)))

# Scores are those of the fast classifier, also after softmax.
expected = fast.scores(batch)
scores = network.scores(batch)
np.testing.assert_allclose(scores, expected, atol=1e-4 * max(1, np.abs(expected).max()))
target = int(scores[0].argmax())
powers = np.exp(scores.astype(float) - scores.max(axis=1, keepdims=True))
probabilities = powers / powers.sum(axis=1, keepdims=True)
np.testing.assert_allclose(
    gradients_of(batch, target, softmax=True)[0], probabilities[:, target], atol=1e-5
)

# One picture alone has the same gradient as among seven, and as TensorFlow says.
assert ("LiteRT" if network._quick else "TensorFlow") == way
_, gradients = gradients_of(batch, target)
np.testing.assert_array_equal(gradients_of(batch[3:4], target)[1][0], gradients[3])
_, judged = network._run("gradients", None, batch[3:4], target, False)
np.testing.assert_allclose(judged[0], gradients[3], atol=1e-5 * np.abs(judged).max())

# A small step along the gradient changes the score as the gradient says.
for softmax in (False, True):
    _, at = gradients_of(batch[:1], target, softmax)
    direction = at[0] / np.linalg.norm(at[0])
    step = 0.5
    ends = gradients_of(
        np.stack([batch[0] + step * direction, batch[0] - step * direction]), target, softmax
    )[0].astype(float)
    slope = (ends[0] - ends[1]) / (2 * step)
    assert abs(slope / np.linalg.norm(at[0]) - 1) < 0.02, (softmax, slope, np.linalg.norm(at[0]))

# From the last layer with space on, by TensorFlow: the same as through it, by LiteRT.
layers = network.layers()
assert [layer.name for layer in layers if layer.is_map][-1] == model.layers[-1]
last = model.layers[-1]
scores, maps, through = network.maps_and_gradients(batch, last, target)
from_there, again = network.gradients_from(maps, last, target)
np.testing.assert_allclose(from_there, scores, rtol=1e-4, atol=1e-4)
np.testing.assert_allclose(again, through, rtol=1e-3, atol=1e-5 * np.abs(again).max())
np.testing.assert_allclose(network.maps(batch, last), maps, atol=2e-5 * np.abs(maps).max())
assert maps.shape[1:] == next(layer.shape for layer in layers if layer.name == last)

# Weights are mixed up, and put back.
learned = [layer.name for layer in layers if layer.parameters]
with network.shuffled(learned[:1], 0):
    assert np.abs(gradients_of(batch, target)[1] - gradients).max() > 0
np.testing.assert_array_equal(gradients_of(batch, target)[1], gradients)

# A layer that others pass by is refused, or there is none.
from backend.errors import CannotUse
passed = [layer for layer in layers if "block_2_expand_BN" in layer.name]
for layer in passed:
    try:
        network.gradients_from(network.maps(batch[:1], layer.name), layer.name, 0)
        raise SystemExit("not refused")
    except CannotUse as problem:
        assert problem.code == "layer_is_passed_by"
"""


def judge(model, way: str = "LiteRT") -> None:
    command = [sys.executable, "-c", PROGRAM, str(model.folder), model.id, way]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["sequential_3.keras", "grey.h5"])
def test_small_networks(add, name):
    """Not square; grey and from Keras 2."""
    judge(add(name))


def test_a_network_with_an_operation_that_has_no_compiled_way_back(add):
    """Models in models, and a maximum over all places: TensorFlow takes all gradients."""
    judge(add("nested_3.keras"), "TensorFlow")


def test_the_parade(store):
    judge(store.model("parade"))


@pytest.mark.real
@pytest.mark.parametrize("name", ["waste_materials", "pen_headphones_hand"])
def test_teachable_machine(real_model, name):
    model = real_model(name)
    if not model.gradients:
        pytest.skip("kept without a Keras file")
    judge(model)
