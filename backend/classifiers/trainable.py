"""Networks that learn, in Keras: a frozen extractor under a new head, and a small network.

Runs where TensorFlow may be loaded: in the process that teaches, and at a terminal.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from backend.classifiers.backbones import TAUGHT_HEAD
from backend.classifiers.keras_files import opened
from backend.classifiers.model import ORIGINAL_FILES, Model
from backend.classifiers.quiet import quiet
from backend.errors import CannotUse

AT_ONCE = 32
SMALL_SIDE_PX = 96
SMALL_PIXELS = (-1.0, 1.0)
_BLOCKS = ((24, 5, 2), (32, 3, 2), (48, 3, 2), (64, 3, 1))
"""Filters, side and stride of the small network's convolutions: 96 px become 12 × 12 maps."""
_LAST_MAPS = -3
_QUIET = 1e-5
"""How much the network is asked to keep its last maps at 0 (an L1 norm): what is not needed for
the answer, such as most of a background, then does not show in them."""
Dense = tuple[np.ndarray, np.ndarray]


class Extractor:
    """A model's network up to its last feature maps; what comes behind them is left away."""

    def __init__(self, model: Model):
        """Read the model's Keras file.

        Raises:
            CannotUse: it has none, or none of the kind that begins with the picture.
        """
        found = [model.folder / name for name in ORIGINAL_FILES]
        file = next((path for path in found if path.is_file()), None)
        if file is None or model.channels != "rgb":
            raise _no_extractor()
        with opened(file) as (architecture, load_weights), quiet():
            whole = architecture.build()
            load_weights(whole)
        if architecture.legacy:
            import tf_keras as keras
        else:
            import keras
        self._framework: Any = keras
        self._suffix = ".h5" if architecture.legacy else ".keras"
        inner = _first_part(whole)
        layer = next((layer for layer in reversed(inner.layers) if _is_map(layer)), None)
        if layer is None:
            raise _no_extractor()
        self._network = keras.Model(inner.inputs[0], layer.output)
        self.input_size, self.fit, self.pixels = model.input_size, model.fit, model.pixels

    def maps(self, batch: np.ndarray) -> np.ndarray:
        """Feature maps (N, h, w, C) float32 of fitted pictures (N, H, W, 3) uint8."""
        lowest, highest = self.pixels
        pieces = []
        for start in range(0, len(batch), AT_ONCE):
            piece = batch[start : start + AT_ONCE].astype(np.float32)
            scaled = piece * ((highest - lowest) / 255) + lowest
            pieces.append(self._network(scaled, training=False).numpy())
        return np.concatenate(pieces)

    def write(self, hidden: Dense, scores: Dense, folder: Path) -> Path:
        """Save a classifier: these maps, their means, and two dense layers.

        Args:
            hidden: kernel (C, n) and bias (n,) of a layer that ends with ReLU.
            scores: kernel (n, K) and bias (K,) of the one before softmax.

        Returns:
            The Keras file.
        """
        layers = self._framework.layers
        mean = layers.GlobalAveragePooling2D(name="taught_average")(self._network.output)
        first = layers.Dense(hidden[1].size, activation="relu", name=TAUGHT_HEAD)
        last = layers.Dense(scores[1].size, activation="softmax", name="taught_confidence")
        model = self._framework.Model(self._network.inputs[0], last(first(mean)))
        first.set_weights(list(hidden))
        last.set_weights(list(scores))
        file = folder / f"model{self._suffix}"
        with quiet():
            model.save(file)
        return file


class SmallNetwork:
    """A small convolutional network that learns from nothing; its last maps are averaged."""

    input_size, fit, pixels = (SMALL_SIDE_PX, SMALL_SIDE_PX), "crop", SMALL_PIXELS

    def __init__(self, outputs: int, seed: int, steps: int):
        """Begin with weights by chance.

        Args:
            steps: how many batches it will learn from, for the rate of learning.
        """
        import keras

        keras.utils.set_random_seed(seed)
        layers = keras.layers
        self._keras = keras
        stack: list[Any] = [layers.Input((*self.input_size, 3))]
        for number, (filters, side, stride) in enumerate(_BLOCKS, 1):
            stack += [
                layers.Conv2D(filters, side, stride, "same", use_bias=False, name=f"conv_{number}"),
                layers.BatchNormalization(momentum=0.8, name=f"norm_{number}"),
                layers.ReLU(name=f"relu_{number}"),
            ]
        stack += [
            layers.GlobalAveragePooling2D(name="average"),
            layers.Dense(outputs, activation="softmax", name="confidence"),
        ]
        self._network = keras.Sequential(stack, name="taught")
        self._network.layers[_LAST_MAPS].activity_regularizer = keras.regularizers.L1(_QUIET)
        rate = keras.optimizers.schedules.CosineDecay(3e-3, max(steps, 1), alpha=0.02)
        self._network.compile(
            optimizer=keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy"
        )
        self._maps = keras.Model(self._network.inputs[0], self._network.layers[_LAST_MAPS].output)
        self._network.optimizer.build(self._network.trainable_variables)

    def learn(self, batch: np.ndarray, classes: np.ndarray) -> float:
        """One step with pictures (N, 96, 96, 3) uint8 and their class numbers; gives the loss."""
        return float(self._network.train_on_batch(self._scaled(batch), classes))

    def maps(self, batch: np.ndarray) -> np.ndarray:
        """The last feature maps (N, 12, 12, C) float32 of fitted pictures (uint8)."""
        pieces = [
            self._maps(self._scaled(batch[start : start + AT_ONCE]), training=False).numpy()
            for start in range(0, len(batch), AT_ONCE)
        ]
        return np.concatenate(pieces)

    @property
    def scores(self) -> Dense:
        """Kernel (C, K) and bias (K,) of the layer behind the averaged maps."""
        kernel, bias = self._network.layers[-1].get_weights()
        return kernel, bias

    def state(self) -> dict[str, np.ndarray]:
        """All that is needed to go on later as if nothing had happened."""
        values = [*self._network.variables, *self._network.optimizer.variables]
        return {f"value {at}": value.numpy() for at, value in enumerate(values)}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Go on from `state`."""
        values = [*self._network.variables, *self._network.optimizer.variables]
        for at, value in enumerate(values):
            value.assign(state[f"value {at}"])

    def write(self, folder: Path) -> Path:
        """Save the classifier; gives its Keras file."""
        config = self._network.get_config()
        for layer in config["layers"]:
            layer["config"].pop("activity_regularizer", None)  # nobody needs it any more
        bare = self._keras.Sequential.from_config(config)
        bare.set_weights(self._network.get_weights())
        file = folder / "model.keras"
        bare.save(file)
        return file

    def _scaled(self, batch: np.ndarray) -> np.ndarray:
        lowest, highest = self.pixels
        return batch.astype(np.float32) * ((highest - lowest) / 255) + lowest


def _first_part(model: Any) -> Any:
    """Follow nested models from the picture inwards: the part that the picture enters."""
    layers: Sequence[Any] = model.layers
    first = next((layer for layer in layers if type(layer).__name__ != "InputLayer"), None)
    return _first_part(first) if getattr(first, "layers", None) else model


def _is_map(layer: Any) -> bool:
    shape = tuple(getattr(getattr(layer, "output", None), "shape", ()))
    return len(shape) == 4 and shape[1] not in (None, 1) and shape[2] not in (None, 1)


def _no_extractor() -> CannotUse:
    return CannotUse(
        "no_extractor",
        "This classifier cannot be built upon.",
        "Choose Peekaboo's own eyes, or a Teachable Machine export for Keras.",
    )
