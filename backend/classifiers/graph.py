"""The graph of a compiled network: what each operation reads, and how to cut it into parts.

It is the TensorFlow Lite graph, where every Keras layer has become one of few operations
(convolutions with their normalisation and padding folded in, pooling, arithmetic …), so
that models from any source can be cut.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from backend.classifiers.reach import Axis, Span, Step

VALUE_BY_VALUE = {
    "ABS", "ELU", "EXP", "GELU", "HARD_SWISH", "LEAKY_RELU", "LOGISTIC", "NEG", "RELU",
    "RELU6", "RELU_0_TO_1", "RELU_N1_TO_1", "RSQRT", "SQRT", "SQUARE", "TANH",
    "ADD", "DIV", "MAXIMUM", "MINIMUM", "MUL", "PRELU", "SQUARED_DIFFERENCE", "SUB",
}  # fmt: skip
SAME = 0


@dataclass(frozen=True)
class Reading:
    """How one operation of the graph reads its input: rows and columns."""

    rows: Step
    columns: Step
    multiplications: int
    """for each value of the output's rows and columns, over all its channels"""
    values: int
    """read and written for each of them"""


@dataclass(frozen=True)
class Part:
    """Consecutive operations between two maps that all of the network passes through."""

    first: int
    last: int
    readings: tuple[Reading, ...]
    height: int
    width: int

    def axes(self) -> tuple[Axis, Axis]:
        """The rows and columns of this part."""
        return (
            Axis([one.rows for one in self.readings], self.first, self.last, self.height),
            Axis([one.columns for one in self.readings], self.first, self.last, self.width),
        )


@dataclass(frozen=True)
class Cut:
    """A map that everything passes through, and all that happens before it, in order."""

    map: int
    readings: tuple[Reading, ...]


