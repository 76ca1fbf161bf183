"""What every format gives, so that the store can keep it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.classifiers.compiled import Channels
from backend.classifiers.refusals import not_for_pictures, several_inputs
from backend.errors import CannotUse

Parts = Mapping[str, Path]
"""The files that came, unpacked: name without folders -> file on disk."""

LARGEST_SIDE_PX = 2048


@dataclass(frozen=True)
class Imported:
    """A model that has been read; `classifier.tflite` (and the Keras file) lie in its folder.

    Attributes:
        outputs: number of classes K.
        input_size: (height, width) in px.
        channels: `rgb` or `grey`.
        pixels: what 0 and 255 become in the input (lowest, highest).
        logits: whether the compiled model gives pre-softmax scores.
        layers: Keras layers with feature maps.
        quantised: whether the compiled model calculates in integers.
    """

    outputs: int
    input_size: tuple[int, int]
    channels: Channels
    pixels: tuple[float, float]
    logits: bool
    layers: tuple[str, ...] = ()
    quantised: bool = False


def picture_input(shape: tuple[int | None, ...]) -> tuple[tuple[int, int], Channels]:
    """Read an input's shape (batch, height, width, channels); open sides become 224 px.

    Raises:
        CannotUse: such an input does not take pictures.
    """
    if len(shape) == 4 and shape[0] not in (None, 1, -1):
        raise several_inputs(shape[0] or 0)
    sides = [224 if side in (None, -1) else side for side in shape[1:3]]
    channels = shape[3] if len(shape) == 4 else None
    # 43 × 232 is a spectrogram of one second: Teachable Machine's and TensorFlow.js' sounds.
    if channels not in (1, 3) or sides == [43, 232]:
        raise not_for_pictures()
    height, width = int(sides[0] or 0), int(sides[1] or 0)
    if not (8 <= height <= LARGEST_SIDE_PX and 8 <= width <= LARGEST_SIDE_PX):
        raise CannotUse(
            "bad_input_size",
            f"The model wants pictures of {width} × {height} pixels, which we cannot give it.",
            f"Use a model for pictures of 8 to {LARGEST_SIDE_PX} pixels on each side.",
        )
    return (height, width), "rgb" if channels == 3 else "grey"
