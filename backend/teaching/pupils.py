"""Who is taught: a head on the features of an extractor, or a small network. Both alike from here.

Both end with the means of feature maps, so what they look at has a closed form: Grad-CAM
(Selvaraju et al. 2017), which for the small network is the class activation map of Zhou et al.,
"Learning Deep Features for Discriminative Localization" (2016).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np

from backend.classifiers.base import softmax
from backend.classifiers.trainable import Extractor, SmallNetwork
from backend.teaching.head import BATCH, Head

State = dict[str, np.ndarray]
Tick = Callable[[float], None]
Variant = Callable[[int, np.random.Generator], np.ndarray]
"""The fitted picture (H, W, 3) uint8 of a place among the examples, changed by chance."""


class Pupil(Protocol):
    """What learns."""

    def learn(self, epoch: int) -> float:
        """Look at all examples once; gives the mean loss."""

    def maps(self, batch: np.ndarray) -> np.ndarray:
        """Feature maps (N, h, w, C) of fitted pictures (N, H, W, 3) uint8."""

    def scores(self, maps: np.ndarray) -> np.ndarray:
        """Pre-softmax scores (N, K)."""

    def slopes(self, maps: np.ndarray, target: int) -> np.ndarray:
        """How the score grows with the mean of every map: (C,) for maps (h, w, C)."""

    def state(self) -> State:
        """All that is needed to go on later."""

    def restore(self, state: State) -> None:
        """Go on from `state`."""

    def write(self, folder: Path) -> Path:
        """Save the classifier; gives its Keras file."""


def confidence(pupil: Pupil, maps: np.ndarray) -> np.ndarray:
    """Confidences (N, K)."""
    return softmax(pupil.scores(maps).astype(np.float64))


def cam(pupil: Pupil, maps: np.ndarray, target: int) -> np.ndarray:
    """Grad-CAM of one picture's maps (h, w, C): (h, w), 0 or more."""
    return np.maximum(maps @ pupil.slopes(maps, target), 0)


class HeadPupil:
    """A new head; the extractor under it stays as it is, so its features are counted once."""

    def __init__(
        self, extractor: Extractor, variant: Variant, classes: np.ndarray, variants: int,
        outputs: int, seed: int, tick: Tick,
    ):  # fmt: skip
        """Look at all examples once with the extractor.

        Args:
            classes: (N,) class number of each example.
            variants: how many pictures are made of each.
            tick: told the share that is done.
        """
        self._extractor = extractor
        features = []
        for number in range(variants):
            random = np.random.default_rng([seed, 2, number])
            for start in range(0, len(classes), BATCH):
                places = range(start, min(start + BATCH, len(classes)))
                batch = np.stack([variant(place, random) for place in places])
                features.append(extractor.maps(batch).mean(axis=(1, 2)))
                tick((number + places[-1] / len(classes)) / variants)
        self._features, self._classes = np.concatenate(features), np.tile(classes, variants)
        self._head = Head.new(self._features, outputs, seed)
        self._seed = seed

    def learn(self, epoch: int) -> float:
        """See `Pupil`."""
        random = np.random.default_rng([self._seed, 3, epoch])
        return self._head.learn(self._features, self._classes, random)

    def maps(self, batch: np.ndarray) -> np.ndarray:
        """See `Pupil`."""
        return self._extractor.maps(batch)

    def scores(self, maps: np.ndarray) -> np.ndarray:
        """See `Pupil`."""
        return self._head.scores(maps.mean(axis=(1, 2)))

    def slopes(self, maps: np.ndarray, target: int) -> np.ndarray:
        """See `Pupil`."""
        return self._head.slopes(maps.mean(axis=(0, 1)), target)

    def state(self) -> State:
        """See `Pupil`."""
        return self._head.state()

    def restore(self, state: State) -> None:
        """See `Pupil`."""
        self._head.restore(state)

    def write(self, folder: Path) -> Path:
        """See `Pupil`."""
        return self._extractor.write(*self._head.layers(), folder)


class NetworkPupil:
    """A small network that sees the pictures themselves, changed anew every time."""

    def __init__(
        self, variant: Variant, classes: np.ndarray, outputs: int, seed: int, epochs: int
    ):  # fmt: skip
        """Begin with weights by chance; see `HeadPupil`."""
        self._variant, self._classes, self._seed = variant, classes, seed
        steps = epochs * -(-len(classes) // BATCH)
        self._network = SmallNetwork(outputs, seed, steps)

    def learn(self, epoch: int) -> float:
        """See `Pupil`."""
        random = np.random.default_rng([self._seed, 3, epoch])
        order, losses = random.permutation(len(self._classes)), []
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            batch = np.stack([self._variant(int(place), random) for place in chosen])
            losses.append(self._network.learn(batch, self._classes[chosen]))
        return float(np.mean(losses))

    def maps(self, batch: np.ndarray) -> np.ndarray:
        """See `Pupil`."""
        return self._network.maps(batch)

    def scores(self, maps: np.ndarray) -> np.ndarray:
        """See `Pupil`."""
        kernel, bias = self._network.scores
        return maps.mean(axis=(1, 2)) @ kernel + bias

    def slopes(self, maps: np.ndarray, target: int) -> np.ndarray:
        """See `Pupil`."""
        del maps  # One layer: the same for all pictures.
        return self._network.scores[0][:, target]

    def state(self) -> State:
        """See `Pupil`."""
        return self._network.state()

    def restore(self, state: State) -> None:
        """See `Pupil`."""
        self._network.restore(state)

    def write(self, folder: Path) -> Path:
        """See `Pupil`."""
        return self._network.write(folder)
