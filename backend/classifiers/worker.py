"""Starts the import process and brings its answer back, whatever happens to it."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backend import errors
from backend.errors import CannotUse, UserError

LONGEST_IMPORT_S = 240
_ROOT = Path(__file__).parents[2]
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TEMP", "TMP")
_log = logging.getLogger(__name__)


def run_import(parts: Mapping[str, Path], work: Path, models: Path) -> dict[str, Any]:
    """Read a model's files in a process of its own; see `importing.read`.

    Raises:
        UserError: what the process found wrong, or that it did not survive the file.
        OSError: the disk is full or cannot be written to.
    """
    asked = {
        "parts": {name: str(file.resolve()) for name, file in parts.items()},
        "work": str(work.resolve()),
        "models": str(models.resolve()),
    }
    process = subprocess.Popen(
        [sys.executable, "-s", "-m", "backend.classifiers.importing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(work / "log").open("w+b"),
        cwd=_ROOT,
        env=_environment(work),
    )
    assert process.stdin and process.stdout
    # The input stays open: the process ends by itself when we do.
    try:
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        process.stdin.flush()
        answer = _first_line(process)
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()
    return _understood(answer, (work / "log"))


def _first_line(process: subprocess.Popen) -> bytes:
    import threading

    lines: list[bytes] = []
    reader = threading.Thread(target=lambda: lines.append(process.stdout.readline()), daemon=True)
    reader.start()
    reader.join(LONGEST_IMPORT_S)
    if reader.is_alive():
        process.kill()
        reader.join()
        raise CannotUse(
            "import_too_long",
            "Reading the model took too long, so we stopped.",
            "Use a smaller model.",
        )
    return lines[0]


def _understood(answer: bytes, log: Path) -> dict[str, Any]:
    try:
        result = json.loads(answer)
    except ValueError:
        tail = log.read_bytes()[-4000:].decode("utf-8", "replace")
        _log.error("the import process ended without an answer:\n%s", tail)
        raise _not_survived() from None
    problem = result.get("problem")
    if problem == "disk":
        raise OSError(result["errno"], os.strerror(result["errno"]))
    if problem == "memory":
        raise _not_survived()
    if problem:
        kind, *texts = problem
        raise getattr(errors, kind, UserError)(*texts)
    return result


def _not_survived() -> CannotUse:
    return CannotUse(
        "import_failed",
        "The model could not be read: it is damaged, too large or made in an unusual way.",
        "Export it again, or use a smaller model.",
    )


def _environment(work: Path) -> dict[str, str]:
    """Only what the process needs: no secrets of ours, no folders of the user's."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return kept | {
        "HOME": str(work),
        "KERAS_HOME": str(work / "keras"),
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "PYTHONIOENCODING": "utf-8",
    }
