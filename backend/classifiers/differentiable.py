"""The way with gradients: a model's own Keras file in TensorFlow.

TensorFlow is loaded when the first of these is opened, so open them only where that may
take seconds and hundreds of megabytes: in a worker process, or at a terminal.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from backend.classifiers.compiled import GREY_WEIGHTS
from backend.classifiers.compiled_gradients import CompiledGradients, ThereAndBack
from backend.classifiers.gradient_graph import compile_gradients
from backend.classifiers.gradients import Layer, Paint, in_batches
from backend.classifiers.keras_files import Architecture, opened
from backend.classifiers.logits import without_softmax
from backend.classifiers.model import ORIGINAL_FILES, Model
from backend.classifiers.quiet import quiet
from backend.classifiers.tapping import replaced, watched
from backend.errors import BadSetting, CannotUse

PIXELS_AT_ONCE = 8 * 224 * 224
"""Larger batches are cut: they would need more memory, and are slower on ordinary cores."""
MOST_AT_ONCE = 64
MOST_LAYERS = 4
"""Layers kept compiled; each takes about 20 MB for a MobileNetV2."""


class Differentiable:
    """A Keras model of which gradients can be taken; a `Network` for one thread at a time."""

    def __init__(self, model: Model):
        """Read the model's Keras file.

        Raises:
            CannotUse: it has none, or it is damaged.
        """
        files = [model.folder / name for name in ORIGINAL_FILES]
        found = next((file for file in files if file.is_file()), None)
        if found is None:
            raise no_gradients()
        with opened(found) as (architecture, load_weights):
            config = without_softmax(architecture.config)[0] if model.logits else None
            config = config or architecture.config
            with quiet():
                self._keras = Architecture(config, architecture.legacy).build()
                load_weights(self._keras)
        self.labels, self.input_size, self.fit = model.labels, model.input_size, model.fit
        self.has_logits = model.logits
        self._pixels, self._grey = model.pixels, model.channels == "grey"
        self._layers = dict(_named_layers(self._keras))
        self._at_once = max(1, min(MOST_AT_ONCE, PIXELS_AT_ONCE // int(np.prod(self.input_size))))
        self._shuffled = False
        self._function = lru_cache(maxsize=16)(self._trace)
        self._at_layer = lru_cache(maxsize=MOST_LAYERS)(self._compile)

    def scores(self, batch: np.ndarray) -> np.ndarray:
        """See `Network.scores`."""
        return self._run("scores", None, batch, 0, False)[0]

    def gradients(
        self, pictures: Iterable[Paint], target: int, softmax: bool = False
    ) -> Generator[tuple[float, np.ndarray]]:
        """See `Network.gradients`."""
        softmax = softmax and self.has_logits
        if not self._shuffled and self._quick:
            return self._quick.gradients(pictures, target, softmax)

        def run(batch: np.ndarray) -> list[np.ndarray]:
            return self._run("gradients", None, batch, target, softmax)

        return in_batches(pictures, run, self._at_once)

    @cached_property
    def _quick(self) -> CompiledGradients | None:
        """The same gradients in LiteRT, several times as fast; None if that cannot be."""
        compiled = self._compile(None)
        quick = CompiledGradients(compiled) if compiled else None
        agrees = quick and quick.agrees_with_itself(self.input_size, len(self.labels))
        return quick if agrees else None

    def _compile(self, layer: str | None) -> ThereAndBack | None:
        shape, outputs = (*self.input_size, 1 if self._grey else 3), len(self.labels)
        tapped = None if layer is None else self._layers[layer]
        with quiet():
            content = compile_gradients(self._keras, shape, outputs, tapped)
        return ThereAndBack(content, outputs, self._pixels, self._grey) if content else None

    def layers(self) -> list[Layer]:
        """See `Network.layers`."""
        return list(self._listed)

    @cached_property
    def _listed(self) -> list[Layer]:
        # Asking Keras takes several times as long as running the network.
        return [
            Layer(name, type(layer).__name__, _shape(layer), int(layer.count_params()))
            for name, layer in self._layers.items()
        ]

    def maps(self, batch: np.ndarray, layer: str) -> np.ndarray:
        """See `Network.maps`."""
        return self._run("maps", layer, batch, 0, False)[0]

    def maps_and_gradients(
        self, batch: np.ndarray, layer: str, target: int, softmax: bool = False
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """See `Network.maps_and_gradients`."""
        quick = layer in self._layers and not self._shuffled and self._at_layer(layer)
        if quick:
            found = [quick.of_target(one, target, softmax and self.has_logits) for one in batch]
            maps, gradients = (
                np.stack(parts) for parts in zip(*(rest for _, rest in found), strict=True)
            )
            return np.array([score for score, _ in found], np.float32), maps, gradients
        scores, maps, gradients = self._run("at layer", layer, batch, target, softmax)
        return scores, maps, gradients

    def gradients_from(
        self, maps: np.ndarray, layer: str, target: int, softmax: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """See `Network.gradients_from`."""
        scores, gradients = self._run("from layer", layer, maps, target, softmax)
        return scores, gradients

    @contextmanager
    def shuffled(self, layers: list[str], seed: int) -> Iterator[None]:
        """See `Network.shuffled`."""
        random = np.random.default_rng(seed)
        kept = {name: self._layers[name].get_weights() for name in layers}
        self._shuffled = True
        try:
            for name, weights in kept.items():
                mixed = [random.permutation(one.ravel()).reshape(one.shape) for one in weights]
                self._layers[name].set_weights(mixed)
            yield
        finally:
            self._shuffled = False
            for name, weights in kept.items():
                self._layers[name].set_weights(weights)

    def _run(
        self, what: str, layer: str | None, batch: np.ndarray, target: int, softmax: bool
    ) -> list[np.ndarray]:
        """Run one traced function over a batch, a piece at a time."""
        if layer is not None and layer not in self._layers:
            raise unknown_layer(layer, list(self._layers))
        if what != "from layer" and batch.shape[1:] != (*self.input_size, 3):
            raise ValueError(f"expected pictures (N, {self.input_size}, 3), got {batch.shape}")
        function = self._function(what, layer, softmax and self.has_logits)
        target_label = np.int32(target)
        answers = []
        for start in range(0, len(batch), self._at_once):
            piece = np.ascontiguousarray(batch[start : start + self._at_once], np.float32)
            answers.append([part.numpy() for part in function(piece, target_label)])
        return [np.concatenate(parts) for parts in zip(*answers, strict=True)]

    def _trace(self, what: str, layer: str | None, softmax: bool) -> Callable:
        import tensorflow as tf

        # It would warn that this is done again and again, as if it were for the same layer.
        tf.get_logger().setLevel("ERROR")
        tapped = None if layer is None else self._layers[layer]
        shape = _shape(tapped) if what == "from layer" else (*self.input_size, 3)
        signature = [tf.TensorSpec((None, *shape), tf.float32), tf.TensorSpec((), tf.int32)]

        def run(batch: Any, target: Any) -> list[Any]:
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(batch)
                if what == "from layer":
                    picture = tf.zeros((tf.shape(batch)[0], *self.input_size, 3))
                    tape.watch(picture)
                    with replaced(tapped, batch):
                        scores = self._scored(picture)
                elif tapped is not None:
                    with watched(tapped, tape.watch) as outputs:
                        scores = self._scored(batch)
                else:
                    scores = self._scored(batch)
                if softmax:
                    scores = tf.nn.softmax(scores)
                wanted = scores[:, target]
                total = tf.reduce_sum(wanted)
            if what == "scores":
                return [scores]
            if what == "maps":
                return [outputs[-1]]
            if what == "at layer":
                return [wanted, outputs[-1], tape.gradient(total, outputs[-1])]
            if what == "gradients":
                return [wanted, tape.gradient(total, batch)]
            gradient, around = tape.gradient(total, [batch, picture])
            if around is not None or gradient is None:
                raise _led_around(layer or "")
            return [wanted, gradient]

        return tf.function(run, input_signature=signature, autograph=False)

    def _scored(self, batch: Any) -> Any:
        import tensorflow as tf

        if self._grey:
            batch = tf.tensordot(batch, tf.constant(GREY_WEIGHTS), 1)[..., tf.newaxis]
        lowest, highest = self._pixels
        return self._keras(batch * ((highest - lowest) / 255) + lowest, training=False)


def load_framework() -> None:
    """Load TensorFlow now rather than with the first model."""
    import tensorflow  # noqa: F401


def no_gradients() -> CannotUse:
    """A model of which only the compiled form is here."""
    return CannotUse(
        "no_gradients",
        "This classifier gives no gradients: it came without a Keras file.",
        "Use occlusion, Shapley values or the smallest peek, or add its Keras export.",
    )


def unknown_layer(name: str, known: list[str]) -> BadSetting:
    """A layer that the model does not have."""
    return BadSetting(
        "bad_layer",
        f"This classifier has no layer “{name[:60]}”.",
        f"It has {len(known)}; some of them: {', '.join(known[-8:])}. "
        "The command “layers” lists all.",
    )


def _led_around(layer: str) -> CannotUse:
    return CannotUse(
        "layer_is_passed_by",
        f"Some of the network's ways lead past the layer “{layer[:60]}”.",
        "Choose a layer that everything passes through, such as the last of a block.",
    )


def _named_layers(model: Any) -> Iterator[tuple[str, Any]]:
    """Layers with their names, also of nested models, from input to output."""
    seen: dict[str, int] = {}
    for layer in _flat(model):
        seen[layer.name] = seen.get(layer.name, 0) + 1
        number = seen[layer.name]
        yield (layer.name if number == 1 else f"{layer.name}#{number}"), layer


def _flat(model: Any) -> Iterator[Any]:
    for layer in model.layers:
        if getattr(layer, "layers", None):
            yield from _flat(layer)
        elif type(layer).__name__ != "InputLayer":
            yield layer


def _shape(layer: Any) -> tuple[int, ...]:
    try:
        return tuple(int(side) for side in layer.output.shape[1:])
    except (AttributeError, TypeError, ValueError):
        # Used several times, or of open size: it has no single shape.
        return ()
