"""Whether a map depends on what the network has learned: its weights mixed up, layer by layer.

The cascading randomisation of the model's parameters of Adebayo et al., "Sanity Checks for
Saliency Maps" (2018). “Mixed up” is our word for children and in answers for “randomised”.
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

import numpy as np

from backend.classifiers.base import Classifier
from backend.classifiers.gradients import Network
from backend.explanations.asking import Method, Question
from backend.explanations.base import Explanation
from backend.explanations.methods import answer
from backend.explanations.network import network_of
from backend.explanations.sweep import predict
from backend.picture import Patch

STEPS = 8
"""Weights are randomised in so many steps, from the last layer to the first."""


@dataclass(frozen=True)
class Mixed:
    """The map after the weights of the last layers were randomised.

    Attributes:
        down_to: the first of those layers; `layers` how many.
        similarity: Spearman's rank correlation with the trained network's map.
        absolute: the same without signs.
        found: what the method says then.
    """

    down_to: str
    layers: int
    similarity: float
    absolute: float
    found: Explanation

    def as_json(self) -> dict[str, Any]:
        """Layers and numbers, without the map."""
        return {
            "down_to": self.down_to,
            "layers": self.layers,
            "similarity": self.similarity,
            "absolute": self.absolute,
        }


def told_in_parts(question: Question, parts: int) -> list[Question]:
    """The same question `parts` times, each of which tells its part of the whole share."""

    def part(number: int) -> Question:
        return replace(question, tell=lambda share: question.tell((number + share) / parts))

    return [part(number) for number in range(parts)]


def mixed_up(
    questions: list[Question],
    method: Method,
    given: Mapping[str, Any],
    trained: Explanation,
    seed: int,
) -> Iterable[Mixed]:
    """How like the map stays while weights are randomised from the last layer on.

    Args:
        questions: the same one for each of `steps_of` the network.
        trained: the map of the trained network.

    Deviation from the paper: weights are shuffled within their layer instead of drawn
    anew, so that their spread, and with it the size of activations, stays the same.
    """
    network = network_of(questions[0])
    learned = _learned(network)
    for number, question in zip(steps_of(network), questions, strict=True):
        question.tell(0.0)
        with network.shuffled(learned[:number], seed):
            classifier = FromNetwork(network, question.classifier)
            before = predict(classifier, question.model_input)
            asked = replace(question, classifier=classifier, before=before)
            found = answer(method, asked, given)
        yield Mixed(learned[number - 1], number, *_similarity(trained, found), found)


def steps_of(network: Network) -> list[int]:
    """How many layers to randomise each time: one first, all last."""
    layers = len(_learned(network))
    return sorted({int(number) for number in np.linspace(1, layers, STEPS).round()} - {0})


def _learned(network: Network) -> list[str]:
    """The layers that have weights, the last one first."""
    return [layer.name for layer in network.layers() if layer.parameters][::-1]


def _similarity(one: Explanation, other: Explanation) -> tuple[float, float]:
    maps = [finest(found).ravel() for found in (one, other)]
    return rank_correlation(*maps), rank_correlation(*map(np.abs, maps))


def finest(found: Explanation) -> np.ndarray:
    """The map over the model's input (H, W), or the squares (rows, columns) if there is none."""
    return found.relevance if found.attribution is None else found.attribution


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

    def prepare(self, make_input: Callable[[], np.ndarray]) -> "_Prepared":
        """See `Classifier.prepare`."""
        return _Prepared(self._network, make_input())


class _Prepared:
    AT_ONCE = 16

    def __init__(self, network: Network, model_input: np.ndarray):
        self._network, self._model_input = network, model_input
        self.scores = network.scores(model_input[np.newaxis])[0]

    def patched(self, patches: Iterable[Patch]) -> Generator[np.ndarray, None, None]:
        todo = list(patches)
        for start in range(0, len(todo), self.AT_ONCE):
            piece = [patch.on(self._model_input) for patch in todo[start : start + self.AT_ONCE]]
            yield self._network.scores(np.stack(piece))

    def walked(self, ways: Iterable[Sequence[Patch]]) -> Generator[np.ndarray, None, None]:
        for patches in ways:
            pictures = accumulate(
                patches, lambda on, patch: patch.on(on), initial=self._model_input
            )
            yield self._network.scores(np.stack(list(pictures)))[1:]
