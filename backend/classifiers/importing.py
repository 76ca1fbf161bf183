"""Reads a model's files in a process of its own: `python -m backend.classifiers.importing`.

It takes one line of JSON on its input, {"parts": {name: path}, "known": [id …], "work":
folder}, writes the model into `work`/kept and answers with one line of JSON: {"model": id},
{"known": id}, {"problem": [class, code, message, hint]} or {"errno": number}. It ends when
its input is closed (not on Windows), so an import does not outlive who asked for it.
"""

import hashlib
import json
import os
import re
import sys
import threading
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from backend.classifiers import labels as reading_labels
from backend.classifiers.cutting import write_parts
from backend.classifiers.formats import FORMATS
from backend.classifiers.imported import Imported, Parts
from backend.classifiers.model import Model
from backend.classifiers.parts import find_labels, gather, last_step
from backend.errors import CannotUse, NotUnderstood, UserError

LARGEST_ADDRESS_SPACE_BYTES = 10 * 2**30
"""An ordinary model takes 2.8 GB of it on two cores, but only 0.75 GB of memory."""
LONGEST_CPU_S = 900
_MEANINGLESS = re.compile(
    r"(keras_|tm-my-image-|image-)?model(_unquant)?|converted_\w+|part", re.IGNORECASE
)


def read(uploaded: Mapping[str, Path], known: Collection[str], work: Path) -> dict[str, Any]:
    """Read the uploaded files and write the compiled model into `work`/kept.

    Returns:
        {"known": id} if its id is one of those known already, else {"model": id}.

    Raises:
        UserError: the files are no model that we can use.
    """
    unpacked, kept = work / "unpacked", work / "kept"
    unpacked.mkdir()
    kept.mkdir()
    parts = gather(uploaded, unpacked)
    kind, files = _find(parts)
    labels = find_labels(parts)
    model_id = _identify(files, labels)
    if model_id in known:
        return {"known": model_id}
    found = kind.convert(files, kept)
    reading_labels.check_number(labels, found.outputs)
    names = [reading_labels.clean(last_step(name)) for name in uploaded]
    model = _describe(found, model_id, kind.NAME, labels, names, kept)
    (kept / "model.json").write_text(model.as_file(), "utf-8")
    write_parts(kept)
    return {"model": model_id}


def _find(parts: Parts) -> tuple[Any, tuple[Path, ...]]:
    for kind in FORMATS:
        found = kind.find(parts)
        if len(found) > 1:
            raise CannotUse(
                "several_models", "There are several models in it.", "Add one model at a time."
            )
        if found:
            return kind, found[0]
    raise NotUnderstood(
        "not_a_model",
        "This is not a model that we know.",
        "Add a zip from Teachable Machine's “Export Model”, or a .h5, .keras or .tflite file "
        "together with its labels.txt.",
    )


def _identify(files: tuple[Path, ...], labels: tuple[str, ...]) -> str:
    """A model's id: the beginning of a hash of its files and labels."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    digest.update(json.dumps(labels).encode())
    return digest.hexdigest()[:12]


def _describe(
    found: Imported,
    model_id: str,
    kind: str,
    labels: tuple[str, ...],
    uploaded: list[str],
    folder: Path,
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
        layers=found.layers,
        channels=found.channels,
        pixels=found.pixels,
        quantised=found.quantised,
        source=", ".join(uploaded),
        folder=folder,
    )


def _name(labels: tuple[str, ...], uploaded: list[str]) -> str:
    """The file's own name, or, where all exports are named alike, what the model tells apart."""
    stem = Path(uploaded[0]).stem
    named = re.sub(r" ?\(\d+\)$", "", stem)  # as browsers call a second download
    if len(uploaded) == 1 and not _MEANINGLESS.fullmatch(named):
        return stem[:60]
    shown = ", ".join(labels[:4])
    return shown[:60] + (" …" if len(labels) > 4 or len(shown) > 60 else "")


def _limit() -> None:
    """Bound memory and time, where the platform can."""
    try:
        import resource
    except ImportError:  # Windows has no such limits.
        return
    for limit, wanted in (
        (resource.RLIMIT_AS, LARGEST_ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_CPU, LONGEST_CPU_S),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(limit)
        wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(limit, (wanted, hard))
        except (ValueError, OSError) as problem:  # macOS refuses some of them.
            print(f"a limit could not be set: {problem}", file=sys.stderr)


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _watch_input() -> None:
    # On Windows, loading libraries may hang while another thread waits for a pipe.
    if sys.platform != "win32":
        threading.Thread(target=_end_with_input, daemon=True).start()


def _answer_to(asked: dict[str, Any]) -> dict[str, Any]:
    uploaded = {name: Path(path) for name, path in asked["parts"].items()}
    try:
        return read(uploaded, asked["known"], Path(asked["work"]))
    except UserError as problem:
        kind = type(problem).__name__
        return {"problem": [kind, problem.code, problem.message, problem.hint]}
    except OSError as problem:
        if problem.errno is None:
            raise
        return {"errno": problem.errno}


def main() -> None:
    """Do the one import that is asked for on the standard input."""
    _limit()
    # Libraries may print what they like: the answer goes out by a way of its own.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    asked = json.loads(sys.stdin.readline())
    _watch_input()
    answers.write(json.dumps(_answer_to(asked)) + "\n")
    answers.flush()
    # At once, without waiting until TensorFlow has tidied up.
    os._exit(0)


if __name__ == "__main__":
    main()
