"""Writes a network that was trained here in all the forms in which it ships."""

import json
import tempfile
from pathlib import Path
from typing import Any

from backend.classifiers.model import COMPILED_FILE


def ship(classifier: Any, scores: Any, folder: Path, about: dict[str, Any]) -> None:
    """Write classifier.keras, classifier.tflite and model.json to a folder.

    Args:
        classifier: a Keras model of RGB pictures from -1 to 1 that ends with confidences.
        scores: the same before softmax, for LiteRT.
        about: what else `model.json` says: name, labels, input, fit, layers and source.
    """
    import tensorflow as tf

    folder.mkdir(parents=True, exist_ok=True)
    classifier.save(folder / "classifier.keras")
    with tempfile.TemporaryDirectory() as saved:
        scores.export(saved, verbose=False)
        converted = tf.lite.TFLiteConverter.from_saved_model(saved).convert()
    (folder / COMPILED_FILE).write_bytes(converted)
    description = {
        "name": about["name"],
        "labels": about["labels"],
        "input": about["input"],
        "fit": about["fit"],
        "pixels": [-1, 1],
        "channels": "rgb",
        "logits": True,
        "quantised": False,
        "layers": about["layers"],
        "format": "keras",
        "source": about["source"],
    }
    text = json.dumps(description, indent=2, ensure_ascii=False)
    (folder / "model.json").write_text(text + "\n", "utf-8")
