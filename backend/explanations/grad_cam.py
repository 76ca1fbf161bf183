"""Grad-CAM: which parts of an inner layer's maps push the target's score up.

Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
Localization" (2017): each channel is weighted by the mean of its gradient, and what speaks
against the target is left out (ReLU, as in the paper). The score is the one before softmax
unless asked otherwise.
"""

import numpy as np
from PIL import Image

from backend.explanations.asking import Found, Method, Question
from backend.explanations.network import (
    LAYER,
    SCORE,
    after_softmax,
    as_batch,
    finite,
    map_layer,
    network_of,
    unit_of,
)


def grad_cam(question: Question, layer: str, score: str) -> Found:
    """Weigh the maps of a layer by the gradients of the target's score.

    Raises:
        BadSetting: no such layer, or one without space.
    """
    network, softmax = network_of(question), after_softmax(score)
    chosen = map_layer(network, layer)
    scores, maps, gradients = network.maps_and_gradients(
        as_batch(question), chosen.name, question.target, softmax
    )
    cam = finite(weigh(maps[0], gradients[0]))
    return Found(
        unit=f"weighted activation ({unit_of(question, softmax)})",
        attribution=resized(cam, question.model_input.shape[:2]),
        example_score=float(scores[0]),
        maps=cam[np.newaxis],
        facts={"layer": chosen.as_json()},
    )


def weigh(maps: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """The formula of the paper, for maps and gradients (h, w, channels); gives (h, w) ≥ 0."""
    weights = gradients.mean(axis=(0, 1))
    return np.maximum(maps @ weights, 0)


def resized(attribution: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A small map (h, w) float32 at the size (height, width), bilinear."""
    image = Image.fromarray(attribution.astype(np.float32))
    return np.asarray(image.resize((size[1], size[0]), Image.Resampling.BILINEAR))


METHOD = Method(
    name="grad_cam",
    title="Grad-CAM",
    purpose="Which places of an inner layer push the score up?",
    paper="Selvaraju et al. 2017",
    needs="gradients",
    settings=(LAYER, SCORE),
    run=grad_cam,
)
