"""The incremental sweep: of a picture with one part changed, run only what that part can reach.

The picture is run once, part by part, and the maps between the parts are kept. For each
change, a part runs only on the crop that suffices (`backend.classifiers.reach`), the result
is pasted into the kept map, and so on; the last part runs whole. Where crops beside each
other would be much the same, changes that do not meet share a run on a crop as wide as the
map. Scores are the same as those of running everything: see there why.
"""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from backend.classifiers.plans import PATCHES_PER_JOB, Change, Plan, bands_of, paste
from backend.classifiers.pool import WORKERS, in_order
from backend.classifiers.reach import Axis, Span, Step
from backend.classifiers.walking import crops_for, walk
from backend.grid import Box
from backend.picture import Patch

FOLDER = "parts"
INDEX = "parts.json"
MOST_RUNNERS = 32
"""Interpreters that a thread keeps for one model: whole maps and crops of a dozen parts."""

Normalise = Callable[[np.ndarray], np.ndarray]


class Parts:
    """A network that was cut into parts; many threads may use it at once.

    Attributes:
        axes: for each part that runs on crops, its rows and columns.
    """

    def __init__(self, axes: list[tuple[Axis, Axis]], contents: list[bytes]):
        """Take the axes of the parts, and their files; the last file is the rest."""
        self.axes = axes
        self._contents = contents
        self._of_thread = threading.local()
        self.plans = lru_cache(maxsize=16)(self._plans)

    @classmethod
    def read(cls, folder: Path) -> "Parts":
        """Read what `write` wrote.

        Raises:
            OSError, ValueError, KeyError, TypeError: it is damaged.
        """
        index = json.loads((folder / INDEX).read_text("utf-8"))
        contents = []
        for number, digest in enumerate(index["files"]):
            contents.append((folder / f"{number}.tflite").read_bytes())
            if hashlib.sha256(contents[-1]).hexdigest() != digest:
                raise ValueError(f"{number}.tflite is not as it was written")
        axes = [(_axis(part["rows"]), _axis(part["columns"])) for part in index["parts"]]
        if len(contents) != len(axes) + 1:
            raise ValueError("parts are missing")
        return cls(axes, contents)

    def write(self, folder: Path) -> None:
        """Write the files into `folder`, which is made; a checksum of each with them."""
        folder.mkdir()
        for number, content in enumerate(self._contents):
            (folder / f"{number}.tflite").write_bytes(content)
        parts = [
            {"rows": _described(rows), "columns": _described(columns)}
            for rows, columns in self.axes
        ]
        files = [hashlib.sha256(content).hexdigest() for content in self._contents]
        (folder / INDEX).write_text(json.dumps({"files": files, "parts": parts}), "utf-8")

    def run(self, number: int, size: tuple[int, int] | None) -> "Runner":
        """This thread's interpreter for a part at a size of crop; the rest has None."""
        if not hasattr(self._of_thread, "runners"):
            self._of_thread.runners = OrderedDict()
        runners = self._of_thread.runners
        if (number, size) not in runners:
            runners[number, size] = Runner(self._contents[number], size)
            if len(runners) > MOST_RUNNERS:
                runners.popitem(last=False)
        runners.move_to_end((number, size))
        return runners[number, size]

    def forget_runners(self) -> None:
        """Let go of this thread's interpreters."""
        self._of_thread.runners = OrderedDict()

    def _plans(self, rows: frozenset[Span], columns: frozenset[Span]) -> list[Plan]:
        """The crops of each part when boxes of these rows and columns change."""
        plans = []
        for axes in self.axes:
            plans.append(Plan.of(axes, rows, columns))
            rows = frozenset(crop.kept for crop in plans[-1].rows.values())
            columns = frozenset(crop.kept for crop in plans[-1].columns.values())
        return plans


