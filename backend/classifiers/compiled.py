"""The fast way: classifiers in LiteRT files, one interpreter with one thread on each core."""

import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from backend.classifiers.base import Prepared
from backend.classifiers.compiled_parts import Parts
from backend.classifiers.incremental import PreparedParts
from backend.classifiers.pool import begin, in_order
from backend.picture import FitWay, Patch

if TYPE_CHECKING:
    from ai_edge_litert.interpreter import Interpreter

Channels = Literal["rgb", "grey"]

GREY_WEIGHTS = np.array([0.2989, 0.587, 0.114], np.float32)
"""Shares of red, green and blue in the grey of Teachable Machine's greyscale models."""


class Compiled:
    """A classifier in a LiteRT file; a `Classifier` that many threads may use at once.

    Attributes:
        labels, input_size, fit, has_logits: as in `Classifier`.
        pixels: what 0 and 255 become in the model's input (lowest, highest). Models whose
            input is uint8 or int8 get the bytes as they are: normalising and quantising
            them again would lose accuracy.
        channels: `grey` models get one channel, weighted by `GREY_WEIGHTS`.
        quantised: whether the model calculates in integers.
    """

    def __init__(
        self,
        model_file: Path,
        labels: tuple[str, ...],
        input_size: tuple[int, int],
        *,
        fit: FitWay = "crop",
        has_logits: bool = True,
        pixels: tuple[float, float] = (-1.0, 1.0),
        channels: Channels = "rgb",
        quantised: bool = False,
        parts: Parts | None = None,
    ):
        self.labels = labels
        self.input_size = input_size
        self.fit = fit
        self.has_logits = has_logits
        self.pixels = pixels
        self.channels = channels
        self.quantised = quantised
        # The content rather than the path: a file in use could not be deleted on Windows.
        self._content = Path(model_file).read_bytes()
        self._parts = parts
        self._of_thread = threading.local()

    def scores(self, batch: np.ndarray) -> np.ndarray:
        """Score pictures (N, H, W, 3) of the input's size; see `Classifier.scores`."""
        if batch.ndim != 4:
            raise ValueError(f"expected a batch (N, H, W, 3), got {batch.shape}")
        rows = list(in_order(partial(self.score, picture) for picture in batch))
        return np.stack(rows) if rows else np.empty((0, len(self.labels)), np.float32)

    def prepare(self, make_input: Callable[[], np.ndarray]) -> Prepared:
        """Begin to score one picture and changed copies of it; see `Classifier.prepare`."""
        if self._parts is None:
            return PreparedWhole(self, make_input)
        return PreparedParts(self._parts, make_input, self._normalise)

    def _normalise(self, pixels: np.ndarray) -> np.ndarray:
        """What the float network gets for pixels (h, w, 3): (h, w, channels) float32."""
        if self.channels == "grey":
            pixels = (pixels @ GREY_WEIGHTS)[..., np.newaxis]
        lowest, highest = self.pixels
        normalised = pixels * np.float32((highest - lowest) / 255)
        if lowest:
            normalised += np.float32(lowest)
        return normalised

    def score(self, pixels: np.ndarray) -> np.ndarray:
        """Score one picture (H, W, 3) on the thread at hand; gives (K,) float32."""
        expected = (*self.input_size, 3)
        if pixels.shape != expected:
            raise ValueError(f"expected a picture {expected}, got {pixels.shape}")
        runner = getattr(self._of_thread, "runner", None)
        if runner is None:
            runner = self._of_thread.runner = _Runner(self._content, self.quantised)
        if self.channels == "grey":
            pixels = (pixels @ GREY_WEIGHTS)[..., np.newaxis]
        return runner.run(pixels, self.pixels)


class PreparedWhole:
    """A picture of which every changed copy is scored as a whole; see `Prepared`."""

    def __init__(self, classifier: Compiled, make_input: Callable[[], np.ndarray]):
        """Begin to score the picture that `make_input` makes, on the pool."""
        self._classifier = classifier
        self._model_input = begin(make_input)
        self._scores = begin(lambda: classifier.score(self._model_input()))

    @property
    def scores(self) -> np.ndarray:
        """(K,) of the picture itself; see `Prepared.scores`."""
        return self._scores()

    def patched(self, patches: Iterable[Patch]) -> Generator[np.ndarray, None, None]:
        """Begin to score it with one patch after the other; see `Prepared.patched`."""
        return in_order(partial(self._score_with, patch) for patch in patches)

    def walked(self, ways: Iterable[Sequence[Patch]]) -> Generator[np.ndarray, None, None]:
        """Begin to score it with patches on top of each other; see `Prepared.walked`."""
        return in_order(partial(self._walk, way) for way in ways)

    def _walk(self, patches: Sequence[Patch]) -> np.ndarray:
        current, scores = self._model_input(), [self.scores]
        for patch in patches:
            current = patch.on(current)
            scores.append(self._classifier.score(current))
        return np.stack(scores)[1:]

    def _score_with(self, patch: Patch) -> np.ndarray:
        return self._classifier.score(patch.on(self._model_input()))[np.newaxis]


def open_interpreter(content: bytes, quantised: bool) -> "Interpreter":
    """An interpreter for a LiteRT file's content, ready to run.

    Raises:
        RuntimeError, ValueError: the content is no model that LiteRT knows.
    """
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    # XNNPACK is fastest, but its int8 rounding differs from TensorFlow Lite's own: on a
    # real uint8 export it moves a probability by up to 0.17. So not for those.
    kernels = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES if quantised else OpResolverType.AUTO
    interpreter = Interpreter(
        model_content=content, num_threads=1, experimental_op_resolver_type=kernels
    )
    interpreter.allocate_tensors()
    return interpreter


class _Runner:
    """One interpreter and its input and output; for one thread only."""

    def __init__(self, content: bytes, quantised: bool):
        interpreter = open_interpreter(content, quantised)
        entry, leave = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
        self._interpreter = interpreter
        self._input_type = entry["dtype"]
        self._input_index, self._output_index = entry["index"], leave["index"]
        self._input = interpreter.tensor(entry["index"])
        self._output_scale, self._output_zero = leave["quantization"]

    def run(self, pixels: np.ndarray, span: tuple[float, float]) -> np.ndarray:
        """Score pixels (H, W, channels) from 0 to 255; gives (K,) float32."""
        # Written straight into the interpreter's memory. No reference to that memory may
        # be left when the interpreter runs, so it is asked for anew in each statement.
        if self._input_type == np.float32:
            lowest, highest = span
            np.multiply(pixels, np.float32((highest - lowest) / 255), out=self._input()[0])
            if lowest:
                self._input()[0] += np.float32(lowest)
        else:
            whole = pixels if pixels.dtype == np.uint8 else np.rint(np.clip(pixels, 0, 255))
            lowest_byte = np.iinfo(self._input_type).min
            self._input()[0] = whole.astype(np.int16) + lowest_byte
        self._interpreter.invoke()
        scores = self._interpreter.get_tensor(self._output_index).reshape(-1)
        if scores.dtype == np.float32:
            return scores
        return ((scores.astype(np.float32) - self._output_zero) * self._output_scale).astype(
            np.float32
        )
