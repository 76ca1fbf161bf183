"""Gradients as a LiteRT file: the way back through the network, in operations that LiteRT has.

TensorFlow's own gradient operations do not exist there, and are slow on ordinary cores. The
gradient of a convolution is a convolution too, with the filter turned around and zeros put
between the values where it strode; that of ReLU is a mask. A network with an operation that
is not in the table stays with TensorFlow.
"""

import logging
from collections.abc import Callable
from typing import Any

import numpy as np

MARK = "_gradient_op_type"
STEEP = 1e20
"""Makes a step of 0 to 1 of everything above 0: min(STEEP · value, 1)."""
log = logging.getLogger(__name__)


class NotInTable(Exception):
    """An operation, or a use of one, whose way back is not written down here."""


def compile_gradients(model: Any, shape: tuple[int, ...], outputs: int) -> bytes | None:
    """Compile a network and its way back, or give None where that cannot be done.

    The LiteRT model takes a picture (1, H, W, C) and weights (1, K), and gives scores (1, K)
    and the gradient (1, H, W, C) of the scores' weighted sum.

    Args:
        model: a Keras model that gives scores.
        shape: (H, W, C) of its input.
    """
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2 as freeze,
    )

    picture = tf.TensorSpec((1, *shape), tf.float32, "picture")
    weights = tf.TensorSpec((1, outputs), tf.float32, "weights")
    try:
        # Frozen first, so that the turned filters are constants too.
        call = tf.function(lambda picture: model(picture, training=False), autograph=False)
        forward = freeze(call.get_concrete_function(picture))
        there_and_back, names = _with_way_back(forward, weights)

        def run(picture: Any, weights: Any) -> list[Any]:
            given = {"picture": picture, "weights": weights}
            return tf.import_graph_def(there_and_back, given, return_elements=names)

        wrapped = tf.compat.v1.wrap_function(run, [picture, weights])
        return tf.lite.TFLiteConverter.from_concrete_functions([wrapped], tf.Module()).convert()
    except Exception as problem:
        # The converter raises its own and TensorFlow's exceptions for parts it cannot do.
        log.info("gradients stay with TensorFlow: %s", str(problem)[:500])
        return None


def _with_way_back(forward: Any, weights: Any) -> tuple[Any, list[str]]:
    """The frozen graph with gradients, and the names of scores and gradient in it."""
    import tensorflow as tf

    definition, ways = forward.graph.as_graph_def(), _register()
    if unknown := sorted({node.op for node in definition.node} - set(ways) - PASSED_THROUGH):
        raise NotInTable(", ".join(unknown))
    for node in definition.node:
        if node.op in ways:
            node.attr[MARK].s = ways[node.op].encode()
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(definition, name="")
        scores = graph.get_tensor_by_name(forward.outputs[0].name)
        picture = graph.get_tensor_by_name(forward.inputs[0].name)
        shares = tf.compat.v1.placeholder(tf.float32, weights.shape, "weights")
        (gradient,) = tf.gradients(scores, picture, shares)
        made = graph.as_graph_def()
    for node in made.node:
        # The marks have done their work; the converter would look for what they name.
        node.attr.pop(MARK, None)
    return made, [scores.name, gradient.name]


PASSED_THROUGH = {
    "Add", "AddV2", "BiasAdd", "Cast", "ConcatV2", "Const", "Fill", "Identity", "MatMul", "Mean",
    "Mul", "NoOp", "Pack", "Pad", "Placeholder", "Prod", "ReadVariableOp", "RealDiv", "Reshape",
    "Rsqrt", "Shape", "Squeeze", "StridedSlice", "Sub", "Sum", "Transpose",
}  # fmt: skip
"""Operations whose own gradients are made of what LiteRT has."""


