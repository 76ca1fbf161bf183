"""What was deleted last, and how it comes back."""

import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backend.disk import is_full, read_json, write_json
from backend.errors import Busy

MOST_UNDO = 200
LONGEST_KEPT_S = 24 * 3600
"""Then it goes for good: pictures of children are not kept longer than anybody needs them."""
_WHAT, _KEPT = "what.json", "kept"


class Bin:
    """A folder of what was deleted, each thing in a folder of its own, numbered as it came."""

    def __init__(self, folder: Path):
        self.folder = folder

    def take(self, kept: Mapping[str, Path], what: dict[str, Any]) -> None:
        """Move files or folders in, each under a name of its own.

        When the disk is full, what was deleted before goes for good to make room.

        Raises:
            Busy: there is no room even then; nothing was deleted.
        """
        try:
            try:
                self._take(kept, what)
            except (OSError, Busy) as problem:
                if not is_full(problem) or not self._binned():
                    raise
                shutil.rmtree(self.folder)
                self._take(kept, what)
        except (OSError, Busy) as problem:
            if not is_full(problem):
                raise
            raise Busy(
                "no_room_to_delete",
                "Nothing was deleted: the disk is so full that it could not be brought back.",
                "Empty the computer’s own bin, or delete something large, then try again.",
            ) from problem

    def _take(self, kept: Mapping[str, Path], what: dict[str, Any]) -> None:
        there = self._binned()
        own = self.folder / f"{int(there[-1].name) + 1 if there else 1:06}"
        moved: list[tuple[Path, Path]] = []
        try:
            (own / _KEPT).mkdir(parents=True)
            write_json(own / _WHAT, what)
            for name, path in kept.items():
                moved.append((path.rename(own / _KEPT / name), path))
        except BaseException:
            for now, before in moved:
                now.rename(before)
            shutil.rmtree(own, ignore_errors=True)
            raise

    def last(self) -> tuple[dict[str, Any], list[Path]] | None:
        """What was deleted last and where it is; None if nothing was."""
        path = self._last()
        if path is None:
            return None
        return read_json(path / _WHAT), sorted((path / _KEPT).iterdir())

    def forget_last(self) -> None:
        """It is back where it was."""
        if path := self._last():
            shutil.rmtree(path)

    def empty(self) -> None:
        """What is too old, or too much, goes for good."""
        there, now = self._binned(), time.time()
        for place, path in enumerate(reversed(there)):
            if place >= MOST_UNDO or now - path.stat().st_mtime > LONGEST_KEPT_S:
                shutil.rmtree(path, ignore_errors=True)

    def _last(self) -> Path | None:
        whole = (path for path in reversed(self._binned()) if _is_whole(path))
        return next(whole, None)

    def _binned(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if path.name.isdecimal())


def _is_whole(path: Path) -> bool:
    """Whether what was deleted, and what it was, can still be told."""
    what = read_json(path / _WHAT)
    named = isinstance(what.get("label"), str) or (
        isinstance(what.get("picture"), str) and isinstance(what.get("of"), str)
    )
    return named and (path / _KEPT).is_dir()
