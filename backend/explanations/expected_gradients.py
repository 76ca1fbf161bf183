"""Expected gradients: Integrated Gradients from many real pictures instead of one baseline.

Erion et al., "Improving performance of deep learning models with axiomatic attribution
priors and expected gradients" (2021), as SHAP's GradientExplainer samples it: each sample
takes a reference picture and a place on the way from it by chance. Ours draws the places
evenly (one in each of as many equal pieces as there are samples), which lowers the noise,
and says how large that is. With an inner layer the way leads through that layer's values.
"""

from functools import partial

import numpy as np

from backend.classifiers.gradients import Network, in_batches
from backend.errors import BadSetting
from backend.explanations.asking import Found, Method, Question, Setting
from backend.explanations.base import Caution, shares
from backend.explanations.grad_cam import resized
from backend.explanations.integrated_gradients import MOST_APPROX_ERROR, error_share
from backend.explanations.network import (
    SCORE,
    SEED,
    GradientFunction,
    after_softmax,
    finite,
    gradient_function,
    map_layer,
    network_of,
    target_scores,
    unit_of,
)

AT_ONCE = 8
MUCH_NOISE = 0.25


def sample(
    gradient: GradientFunction,
    example: np.ndarray,
    references: np.ndarray,
    samples: int,
    seed: int,
) -> np.ndarray:
    """One attribution for each sample; their mean is the answer.

    Args:
        gradient: of pictures, or of whatever `example` is.
        example: (H, W, C) float32.
        references: (R, H, W, C) float32.

    Returns:
        (samples, H, W) float32, summed over C.
    """
    random = np.random.default_rng(seed)
    # Every reference as often as every other, but for one.
    turns = -(-samples // len(references))
    chosen = np.concatenate([random.permutation(len(references)) for _ in range(turns)])[:samples]
    places = (random.permutation(samples) + random.random(samples)) / samples

    def on_the_way(number: int) -> np.ndarray:
        reference = references[chosen[number]]
        return reference + np.float32(places[number]) * (example - reference)

    # As a product of matrices this sum takes a tenth of the time.
    channels = np.ones(example.shape[-1], np.float32)
    gradients = gradient(partial(on_the_way, number) for number in range(samples))
    return np.stack(
        [
            (found * (example - references[at])) @ channels
            for at, found in zip(chosen, gradients, strict=True)
        ]
    )


def expected_gradients(
    question: Question, samples: int, layer: str, score: str, seed: int
) -> Found:
    """Average over references and places on the way.

    Raises:
        BadSetting: there are no references.
        CannotUse: the network's ways lead past the inner layer.
    """
    if question.references is None:
        raise BadSetting(
            "no_references",
            "Expected gradients need pictures to compare with.",
            "Send some pictures of the kind that the classifier learned from.",
        )
    softmax, network = after_softmax(score), network_of(question)
    picture = question.model_input.astype(np.float32)
    references = question.references.astype(np.float32)
    if layer == "input":
        gradient = gradient_function(question, softmax, samples)
        attributions = sample(gradient, picture, references, samples, seed)
        facts = {}
    else:
        chosen = map_layer(network, layer)
        maps = network.maps(np.concatenate([picture[np.newaxis], references]), chosen.name)
        gradient = _from_layer(question, network, chosen.name, softmax, samples)
        attributions = sample(gradient, maps[0], maps[1:], samples, seed)
        facts = {"layer": chosen.as_json()}
    mean = attributions.mean(axis=0, dtype=np.float64)
    size = question.model_input.shape[:2]
    ends = target_scores(question, np.concatenate([picture[np.newaxis], references]), softmax)
    difference = float(ends[0]) - float(ends[1:].mean())
    gap = float(mean.sum() - difference)
    approx_error = error_share(gap, difference)
    relevance, error = _of_squares(question, attributions)
    return Found(
        unit=unit_of(question, softmax),
        attribution=_enlarged(mean, size),
        relevance=relevance,
        example_score=float(ends[0]),
        baseline_score=float(ends[1:].mean()),
        completeness_gap=gap,
        approx_error=approx_error,
        standard_error=error,
        seed=seed,
        maps=None if layer == "input" else mean[np.newaxis].astype(np.float32),
        facts=facts | {"references": len(references)},
        cautions=(*_of_chance(relevance, error), *_of_the_sum(approx_error)),
    )


def _from_layer(
    question: Question, network: Network, layer: str, softmax: bool, samples: int
) -> GradientFunction:
    done = 0

    def run(maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        nonlocal done
        scores, gradients = network.gradients_from(maps, layer, question.target, softmax)
        done += len(maps)
        question.tell(done / samples)
        return scores, finite(gradients)

    return lambda maps: (found for _, found in in_batches(maps, run, AT_ONCE))


def _enlarged(mean: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The map at the input's size, with the same sum."""
    if mean.shape == size:
        return mean.astype(np.float32)
    larger = resized(mean, size).astype(np.float64)
    share = mean.size / (size[0] * size[1])
    return (larger * share).astype(np.float32)


def _of_squares(question: Question, attributions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums over the squares (rows, columns), and the standard errors of those."""
    rows, columns = shares(question.fit, question.grid)
    size = question.model_input.shape[:2]
    of_samples = np.stack([rows @ _enlarged(one, size) @ columns.T for one in attributions])
    number = len(of_samples)
    spread = of_samples.std(axis=0, ddof=1) if number > 1 else np.full(of_samples.shape[1:], np.nan)
    return (
        of_samples.mean(axis=0).astype(np.float32),
        (spread / np.sqrt(number)).astype(np.float32),
    )


def _of_chance(relevance: np.ndarray, error: np.ndarray) -> tuple[Caution, ...]:
    largest = np.abs(relevance).max()
    if np.isnan(error).any():
        text = "One sample says nothing about its own error: take more samples."
        return (Caution("one_sample", text),)
    if error.max() > MUCH_NOISE * largest > 0:
        return (Caution("chance", "Chance moves this map a lot: take more samples."),)
    return ()


def _of_the_sum(approx_error: float) -> tuple[Caution, ...]:
    if approx_error <= MOST_APPROX_ERROR:
        return ()
    text = f"The map misses the score by {approx_error:.0%}: take more samples."
    return (Caution("few_samples", text),)


METHOD = Method(
    name="expected_gradients",
    title="Expected gradients",
    purpose="How much did every pixel add, compared with other pictures?",
    paper="Erion et al. 2021; Lundberg & Lee 2017",
    needs="gradients",
    settings=(
        Setting("samples", "whole", 50, "pictures on the way from references", 1, 2000),
        Setting(
            "layer",
            "layer",
            "input",
            "input for the picture itself, or an inner layer by name or index",
            options=("input", "auto"),
        ),
        SCORE,
        SEED,
    ),
    run=expected_gradients,
    needs_references=True,
)
