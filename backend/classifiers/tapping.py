"""A layer of a Keras model tapped while the model is called: its output seen, or replaced."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def watched(layer: Any, watch: Callable[[Any], None] = lambda output: None) -> Iterator[list[Any]]:
    """Collect what a layer gives, and show it to `watch`, such as a tape's."""
    call, outputs = layer.call, []

    def watching(*arguments: Any, **named: Any) -> Any:
        outputs.append(call(*arguments, **named))
        watch(outputs[-1])
        return outputs[-1]

    with _calling(layer, watching):
        yield outputs


@contextmanager
def replaced(layer: Any, output: Any) -> Iterator[None]:
    """Let a layer give `output`, whatever it gets."""
    with _calling(layer, lambda *arguments, **named: output):
        yield


@contextmanager
def _calling(layer: Any, call: Callable) -> Iterator[None]:
    # Past Keras' own bookkeeping of attributes, which is not made for functions.
    object.__setattr__(layer, "call", call)
    try:
        yield
    finally:
        object.__delattr__(layer, "call")
