"""Integrated Gradients: the way from a baseline to the picture, one small step after another.

Sundararajan, Taly & Yan, "Axiomatic Attribution for Deep Networks" (2017). The integral is
taken by the midpoint rule over steps that grow evenly from the baseline to the picture, as
networks change most where a picture begins to appear: on children's models that is several
times nearer to the truth than as many even steps (other programs take even steps at their left
or right edge, trapezoids, or Gauss's points). Colours are summed, signs kept, so the map adds up
to score of the picture − score of the baseline; by how much it misses is reported.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from backend.explanations.asking import Found, Method, Question, Setting
from backend.explanations.base import Caution
from backend.explanations.cover import COVERS
from backend.explanations.network import (
    SCORE,
    SEED,
    GradientFunction,
    after_softmax,
    gradient_function,
    target_scores,
    unit_of,
)

BASELINES = ("black", "white", "random", "blur")
MOST_APPROX_ERROR = 0.05
"""An error above this calls for other settings."""


@dataclass(frozen=True)
class Integrated:
    """Integrals over all baselines.

    Attributes:
        attribution: (H, W, 3) float64, their mean.
        example_score, baseline_score: of the target; the second is a mean.
        completeness_gap: sum of `attribution` − (example_score − baseline_score).
        approx_error: the gaps' sizes as a share of the scores' differences.
    """

    attribution: np.ndarray
    example_score: float
    baseline_score: float
    completeness_gap: float
    approx_error: float


def baseline_picture(name: str, picture: np.ndarray, seed: int) -> np.ndarray:
    """A baseline (H, W, 3) float32 for a picture (H, W, 3) uint8."""
    if name == "random":
        return np.random.default_rng(seed).uniform(0, 255, picture.shape).astype(np.float32)
    return COVERS[name](picture).astype(np.float32, order="C")


def integrate(
    gradient: GradientFunction, picture: np.ndarray, baseline: np.ndarray, steps: int
) -> np.ndarray:
    """Integrate the gradient from `baseline` to `picture`, both (H, W, 3) from 0 to 255.

    Returns:
        (H, W, 3) float64, which sums to the difference of their scores but for the error of
        so many steps.
    """
    difference = picture.astype(np.float32) - baseline
    total = np.zeros(picture.shape)
    edges = (np.arange(steps + 1) / steps) ** 2
    middles = ((edges[:-1] + edges[1:]) / 2).astype(np.float32)

    def step(share: np.float32) -> np.ndarray:
        return baseline + share * difference

    ways = (partial(step, share) for share in middles)
    for width, found in zip(np.diff(edges), gradient(ways), strict=True):
        total += width * found
    return total * difference


def integrate_from(
    question: Question, baselines: list[str], steps: int, softmax: bool, seed: int
) -> Integrated:
    """Integrate from several baselines and take the mean."""
    gradient = gradient_function(question, softmax, steps * len(baselines))
    picture = question.model_input
    references = [baseline_picture(name, picture, seed) for name in baselines]
    ends = np.stack([picture.astype(np.float32), *references])
    example, *starts = target_scores(question, ends, softmax).astype(np.float64)
    attributions = [integrate(gradient, picture, reference, steps) for reference in references]
    gaps = [
        attribution.sum() - (example - start)
        for attribution, start in zip(attributions, starts, strict=True)
    ]
    differences = np.abs(example - np.array(starts)).sum()
    return Integrated(
        attribution=np.mean(attributions, axis=0),
        example_score=float(example),
        baseline_score=float(np.mean(starts)),
        completeness_gap=float(np.mean(gaps)),
        approx_error=error_share(float(np.abs(gaps).sum()), float(differences)),
    )


def error_share(gap: float, difference: float) -> float:
    """|gap| as a share of |difference|; 0 where both are nothing but rounding."""
    gap, difference = abs(gap), abs(difference)
    return gap / difference if difference > 1e-6 else float(gap > 1e-6)


def advice(approx_error: float, what: str) -> tuple[Caution, ...]:
    """What to change if the error is too large: `what`."""
    if approx_error <= MOST_APPROX_ERROR:
        return ()
    text = f"The map misses the score by {approx_error:.0%}: {what}."
    return (Caution("approx_error", text),)


def integrated_gradients(
    question: Question, steps: int, baselines: str, score: str, seed: int
) -> Found:
    """Integrate the gradient of the target's score along straight ways to the picture."""
    softmax, names = after_softmax(score), baselines.split(",")
    found = integrate_from(question, names, steps, softmax, seed)
    return Found(
        unit=unit_of(question, softmax),
        attribution=found.attribution.sum(axis=-1).astype(np.float32),
        pooling="sum",
        example_score=found.example_score,
        baseline_score=found.baseline_score,
        completeness_gap=found.completeness_gap,
        approx_error=found.approx_error,
        seed=seed if "random" in names else None,
        cautions=advice(found.approx_error, "take more steps, or another baseline"),
    )


METHOD = Method(
    name="integrated_gradients",
    title="Integrated Gradients",
    purpose="How much did every pixel add on the way from a baseline to the picture?",
    paper="Sundararajan et al. 2017",
    needs="gradients",
    settings=(
        Setting("steps", "whole", 50, "steps on the way", 1, 1000),
        Setting("baselines", "choices", "black", "where the way begins", options=BASELINES),
        SCORE,
        SEED,
    ),
    run=integrated_gradients,
)
