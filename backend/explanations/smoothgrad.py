"""SmoothGrad: the mean of the gradients of many noisy copies of the picture.

Smilkov et al., "SmoothGrad: removing noise by adding noise" (2017). Noise is a share of the
whole range of pixel values (PAIR's own program: of the range in this picture), and is not
clipped. `absolute` is the paper's map (the absolute value of the mean gradient, summed over
colours), `squared` the mean of squared gradients (Hooker et al. 2019), and `signed` keeps
the direction: positive where brighter pixels would help the target.
"""

from functools import partial

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


def smooth(
    gradient: GradientFunction,
    picture: np.ndarray,
    samples: int,
    noise: float,
    seed: int,
    squared: bool = False,
) -> np.ndarray:
    """Average the gradients of noisy copies.

    Args:
        picture: (H, W, 3) float32, 0 to 255.
        noise: standard deviation as a share of 255.
        squared: average their squares instead.

    Returns:
        (H, W, 3) float64.
    """
    total = np.zeros(picture.shape)

    def noisy(number: int) -> np.ndarray:
        # Each copy has a chance of its own, so that it does not matter which is made first.
        random = np.random.default_rng([seed, number])
        drawn = random.standard_normal(picture.shape, np.float32)
        drawn *= np.float32(noise * 255)
        drawn += picture
        return drawn

    for found in gradient(partial(noisy, number) for number in range(samples)):
        total += np.square(found, dtype=np.float64) if squared else found
    return total / samples


def smoothgrad(
    question: Question, samples: int, noise: float, form: str, score: str, seed: int
) -> Found:
    """Average the gradients of noisy copies of the picture."""
    softmax = after_softmax(score)
    gradient = gradient_function(question, softmax, samples)
    picture = question.model_input.astype(np.float32)
    mean = smooth(gradient, picture, samples, noise, seed, squared=form == "squared")
    attribution = (np.abs(mean) if form == "absolute" else mean).sum(axis=-1)
    per_step = f"{unit_of(question, softmax)} per step of brightness"
    return Found(
        unit=f"({per_step})²" if form == "squared" else per_step,
        attribution=attribution.astype(np.float32),
        degree=2 if form == "squared" else 1,
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
