"""What was deleted last, and how it comes back."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from backend.disk import read_json, write_json

MOST_UNDO = 200
_WHAT = "what.json"


class Bin:
    """A folder of what was deleted, each thing in a folder of its own, numbered as it came."""

    def __init__(self, folder: Path):
        self.folder = folder

    def take(self, paths: Iterable[Path], what: dict[str, Any]) -> None:
        """Move files or folders in; what is oldest goes for good when there is too much."""
        there = self._binned()
        own = self.folder / f"{int(there[-1].name) + 1 if there else 1:06}"
        own.mkdir(parents=True)
        write_json(own / _WHAT, what)
        for path in paths:
            path.rename(own / path.name)
        for oldest in there[: -MOST_UNDO + 1]:
            shutil.rmtree(oldest, ignore_errors=True)

    def last(self) -> tuple[dict[str, Any], list[Path]] | None:
        """What was deleted last and where it is; None if nothing was."""
        there = self._binned()
        if not there:
            return None
        kept = sorted(path for path in there[-1].iterdir() if path.name != _WHAT)
        return read_json(there[-1] / _WHAT), kept

    def forget_last(self) -> None:
        """It is back where it was."""
        shutil.rmtree(self._binned()[-1])

    def _binned(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.iterdir() if path.name.isdecimal())
