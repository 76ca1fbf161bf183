"""Classifiers that a reader can compute in the head."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from itertools import accumulate

import numpy as np

from backend.classifiers.gradients import Layer
from backend.picture import Patch


class BrightnessClassifier:
    """Two labels; the logit of the first is the brightness (0–1) of one pixel, times ten."""

    labels = ("bright", "dark")
    fit = "stretch"
    has_logits = True

    def __init__(self, input_size: tuple[int, int], row: int, column: int):
        self.input_size = input_size
        self.pixel = (row, column)

    def scores(self, batch: np.ndarray) -> np.ndarray:
        row, column = self.pixel
        bright = batch[:, row, column].astype(np.float32).mean(axis=-1) / 255
        return np.stack([10 * bright, np.zeros_like(bright)], axis=1)

    def prepare(self, make_input) -> "PreparedWhole":
        return PreparedWhole(self, make_input())


class PreparedWhole:
    """Scores every changed picture as a whole."""

    def __init__(self, classifier, model_input: np.ndarray):
        self.classifier = classifier
        self.model_input = model_input
        self.scores = classifier.scores(model_input[np.newaxis])[0]

    def patched(self, patches: Iterable[Patch]) -> Generator[np.ndarray, None, None]:
        for patch in patches:
            yield self.classifier.scores(patch.on(self.model_input)[np.newaxis])

    def walked(self, ways):
        for patches in ways:
            pictures = list(accumulate(patches, lambda on, patch: patch.on(on),
                                       initial=self.model_input))  # fmt: skip
            yield self.classifier.scores(np.stack(pictures))[1:]


class RandomNetwork(BrightnessClassifier):
    """A fixed random linear layer over all pixels: any wrong pixel changes the scores."""

    labels = ("one", "two", "three")

    def __init__(self, input_size: tuple[int, int], fit: str = "crop"):
        self.input_size = input_size
        self.fit = fit
        generator = np.random.default_rng(7)
        self.weights = generator.normal(0, 0.002, (*input_size, 3, 3))

    def scores(self, batch: np.ndarray) -> np.ndarray:
        return np.tensordot(batch.astype(np.float64), self.weights, 3).astype(np.float32)


class QuadraticNetwork(BrightnessClassifier):
    """Scores Σ w·(x/255)²: gradients, integrals and shares can be written down.

    Its only layer with space, “squares”, gives (x/255)²; “flat” gives the scores.
    """

    labels = ("one", "two")

    def __init__(self, weights: np.ndarray, fit: str = "stretch"):
        """Take weights (H, W, 3, 2)."""
        self.input_size = weights.shape[:2]
        self.fit = fit
        self.weights = weights.astype(np.float64)

    def scores(self, batch):
        return self._of(self.maps(batch, "squares"))

    def gradients(self, pictures, target, softmax=False):
        for paint in pictures:
            picture = paint()
            maps = self.maps(picture[np.newaxis], "squares")
            (score,), (at_maps,) = self.gradients_from(maps, "squares", target, softmax)
            yield score, (at_maps * 2 * picture / 255**2).astype(np.float32)

    def layers(self):
        return [
            Layer("squares", "Square", (*self.input_size, 3), 0),
            Layer("flat", "Dense", (2,), self.weights.size),
        ]

    def maps(self, batch, layer):
        assert layer == "squares"
        return ((batch / 255.0) ** 2).astype(np.float32)

    def maps_and_gradients(self, batch, layer, target, softmax=False):
        maps = self.maps(batch, layer)
        scores, gradients = self.gradients_from(maps, layer, target, softmax)
        return scores, maps, gradients

    def gradients_from(self, maps, layer, target, softmax=False):
        scores = self._of(maps)
        gradients = np.broadcast_to(self.weights[..., target], maps.shape).astype(np.float32)
        if not softmax:
            return scores[:, target], gradients
        powers = np.exp(scores)
        shares = powers / powers.sum(axis=1, keepdims=True)
        mean = np.tensordot(shares, np.moveaxis(self.weights, -1, 0), 1)
        chosen = shares[:, target]
        return chosen, chosen[:, None, None, None] * (gradients - mean)

    @contextmanager
    def shuffled(self, layers, seed):
        kept = self.weights
        if "flat" in layers:
            shuffled = np.random.default_rng(seed).permutation(kept.ravel())
            self.weights = shuffled.reshape(kept.shape)
        yield
        self.weights = kept

    def _of(self, maps):
        return np.tensordot(maps.astype(np.float64), self.weights, 3).astype(np.float32)
