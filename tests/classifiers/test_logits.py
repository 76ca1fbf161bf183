import copy

import pytest

from backend.classifiers.logits import without_softmax
from backend.errors import CannotUse


def layer(kind, name, **settings):
    return {"class_name": kind, "config": {"name": name, **settings}}


def sequential(*layers):
    return {"class_name": "Sequential", "config": {"name": "outside", "layers": list(layers)}}


def functional(outputs, *layers):
    return {
        "class_name": "Functional",
        "config": {"layers": list(layers), "output_layers": outputs},
    }


SOFTMAX_LAST = layer("Dense", "last", units=3, activation="softmax")
LINEAR_LAST = layer("Dense", "last", units=3, activation="linear")
SOFTMAX_BEFORE = layer("Dense", "before", units=9, activation="softmax")


def test_only_the_last_softmax_is_taken_off():
    config = sequential(SOFTMAX_BEFORE, SOFTMAX_LAST)
    untouched = copy.deepcopy(config)
    assert without_softmax(config) == (sequential(SOFTMAX_BEFORE, LINEAR_LAST), "softmax")
    assert config == untouched


def test_a_layer_of_its_own_becomes_one_that_does_nothing():
    config = sequential(LINEAR_LAST, layer("Softmax", "shares", axis=-1, dtype="float32"))
    nothing = layer("Activation", "shares", dtype="float32", activation="linear")
    assert without_softmax(config) == (sequential(LINEAR_LAST, nothing), "softmax")
    config = sequential(LINEAR_LAST, layer("Activation", "shares", activation="softmax"))
    nothing = layer("Activation", "shares", activation="linear")
    assert without_softmax(config) == (sequential(LINEAR_LAST, nothing), "softmax")


def test_nested_models_are_followed():
    features = sequential(layer("Conv2D", "conv", activation="relu"))
    found, ending = without_softmax(sequential(features, sequential(SOFTMAX_LAST)))
    assert (found, ending) == (sequential(features, sequential(LINEAR_LAST)), "softmax")


def test_sequential_as_tensorflow_js_wrote_it_in_2019():
    old = {"class_name": "Sequential", "config": [SOFTMAX_BEFORE, SOFTMAX_LAST]}
    new = {"class_name": "Sequential", "config": [SOFTMAX_BEFORE, LINEAR_LAST]}
    assert without_softmax(old) == (new, "softmax")


@pytest.mark.parametrize("outputs", [[["last", 0, 0]], ["last", 0, 0]])
def test_functional_models_name_their_output(outputs):
    # The output layer need not be the last in the list.
    config = functional(outputs, SOFTMAX_LAST, SOFTMAX_BEFORE)
    expected = functional(outputs, LINEAR_LAST, SOFTMAX_BEFORE)
    assert without_softmax(config) == (expected, "softmax")


def test_layers_that_only_pass_on_are_looked_through():
    config = sequential(layer("Activation", "shares", activation="softmax"), layer("Reshape", "r"))
    found, ending = without_softmax(config)
    assert ending == "softmax"
    assert found["config"]["layers"][0]["config"]["activation"] == "linear"


def test_other_endings_stay():
    for last, ending in [
        (layer("Dense", "last", activation="sigmoid"), "sigmoid"),
        (layer("Activation", "last", activation="hard_sigmoid"), "sigmoid"),
        (LINEAR_LAST, "open"),
        (layer("GlobalAveragePooling2D", "last"), "open"),
        (layer("Softmax", "across pictures", axis=0), "open"),
    ]:
        assert without_softmax(sequential(last)) == (sequential(last), ending)


def test_two_outputs_are_refused():
    config = functional([["last", 0, 0], ["before", 0, 0]], SOFTMAX_LAST, SOFTMAX_BEFORE)
    with pytest.raises(CannotUse) as caught:
        without_softmax(config)
    assert caught.value.code == "several_outputs"
