"""What others' explanation methods are asked: a model and a picture, in the forms they want."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from backend.bench.peers import load


@dataclass(frozen=True)
class Asked:
    """What all are asked.

    Attributes:
        model: a Keras model of Teachable Machine's kind that gives logits.
        picture: (H, W, 3) float32, −1 to 1.
        references: (R, H, W, 3) float32.
        target: index of the label.
        steps: how many steps or samples; SHAP gets twice as many.
    """

    model: Any
    picture: np.ndarray
    references: np.ndarray
    target: int
    steps: int

    @cached_property
    def flat(self) -> Any:
        """The same model with all layers in one, where others look for them."""
        import tf_keras

        features = self.model.layers[0]
        inner = features.layers[0] if hasattr(features, "layers") else features
        outputs = inner.output
        for layer in [*features.layers[1:], *self.model.layers[1:]]:
            outputs = layer(outputs)
        return tf_keras.Model(inner.input, outputs)

    @cached_property
    def sure(self) -> Any:
        """The flat model, giving probabilities."""
        import tf_keras

        return tf_keras.Model(self.flat.input, tf_keras.layers.Softmax()(self.flat.output))

    @property
    def last_map(self) -> str:
        """Name of the last layer that has height and width."""
        return next(one.name for one in self.flat.layers[::-1] if len(one.output.shape) == 4)

    @cached_property
    def gradient(self) -> Callable[[Any], Any]:
        """Pictures (N, H, W, 3) → gradients of the target's logit."""
        import tensorflow as tf

        def gradient(inputs: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                score = self.model(inputs, training=False)[:, self.target]
            return tape.gradient(score, inputs)

        return tf.function(gradient)


def without_softmax(model: Any) -> Any:
    """The same model, giving logits; Teachable Machine's head ends in a Dense layer."""
    last = model
    while hasattr(last, "layers"):
        last = last.layers[-1]
    last.activation = None
    return model


def asked_about(model_file: str, given_file: str, steps: int) -> Asked:
    """The question in an INPUT.npz."""
    os.environ["TF_USE_LEGACY_KERAS"] = "1"  # Teachable Machine's files are Keras 2
    given = np.load(given_file)
    return Asked(
        without_softmax(load(Path(model_file))),
        given["picture"],
        given["references"],
        int(given["target"]),
        steps,
    )
