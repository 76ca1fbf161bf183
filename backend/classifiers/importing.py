"""Reads a model's files in a process of its own: `python -m backend.classifiers.importing`.

It takes one line of JSON on its input, {"parts": {name: path}, "work": folder, "models":
folder}, writes the compiled model into the work folder and answers with one line of JSON:
{"model": …}, {"known": id} or {"problem": …}. It ends when its input is closed: an import
does not outlive the program that asked for it.
"""

import hashlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from backend.classifiers import labels as reading_labels
from backend.classifiers.formats import FORMATS
from backend.classifiers.imported import Imported, Parts
from backend.classifiers.model import Model
from backend.classifiers.parts import gather
from backend.errors import CannotUse, NotUnderstood, UserError

LARGEST_MEMORY_BYTES = 12 * 2**30
"""Address space, of which TensorFlow takes some GB without using it."""


def read(uploaded: dict[str, Path], work: Path, models: Path) -> dict[str, Any]:
    """Read the uploaded files and write the compiled model into `work`.

    Returns:
        {"known": id} if the model is in the folder `models` already, else {"model": the
        content of its model.json}.

    Raises:
        UserError: the files are no model that we can use.
    """
    unpacked = work / "unpacked"
    unpacked.mkdir()
    parts = gather(uploaded, unpacked)
    convert, kind, files = _find(parts)
    labels = find_labels(parts)
    model_id = identify(files, labels)
    if (models / model_id / "model.json").is_file():
        return {"known": model_id}
    found = convert(files, work)
    reading_labels.check_number(labels, found.outputs)
    return {"model": json.loads(_describe(found, model_id, kind, labels, uploaded).as_file())}


def identify(files: tuple[Path, ...], labels: tuple[str, ...]) -> str:
    """A model's id: the beginning of a hash of its files and labels."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    digest.update(json.dumps(labels).encode())
    return digest.hexdigest()[:12]


def find_labels(parts: Parts) -> tuple[str, ...]:
    """Read the labels from whichever part has them.

    Raises:
        CannotUse: none has.
    """
    for name, file in parts.items():
        if name.lower() == "metadata.json":
            listed = json.loads(file.read_text("utf-8-sig")).get("labels")
            if isinstance(listed, list):
                return reading_labels.tidy([str(label) for label in listed])
    texts = {name.lower(): file for name, file in parts.items() if name.lower().endswith(".txt")}
    named = [file for name, file in texts.items() if "label" in name or "class" in name]
    chosen = [texts["labels.txt"]] if "labels.txt" in texts else named or list(texts.values())
    if len(chosen) != 1:
        raise reading_labels.missing()
    return reading_labels.from_text(chosen[0].read_bytes())


def _find(parts: Parts) -> tuple[Any, str, tuple[Path, ...]]:
    for kind in FORMATS:
        found = kind.find(parts)
        if len(found) > 1:
            raise CannotUse(
                "several_models", "There are several models in it.", "Add one model at a time."
            )
        if found:
            return kind.convert, kind.NAME, found[0]
    raise NotUnderstood(
        "not_a_model",
        "This is not a model that we know.",
        "Add a zip from Teachable Machine's “Export Model”, or a .h5, .keras or .tflite file "
        "together with its labels.txt.",
    )


def _describe(
    found: Imported, model_id: str, kind: str, labels: tuple[str, ...], uploaded: dict[str, Path]
) -> Model:
    height, width = found.input_size
    return Model(
        id=model_id,
        name=_name(labels, uploaded),
        labels=labels,
        format=kind,
        input_size=found.input_size,
        fit="crop" if height == width else "stretch",
        logits=found.logits,
        gradients=False,
        layers=found.layers,
        channels=found.channels,
        pixels=found.pixels,
        quantised=found.quantised,
        source=", ".join(uploaded),
        folder=Path(),
    )


_MEANINGLESS = {"model", "keras_model", "model_unquant", "labels", "metadata", "weights"}


def _name(labels: tuple[str, ...], uploaded: dict[str, Path]) -> str:
    """The file's own name, or, where all exports are named alike, what the model tells apart."""
    if len(uploaded) == 1:
        stem = Path(next(iter(uploaded))).stem
        if stem not in _MEANINGLESS and not stem.startswith(("converted_", "tm-my-image-model")):
            return stem
    shown = ", ".join(labels[:4])
    return shown[:60] + (" …" if len(labels) > 4 or len(shown) > 60 else "")


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits.
        return
    for limit, wanted in (
        (resource.RLIMIT_AS, LARGEST_MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(limit, (wanted, hard))
        except (ValueError, OSError) as problem:  # macOS refuses some limits.
            print(f"cannot limit memory: {problem}", file=sys.stderr)


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def main() -> None:
    """Do the one import that is asked for on the standard input."""
    _limit_memory()
    # Libraries may print what they like, the answer goes out by a way of its own.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    asked = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    uploaded = {name: Path(path) for name, path in asked["parts"].items()}
    try:
        result = read(uploaded, Path(asked["work"]), Path(asked["models"]))
    except UserError as problem:
        kind = type(problem).__name__
        result = {"problem": [kind, problem.code, problem.message, problem.hint]}
    except MemoryError:
        result = {"problem": "memory"}
    except OSError as problem:
        if problem.errno is None:
            raise
        result = {"problem": "disk", "errno": problem.errno}
    answer.write(json.dumps(result) + "\n")
    answer.flush()
    # Not waiting for TensorFlow to tidy up.
    os._exit(0)


if __name__ == "__main__":
    main()
