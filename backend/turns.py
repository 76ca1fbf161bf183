"""Places that are given in the order in which they were asked for.

The standard library's semaphores let a newcomer overtake those who have just been woken, who
then wait once more behind all others.
"""

import threading
from collections import deque


class Turns:
    """So many at a time may be in a block `with turns:`, first come, first served."""

    def __init__(self, places: int):
        self._free = places
        self._waiting: deque[threading.Lock] = deque()
        self._changing = threading.Lock()

    def __enter__(self) -> None:
        with self._changing:
            if self._free:
                self._free -= 1
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        mine.acquire()

    def __exit__(self, *_: object) -> None:
        with self._changing:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1
