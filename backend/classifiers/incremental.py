"""The incremental sweep: of a picture with one part changed, run only what that part can reach.

The picture is run once, part by part, and the maps between the parts are kept. For each
change, a part runs only on the crop that suffices (`backend.classifiers.reach`), the result
is pasted into the kept map, and so on; the last part runs whole. Where crops beside each
other would be much the same, changes that do not meet share a run on a crop as wide as the
map. Scores are the same as those of running everything: see there why.
"""

import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

import numpy as np

from backend.classifiers.compiled_parts import Parts
from backend.classifiers.plans import Place, Run, bands_of
from backend.classifiers.pool import WORKERS, begin, in_order, together
from backend.classifiers.reach import Span
from backend.classifiers.walking import crops_for, walk
from backend.picture import Patch

EVERYWHERE = slice(None), slice(None)
Normalise = Callable[[np.ndarray], np.ndarray]
Result = TypeVar("Result")


class PreparedParts:
    """A picture of which changed copies are scored incrementally; see `Prepared`.

    Squares are begun while the picture itself is still on its way through the parts: they need
    its maps one after the other, too.
    """

    def __init__(self, parts: Parts, make_input: Callable[[], np.ndarray], normalise: Normalise):
        """Begin to run the picture that `make_input` makes, on the pool."""
        self._parts = parts
        self._normalise = normalise
        self._maps: list[Future[np.ndarray]] = [Future() for _ in range(len(parts.axes) + 1)]
        self._scores = begin(partial(self._safely, self._run, make_input))

    @property
    def scores(self) -> np.ndarray:
        """(K,) of the picture itself; see `Prepared.scores`."""
        return self._scores()

    def patched(self, patches: Iterable[Patch]) -> Generator[np.ndarray, None, None]:
        """Begin to score the picture with one patch after the other; see `Prepared.patched`."""
        todo = list(patches)
        rows = frozenset((patch.box.top, patch.box.bottom) for patch in todo)
        columns = frozenset((patch.box.left, patch.box.right) for patch in todo)
        stopped = threading.Event()
        jobs = (
            partial(self._safely, self._score, band, rows, columns, stopped)
            for band in bands_of(todo, self._parts.plans(rows, columns), WORKERS)
        )
        return in_order(jobs, at_end=stopped.set)

    def walked(self, ways: Iterable[Sequence[Patch]]) -> Generator[np.ndarray, None, None]:
        """Begin to score it with patches on top of each other; see `Prepared.walked`."""
        return in_order(partial(self._walk, way) for way in ways)

    def _walk(self, patches: Sequence[Patch]) -> np.ndarray:
        changes = ((patch.box, self._normalise(patch.pixels)) for patch in patches)
        maps = [one.result() for one in self._maps]
        return walk(self._parts, maps, self.scores, crops_for(self._parts, patches), changes)

    def _run(self, make_input: Callable[[], np.ndarray]) -> np.ndarray:
        """Scores (K,) of the picture; what waits for its maps gets one after the other."""
        try:
            current = self._normalise(make_input())
            expected = tuple(axis.sizes[axis.first] for axis in self._parts.axes[0])
            if current.shape[:2] != expected:
                raise ValueError(f"expected a picture of {expected}, got {current.shape}")
            self._maps[0].set_result(current)
            for number, map_after in enumerate(self._maps[1:]):
                runner = self._parts.run(number, current.shape[:2])
                runner.input()[...] = current
                runner.invoke()
                current = runner.output().copy()
                map_after.set_result(current)
            return self._finish(current, EVERYWHERE, current)
        except BaseException as problem:
            for one in self._maps:
                if not one.done():
                    one.set_exception(problem)
            raise

    def _safely(self, job: Callable[..., Result], *arguments: Any) -> Result:
        try:
            return job(*arguments)
        except BaseException:
            # The views of its memory live on in the traceback: it cannot run again.
            self._parts.forget_runners()
            raise

    def _score(
        self,
        band: list[Patch],
        rows: frozenset[Span],
        columns: frozenset[Span],
        stopped: threading.Event,
    ) -> np.ndarray:
        """Scores (n, K) of the picture with each patch of a band; fewer if it is to stop."""
        route = self._parts.route(tuple(patch.box for patch in band), rows, columns)
        values = {number: self._normalise(patch.pixels) for number, patch in enumerate(band)}
        for number, (size, runs) in enumerate(route.legs):
            if stopped.is_set():
                return np.empty((0, 0), np.float32)
            values = self._pass_part(number, size, runs, values)
        uncovered = self._maps[-1].result()
        scores: dict[int, np.ndarray] = {}

        def finish(number: int) -> None:
            end = route.ends[number]
            if stopped.is_set():
                return
            if end is None:
                scores[number] = self.scores
            else:
                scores[number] = self._finish(uncovered, end, values[number])

        together(len(band), partial(self._safely, finish))
        return np.array([scores[number] for number in sorted(scores)])

    def _pass_part(
        self, number: int, size: tuple[int, int], runs: list[Run], values: dict[int, np.ndarray]
    ) -> dict[int, np.ndarray]:
        after = {}
        runner = self._parts.run(number, size)
        uncovered = self._maps[number].result()
        for run in runs:
            current = runner.input()
            current[...] = uncovered[run.crop]
            for one in run.passages:
                current[one.onto] = values[one.number][one.taken]
            del current
            runner.invoke()
            result = runner.output()
            for one in run.passages:
                after[one.number] = result[one.kept].copy()
            del result
        return after

    def _finish(self, uncovered: np.ndarray, place: Place, values: np.ndarray) -> np.ndarray:
        """Scores when the last map, uncovered, holds these values in a place of it."""
        runner = self._parts.run(len(self._maps) - 1, None)
        current = runner.input()
        current[...] = uncovered
        current[place] = values
        del current
        runner.invoke()
        return runner.output().reshape(-1).copy()
