"""Classifiers that a reader can compute in the head."""

from collections.abc import Generator, Iterable

import numpy as np

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

    def prepare(self, model_input: np.ndarray) -> "PreparedWhole":
        return PreparedWhole(self, model_input)


class PreparedWhole:
    """Scores every changed picture as a whole."""

    def __init__(self, classifier, model_input: np.ndarray):
        self.classifier = classifier
        self.model_input = model_input
        self.scores = classifier.scores(model_input[np.newaxis])[0]

    def patched(self, patches: Iterable[Patch]) -> Generator[np.ndarray, None, None]:
        for patch in patches:
            yield self.classifier.scores(patch.on(self.model_input)[np.newaxis])[0]


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
