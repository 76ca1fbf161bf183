"""Gradients the fast way: a network and its way back in LiteRT, one interpreter for each thread."""

import logging
import threading
from collections.abc import Callable, Generator, Iterable

import numpy as np

from backend.classifiers.base import softmax as softmax_of
from backend.classifiers.compiled import GREY_WEIGHTS, open_interpreter
from backend.classifiers.gradients import Paint
from backend.classifiers.pool import in_order

STEPS = (1.0, 0.1, 0.01)
"""How far along a gradient, from 0 to 255; the less, the wilder a network may be."""
MOST_ERROR = 0.1
log = logging.getLogger(__name__)


class ThereAndBack:
    """What `gradient_graph.compile_gradients` made, ready to run on any thread."""

    def __init__(self, content: bytes, outputs: int, pixels: tuple[float, float], grey: bool):
        """Take the file, which gives so many scores; `pixels` and `grey` as in `Compiled`."""
        self._content = content
        self._outputs = outputs
        self.step = np.float32((pixels[1] - pixels[0]) / 255)
        self._lowest = np.float32(pixels[0])
        self.grey = grey
        self._of_thread = threading.local()

    def of_target(
        self, picture: np.ndarray, target: int, softmax: bool
    ) -> tuple[float, list[np.ndarray]]:
        """One label's score, and what else the file gives: the gradient of that score last.

        Args:
            picture: (H, W, 3), 0 to 255.
            softmax: the score is the probability.
        """
        label = np.zeros(self._outputs, np.float32)
        label[target] = 1
        scores, *rest = self.weighed(picture, label)
        if not softmax:
            return float(scores[target]), rest
        # How the probability follows from the scores; and again, how the scores follow.
        chances = softmax_of(scores.astype(np.float64))
        weights = chances[target] * (label - chances)
        return float(chances[target]), self.weighed(picture, weights)[1:]

    def weighed(self, picture: np.ndarray, weights: np.ndarray) -> list[np.ndarray]:
        """The scores (K,), and what else the file gives with these weights (K,) of them."""
        if not hasattr(self._of_thread, "run"):
            self._of_thread.run = _runner(self._content)
        given = (picture @ GREY_WEIGHTS)[..., np.newaxis] if self.grey else picture
        return self._of_thread.run(given, self.step, self._lowest, weights)


class CompiledGradients:
    """Gradients of pictures, one on each core."""

    def __init__(self, network: ThereAndBack):
        self._network = network

    def gradients(
        self, pictures: Iterable[Paint], target: int, softmax: bool
    ) -> Generator[tuple[float, np.ndarray]]:
        """See `Network.gradients`."""

        def job(paint: Paint) -> Callable[[], tuple[float, np.ndarray]]:
            return lambda: self._gradient(paint(), target, softmax)

        return in_order(job(paint) for paint in pictures)

    def agrees_with_itself(self, size: tuple[int, int], outputs: int) -> bool:
        """Whether a small step along the gradient changes the scores as the gradient says."""
        random = np.random.default_rng(0)
        picture = random.uniform(0, 255, (*size, 3)).astype(np.float32)
        weights = random.normal(size=outputs)
        gradient = self._for_picture(self._network.weighed(picture, weights)[1])
        length = np.linalg.norm(gradient.astype(np.float64))
        if not np.isfinite(length) or length == 0:
            return bool(length == 0)
        for step in STEPS:
            change = np.float32(step / length) * gradient
            above, below = (
                self._network.weighed(end, weights)[0].astype(np.float64) @ weights
                for end in (picture + change, picture - change)
            )
            slope = (above - below) / (2 * step)
            if abs(slope / length - 1) <= MOST_ERROR:
                return True
        log.warning("compiled gradients say %g where the scores say %g", length, slope)
        return False

    def _gradient(
        self, picture: np.ndarray, target: int, softmax: bool
    ) -> tuple[float, np.ndarray]:
        score, (gradient,) = self._network.of_target(picture, target, softmax)
        return score, self._for_picture(gradient)

    def _for_picture(self, gradient: np.ndarray) -> np.ndarray:
        """From what the network gets to pictures (H, W, 3) from 0 to 255."""
        gradient *= self._network.step
        return gradient * GREY_WEIGHTS if self._network.grey else gradient


def _runner(content: bytes) -> Callable[..., list[np.ndarray]]:
    """An interpreter as a function, for one thread only."""
    interpreter = open_interpreter(content, quantised=False)
    inputs = {len(one["shape"]): interpreter.tensor(one["index"]) for one in
              interpreter.get_input_details()}  # fmt: skip
    outputs = [one["index"] for one in interpreter.get_output_details()]

    def run(
        picture: np.ndarray, step: np.float32, lowest: np.float32, weights: np.ndarray
    ) -> list[np.ndarray]:
        # Written straight into the interpreter's memory. No reference to that memory may be
        # left when the interpreter runs, so it is asked for anew in each statement.
        np.multiply(picture, step, out=inputs[4]()[0])
        inputs[4]()[0] += lowest
        inputs[2]()[0] = weights
        interpreter.invoke()
        return [interpreter.get_tensor(index)[0] for index in outputs]

    return run