class Graph:
    """A TensorFlow Lite model, for looking at and for cutting."""

    def __init__(self, content: bytes):
        from ai_edge_litert import schema_py_generated as schema

        self._schema = schema
        self._content = content
        self._model = self._unpack()
        self._main = self._model.subgraphs[0]
        kinds = {number: name for name, number in vars(schema.BuiltinOperator).items()}
        self._kinds = [
            kinds[max(code.builtinCode, code.deprecatedBuiltinCode)]
            for code in self._model.operatorCodes
        ]

    def cuts(self) -> list[Cut]:
        """The maps that everything passes through, as far as the reach is known."""
        start = int(self._main.inputs[0])
        if self._shape(start) is None:
            return []
        cuts, known, readings = [Cut(start, ())], {start}, []
        for number, operation in enumerate(self._main.operators):
            reading = self._reading(operation, known)
            if reading is None:
                break
            readings.append(reading)
            known.add(reading.rows.output)
            if self._waiting(number) == {reading.rows.output}:
                cuts.append(Cut(reading.rows.output, tuple(readings)))
        return cuts

    def part(self, first: Cut, last: Cut) -> Part:
        """What lies between two cuts."""
        height, width, _ = self.shape(first.map)
        return Part(first.map, last.map, last.readings[len(first.readings) :], height, width)

    def files(self, parts: list[Part]) -> list[bytes]:
        """The model files of consecutive parts from the input on, and of the rest."""
        done = 0
        files = []
        for part in parts:
            files.append(self._file(part.first, part.last, done, done + len(part.readings)))
            done += len(part.readings)
        end = int(self._main.outputs[0])
        files.append(self._file(parts[-1].last, end, done, len(self._main.operators)))
        return files

    def shape(self, name: int) -> tuple[int, int, int]:
        """Height, width and channels of a map.

        Raises:
            ValueError: it is no map of single-precision numbers.
        """
        shape = self._shape(name)
        if shape is None:
            raise ValueError(f"tensor {name} is no map")
        return shape

    def _waiting(self, number: int) -> set[int]:
        """The maps, made by operation `number` or before, that later operations read."""
        operations = self._main.operators
        made = {int(self._main.inputs[0])}
        made |= {int(name) for one in operations[: number + 1] for name in one.outputs}
        read = {int(name) for one in operations[number + 1 :] for name in one.inputs}
        return made & (read | {int(name) for name in self._main.outputs})

    def _reading(self, operation: Any, known: set[int]) -> Reading | None:
        """How an operation reads; None if that, or something that it reads, is not known."""
        kind = self._kinds[operation.opcodeIndex]
        maps = tuple(int(name) for name in operation.inputs if not self._constant(int(name)))
        output = int(operation.outputs[0])
        if len(operation.outputs) != 1 or not maps or not set(maps) <= known:
            return None
        shapes = [self._shape(name) for name in (*maps, output)]
        if None in shapes or len({shape[:2] for shape in shapes[:-1] if shape}) > 1:
            return None
        reads = sum(shape[2] for shape in shapes[:-1] if shape)
        makes = shapes[-1][2]  # type: ignore[index]
        options = operation.builtinOptions
        if kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            filters = [int(side) for side in self._main.tensors[int(operation.inputs[1])].shape]
            extents = (
                (filters[1] - 1) * options.dilationHFactor + 1,
                (filters[2] - 1) * options.dilationWFactor + 1,
            )
            work = math.prod(filters)
            return self._windows(maps, output, extents, options, work, reads + makes)
        if kind in ("MAX_POOL_2D", "AVERAGE_POOL_2D"):
            extents = options.filterHeight, options.filterWidth
            work = math.prod(extents) * makes
            return self._windows(maps, output, extents, options, work, reads + makes)
        if kind == "PAD" and (pads := self._pads(operation)):
            rows, columns = (Step(maps, output, pad=pad) for pad in pads)
            return Reading(rows, columns, 0, reads + makes)
        plain = kind in VALUE_BY_VALUE and self._broadcasts(operation, maps, shapes)
        if plain or (kind == "CONCATENATION" and options.axis in (3, -1)):
            return Reading(Step(maps, output), Step(maps, output), makes, reads + makes)
        return None

    def _windows(
        self,
        maps: tuple[int, ...],
        output: int,
        extents: tuple[int, ...],
        options: Any,
        work: int,
        values: int,
    ) -> Reading:
        strides = options.strideH, options.strideW
        rows, columns = (
            Step(maps, output, extent, stride, same=options.padding == SAME)
            for extent, stride in zip(extents, strides, strict=True)
        )
        return Reading(rows, columns, work, values)

    def _pads(self, operation: Any) -> tuple[Span, Span] | None:
        """The zeros that a padding adds around rows and columns; None if it adds others."""
        tensor = self._main.tensors[int(operation.inputs[1])]
        kind = np.int64 if tensor.type == self._schema.TensorType.INT64 else np.int32
        pads = np.frombuffer(bytes(self._model.buffers[tensor.buffer].data), kind)
        batch, rows, columns, channels = pads.reshape(4, 2).tolist()
        if any(batch + channels):
            return None
        return tuple(rows), tuple(columns)

    def _broadcasts(self, operation: Any, maps: tuple[int, ...], shapes: list[Any]) -> bool:
        """Whether all maps have the output's shape and constants are the same everywhere."""
        constants = (int(name) for name in operation.inputs if int(name) not in maps)
        flat = all(math.prod(self._main.tensors[name].shape[:-1]) == 1 for name in constants)
        return flat and len(set(shapes)) == 1

    def _constant(self, name: int) -> bool:
        if name < 0:
            return True
        data = self._model.buffers[self._main.tensors[name].buffer].data
        return data is not None and len(data) > 0

    def _shape(self, name: int) -> tuple[int, int, int] | None:
        """Height, width and channels of a map of single-precision numbers, or None."""
        tensor = self._main.tensors[name]
        if tensor.type != self._schema.TensorType.FLOAT32 or tensor.shape is None:
            return None
        if len(tensor.shape) != 4 or tensor.shape[0] != 1:
            return None
        height, width, channels = (int(side) for side in tensor.shape[1:])
        return height, width, channels

    def _unpack(self) -> Any:
        schema = self._schema
        return schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(self._content, 0))

    def _file(self, first: int, last: int, begin: int, end: int) -> bytes:
        """A model of the operations begin … end − 1, from map `first` to map `last`."""
        import flatbuffers

        model = self._unpack()
        model.signatureDefs = model.metadata = model.metadataBuffer = None
        main = model.subgraphs[0]
        main.operators = main.operators[begin:end]
        main.inputs, main.outputs = [first], [last]
        used = {first, last}
        used |= {
            int(name)
            for one in main.operators
            for name in (*one.inputs, *one.outputs)
            if int(name) >= 0
        }
        new = {old: number for number, old in enumerate(sorted(used))}
        for one in (*main.operators, main):
            one.inputs = [new.get(int(name), -1) for name in one.inputs]
            one.outputs = [new[int(name)] for name in one.outputs]
        main.tensors = [main.tensors[old] for old in sorted(used)]
        # Buffer 0 is by convention the empty one.
        buffers = [0, *sorted({tensor.buffer for tensor in main.tensors} - {0})]
        for tensor in main.tensors:
            tensor.buffer = buffers.index(tensor.buffer)
        model.buffers = [model.buffers[old] for old in buffers]
        builder = flatbuffers.Builder(1 << 20)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())
