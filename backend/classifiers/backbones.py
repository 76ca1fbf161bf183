"""Recognises the network inside every Teachable Machine export, which is always the same."""

import hashlib
from functools import lru_cache
from pathlib import Path

from backend.classifiers.model import Model

TAUGHT_HEAD = "taught_hidden"
"""The layer by which a classifier that was taught here is known."""
_LAST_CONVOLUTION = "Conv_1/kernel:0"
_SHAPE = (1, 1, 112, 1280)
_FINGERPRINT = "241da54ff02c522bb99056154171daade3a94bee2853cc9f9cdd8109dcf5fa99"
"""SHA-256 of the weights of its last convolution (float32, little-endian); those before it are
alike, too, in all exports since 2019."""


def is_teachable_machine(model: Model) -> bool:
    """Whether the model is built upon that network; what was taught here with it counts, too."""
    return _look_into(model)[0]


def is_taught_here(model: Model) -> bool:
    """Whether such a model got its head on this computer."""
    return _look_into(model)[1]


def _look_into(model: Model) -> tuple[bool, bool]:
    file = model.folder / "classifier.h5"
    square = model.input_size[0] == model.input_size[1]
    if model.channels != "rgb" or not square or not file.is_file():
        return False, False
    return _read_file(model.id, file)


@lru_cache(maxsize=256)
def _read_file(model_id: str, file: Path) -> tuple[bool, bool]:
    """Whether the network's weights and a head of ours are in a file; an id tells what is in a
    model, so each is read once."""
    import h5py

    found, heads = [], []

    def look(name: str, part: object) -> None:
        if isinstance(part, h5py.Dataset) and name.endswith(_LAST_CONVOLUTION):
            found.append(part)
        if TAUGHT_HEAD in name:
            heads.append(name)

    try:
        with h5py.File(file, "r") as content:
            content.visititems(look)
            known = any(
                part.shape == _SHAPE
                and hashlib.sha256(part[()].astype("<f4").tobytes()).hexdigest() == _FINGERPRINT
                for part in found
            )
    except (OSError, KeyError, RuntimeError):  # taken away or damaged meanwhile
        return False, False
    return known, bool(heads)
