"""Whether a method's map can be trusted for one picture and one classifier.

Four checks: what the classifier says about baselines; how far the map misses the score;
whether covering what the map calls relevant matters more than covering anything (deletion
and insertion: Petsiuk et al., "RISE", 2018); and whether the map depends on what the
network has learned (Adebayo et al., "Sanity Checks for Saliency Maps", 2018).
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from backend.classifiers.base import Classifier
from backend.classifiers.gradients import Network
from backend.explanations.asking import Method, Question
from backend.explanations.base import Explanation
from backend.explanations.coalitions import Coalitions, Piece, values_of
from backend.explanations.integrated_gradients import (
    BASELINES,
    MOST_APPROX_ERROR,
    baseline_picture,
)
from backend.explanations.methods import answer
from backend.explanations.network import network_of
from backend.explanations.sweep import predict
from backend.picture import Patch

RANDOM_ORDERS = 10
STEPS = 8
"""Weights are mixed up in so many steps, from the last layer to the first."""
STILL_ALIKE = 0.5
"""A map this much like the trained network's does not depend on what was learned."""
LEANS = 0.5
"""A baseline that gets so much of what is above 1/k is no neutral picture."""


@dataclass(frozen=True)
class Baseline:
    """What the classifier says about a picture without content."""

    name: str
    label: str
    confidence: dict[str, float]
    even: float

    @property
    def leans(self) -> bool:
        """Whether it is far from 1/k for every label."""
        return max(self.confidence.values()) > self.even + LEANS * (1 - self.even)


@dataclass(frozen=True)
class Curve:
    """Confidence in the target while squares are covered or shown, most relevant first.

    Attributes:
        shares: (n,) of the squares that were changed, 0 to 1.
        confidence: (n,) in the map's order; `by_chance` is the mean over random orders.
    """

    shares: np.ndarray
    confidence: np.ndarray
    by_chance: np.ndarray

    @property
    def area(self) -> float:
        """Under the curve, 0 to 1."""
        return float(np.trapezoid(self.confidence, self.shares))

    @property
    def area_by_chance(self) -> float:
        """Under the curve of random orders."""
        return float(np.trapezoid(self.by_chance, self.shares))


@dataclass(frozen=True)
class Mixed:
    """The map after the weights of the last layers were mixed up.

    Attributes:
        down_to: the first of those layers; `layers` how many.
        similarity: Spearman's rank correlation with the trained network's map.
        absolute: the same without signs.
    """

    down_to: str
    layers: int
    similarity: float
    absolute: float


