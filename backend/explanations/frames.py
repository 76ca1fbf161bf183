"""Messages between the server and the worker process: a line of JSON, then arrays as raw bytes.

Plain numbers only, so that neither side runs what the other sends.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import IO, Any

import numpy as np

from backend.explanations.base import Caution, Explanation
from backend.grid import Grid
from backend.picture import Fit

LONGEST_LINE_BYTES = 8 << 20
LARGEST_ARRAY_BYTES = 1 << 30
KINDS = ("uint8", "float32", "float64")
ARRAYS = ("relevance", "attribution", "standard_error", "maps")
"""Fields of an `Explanation` that travel as arrays; `grid` and `fit` stay where they are known."""
Message = tuple[dict[str, Any], dict[str, np.ndarray]]


def write(stream: IO[bytes], content: Mapping[str, Any], **arrays: np.ndarray) -> None:
    """Send one message.

    Raises:
        OSError: nobody listens any more.
    """
    described = {name: [array.dtype.name, *array.shape] for name, array in arrays.items()}
    line = json.dumps({"content": content, "arrays": described}, ensure_ascii=True)
    stream.write(line.encode() + b"\n")
    for array in arrays.values():
        stream.write(np.ascontiguousarray(array).tobytes())
    stream.flush()


def read(stream: IO[bytes]) -> Message | None:
    """Receive one message; None at the end of the stream.

    Raises:
        ValueError: it is not one that `write` wrote.
    """
    line = stream.readline(LONGEST_LINE_BYTES)
    if not line.endswith(b"\n"):
        return None
    message = json.loads(line)
    arrays = {}
    for name, (kind, *shape) in message["arrays"].items():
        if kind not in KINDS:
            raise ValueError(f"arrays of {kind} do not travel")
        size = int(np.prod(shape, dtype=object)) * np.dtype(kind).itemsize
        if not 0 <= size <= LARGEST_ARRAY_BYTES:
            raise ValueError(f"an array of {size} bytes is too large")
        body = stream.read(size)
        if len(body) != size:
            return None
        arrays[name] = np.frombuffer(body, kind).reshape(shape)
    return message["content"], arrays


def taken_apart(explanation: Explanation) -> Message:
    """An explanation as a message."""
    values = {field.name: getattr(explanation, field.name) for field in fields(Explanation)}
    arrays = {name: values.pop(name) for name in ARRAYS}
    del values["grid"], values["fit"]
    return values, {name: array for name, array in arrays.items() if array is not None}


def put_together(message: Message, grid: Grid, fit: Fit) -> Explanation:
    """The explanation that `taken_apart` took apart."""
    values, arrays = message
    values = values | {"cautions": tuple(Caution(*one) for one in values["cautions"])}
    absent = dict.fromkeys(ARRAYS)
    return Explanation(grid=grid, fit=fit, **values, **(absent | arrays))  # type: ignore[arg-type]