def _register() -> dict[str, str]:
    """Operation → name under which its way back is known to TensorFlow."""
    import tensorflow as tf

    names = {}
    for kind, way_back in WAYS_BACK.items():
        names[kind] = f"PeekabooBack{kind}"
        try:
            tf.RegisterGradient(names[kind])(way_back)
        except KeyError:  # It was registered before.
            continue
    return names


def _constant(tensor: Any) -> np.ndarray:
    import tensorflow as tf

    operation = tensor.op
    while operation.type == "Identity":
        operation = operation.inputs[0].op
    if operation.type != "Const":
        raise NotInTable("filters that are no constants")
    return tf.make_ndarray(operation.get_attr("value"))


def _relu(operation: Any, gradient: Any) -> Any:
    import tensorflow as tf

    return gradient * tf.minimum(operation.outputs[0] * STEEP, 1.0)


def _relu6(operation: Any, gradient: Any) -> Any:
    import tensorflow as tf

    output = operation.outputs[0]
    return gradient * tf.minimum(tf.minimum(output, 6.0 - output) * STEEP, 1.0)


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
    spread = _spread(operation, gradient)
    turned = np.ascontiguousarray(kernel[::-1, ::-1].transpose(0, 1, 3, 2))
    return [tf.nn.conv2d(spread, turned, 1, "VALID"), None]


def _depthwise(operation: Any, gradient: Any) -> list[Any]:
    import tensorflow as tf

    kernel = _constant(operation.inputs[1])
    if kernel.shape[3] != 1:
        raise NotInTable("depthwise convolutions with several filters")
    spread = _spread(operation, gradient)
    turned = np.ascontiguousarray(kernel[::-1, ::-1])
    return [tf.nn.depthwise_conv2d(spread, turned, [1, 1, 1, 1], "VALID"), None]


def _spread(operation: Any, gradient: Any) -> Any:
    """The gradient with zeros between its values and around, ready for the turned filter."""
    import tensorflow as tf

    if list(operation.get_attr("dilations")) != [1, 1, 1, 1]:
        raise NotInTable("dilated convolutions")
    if operation.get_attr("padding") not in (b"SAME", b"VALID"):
        raise NotInTable("explicit padding")
    same = operation.get_attr("padding") == b"SAME"
    strides = operation.get_attr("strides")[1:3]
    pads = [(0, 0)]
    for axis, stride in enumerate(strides):
        size, extent = operation.inputs[0].shape[1 + axis], operation.inputs[1].shape[axis]
        count = gradient.shape[1 + axis]
        reached = (count - 1) * stride + extent
        before = max(reached - size, 0) // 2 if same else 0
        first = extent - 1 - before
        pads.append((first, size + extent - 1 - ((count - 1) * stride + 1) - first))
    spread = _with_zeros(gradient, strides[0], strides[1])
    if not any(sum(pad) for pad in pads):
        return spread
    return tf.pad(spread, [*pads, (0, 0)])


def _with_zeros(values: Any, down: int, across: int) -> Any:
    import tensorflow as tf

    _, height, width, channels = values.shape
    if across > 1:
        columns = tf.reshape(values, (height * width, 1, channels))
        columns = tf.pad(columns, [(0, 0), (0, across - 1), (0, 0)])
        values = tf.reshape(columns, (1, height, width * across, channels))
        values = values[:, :, : (width - 1) * across + 1]
        width = (width - 1) * across + 1
    if down > 1:
        rows = tf.reshape(values, (height, 1, width * channels))
        rows = tf.pad(rows, [(0, 0), (0, down - 1), (0, 0)])
        values = tf.reshape(rows, (1, height * down, width, channels))
        values = values[:, : (height - 1) * down + 1]
    return values


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
    # Where several are the largest, each gets the gradient; with ReLU before, those are zeros.
    chosen = 1.0 - tf.minimum((largest - operation.inputs[0]) * STEEP, 1.0)
    return _repeated(gradient, down, across) * chosen


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
    "MaxPool": _max_pool,
    "AvgPool": _average_pool,
}
