"""Gradients as a LiteRT file: the way back through the network, in operations that LiteRT has.

TensorFlow's own gradient operations do not exist there, and are slow on ordinary cores. What
takes their place is in `ways_back`; a network with an operation that is not in that table
stays with TensorFlow.
"""

import logging
from typing import Any

from backend.classifiers.tapping import watched
from backend.classifiers.ways_back import PASSED_THROUGH, WAYS_BACK, NotInTable

MARK = "_gradient_op_type"
log = logging.getLogger(__name__)


def compile_gradients(
    model: Any, shape: tuple[int, ...], outputs: int, layer: Any = None
) -> bytes | None:
    """Compile a network and its way back, or give None where that cannot be done.

    The LiteRT model takes a picture (1, H, W, C) and weights (1, K), and gives scores (1, K)
    and the gradient (1, H, W, C) of the scores' weighted sum; or with a layer the scores, what
    the layer gives, and the gradient for that.

    Args:
        model: a Keras model that gives scores.
        shape: (H, W, C) of its input.
        layer: a layer of the model.
    """
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2 as freeze,
    )

    picture = tf.TensorSpec((1, *shape), tf.float32, "picture")
    weights = tf.TensorSpec((1, outputs), tf.float32, "weights")

    def forward(picture: Any) -> list[Any]:
        if layer is None:
            return [model(picture, training=False)]
        with watched(layer) as maps:
            return [model(picture, training=False), maps[-1]]

    try:
        # Frozen first, so that the turned filters are constants too.
        function = tf.function(forward, autograph=False)
        there = freeze(function.get_concrete_function(picture))
        there_and_back, names = _with_way_back(there, weights)

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
    """The frozen graph with gradients, and the names of what is asked of it."""
    import tensorflow as tf

    definition, ways = forward.graph.as_graph_def(), _register()
    if unknown := sorted({node.op for node in definition.node} - set(ways) - PASSED_THROUGH):
        raise NotInTable(", ".join(unknown))
    for node in definition.node:
        if node.op in ways:
            node.attr[MARK].s = ways[node.op].encode()
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(definition, name="")
        found = [graph.get_tensor_by_name(output.name) for output in forward.outputs]
        # What a function gives is a copy of what the layer gave.
        place = found[1].op.inputs[0] if len(found) > 1 else forward.inputs[0].name
        place = graph.as_graph_element(place)
        shares = tf.compat.v1.placeholder(tf.float32, weights.shape, "weights")
        (gradient,) = tf.gradients(found[0], place, shares)
        if gradient is None:
            raise NotInTable("a layer that the scores do not depend on")
        made = graph.as_graph_def()
    for node in made.node:
        # The marks have done their work; the converter would look for what they name.
        node.attr.pop(MARK, None)
        if node.op == "AddN" and len(node.input) == 2:
            # The same, and one that LiteRT's quick kernels know.
            node.op = "AddV2"
            del node.attr["N"]
    return made, [one.name for one in (*found, gradient)]


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
