"""The last finished sweeps, so that the same question is not measured twice."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

from backend.explanations.sweep import Square, Start

MOST_SQUARES = 30_000
"""About 10 MB: some six hundred usual sweeps."""

Finished = tuple[Start, list[Square]]


class RecentSweeps:
    """Finished sweeps by what was asked, the least recently asked forgotten first."""

    def __init__(self, most_squares: int = MOST_SQUARES):
        self._most_squares = most_squares
        self._finished: OrderedDict[Hashable, Finished] = OrderedDict()
        self._squares = 0
        self._lock = threading.Lock()

    def get(self, question: Hashable) -> Finished | None:
        """The sweep that answered this question, if it is remembered."""
        with self._lock:
            if question in self._finished:
                self._finished.move_to_end(question)
            return self._finished.get(question)

    def keep(self, question: Hashable, start: Start, squares: list[Square]) -> None:
        """Remember a finished sweep."""
        with self._lock:
            self._forget(question)
            self._finished[question] = start, squares
            self._squares += len(squares)
            while self._squares > self._most_squares:
                self._forget(next(iter(self._finished)))

    def _forget(self, question: Hashable) -> None:
        _, squares = self._finished.pop(question, (None, []))
        self._squares -= len(squares)
