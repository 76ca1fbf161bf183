"""Files that are there as a whole or not at all, whatever is killed or unplugged meanwhile."""

import errno
import json
import os
import sys
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from backend.errors import Busy

PAUSES_S = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Windows replaces no file while anybody reads it, which takes a moment."""
_FULL = "disk_full"


def put(path: Path, content: bytes) -> None:
    """Write a file, in place of one that may be there.

    Raises:
        Busy: the disk is full or may not be written to.
    """
    put_all(path.parent, {path.name: content})


def put_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write some files, each as `put`; those before one that fails stay."""
    paths = [folder / name for name in files]
    draft = folder / f".{uuid.uuid4().hex}.new"
    try:
        for path, content in zip(paths, files.values(), strict=True):
            draft.write_bytes(content)
            sync(draft)
            _replace(draft, path)
        sync(folder)
    except OSError as problem:
        draft.unlink(missing_ok=True)
        raise no_room(problem) from problem
    return paths


def _replace(draft: Path, path: Path) -> None:
    for pause_s in PAUSES_S:
        with suppress(PermissionError):
            draft.replace(path)
            return
        time.sleep(pause_s)
    draft.replace(path)


def write_json(path: Path, content: Mapping[str, Any], indent: int | None = 2) -> None:
    """Write a JSON object, as `put`; with `indent` None quickly, for programs alone."""
    put(path, (json.dumps(content, ensure_ascii=False, indent=indent) + "\n").encode())


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object; empty if the file is not there or holds something else."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def sync(path: Path) -> None:
    """Make sure that it is on the disk and not only on its way there."""
    if path.is_dir() and sys.platform == "win32":
        return
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def is_full(problem: Exception) -> bool:
    """Whether something could not be written because there is no room left."""
    if isinstance(problem, OSError):
        problem = no_room(problem)
    return isinstance(problem, Busy) and problem.code == _FULL


def no_room(problem: OSError) -> Busy:
    """What to say when something could not be written."""
    if problem.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return Busy(
            _FULL,
            "There is no room left on the disk.",
            "Delete something, then try again.",
        )
    return Busy(
        "cannot_write",
        "The disk could not be written to.",
        "Check that Peekaboo's folder may be written to, then try again.",
    )
