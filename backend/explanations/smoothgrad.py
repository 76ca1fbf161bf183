"""SmoothGrad: the mean of the gradients of many noisy copies of the picture.

Smilkov et al., "SmoothGrad: removing noise by adding noise" (2017). Noise is a share of the
whole range of pixel values (PAIR's own program: of the range in this picture), and is not
clipped. `absolute` is the paper's map (the absolute value of the mean gradient, summed over
colours), `squared` the mean of squared gradients (Hooker et al. 2019), and `signed` keeps
the direction: positive where brighter pixels would help the target.
"""

from dataclasses import dataclass

import numpy as np

from backend.explanations.asking import Found, Method, Question, Setting
from backend.explanations.network import (
    SCORE,
    SEED,
    GradientFunction,
    after_softmax,
    gradient_function,
    unit_of,
)

FORMS = ("absolute", "squared", "signed")
AT_ONCE = 8


@dataclass(frozen=True)
class Smoothed:
    """Sums over noisy copies, (H, W, 3) float64: means of gradients and of their squares."""

    mean: np.ndarray
    mean_of_squares: np.ndarray


def smooth(
    gradient: GradientFunction, picture: np.ndarray, samples: int, noise: float, seed: int
) -> Smoothed:
    """Average the gradients of noisy copies.

    Args:
        picture: (H, W, 3), 0 to 255.
        noise: standard deviation as a share of 255.
    """
    random = np.random.default_rng(seed)
    total = np.zeros(picture.shape)
    squares = np.zeros(picture.shape)
    for start in range(0, samples, AT_ONCE):
        number = min(AT_ONCE, samples - start)
        drawn = random.standard_normal((number, *picture.shape), dtype=np.float32)
        _, gradients = gradient(picture + drawn * np.float32(noise * 255))
        total += gradients.sum(axis=0)
        squares += np.square(gradients, dtype=np.float64).sum(axis=0)
    return Smoothed(total / samples, squares / samples)


def smoothgrad(
    question: Question, samples: int, noise: float, form: str, score: str, seed: int
) -> Found:
    """Average the gradients of noisy copies of the picture."""
    softmax = after_softmax(score)
    gradient = gradient_function(question, softmax, samples)
    smoothed = smooth(gradient, question.model_input.astype(np.float32), samples, noise, seed)
    if form == "squared":
        attribution = smoothed.mean_of_squares.sum(axis=-1)
    elif form == "signed":
        attribution = smoothed.mean.sum(axis=-1)
    else:
        attribution = np.abs(smoothed.mean).sum(axis=-1)
    per_step = f"{unit_of(question, softmax)} per step of brightness"
    return Found(
        unit=f"({per_step})²" if form == "squared" else per_step,
        attribution=attribution.astype(np.float32),
        seed=seed,
    )


METHOD = Method(
    name="smoothgrad",
    title="SmoothGrad",
    purpose="Which pixels would change the score, averaged over noisy copies?",
    paper="Smilkov et al. 2017",
    needs="gradients",
    settings=(
        Setting("samples", "whole", 25, "number of noisy copies", 1, 1000),
        Setting("noise", "number", 0.15, "strength, as a share of the range", 0.0, 1.0),
        Setting("form", "choice", "absolute", "what is averaged", options=FORMS),
        SCORE,
        SEED,
    ),
    run=smoothgrad,
)
