"""What a compiled model's numbers mean, found out by asking it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.classifiers.compiled import open_interpreter
from backend.errors import CannotUse

PROBES = 6
_SEED = 20


@dataclass(frozen=True)
class Probed:
    """What came out when a model was shown noise and plain colours.

    Attributes:
        outputs: number of classes K.
        scores: (PROBES, K) float32.
        kind: `probabilities` (from 0 to 1, adding up to 1), `yes_or_no` (all from 0 to 1,
            but not adding up), else `scores`.
    """

    outputs: int
    scores: np.ndarray
    kind: Literal["probabilities", "yes_or_no", "scores"]


def probe(content: bytes, quantised: bool = False) -> Probed:
    """Run a LiteRT model on `PROBES` seeded inputs.

    Raises:
        CannotUse: it does not run, or gives something else than one list of numbers.
    """
    try:
        scores = np.stack(list(_answers(content, quantised)))
    except (RuntimeError, ValueError) as problem:
        raise CannotUse(
            "cannot_run",
            "The model cannot be run: it is damaged or has parts that we do not know.",
            "Export it again, with standard parts only.",
        ) from problem
    if not np.isfinite(scores).all():
        raise CannotUse(
            "not_numbers",
            "The model answers with numbers that are infinite or none at all.",
            "Train it again, perhaps with a smaller learning rate.",
        )
    step = 1 / 128 if quantised else 1e-3
    within = scores.min() >= -1e-6 and scores.max() <= 1 + 1e-6
    adding_up = np.abs(scores.sum(axis=1) - 1).max() <= step * max(1, scores.shape[1] / 4)
    kind: Literal["probabilities", "yes_or_no", "scores"] = "scores"
    if within:
        kind = "probabilities" if adding_up else "yes_or_no"
    return Probed(scores.shape[1], scores, kind)


def inputs(shape: tuple[int, ...]) -> Iterator[np.ndarray]:
    """What a model is shown: noise from 0 to 1 and even colours, float32 of its input's shape."""
    random = np.random.default_rng(_SEED)
    for number in range(PROBES):
        picture = random.random(shape) if number % 2 else np.full(shape, number / PROBES)
        yield picture.astype(np.float32)


def _answers(content: bytes, quantised: bool) -> Iterator[np.ndarray]:
    interpreter = open_interpreter(content, quantised)
    entry, leave = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    shape, of_type = tuple(entry["shape"]), entry["dtype"]
    for grain in inputs(shape):
        if of_type == np.float32:
            picture = grain
        else:
            picture = (grain * 255 + np.iinfo(of_type).min).astype(of_type)
        interpreter.set_tensor(entry["index"], picture)
        interpreter.invoke()
        scale, zero = leave["quantization"]
        answer = interpreter.get_tensor(leave["index"])
        if answer.size != answer.shape[-1]:
            raise CannotUse(
                "not_a_classifier",
                f"The model answers with {answer.size} numbers in the shape {answer.shape} "
                "instead of one list.",
                "Use an image classifier (no detector, no picture-to-picture model).",
            )
        answer = answer.reshape(-1).astype(np.float32)
        yield (answer - zero) * scale if scale else answer
