"""TensorFlow Lite files with float or 8-bit input."""

from pathlib import Path
from typing import Any

import numpy as np

from backend.classifiers import probing
from backend.classifiers.base import softmax
from backend.classifiers.imported import Imported, Parts, picture_input
from backend.classifiers.model import COMPILED_FILE
from backend.classifiers.refusals import (
    damaged,
    not_allowed,
    not_for_pictures,
    not_softmax,
    several_inputs,
    several_outputs,
)

NAME = "tflite"
_OPERATIONS = frozenset(
    """
    ABS ADD AVERAGE_POOL_2D BATCH_MATMUL BATCH_TO_SPACE_ND BROADCAST_TO CAST CONCATENATION
    CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE DIV ELU EXP EXPAND_DIMS FILL FLOOR
    FULLY_CONNECTED GATHER GELU HARD_SWISH L2_NORMALIZATION LEAKY_RELU
    LOCAL_RESPONSE_NORMALIZATION LOG LOGISTIC LOG_SOFTMAX MAXIMUM MAX_POOL_2D MEAN MINIMUM
    MIRROR_PAD MUL NEG PACK PAD PADV2 POW PRELU QUANTIZE REDUCE_MAX RELU RELU6 RELU_0_TO_1
    RELU_N1_TO_1 RESHAPE RESIZE_BILINEAR RESIZE_NEAREST_NEIGHBOR RSQRT SHAPE SLICE SOFTMAX
    SPACE_TO_BATCH_ND SPACE_TO_DEPTH SPLIT SPLIT_V SQRT SQUARE SQUARED_DIFFERENCE SQUEEZE
    STRIDED_SLICE SUB SUM TANH TRANSPOSE TRANSPOSE_CONV UNPACK
    """.split()  # noqa: SIM905
)
"""Arithmetic on pictures. Loops, variables, calls and custom operations are not needed."""
_FLOAT_TOLERANCE, _INTEGER_TOLERANCE = 1e-5, 1 / 128


def find(parts: Parts) -> list[tuple[Path, ...]]:
    """The models among the parts, recognised by their content."""
    return [(file,) for file in parts.values() if is_tflite(file)]


def is_tflite(file: Path) -> bool:
    """Whether it has TensorFlow Lite's mark at its beginning."""
    with file.open("rb") as opened:
        return opened.read(8)[4:] == b"TFL3"


def convert(files: tuple[Path, ...], folder: Path) -> Imported:
    """Write the model into `folder`, so changed that it gives pre-softmax scores.

    Where its softmax cannot be taken off without changing the answers (beyond 1e-5, or
    1/128 for models that calculate in integers), it is kept as it is.

    Raises:
        UserError: it is damaged or no image classifier.
    """
    (file,) = files
    content = file.read_bytes()
    graph = _Graph(content)
    input_size, channels = picture_input(graph.input_shape())
    quantised = graph.quantised()
    whole = probing.probe(content, quantised)
    if whole.kind == "yes_or_no":
        raise not_softmax()
    logits = whole.kind == "scores"
    opened = graph.without_softmax()
    if opened and _agrees(probing.probe(opened, quantised), whole, quantised):
        content, logits = opened, True
    (folder / COMPILED_FILE).write_bytes(content)
    return Imported(
        outputs=whole.outputs,
        input_size=input_size,
        channels=channels,
        pixels=graph.pixel_span(),
        logits=logits,
        quantised=quantised,
    )


def _name_in(enumeration: type, number: int) -> str:
    names = vars(enumeration).items()
    return next((name for name, value in names if value == number), "unknown")


def _agrees(scores: probing.Probed, whole: probing.Probed, quantised: bool) -> bool:
    tolerance = _INTEGER_TOLERANCE if quantised else _FLOAT_TOLERANCE
    return bool(np.abs(softmax(scores.scores) - whole.scores).max() <= tolerance)


class _Graph:
    """A TensorFlow Lite model as a list of operations and tensors."""

    def __init__(self, content: bytes):
        from ai_edge_litert import schema_py_generated as schema

        self._schema = schema
        try:
            self._model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(content, 0))
            self._main: Any = self._model.subgraphs[0]
            inputs, outputs = len(self._main.inputs), len(self._main.outputs)
            self._kinds = [self._named(code) for code in self._model.operatorCodes]
        except Exception as problem:
            # Broken offsets in the file show as any kind of exception.
            raise damaged() from problem
        if inputs != 1:
            raise several_inputs(inputs)
        if self._input_type() not in ("FLOAT32", "UINT8", "INT8"):
            raise not_for_pictures()
        if outputs != 1:
            raise several_outputs()
        for operation in self._main.operators:
            if (kind := self._kind(operation)) not in _OPERATIONS:
                raise not_allowed(kind)

    def input_shape(self) -> tuple[int, ...]:
        return tuple(int(side) for side in self._tensor(self._main.inputs[0]).shape)

    def quantised(self) -> bool:
        """Whether it calculates in integers, whatever goes in."""
        first = self._kind(self._main.operators[0])
        return first == "QUANTIZE" or self._input_type() != "FLOAT32"

    def from_teachable_machine(self) -> bool:
        names = {bytes(tensor.name or b"") for tensor in self._main.tensors}
        return {b"Conv1/kernel", b"dense_Dense1/kernel/transpose"} <= names

    def pixel_span(self) -> tuple[float, float]:
        """Guess what 0 and 255 have to become, as for Keras models."""
        names = b" ".join(bytes(tensor.name or b"") for tensor in self._main.tensors).lower()
        if self._kind(self._main.operators[0]) in ("MUL", "SUB", "ADD", "DIV"):
            return 0.0, 255.0
        if self.from_teachable_machine() or b"mobilenet" in names or b"inception" in names:
            return -1.0, 1.0
        return 0.0, 1.0

    def without_softmax(self) -> bytes | None:
        """The model ending before its last softmax, or None if it has none at its end."""
        import flatbuffers

        produced = {int(op.outputs[0]): op for op in self._main.operators}
        tensor = int(self._main.outputs[0])
        while tensor in produced:
            operation = produced[tensor]
            tensor = int(operation.inputs[0])
            kind = self._kind(operation)
            if kind == "SOFTMAX" and operation.builtinOptions.beta == 1:
                break
            if kind not in ("QUANTIZE", "DEQUANTIZE", "RESHAPE"):
                return None
        else:
            return None
        self._main.outputs = [tensor]
        # What is behind the new output is not needed, names of the old one would mislead.
        del self._main.operators[self._main.operators.index(operation) :]
        self._model.signatureDefs = None
        builder = flatbuffers.Builder(1 << 20)
        builder.Finish(self._model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def _tensor(self, index: int) -> Any:
        return self._main.tensors[index]

    def _input_type(self) -> str:
        return _name_in(self._schema.TensorType, self._tensor(self._main.inputs[0]).type)

    def _kind(self, operation: Any) -> str:
        return self._kinds[operation.opcodeIndex]

    def _named(self, code: Any) -> str:
        number = max(code.builtinCode, code.deprecatedBuiltinCode)
        return _name_in(self._schema.BuiltinOperator, number)