class PreparedParts:
    """A picture of which changed copies are scored incrementally; see `Prepared`."""

    def __init__(self, parts: Parts, model_input: np.ndarray, normalise: Normalise):
        self._parts = parts
        self._normalise = normalise
        self._maps = [normalise(model_input)]
        for number in range(len(parts.axes)):
            current = self._maps[-1]
            runner = parts.run(number, current.shape[:2])
            runner.input()[...] = current
            runner.invoke()
            self._maps.append(runner.output().copy())
        self.scores = self._finish(None)

    def patched(self, patches: Iterable[Patch]) -> Generator[np.ndarray, None, None]:
        """Score the picture with one patch after the other; see `Prepared.patched`."""
        todo = list(patches)
        rows = frozenset((patch.box.top, patch.box.bottom) for patch in todo)
        columns = frozenset((patch.box.left, patch.box.right) for patch in todo)
        plans = self._parts.plans(rows, columns)
        bands = (partial(self._safely, self._follow, band, plans) for band in bands_of(todo, plans))
        with closing(in_order(bands, WORKERS)) as followed:
            jobs = (
                partial(self._safely, self._finish_all, band[start : start + PATCHES_PER_JOB])
                for band in followed
                for start in range(0, len(band), PATCHES_PER_JOB)
            )
            with closing(in_order(jobs)) as done:
                yield from chain.from_iterable(done)

    def walked(self, ways: Iterable[Sequence[Patch]]) -> Generator[np.ndarray, None, None]:
        """Score the picture with patches on top of each other; see `Prepared.walked`."""
        return in_order(partial(self._walk, way) for way in ways)

    def _walk(self, patches: Sequence[Patch]) -> np.ndarray:
        changes = ((patch.box, self._normalise(patch.pixels)) for patch in patches)
        return walk(self._parts, self._maps, crops_for(self._parts, patches), changes)

    def _safely(self, job: Callable[..., list[Any]], *arguments: Any) -> list[Any]:
        try:
            return job(*arguments)
        except BaseException:
            # The views of its memory live on in the traceback: it cannot run again.
            self._parts.forget_runners()
            raise

    def _follow(self, band: list[Patch], plans: list[Plan]) -> list[Change | None]:
        """What patches in the same rows change in the last map; None where they do not."""
        changes = {
            place: Change(patch.box, self._normalise(patch.pixels))
            for place, patch in enumerate(band)
        }
        for number, plan in enumerate(plans):
            changes = self._pass_part(number, plan, changes)
        return [changes.get(place) for place in range(len(band))]

    def _pass_part(self, number: int, plan: Plan, changes: dict[int, Change]) -> dict[int, Change]:
        after = {}
        runner = self._parts.run(number, (plan.height, plan.width))
        for crops in plan.runs(changes):
            rows, columns = next(iter(crops.values()))
            crop = Box(
                rows.start, columns.start, rows.start + plan.height, columns.start + plan.width
            )
            current = runner.input()
            current[...] = self._maps[number][crop.top : crop.bottom, crop.left : crop.right]
            for place in crops:
                paste(changes[place], current, crop)
            del current
            runner.invoke()
            for place, (rows, columns) in crops.items():
                box = Box(rows.kept[0], columns.kept[0], rows.kept[1], columns.kept[1])
                values = runner.output()[
                    rows.skip : rows.skip + box.bottom - box.top,
                    columns.skip : columns.skip + box.right - box.left,
                ]
                after[place] = Change(box, values.copy())
                del values
        return after

    def _finish_all(self, changes: list[Change | None]) -> list[np.ndarray]:
        return [self.scores if change is None else self._finish(change) for change in changes]

    def _finish(self, change: Change | None) -> np.ndarray:
        runner = self._parts.run(len(self._maps) - 1, None)
        current = runner.input()
        current[...] = self._maps[-1]
        if change is not None:
            paste(change, current, Box(0, 0, *self._maps[-1].shape[:2]))
        del current
        runner.invoke()
        return runner.output().reshape(-1).copy()


class Runner:
    """One interpreter at one size of input; for one thread only.

    `input` and `output` are views of its memory. None of them may be held when it is invoked.
    """

    def __init__(self, content: bytes, size: tuple[int, int] | None):
        from ai_edge_litert.interpreter import Interpreter

        interpreter = Interpreter(model_content=content, num_threads=1)
        entry = interpreter.get_input_details()[0]
        if size is not None:
            shape = (1, *size, entry["shape"][3])
            interpreter.resize_tensor_input(entry["index"], shape, strict=False)
        interpreter.allocate_tensors()
        self._interpreter = interpreter
        self._input = interpreter.tensor(entry["index"])
        self._output = interpreter.tensor(interpreter.get_output_details()[0]["index"])

    def input(self) -> np.ndarray:
        """The map (h, w, channels) to run on, to be filled."""
        return self._input()[0]

    def output(self) -> np.ndarray:
        """The map (h, w, channels), or the scores (K,), that came out."""
        return self._output()[0]

    def invoke(self) -> None:
        """Run."""
        self._interpreter.invoke()


def _described(axis: Axis) -> dict[str, Any]:
    return {
        "first": axis.first,
        "last": axis.last,
        "size": axis.sizes[axis.first],
        "steps": [asdict(step) for step in axis.steps],
    }


def _axis(described: dict[str, Any]) -> Axis:
    steps = []
    for step in described["steps"]:
        # JSON knows no tuples.
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in step.items()
        }
        steps.append(Step(**fields))
    return Axis(steps, described["first"], described["last"], described["size"])
