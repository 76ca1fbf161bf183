"""What explanation methods may ask of a classifier that gives gradients."""

from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import numpy as np

Paint = Callable[[], np.ndarray]
"""Makes a picture (H, W, 3) float32 when it is needed, on any thread."""


@dataclass(frozen=True)
class Layer:
    """One layer of a network.

    Attributes:
        name, kind: its own name, and that of its class.
        shape: of its output for one picture, such as (7, 7, 1280).
        parameters: how many numbers it has learned.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int

    @property
    def is_map(self) -> bool:
        """Whether the output is (h, w, channels) with more than one place."""
        return len(self.shape) == 3 and self.shape[:2] != (1, 1)

    def as_json(self) -> dict[str, Any]:
        """The layer for programs."""
        return {
            "name": self.name,
            "type": self.kind,
            "output_shape": list(self.shape),
            "parameters": self.parameters,
        }


class Network(Protocol):
    """A classifier of which gradients can be taken.

    Batches are (N, H, W, 3) float32 sRGB from 0 to 255, of any N: work is done in pieces
    that fit into the memory. Scores are logits where the model has them (else what it
    gives), or with `softmax` probabilities. Gradients are per step of 1 in 0 … 255.
    """

    def scores(self, batch: np.ndarray) -> np.ndarray:
        """Score pictures; gives (N, K) float32."""
        ...

    def gradients(
        self, pictures: Iterable[Paint], target: int, softmax: bool = False
    ) -> Generator[tuple[float, np.ndarray]]:
        """The target's score and its gradient (H, W, 3), for one picture after the other.

        Closing the generator stops the work at the next picture.
        """
        ...

    def layers(self) -> list[Layer]:
        """All layers from input to output, also those of models in the model."""
        ...

    def maps(self, batch: np.ndarray, layer: str) -> np.ndarray:
        """What a layer gives for pictures, (N, …) float32."""
        ...

    def maps_and_gradients(
        self, batch: np.ndarray, layer: str, target: int, softmax: bool = False
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Scores (N,), a layer's output (N, …), and the scores' gradients for that output."""
        ...

    def gradients_from(
        self, maps: np.ndarray, layer: str, target: int, softmax: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """Scores (N,) if a layer gave `maps`, and their gradients for those.

        Raises:
            CannotUse: other ways lead past this layer, so its output alone gives no score.
        """
        ...

    def shuffled(self, layers: list[str], seed: int) -> AbstractContextManager[None]:
        """Meanwhile, the weights of these layers are randomised: shuffled within each layer."""
        ...


def in_batches(
    pictures: Iterable[Paint],
    run: Callable[[np.ndarray], Iterable[np.ndarray]],
    at_once: int,
) -> Generator[tuple[float, np.ndarray]]:
    """Scores and gradients of one picture after the other, from a function of batches."""
    waiting = iter(pictures)
    while batch := [paint() for paint in islice(waiting, at_once)]:
        scores, gradients = run(np.stack(batch))
        yield from zip(scores, gradients, strict=True)
