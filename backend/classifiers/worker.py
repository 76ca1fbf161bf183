"""Starts the import process and brings its answer back, whatever happens to it."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from backend import errors
from backend.errors import CannotUse

LONGEST_IMPORT_S = 240
_ROOT = Path(__file__).parents[2]
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_LONGEST_ANSWER_BYTES = 1 << 20
_log = logging.getLogger(__name__)


def run_import(parts: Mapping[str, Path], known: list[str], work: Path) -> dict[str, Any]:
    """Read a model's files in a process of its own; see `importing.read`.

    Raises:
        UserError: what the process found wrong, or that it did not survive the file.
        OSError: the disk is full or cannot be written to.
    """
    asked = {
        "parts": {name: str(file.resolve()) for name, file in parts.items()},
        "known": known,
        "work": str(work.resolve()),
    }
    log = work / "log"
    with log.open("wb") as written, _start(work, written) as process:
        assert process.stdin and process.stdout
        # The input stays open: the process ends by itself when we do.
        deadline = threading.Timer(LONGEST_IMPORT_S, process.kill)
        deadline.start()
        try:
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            process.stdin.flush()
            answer = process.stdout.readline(_LONGEST_ANSWER_BYTES)
        except BrokenPipeError:
            answer = b""
        finally:
            in_time = deadline.is_alive()
            deadline.cancel()
            process.kill()
    if not in_time:
        raise CannotUse(
            "import_too_long",
            "Reading the model took too long, so we stopped.",
            "Use a smaller model.",
        )
    return _understood(answer, log)


def _start(work: Path, log: IO[bytes]) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "backend.classifiers.importing"],
        # Unbuffered, so that closing it has nothing left to write to a dead process.
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=_ROOT,
        env=process_environment(work),
    )


def _understood(answer: bytes, log: Path) -> dict[str, Any]:
    try:
        result = json.loads(answer)
    except ValueError:
        tail = log.read_bytes()[-4000:].decode("utf-8", "replace")
        _log.error("the import process ended without an answer:\n%s", tail)
        raise CannotUse(
            "import_failed",
            "The model could not be read: it is damaged, too large or made in an unusual way.",
            "Export it again, or use a smaller model.",
        ) from None
    if "errno" in result:
        raise OSError(result["errno"], os.strerror(result["errno"]))
    if "problem" in result:
        kind, *texts = result["problem"]
        raise getattr(errors, kind)(*texts)
    return result


def process_environment(work: Path) -> dict[str, str]:
    """Only what the process needs: no secrets of ours, no folders of the user's."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return kept | {
        "HOME": str(work),
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(work)),
        "KERAS_HOME": str(work / "keras"),
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "PYTHONIOENCODING": "utf-8",
    }
