"""What the rest of the program knows about an image classifier, whatever made it."""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from backend.picture import FitWay, Patch


class Classifier(Protocol):
    """An image classifier that gives one score per label.

    Attributes:
        labels: K different names, in the order of the scores.
        input_size: (height, width) in px of the pictures that it takes.
        fit: how a picture of another shape becomes such an input.
        has_logits: whether scores are logits (pre-softmax); otherwise probabilities.
    """

    labels: tuple[str, ...]
    input_size: tuple[int, int]
    fit: FitWay
    has_logits: bool

    def scores(self, batch: np.ndarray) -> np.ndarray:
        """Score pictures of the input's size.

        Normalising happens inside, so a grey square is the same grey for every model.

        Args:
            batch: (N, H, W, 3), sRGB from 0 to 255, uint8 or float32.

        Returns:
            (N, K) float32, logits if `has_logits`, else probabilities that add up to 1.
        """
        ...

    def prepare(self, make_input: Callable[[], np.ndarray]) -> "Prepared":
        """Begin to score one picture, to score it again with parts of it changed.

        Args:
            make_input: gives the picture (H, W, 3), which stays as it is; called once, maybe
                later, and on a thread of the pool.
        """
        ...


class Prepared(Protocol):
    """A picture that a classifier scores, and then changed copies of it."""

    @property
    def scores(self) -> np.ndarray:
        """(K,) float32 of the unchanged picture, as the rows of `Classifier.scores`."""
        ...

    def patched(self, patches: Iterable[Patch]) -> Generator[np.ndarray, None, None]:
        """Begin to score the picture with one patch after the other, in order.

        Args:
            patches: boxes of the picture, and what they hold instead.

        Yields:
            (n, K) float32 of the picture with one of the next n patches alone, as many as
            are measured. Closing the generator stops the work at the next patch.
        """
        ...

    def walked(self, ways: Iterable[Sequence[Patch]]) -> Generator[np.ndarray, None, None]:
        """Begin to score the picture while patches are put on it one on top of the other.

        Args:
            ways: patches, in order; every way begins with the unchanged picture.

        Yields:
            (patches, K) float32 for each way. Closing the generator stops the work at the
            next way.
        """
        ...


@dataclass(frozen=True)
class Prediction:
    """What a classifier says about one picture, or about several: all shapes then begin with n.

    Attributes:
        confidence: (K,) float64, softmax probabilities from 0 to 1.
        logits: (K,) float64 before softmax, or None where the model has none.
    """

    confidence: np.ndarray
    logits: np.ndarray | None

    @classmethod
    def from_scores(cls, scores: np.ndarray, has_logits: bool) -> "Prediction":
        """Read one row of `Classifier.scores`, shape (K,), or all of them."""
        scores = scores.astype(np.float64)
        return cls(softmax(scores), scores) if has_logits else cls(scores, None)

    @property
    def winners(self) -> np.ndarray:
        """() index of the likeliest label (the first of them, should several be equal)."""
        return np.argmax(self.confidence if self.logits is None else self.logits, axis=-1)

    @property
    def winner(self) -> int:
        """The same of one picture."""
        return int(self.winners)

    def log_odds(self, target: int) -> Any:
        """How much more likely `target` is than all others together: ln p/(1 − p).

        From the logits it is z_k − logsumexp of the others, which still moves when the
        confidence is stuck at 100 %. From probabilities alone it is bounded by their
        resolution: half a step of 1/256, the coarsest that models in use have.

        Returns:
            float64, or (n,) of them.
        """
        if self.logits is not None:
            others = self.logits.copy()
            others[..., target] = -np.inf
            largest = others.max(axis=-1)
            sums = np.exp(others - largest[..., np.newaxis]).sum(axis=-1)
            return self.logits[..., target] - largest - np.log(sums)
        half_step = 1 / 512
        probability = np.clip(self.confidence[..., target], half_step, 1 - half_step)
        return np.log(probability) - np.log1p(-probability)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Turn logits (…, K) into probabilities (…, K), of the same type."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)
