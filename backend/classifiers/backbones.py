"""Recognises the network inside every Teachable Machine export, which is always the same."""

import hashlib
from functools import lru_cache
from pathlib import Path

from backend.classifiers.model import Model

_LAST_CONVOLUTION = "Conv_1/kernel:0"
_SHAPE = (1, 1, 112, 1280)
_FINGERPRINT = "241da54ff02c522bb99056154171daade3a94bee2853cc9f9cdd8109dcf5fa99"
"""SHA-256 of the weights of its last convolution (float32, little-endian); those before it are
alike, too, in all exports since 2019."""


def is_teachable_machine(model: Model) -> bool:
    """Whether the model is built upon that network; what was taught here with it counts, too."""
    file = model.folder / "classifier.h5"
    square = model.input_size[0] == model.input_size[1]
    return model.channels == "rgb" and square and file.is_file() and _has_weights(model.id, file)


@lru_cache(maxsize=256)
def _has_weights(model_id: str, file: Path) -> bool:
    """An id tells what is in a model, so each file is read once."""
    import h5py

    found = []

    def look(name: str, part: object) -> None:
        if isinstance(part, h5py.Dataset) and name.endswith(_LAST_CONVOLUTION):
            found.append(part)

    try:
        with h5py.File(file, "r") as content:
            content.visititems(look)
            return any(
                part.shape == _SHAPE
                and hashlib.sha256(part[()].astype("<f4").tobytes()).hexdigest() == _FINGERPRINT
                for part in found
            )
    except (OSError, KeyError, RuntimeError):  # taken away or damaged meanwhile
        return False
