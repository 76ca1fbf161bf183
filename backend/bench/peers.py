"""Runs the occlusion of others once for each line it is sent; a program of its own.

`PYTHON -m backend.bench.peers MODEL INPUT.npy ROWS COLUMNS`, with the Python of an
environment that has them; see `backend.bench.answering`.

All get the picture as the model's input, already fitted and normalised, so their times hold
no reading and resizing of pictures, unlike Peekaboo's.
"""

import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from backend.bench.answering import answer_lines

BLACK = -1.0
"""In the numbers that Teachable Machine's models take."""
PACKAGES = ("tensorflow", "tf-keras", "xplique", "tf-explain")


def keras_predict(model: Any, picture: np.ndarray, rows: int, columns: int) -> Callable[[], Any]:
    """One `predict` for each square, as a program for a lesson would begin."""
    height, width = picture.shape[0] // rows, picture.shape[1] // columns

    def run() -> list[np.ndarray]:
        answers = [model.predict(picture[np.newaxis], verbose=0)]
        for row in range(rows):
            for column in range(columns):
                covered = picture.copy()
                top, left = row * height, column * width
                covered[top : top + height, left : left + width] = BLACK
                answers.append(model.predict(covered[np.newaxis], verbose=0))
        return answers

    return run


def xplique(model: Any, picture: np.ndarray, rows: int, columns: int) -> Callable[[], Any]:
    """xplique's Occlusion, all squares in one batch."""
    from xplique.attributions import Occlusion

    patch = picture.shape[0] // rows, picture.shape[1] // columns
    explainer = Occlusion(
        model,
        batch_size=rows * columns + rows + columns + 1,
        patch_size=patch,
        patch_stride=patch,
        occlusion_value=BLACK,
    )
    target = np.eye(model.output_shape[-1], dtype=np.float32)[:1]
    return lambda: explainer.explain(picture[np.newaxis], target)


def tf_explain(model: Any, picture: np.ndarray, rows: int, columns: int) -> Callable[[], Any]:
    """tf-explain's OcclusionSensitivity, one batch; its patches are square, so about as many."""
    from tf_explain.core.occlusion_sensitivity import OcclusionSensitivity

    height, width = picture.shape[:2]
    side = round((height * width / (rows * columns)) ** 0.5)
    patches = -(-height // side) * -(-width // side)
    explainer = OcclusionSensitivity(batch_size=patches)
    seen = (picture[np.newaxis], None)
    return lambda: explainer.explain(seen, model, class_index=0, patch_size=side)


WAYS = {"keras_predict": keras_predict, "xplique": xplique, "tf_explain": tf_explain}


def main() -> None:
    """Answer until the input ends."""
    os.environ["TF_USE_LEGACY_KERAS"] = "1"  # Teachable Machine's files are Keras 2
    model_file, input_file, rows, columns = sys.argv[1:]
    model = cache(lambda: load(Path(model_file)))
    answer_lines(
        PACKAGES,
        lambda way: WAYS[way](model(), np.load(input_file), int(rows), int(columns)),
    )


def load(file: Path) -> Any:
    """A Keras model from a file of either format."""
    if file.suffix == ".keras":
        import keras

        return keras.models.load_model(file, compile=False)
    import tf_keras

    return tf_keras.models.load_model(file, compile=False)


if __name__ == "__main__":
    main()
