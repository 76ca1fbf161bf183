"""From a Keras model to a LiteRT file that gives pre-softmax scores."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from backend.classifiers import probing
from backend.classifiers.imported import Imported, picture_input
from backend.classifiers.keras_files import Architecture, LoadWeights
from backend.classifiers.logits import without_softmax
from backend.classifiers.model import COMPILED_FILE
from backend.classifiers.refusals import not_softmax, several_inputs, several_outputs
from backend.errors import CannotUse

_NORMALISING = {"Rescaling", "Normalization", "TrueDivide", "Divide", "Subtract", "TFOpLambda"}
_FROM_MINUS_1 = re.compile(r"mobilenet|xception|inception|nasnet|resnet\d+v2", re.IGNORECASE)


def convert_keras(architecture: Architecture, load_weights: LoadWeights, folder: Path) -> Imported:
    """Write `classifier.tflite` (float32, one picture at a time) into `folder`.

    Args:
        architecture: a checked description of the model.
        load_weights: fills a model built from it.
        folder: where the compiled model goes.

    Raises:
        UserError: the model is damaged or no image classifier.
    """
    config, ending = without_softmax(architecture.config)
    if ending == "sigmoid":
        raise not_softmax()
    model = Architecture(config, architecture.legacy).build()
    inputs = model.inputs or []
    if not inputs:
        raise CannotUse(
            "no_input_size",
            "The model does not say what size its pictures have.",
            "Begin it with an Input layer that says so, and save it again.",
        )
    if len(inputs) != 1:
        raise several_inputs(len(inputs))
    if len(model.outputs) != 1:
        raise several_outputs()
    input_size, channels = picture_input(tuple(inputs[0].shape))
    load_weights(model)
    compiled = folder / COMPILED_FILE
    shape = (1, *input_size, 3 if channels == "rgb" else 1)
    compiled.write_bytes(_compile(model, shape))
    found = probing.probe(compiled.read_bytes())
    _check_same(model, shape, found)
    if found.kind == "yes_or_no" and ending == "open":
        raise not_softmax()
    return Imported(
        outputs=found.outputs,
        input_size=input_size,
        channels=channels,
        pixels=_pixel_span(config),
        logits=ending == "softmax" or found.kind == "scores",
        layers=tuple(dict.fromkeys(_feature_maps(model))),
    )


def _pixel_span(config: dict[str, Any]) -> tuple[float, float]:
    """Guess what 0 and 255 have to become for a Keras model, for its file does not say.

    Models that begin by normalising get 0 to 255; Teachable Machine's, and families of
    `keras.applications` that are made for it, −1 to 1; all others 0 to 1, as most courses
    teach.
    """
    if _from_teachable_machine(config):
        return -1.0, 1.0
    layers = list(_layers(config))
    if any(layer["class_name"] in _NORMALISING for layer in layers[:12]):
        return 0.0, 255.0
    names = [str(layer["config"].get("name", "")) for layer in _nested(config)]
    if any(_FROM_MINUS_1.search(name) for name in names):
        return -1.0, 1.0
    return 0.0, 1.0


def _compile(model: Any, shape: tuple[int, ...]) -> bytes:
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2 as freeze,
    )

    specification = tf.TensorSpec(shape, tf.float32)
    try:
        call = tf.function(lambda picture: model(picture, training=False))
        # Frozen first: the converter would save and load the Keras model, 12 s instead of 1.
        frozen = freeze(call.get_concrete_function(specification))
        return tf.lite.TFLiteConverter.from_concrete_functions([frozen], tf.Module()).convert()
    except Exception as problem:
        # The converter raises its own and TensorFlow's exceptions for parts it cannot do.
        raise _cannot_compile() from problem


def _check_same(model: Any, shape: tuple[int, ...], found: probing.Probed) -> None:
    """Refuse a compiled model that does not answer as Keras does: better none than a wrong one."""
    expected = np.concatenate([np.asarray(model(seen)) for seen in probing.inputs(shape)])
    largest = max(1.0, float(np.abs(expected).max()))
    if np.abs(found.scores - expected.reshape(found.scores.shape)).max() > 1e-3 * largest:
        raise _cannot_compile()


def _cannot_compile() -> CannotUse:
    return CannotUse(
        "cannot_compile",
        "The model has parts that we cannot turn into our fast form.",
        "Use a simpler image model.",
    )


def _nested(config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The model and the models in it, from outside to inside."""
    if not isinstance(config["config"], list):
        yield config
    for layer in _children(config):
        if _children(layer):
            yield from _nested(layer)


def _layers(config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All layers that are not models themselves, in the order of the file."""
    for layer in _children(config):
        if _children(layer):
            yield from _layers(layer)
        else:
            yield layer


def _children(layer: dict[str, Any]) -> list[dict[str, Any]]:
    inner = layer["config"]
    return inner if isinstance(inner, list) else inner.get("layers", [])


def _from_teachable_machine(config: dict[str, Any]) -> bool:
    """Whether it is two Sequentials: features ending in pooling, and a head of Dense only."""
    halves = [_kinds(half) for half in _children(config) if half["class_name"] != "InputLayer"]
    return (
        len(halves) == 2
        and halves[0][-1:] == ["GlobalAveragePooling2D"]
        and set(halves[1]) == {"Dense"}
    )


def _kinds(half: dict[str, Any]) -> list[str]:
    kinds = [layer["class_name"] for layer in _children(half)]
    return [kind for kind in kinds if kind != "InputLayer"]


def _feature_maps(model: Any) -> Iterator[str]:
    """Names of the layers, also of nested models, whose output is (1, h, w, channels)."""
    for layer in model.layers:
        if getattr(layer, "layers", None):
            yield from _feature_maps(layer)
        elif type(layer).__name__ != "InputLayer":
            # A layer that is used several times has no single output.
            shape = tuple(getattr(getattr(layer, "output", None), "shape", ()))
            if len(shape) == 4 and shape[1:3] != (1, 1):
                yield layer.name
