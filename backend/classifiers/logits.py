"""Pre-softmax scores: the same Keras model without its last softmax."""

import copy
from typing import Any, Literal

from backend.classifiers.refusals import several_outputs

Ending = Literal["softmax", "sigmoid", "open"]
_PASSES_ON = {"Flatten", "Reshape", "Dropout", "ActivityRegularization"}
"""Layers after which softmax may come first: they only pass on what they get."""


def without_softmax(config: dict[str, Any]) -> tuple[dict[str, Any], Ending]:
    """Take the last softmax off a model's configuration (not changing the one given).

    The changed model has the same weights in the same order, and softmax of its scores is
    exactly what the original gives. Nested models are followed down to their last layer.

    Returns:
        The configuration, and how it ended: `softmax` (now off), `sigmoid`, or `open`
        (nothing of the kind found, nothing changed).

    Raises:
        CannotUse: it has several outputs.
    """
    config = copy.deepcopy(config)
    last = _last_layer(config)
    settings = last["config"]
    activation = settings.get("activation") if isinstance(settings, dict) else None
    if last["class_name"] == "Softmax":
        if settings.get("axis", -1) not in (-1, 1, [-1], [1]):
            return config, "open"
        last["class_name"] = "Activation"
        kept = {key: settings[key] for key in ("name", "trainable", "dtype") if key in settings}
        last["config"] = {**kept, "activation": "linear"}
        return config, "softmax"
    if activation == "softmax":
        settings["activation"] = "linear"
        return config, "softmax"
    return config, "sigmoid" if activation in ("sigmoid", "hard_sigmoid") else "open"


def _last_layer(config: dict[str, Any]) -> dict[str, Any]:
    inner = config["config"]
    if config["class_name"] == "Sequential":
        layers = inner if isinstance(inner, list) else inner["layers"]
        last = len(layers) - 1
        while last > 0 and layers[last]["class_name"] in _PASSES_ON:
            last -= 1
        layer = layers[last]
    else:
        layer = _output_of_functional(inner)
    return _last_layer(layer) if "layers" in _settings(layer) else layer


def _output_of_functional(inner: dict[str, Any]) -> dict[str, Any]:
    outputs = inner["output_layers"]
    # Keras 2: [["name", 0, 0]]; Keras 3 with a single output: ["name", 0, 0].
    if outputs and isinstance(outputs[0], list):
        if len(outputs) > 1:
            raise several_outputs()
        outputs = outputs[0]
    name = outputs[0]
    named = (layer for layer in inner["layers"] if layer["config"].get("name") == name)
    return next(named)


def _settings(layer: dict[str, Any]) -> dict[str, Any]:
    inner = layer["config"]
    return {"layers": inner} if isinstance(inner, list) else inner
