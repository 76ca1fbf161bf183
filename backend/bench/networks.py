"""Builds networks with random weights, of the shape and so the speed of those in use.

A program of its own, `python -m backend.bench.networks KIND SIDE FILE`, because it needs
TensorFlow, which nothing that is timed should share a process with.
"""

import sys
from pathlib import Path
from typing import Any

LABELS = ("cat", "dog", "duck")


def teachable_machine(keras: Any, side: int) -> Any:
    """What Teachable Machine exports: MobileNetV2 (0.35), pooling, and its small head."""
    features = keras.applications.MobileNetV2(
        (side, side, 3), alpha=0.35, include_top=False, weights=None
    )
    pooled = keras.Sequential([features, keras.layers.GlobalAveragePooling2D()])
    head = keras.Sequential(
        [
            keras.layers.Dense(100, activation="relu", input_shape=(1280,)),
            keras.layers.Dense(len(LABELS), activation="softmax", use_bias=False),
        ]
    )
    return keras.Sequential([pooled, head])


def vgg16(keras: Any, side: int) -> Any:
    """VGG16's thirteen convolutions, 99 % of its work.

    Its three large dense layers are left out: with them the file has 528 MB, more than
    Peekaboo accepts.
    """
    features = keras.applications.VGG16(
        include_top=False, weights=None, input_shape=(side, side, 3), pooling="avg"
    )
    return keras.Sequential([features, keras.layers.Dense(len(LABELS), activation="softmax")])


KINDS = {"teachable_machine": teachable_machine, "vgg16": vgg16}


def main() -> None:
    """Build one and save it."""
    import tf_keras

    kind, side, file = sys.argv[1:]
    tf_keras.utils.set_random_seed(20201118)
    model = KINDS[kind](tf_keras, int(side))
    draft = Path(file).with_suffix(".new.h5")
    model.save(draft, include_optimizer=False)
    _as_older_versions_wrote_it(draft)
    draft.replace(file)


def _as_older_versions_wrote_it(file: Path) -> None:
    """Take out a newer setting, which others' older Keras does not know and exports lack."""
    import h5py

    with h5py.File(file, "r+") as opened:
        config = str(opened.attrs["model_config"])
        opened.attrs["model_config"] = config.replace(', "optional": false', "")


if __name__ == "__main__":
    main()
