"""TensorFlow.js layers models: Teachable Machine's “Tensorflow.js” export."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from backend.classifiers.conversion import convert_keras
from backend.classifiers.imported import Imported, Parts
from backend.classifiers.keras_files import LARGEST_PARAMETERS, Architecture
from backend.classifiers.refusals import damaged
from backend.errors import CannotUse

NAME = "tfjs"
_LARGEST_DESCRIPTION_BYTES = 32 * 1024 * 1024


def find(parts: Parts) -> list[tuple[Path, ...]]:
    """The models among the parts: each a description and its files of weights.

    Raises:
        CannotUse: a file of weights is missing, or the model is of another kind.
    """
    found = []
    for name, file in parts.items():
        described = _description(file) if name.lower().endswith(".json") else None
        if described is not None:
            found.append((file, *_weight_files(described, parts)))
    return found


def convert(files: tuple[Path, ...], folder: Path) -> Imported:
    """Compile the model into `folder` and write a Keras file there, for gradients.

    Raises:
        UserError: it is damaged, not allowed, or no image classifier.
    """
    description = _description(files[0]) or {}
    topology = description["modelTopology"]
    architecture = Architecture.checked(topology.get("model_config", topology), legacy=True)
    content = b"".join(file.read_bytes() for file in files[1:])
    weights = _read_weights(_manifest(description), content)

    def load_weights(model: Any) -> None:
        _fill(model, weights)

    imported = convert_keras(architecture, load_weights, folder)
    model = architecture.build()
    load_weights(model)
    model.save(folder / "classifier.h5", include_optimizer=False)
    return imported


def _description(file: Path) -> dict[str, Any] | None:
    if file.stat().st_size > _LARGEST_DESCRIPTION_BYTES:
        return None
    try:
        described = json.loads(file.read_text("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(described, dict) or "weightsManifest" not in described:
        return None
    topology = described.get("modelTopology")
    if described.get("format") == "graph-model" or not isinstance(topology, dict):
        raise CannotUse(
            "graph_model",
            "This TensorFlow.js model is a “graph model”, which we cannot read.",
            "Use a “layers model”, as Teachable Machine exports, or a Keras file.",
        )
    return described


def _manifest(description: dict[str, Any]) -> list[dict[str, Any]]:
    """The weights' descriptions in the order of their bytes."""
    try:
        return [weight for group in description["weightsManifest"] for weight in group["weights"]]
    except (TypeError, KeyError) as problem:
        raise damaged() from problem


def _weight_files(description: dict[str, Any], parts: Parts) -> list[Path]:
    try:
        groups = description["weightsManifest"]
        paths = [str(path) for group in groups for path in group["paths"]]
    except (TypeError, KeyError) as problem:
        raise damaged() from problem
    files = []
    for path in paths:
        name = path.rsplit("/", 1)[-1]
        if name not in parts:
            raise CannotUse(
                "weights_missing",
                f"The file {name[:80]} that belongs to the model is missing.",
                "Add model.json, metadata.json and all .bin files together, or the whole zip.",
            )
        files.append(parts[name])
    return files


def _read_weights(manifest: list[dict[str, Any]], content: bytes) -> list[tuple[str, np.ndarray]]:
    weights = []
    position = 0
    for weight in manifest:
        try:
            shape = tuple(int(side) for side in weight["shape"])
            stored, scale, lowest = _storage(weight)
        except (TypeError, KeyError, ValueError) as problem:
            raise damaged() from problem
        count = int(np.prod(shape, dtype=np.float64))
        end = position + count * stored.itemsize
        if min(shape, default=0) < 0 or count > LARGEST_PARAMETERS or end > len(content):
            raise damaged()
        numbers = np.frombuffer(content, stored, count, position).astype(np.float32)
        weights.append((str(weight["name"]), (numbers * scale + lowest).reshape(shape)))
        position = end
    if position != len(content):
        raise damaged()
    return weights


def _storage(weight: dict[str, Any]) -> tuple[np.dtype, np.float32, np.float32]:
    """How a weight's numbers are stored: type, scale and lowest value."""
    packed = weight.get("quantization")
    stored = packed["dtype"] if packed else weight["dtype"]
    if weight["dtype"] != "float32" or stored not in ("float32", "float16", "uint16", "uint8"):
        raise damaged()
    scale, lowest = (packed.get("scale", 1), packed.get("min", 0)) if packed else (1, 0)
    return np.dtype(stored).newbyteorder("<"), np.float32(scale), np.float32(lowest)


def _fill(model: Any, weights: list[tuple[str, np.ndarray]]) -> None:
    """Set the weights by name, for their order in the manifest differs from that in Keras."""
    named = dict(weights)
    values = [named.get(variable.name.split(":")[0]) for variable in model.weights]
    shapes = [tuple(variable.shape) for variable in model.weights]
    found = [None if value is None else value.shape for value in values]
    if len(named) != len(weights) or found != shapes:
        raise damaged()
    model.set_weights(values)
