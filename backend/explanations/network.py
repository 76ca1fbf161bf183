"""What methods with gradients share: the network, its layers and the score that is explained."""

from collections.abc import Callable, Generator, Iterable
from contextlib import closing, suppress

import numpy as np

from backend.classifiers.base import Prediction
from backend.classifiers.gradients import Layer, Network, Paint
from backend.errors import BadSetting, CannotUse
from backend.explanations.asking import Question, Setting

GradientFunction = Callable[[Iterable[Paint]], Iterable[np.ndarray]]
"""Pictures (H, W, 3) float32, 0 to 255, made when they are needed → gradients (H, W, 3)."""

SCORE = Setting(
    "score",
    "choice",
    "before_softmax",
    "explain the logit, or the probability after softmax",
    options=("before_softmax", "after_softmax"),
)
LAYER = Setting(
    "layer",
    "layer",
    "auto",
    "a layer by name or index; auto: the last that has height and width",
    options=("auto",),
)
SEED = Setting("seed", "whole", 0, "where chance starts", 0, 2**31 - 1)


def after_softmax(score: str) -> bool:
    """Whether the setting `score` asks for probabilities."""
    return score == "after_softmax"


def unit_of(question: Question, softmax: bool) -> str:
    """What the explained score is."""
    return "logit" if question.classifier.has_logits and not softmax else "probability"


def network_of(question: Question) -> Network:
    """The network that gives gradients.

    Raises:
        CannotUse: the classifier has none.
    """
    if question.network is None:
        raise CannotUse(
            "no_gradients",
            "This classifier gives no gradients, which this method needs.",
            "Use occlusion, shapley or smallest_peek, or add the classifier's Keras export.",
        )
    return question.network


def as_batch(question: Question) -> np.ndarray:
    """The picture alone in a batch, (1, H, W, 3) float32."""
    return question.model_input[np.newaxis].astype(np.float32)


def gradient_function(question: Question, softmax: bool, evaluations: int) -> GradientFunction:
    """Gradients of the target's score; tells how much of `evaluations` is done."""
    network, done = network_of(question), 0

    def gradients(pictures: Iterable[Paint]) -> Generator[np.ndarray]:
        nonlocal done
        with closing(network.gradients(pictures, question.target, softmax)) as found:
            for _, gradient in found:
                done += 1
                question.tell(min(done / evaluations, 1.0))
                yield finite(gradient)

    return gradients


def target_scores(question: Question, batch: np.ndarray, softmax: bool) -> np.ndarray:
    """Scores (N,) of the target for pictures (N, H, W, 3)."""
    scores = question.classifier.scores(batch)
    if softmax:
        scores = Prediction.from_scores(scores, question.classifier.has_logits).confidence
    return finite(scores[:, question.target])


def map_layer(network: Network, chosen: str) -> Layer:
    """The layer that is meant: a name, an index (also from the end), or `auto`.

    Raises:
        BadSetting: no such layer, or its output has no height and width.
    """
    layers = network.layers()
    with_space = [layer for layer in layers if layer.is_map]
    if chosen == "auto":
        if not with_space:
            raise BadSetting(
                "bad_layer",
                "No layer of this classifier has height and width.",
                "Choose a method that needs no layer, such as integrated_gradients.",
            )
        return with_space[-1]
    found = {layer.name: layer for layer in layers}.get(chosen)
    if found is None:
        with suppress(ValueError, IndexError):
            found = layers[int(chosen)]
    if found is None:
        raise BadSetting(
            "bad_layer",
            f"This classifier has no layer “{chosen[:60]}”.",
            f"Choose auto, a number from 0 to {len(layers) - 1}, or a name such as "
            + ", ".join(layer.name for layer in with_space[-3:])
            + ".",
        )
    if not found.is_map:
        raise BadSetting(
            "layer_without_space",
            f"The layer “{found.name}” has no height and width, so it cannot be laid over "
            "the picture.",
            "Choose one of those that have, such as "
            + ", ".join(layer.name for layer in with_space[-3:])
            + ".",
        )
    return found


def finite(values: np.ndarray) -> np.ndarray:
    """The same values.

    Raises:
        CannotUse: one of them is not a number.
    """
    # A sum is not finite if any of its parts is not, and is quicker to look at.
    if not np.isfinite(values.sum()):
        raise CannotUse(
            "broken_model",
            "This classifier answers with something that is not a number.",
            "Its file may be damaged: export it once more and add it again.",
        )
    return values