@dataclass(frozen=True)
class Sanity:
    """All checks of one method on one picture."""

    explanation: Explanation
    baselines: tuple[Baseline, ...]
    deletion: Curve
    insertion: Curve
    mixed: tuple[Mixed, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against trusting the map, with what to do."""
        found = []
        for one in self.baselines:
            if one.leans:
                found.append(
                    f"For the {one.name} baseline it says {one.label} "
                    f"({one.confidence[one.label]:.0%} instead of {one.even:.0%}): "
                    "maps that start there tell what differs from that answer."
                )
        error = self.explanation.approx_error
        if error is not None and error > MOST_APPROX_ERROR:
            found.append(f"The map misses the score by {error:.0%}: take more steps or samples.")
        if self.deletion.area >= self.deletion.area_by_chance:
            found.append("Covering what the map calls relevant hurts no more than by chance.")
        if self.insertion.area <= self.insertion.area_by_chance:
            found.append("Showing what the map calls relevant helps no more than by chance.")
        if self.mixed and self.mixed[-1].similarity > STILL_ALIKE:
            found.append(
                f"The map hardly changes ({self.mixed[-1].similarity:.2f} alike) when all "
                "weights are mixed up: it shows the picture, not what was learned."
            )
        return tuple(found)

    def as_json(self) -> dict[str, Any]:
        """Everything for programs, with the numbers for plots."""
        return {
            "method": self.explanation.method,
            "target": self.explanation.target,
            "settings": dict(self.explanation.settings),
            "baselines": [
                {
                    "baseline": one.name,
                    "label": one.label,
                    "confidence": one.confidence,
                    "even": one.even,
                    "leans": one.leans,
                }
                for one in self.baselines
            ],
            "approx_error": self.explanation.approx_error,
            "deletion": _curve_json(self.deletion),
            "insertion": _curve_json(self.insertion),
            "mixed": [vars(one) for one in self.mixed],
            "warnings": list(self.warnings),
        }


def check(question: Question, method: Method, given: Mapping[str, Any], seed: int = 0) -> Sanity:
    """Do all checks.

    Args:
        question: with a network, whose weights are mixed up meanwhile.
        given: settings of the method.

    Raises:
        UserError: what the method refuses.
    """
    found = answer(method, question, given)
    deletion, insertion = curves(question, found.relevance, seed)
    return Sanity(
        explanation=found,
        baselines=tuple(baselines(question, seed)),
        deletion=deletion,
        insertion=insertion,
        mixed=tuple(mixed_up(question, method, given, found, seed)),
    )


def baselines(question: Question, seed: int) -> Iterable[Baseline]:
    """What the classifier says about each baseline of Integrated Gradients."""
    labels = question.classifier.labels
    for name in BASELINES:
        picture = baseline_picture(name, question.model_input, seed)
        seen = predict(question.classifier, picture)
        confidence = {label: float(one) for label, one in zip(labels, seen.confidence, strict=True)}
        yield Baseline(name, labels[seen.winner], confidence, 1 / len(labels))


def curves(question: Question, relevance: np.ndarray, seed: int) -> tuple[Curve, Curve]:
    """Deletion and insertion of squares, with the blurred picture as what is not shown."""
    coalitions = Coalitions(question, "blur")
    pieces = coalitions.pieces
    order = np.argsort([-relevance[one.row, one.column] for one in pieces], kind="stable")
    random = np.random.default_rng(seed)
    by_chance = [random.permutation(len(pieces)) for _ in range(RANDOM_ORDERS)]
    shares = np.linspace(0, 1, len(pieces) + 1)

    def shown(indices: np.ndarray) -> np.ndarray:
        return _while_shown(question, coalitions, [pieces[index] for index in indices])

    # Covering the most relevant first is showing the least relevant first, read backwards.
    chance = [shown(one) for one in by_chance]
    return (
        Curve(shares, shown(order[::-1])[::-1], np.mean([one[::-1] for one in chance], axis=0)),
        Curve(shares, shown(order), np.mean(chance, axis=0)),
    )


def _while_shown(question: Question, coalitions: Coalitions, order: list[Piece]) -> np.ndarray:
    batch = np.stack([coalitions.shown(order[:number]) for number in range(len(order) + 1)])
    return values_of(question, batch, "confidence")


def mixed_up(
    question: Question,
    method: Method,
    given: Mapping[str, Any],
    trained: Explanation,
    seed: int,
) -> Iterable[Mixed]:
    """How like the map stays while weights are mixed up from the last layer on.

    Deviation from the paper: weights are shuffled within their layer instead of drawn
    anew, so that their spread, and with it the size of activations, stays the same.
    """
    network = network_of(question)
    learned = [layer.name for layer in network.layers() if layer.parameters][::-1]
    for number in _steps(len(learned)):
        with network.shuffled(learned[:number], seed):
            classifier = FromNetwork(network, question.classifier)
            before = predict(classifier, question.model_input)
            asked = replace(question, classifier=classifier, before=before)
            found = answer(method, asked, given)
        yield Mixed(learned[number - 1], number, *_similarity(trained, found))


def _steps(layers: int) -> list[int]:
    """How many layers to mix up each time: one first, all last."""
    return sorted({int(number) for number in np.linspace(1, layers, STEPS).round()} - {0})


def _similarity(one: Explanation, other: Explanation) -> tuple[float, float]:
    maps = [
        (found.relevance if found.attribution is None else found.attribution).ravel()
        for found in (one, other)
    ]
    return rank_correlation(*maps), rank_correlation(*map(np.abs, maps))


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Spearman's: of ranks, where equal values share theirs; 0 if either is constant."""
    ranks, others = _ranks(one), _ranks(other)
    if np.ptp(ranks) == 0 or np.ptp(others) == 0:
        return 0.0
    return float(np.corrcoef(ranks, others)[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[places.ravel()]


class FromNetwork:
    """A `Classifier` that scores with the network that gives gradients."""

    def __init__(self, network: Network, like: Classifier):
        self._network = network
        self.labels, self.has_logits = like.labels, like.has_logits
        self.input_size, self.fit = like.input_size, like.fit

    def scores(self, batch: np.ndarray) -> np.ndarray:
        """See `Classifier.scores`."""
        return self._network.scores(batch)

    def prepare(self, model_input: np.ndarray) -> "_Prepared":
        """See `Classifier.prepare`."""
        return _Prepared(self._network, model_input)


class _Prepared:
    AT_ONCE = 16

    def __init__(self, network: Network, model_input: np.ndarray):
        self._network, self._model_input = network, model_input
        self.scores = network.scores(model_input[np.newaxis])[0]

    def patched(self, patches: Iterable[Patch]) -> Generator[np.ndarray, None, None]:
        todo = list(patches)
        for start in range(0, len(todo), self.AT_ONCE):
            piece = [patch.on(self._model_input) for patch in todo[start : start + self.AT_ONCE]]
            yield from self._network.scores(np.stack(piece))


def _curve_json(curve: Curve) -> dict[str, Any]:
    return {
        "share": curve.shares.tolist(),
        "confidence": curve.confidence.tolist(),
        "confidence_by_chance": curve.by_chance.tolist(),
        "area": curve.area,
        "area_by_chance": curve.area_by_chance,
    }
