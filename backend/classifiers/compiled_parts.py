"""The parts of a network that was cut: their files, and an interpreter for each size of crop."""

import hashlib
import json
import threading
from collections import OrderedDict
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from backend.classifiers.plans import Plan, Route
from backend.classifiers.reach import Axis, Span, Step
from backend.grid import Box

FOLDER = "parts"
INDEX = "parts.json"
MOST_RUNNERS = 32
"""Interpreters that a thread keeps for one model: whole maps and crops of a dozen parts."""

MOST_ROUTES = 128
"""Bands of squares of which the way through the parts is remembered: those of a few grids."""


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
        self.route = lru_cache(maxsize=MOST_ROUTES)(self._route)

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

    def _route(
        self, boxes: tuple[Box, ...], rows: frozenset[Span], columns: frozenset[Span]
    ) -> Route:
        """The way of a band of boxes through the parts when boxes of these rows and columns
        change."""
        return Route.of(boxes, self.plans(rows, columns))


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
