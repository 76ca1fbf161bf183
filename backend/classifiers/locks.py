"""One lock for several programs, which ends with the program that holds it."""

import sys
import time
from pathlib import Path
from typing import IO

_PAUSE_S = 0.05


class FileLock:
    """Held by at most one holder at a time, among all threads of all programs."""

    def __init__(self, file: Path):
        self._file = file
        self._opened: IO | None = None

    def acquire(self, longest_wait_s: float) -> bool:
        """Take the lock; False if somebody else still holds it after the wait."""
        opened = self._file.open("a+b")
        deadline = time.monotonic() + longest_wait_s
        while not _try_lock(opened):
            if time.monotonic() >= deadline:
                opened.close()
                return False
            time.sleep(_PAUSE_S)
        self._opened = opened
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._opened:
            self._opened.close()
            self._opened = None


if sys.platform == "win32":
    import msvcrt

    def _try_lock(opened: IO) -> bool:
        try:
            opened.seek(0)
            msvcrt.locking(opened.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(opened: IO) -> bool:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
