"""Gradients the fast way: a network and its way back in LiteRT, one interpreter on each core."""

import logging
import threading
from collections.abc import Callable
from functools import partial

import numpy as np

from backend.classifiers.compiled import GREY_WEIGHTS, open_interpreter
from backend.classifiers.pool import in_order

STEP = 1.0
MOST_ERROR = 0.1
Run = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
log = logging.getLogger(__name__)


class CompiledGradients:
    """What `gradient_graph.compile_gradients` made, ready to run."""

    def __init__(self, content: bytes, pixels: tuple[float, float], grey: bool):
        """Take the file; `pixels` and `grey` as in `Compiled`."""
        self._content = content
        self._step = np.float32((pixels[1] - pixels[0]) / 255)
        self._lowest = np.float32(pixels[0])
        self._grey = grey
        self._of_thread = threading.local()

    def gradients(self, batch: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Scores (N, K), and gradients of their weighted sums.

        Args:
            batch: (N, H, W, 3) float32, 0 to 255.
            weights: (K,) float32.
        """
        found = list(in_order(partial(self._one, picture, weights) for picture in batch))
        scores, gradients = zip(*found, strict=True)
        return np.stack(scores), np.stack(gradients)

    def agrees_with_itself(self, size: tuple[int, int], outputs: int) -> bool:
        """Whether a small step along the gradient changes the scores as the gradient says."""
        random = np.random.default_rng(0)
        picture = random.uniform(0, 255, (1, *size, 3)).astype(np.float32)
        weights = random.normal(size=outputs).astype(np.float32)
        gradient = self.gradients(picture, weights)[1].astype(np.float64)
        length = np.linalg.norm(gradient)
        if not np.isfinite(length) or length == 0:
            return bool(length == 0)
        step = STEP * gradient / length
        ends = np.concatenate([picture + step, picture - step]).astype(np.float32)
        above, below = self.gradients(ends, weights)[0].astype(np.float64) @ weights
        slope = (above - below) / (2 * STEP)
        if abs(slope / length - 1) <= MOST_ERROR:
            return True
        log.warning("compiled gradients say %g where the scores say %g", length, slope)
        return False

    def _one(self, picture: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not hasattr(self._of_thread, "run"):
            self._of_thread.run = _runner(self._content)
        # Here rather than for the whole batch: on all cores, and within their caches.
        given = (picture @ GREY_WEIGHTS)[..., np.newaxis] if self._grey else picture
        given = given * self._step
        given += self._lowest
        scores, gradient = self._of_thread.run(given, weights)
        gradient *= self._step
        return scores, gradient * GREY_WEIGHTS if self._grey else gradient


def _runner(content: bytes) -> Run:
    """An interpreter as a function, for one thread only."""
    interpreter = open_interpreter(content, quantised=False)
    maps = {True: "picture", False: "weights"}
    inputs = {maps[len(one["shape"]) == 4]: one["index"] for one in interpreter.get_input_details()}
    outputs = {
        maps[len(one["shape"]) == 4]: one["index"] for one in interpreter.get_output_details()
    }

    def run(picture: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        interpreter.set_tensor(inputs["picture"], picture[np.newaxis])
        interpreter.set_tensor(inputs["weights"], weights[np.newaxis])
        interpreter.invoke()
        return (
            interpreter.get_tensor(outputs["weights"])[0],
            interpreter.get_tensor(outputs["picture"])[0],
        )

    return run
