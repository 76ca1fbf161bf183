"""The way back through single operations of a network, made of operations that LiteRT has.

The gradient of a convolution is a convolution too, with the filter turned around. Where it
strode by s, every s-th row and column of the gradient sees the same few taps: each of these
phases is a small convolution, and then they are laid between each other. That of ReLU is a
mask. Constant factors are put into the filters of the convolution that follows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

STEEP = 1e20
"""Makes a step of 0 to 1 of everything above 0: min(STEEP · value, 1)."""
PASSED_THROUGH = {
    "Add", "AddV2", "BiasAdd", "Cast", "ConcatV2", "Const", "Fill", "Identity", "MatMul", "Mean",
    "Mul", "NoOp", "Pack", "Placeholder", "Prod", "ReadVariableOp", "RealDiv", "Reshape",
    "Rsqrt", "Shape", "Squeeze", "StridedSlice", "Sub", "Sum", "Transpose",
}  # fmt: skip
"""Operations whose own gradients are made of what LiteRT has."""


class NotInTable(Exception):
    """An operation, or a use of one, whose way back is not written down here."""


@dataclass(frozen=True)
class Phase:
    """Those places of one axis of a gradient that see the same taps of a filter.

    Attributes:
        taps: which taps of the filter, in the order of the values that they are multiplied with.
        pads: zeros before and after the values, so that as many come out as there are places;
            fewer than none where values are not seen.
    """

    taps: tuple[int, ...]
    pads: tuple[int, int]


def phases(size: int, count: int, extent: int, stride: int, before: int) -> list[Phase]:
    """How the gradient along one axis follows from the values behind a convolution.

    Args:
        size: places before the convolution; `count`: places behind it.
        extent: taps of the filter; the first of them lay on place −`before`.

    Returns:
        One for each of the places 0 … stride − 1, for it and every stride-th after it.
    """
    places, found = -(-size // stride), []
    for place in range(stride):
        # The filter's tap t lay on this place when it was at (place + before − t) / stride.
        first = (place + before) % stride
        taps = tuple(range(first, extent, stride))[::-1]
        if not taps:
            raise NotInTable("strides that leave places out")
        nearest = (place + before) // stride
        found.append(Phase(taps, (len(taps) - 1 - nearest, places - count + nearest)))
    return found


def _constant(tensor: Any) -> np.ndarray:
    import tensorflow as tf

    operation = tensor.op
    while operation.type == "Identity":
        operation = operation.inputs[0].op
    if operation.type != "Const":
        raise NotInTable("filters that are no constants")
    return tf.make_ndarray(operation.get_attr("value"))


def _without_factors(gradient: Any) -> tuple[Any, np.ndarray]:
    """What a gradient is a constant multiple of, and the factors of its channels (C,) or ()."""
    factors = np.ones((), np.float32)
    while gradient.op.type == "Mul" and gradient.op.inputs[1].op.type == "Const":
        factor = _constant(gradient.op.inputs[1])
        if factor.ndim > 1:
            break
        factors, gradient = factors * factor, gradient.op.inputs[0]
    return gradient, factors


def _relu(operation: Any, gradient: Any) -> Any:
    import tensorflow as tf

    return gradient * tf.minimum(operation.outputs[0] * STEEP, 1.0)


def _relu6(operation: Any, gradient: Any) -> Any:
    import tensorflow as tf

    output = operation.outputs[0]
    # A mask of 0 and 6, because LiteRT cuts off at 6 without a step of its own.
    mask = tf.nn.relu6(tf.minimum(output, 6.0 - output) * STEEP)
    return gradient * mask * tf.constant(1 / 6)


def _sigmoid(operation: Any, gradient: Any) -> Any:
    output = operation.outputs[0]
    return gradient * output * (1.0 - output)


def _tanh(operation: Any, gradient: Any) -> Any:
    output = operation.outputs[0]
    return gradient * (1.0 - output * output)


def _batch_norm(operation: Any, gradient: Any, *unused: Any) -> list[Any]:
    _, scale, _, _, variance = (
        None if index == 0 else _constant(one) for index, one in enumerate(operation.inputs)
    )
    if operation.get_attr("is_training"):
        raise NotInTable("normalisation that is still learning")
    factor = scale / np.sqrt(variance + operation.get_attr("epsilon"))
    return [gradient * factor, None, None, None, None]


def _convolution(operation: Any, gradient: Any) -> list[Any]:
    import tensorflow as tf

    kernel = _constant(operation.inputs[1])
    if operation.inputs[0].shape[3] != kernel.shape[2]:
        raise NotInTable("grouped convolutions")
    values, factors = _without_factors(gradient)
    kernel = (kernel * factors).transpose(0, 1, 3, 2)

    def convolve(down: list[Phase], across: list[Phase]) -> Any:
        # All phases at once, which fills the width of the processor's registers.
        rows, columns = _together(down), _together(across)
        whole = np.zeros((rows.size, columns.size, kernel.shape[2], 0), np.float32)
        for top, left in product(rows.starts, columns.starts):
            filters = np.zeros((*whole.shape[:3], kernel.shape[3]), np.float32)
            taps = kernel[np.ix_(top[1].taps, left[1].taps)]
            filters[top[0] : top[0] + len(taps), left[0] : left[0] + taps.shape[1]] = taps
            whole = np.concatenate([whole, filters], axis=3)
        return tf.nn.conv2d(_padded(values, rows.pads, columns.pads), whole, 1, "VALID")

    return [_back_through_filter(operation, values, kernel.shape, convolve), None]


def _depthwise(operation: Any, gradient: Any) -> list[Any]:
    import tensorflow as tf

    kernel = _constant(operation.inputs[1])
    if kernel.shape[3] != 1:
        raise NotInTable("depthwise convolutions with several filters")
    values, factors = _without_factors(gradient)
    kernel = kernel * (factors[:, np.newaxis] if factors.ndim else factors)

    def convolve(down: list[Phase], across: list[Phase]) -> Any:
        parts = [
            tf.nn.depthwise_conv2d(
                _padded(values, one.pads, other.pads),
                kernel[np.ix_(one.taps, other.taps)],
                [1, 1, 1, 1],
                "VALID",
            )
            for one, other in product(down, across)
        ]
        return tf.concat(parts, 3) if len(parts) > 1 else parts[0]

    return [_back_through_filter(operation, values, kernel.shape, convolve), None]


@dataclass(frozen=True)
class Together:
    """All phases of an axis in one filter: its size, where each begins in it, and the pads."""

    size: int
    starts: list[tuple[int, Phase]]
    pads: tuple[int, int]


def _together(found: list[Phase]) -> Together:
    first = max(one.pads[0] for one in found)
    starts = [(first - one.pads[0], one) for one in found]
    size = max(start + len(one.taps) for start, one in starts)
    # As many values more are needed at the end as the filter is longer than this phase.
    last = found[0].pads[1] + size - len(found[0].taps) - starts[0][0]
    return Together(size, starts, (first, last))


def _back_through_filter(
    operation: Any,
    values: Any,
    extents: tuple[int, ...],
    convolve: Callable[[list[Phase], list[Phase]], Any],
) -> Any:
    """The gradient for a convolution's input, from that for its output.

    Args:
        convolve: gives all phases, one behind the other along the channels.
    """
    import tensorflow as tf

    if list(operation.get_attr("dilations")) != [1, 1, 1, 1]:
        raise NotInTable("dilated convolutions")
    if operation.get_attr("padding") not in (b"SAME", b"VALID"):
        raise NotInTable("explicit padding")
    stride, across = operation.get_attr("strides")[1:3]
    if stride != across:
        raise NotInTable("strides that differ")
    around = _zeros_around(operation.inputs[0])
    axes, sizes = [], []
    for axis in (1, 2):
        size, count, extent = operation.inputs[0].shape[axis], values.shape[axis], extents[axis - 1]
        reached = (count - 1) * stride + extent
        same = operation.get_attr("padding") == b"SAME"
        before = max(reached - size, 0) // 2 if same else 0
        # Of zeros that were put around before, nobody asks for the gradient.
        sizes.append(size - sum(around[axis]))
        axes.append(phases(sizes[-1], count, extent, stride, before + around[axis][0]))
    whole = convolve(*axes)
    whole = whole if stride == 1 else tf.nn.depth_to_space(whole, stride)
    if list(whole.shape[1:3]) != sizes:
        whole = whole[:, : sizes[0], : sizes[1]]
    # `_pad` takes these zeros away again.
    return tf.pad(whole, around) if any(map(sum, around)) else whole


def _padded(values: Any, down: tuple[int, int], across: tuple[int, int]) -> Any:
    import tensorflow as tf

    top, bottom, left, right = (max(-zeros, 0) for zeros in (*down, *across))
    if top or bottom or left or right:
        values = values[:, top : values.shape[1] - bottom, left : values.shape[2] - right]
    pads = [(0, 0), *((max(first, 0), max(last, 0)) for first, last in (down, across)), (0, 0)]
    return tf.pad(values, pads) if any(map(sum, pads)) else values


def _zeros_around(tensor: Any) -> list[tuple[int, int]]:
    """By how many zeros an operation before has padded the sides of each axis."""
    if tensor.op.type != "Pad":
        return [(0, 0)] * 4
    return [(int(first), int(last)) for first, last in _constant(tensor.op.inputs[1])]


def _pad(operation: Any, gradient: Any) -> list[Any]:
    import tensorflow as tf

    around = _zeros_around(operation.outputs[0])
    if gradient.op.type == "Pad" and _zeros_around(gradient) == around:
        return [gradient.op.inputs[0], None]
    starts = [first for first, _ in around]
    return [tf.slice(gradient, starts, operation.inputs[0].shape), None]


def _windows(operation: Any) -> tuple[int, int]:
    """Height and width of windows that lie side by side and fill the map."""
    sides = operation.get_attr("ksize")[1:3]
    size = operation.inputs[0].shape[1:3]
    beside = list(operation.get_attr("strides")[1:3]) == list(sides)
    if not beside or any(length % side for length, side in zip(size, sides, strict=True)):
        raise NotInTable("pooling with windows that overlap or leave a rest")
    return sides[0], sides[1]


def _repeated(values: Any, down: int, across: int) -> Any:
    import tensorflow as tf

    size = (values.shape[1] * down, values.shape[2] * across)
    return tf.compat.v1.image.resize_nearest_neighbor(values, size)


def _max_pool(operation: Any, gradient: Any) -> Any:
    import tensorflow as tf

    down, across = _windows(operation)
    largest = _repeated(operation.outputs[0], down, across)
    chosen = 1.0 - tf.minimum((largest - operation.inputs[0]) * STEEP, 1.0)
    # Where several are the largest, they share the gradient (TensorFlow: the first has it).
    share = tf.nn.avg_pool2d(chosen, [down, across], [down, across], "VALID")
    return _repeated(gradient / (share * float(down * across)), down, across) * chosen


def _average_pool(operation: Any, gradient: Any) -> Any:
    down, across = _windows(operation)
    return _repeated(gradient, down, across) / float(down * across)


WAYS_BACK: dict[str, Callable[..., Any]] = {
    "Relu": _relu,
    "Relu6": _relu6,
    "Sigmoid": _sigmoid,
    "Tanh": _tanh,
    "FusedBatchNormV3": _batch_norm,
    "Conv2D": _convolution,
    "DepthwiseConv2dNative": _depthwise,
    "Pad": _pad,
    "MaxPool": _max_pool,
    "AvgPool": _average_pool,
}
