"""Trains the parade's classifier; the only module of the parade that needs TensorFlow."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from backend.classifiers.cutting import write_parts
from backend.classifiers.shipping import ship
from backend.parade.characters import CHARACTERS
from backend.parade.drawing import draw_scene
from backend.parade.weathering import weathered

INPUT_HEIGHT, INPUT_WIDTH = 96, 128
FIRST_TRAINING_SEED = 1_000_000  # tests and lessons draw from the seeds below
SEED = 20
PICTURES, EPOCHS, BATCH = 9000, 14, 50
LABEL_SMOOTHING = 0.1
LABELS = sorted(CHARACTERS)

Report = Callable[[str], None]


def fitted(picture: np.ndarray) -> np.ndarray:
    """A picture stretched to the classifier's input, as the backend does it: (96, 128, 3) uint8."""
    image = Image.fromarray(picture)
    return np.asarray(image.resize((INPUT_WIDTH, INPUT_HEIGHT), Image.Resampling.LANCZOS))


def _example(seed: int) -> tuple[np.ndarray, int]:
    character = LABELS[seed % len(LABELS)]  # equally many of each
    return fitted(draw_scene(seed, character).picture), LABELS.index(character)


def draw_examples(count: int, report: Report) -> tuple[np.ndarray, np.ndarray]:
    """Draw training pictures on all cores: (count, 96, 128, 3) uint8 and (count,) class numbers."""
    pictures = np.empty((count, INPUT_HEIGHT, INPUT_WIDTH, 3), np.uint8)
    classes = np.empty(count, int)
    seeds = range(FIRST_TRAINING_SEED, FIRST_TRAINING_SEED + count)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for number, (picture, label) in enumerate(pool.map(_example, seeds, chunksize=50)):
            pictures[number], classes[number] = picture, label
            if (number + 1) % 1000 == 0:
                report(f"drew {number + 1} of {count} pictures")
    return pictures, classes


def _batches(
    pictures: np.ndarray, classes: np.ndarray, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    targets = np.eye(len(LABELS), dtype=np.float32)[classes]
    order = rng.permutation(len(pictures))
    for start in range(0, len(order) - BATCH + 1, BATCH):
        chosen = order[start : start + BATCH]
        batch = np.stack([weathered(picture, rng) for picture in pictures[chosen]])
        yield batch.astype(np.float32) / 127.5 - 1, targets[chosen]


def build_network(keras: Any) -> Any:
    """A small convolutional network; the layer "scores" holds the pre-softmax scores."""
    layers = keras.layers
    stack = [layers.Input((INPUT_HEIGHT, INPUT_WIDTH, 3))]
    for number, (filters, size, stride, pool) in enumerate(
        (
            (24, 5, 2, False),
            (32, 3, 2, False),
            (48, 3, 1, True),
            (64, 3, 1, False),
            (96, 3, 1, False),
        ),
        start=1,
    ):
        stack += [
            layers.Conv2D(filters, size, strides=stride, padding="same", use_bias=False,
                          name=f"conv_{number}"),
            layers.BatchNormalization(momentum=0.9, name=f"norm_{number}"),
            layers.ReLU(name=f"relu_{number}"),
        ]  # fmt: skip
        if pool:
            stack.append(layers.MaxPooling2D(name=f"pool_{number}"))
    stack += [
        layers.GlobalAveragePooling2D(name="average"),
        layers.Dense(len(LABELS), name="scores"),
        layers.Softmax(name="confidence"),
    ]
    return keras.Sequential(stack, name="parade")


def train(folder: Path, report: Report, pictures: int = PICTURES, epochs: int = EPOCHS) -> None:
    """Draw, train and write classifier.keras, classifier.tflite and model.json to a folder.

    Everything is seeded: the same machine gives the same weights again.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    examples, classes = draw_examples(pictures, report)
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()
    network = build_network(keras)
    steps = epochs * (pictures // BATCH)
    network.compile(
        optimizer=keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(
                1e-4, steps, warmup_target=4e-3, warmup_steps=steps // 15, alpha=0.01
            ),
            weight_decay=0.01,
        ),
        loss=keras.losses.CategoricalCrossentropy(label_smoothing=LABEL_SMOOTHING),
        metrics=["accuracy"],
    )
    rng = np.random.default_rng(SEED)
    for epoch in range(epochs):
        for batch, targets in _batches(examples, classes, rng):
            loss, accuracy = network.train_on_batch(batch, targets)
        report(f"epoch {epoch + 1} of {epochs}: loss {loss:.3f}, {accuracy:.1%} right when covered")
        network.reset_metrics()
    save(network, folder)


def save(network: Any, folder: Path) -> None:
    """Write a trained network in all the forms that ship."""
    import keras

    bare = build_network(keras)  # without the optimizer's memory, a third of the size
    bare.set_weights(network.get_weights())
    scores = keras.Model(bare.inputs, bare.get_layer("scores").output)
    about = {
        "name": "Parade",
        "labels": LABELS,
        "input": {"height": INPUT_HEIGHT, "width": INPUT_WIDTH},
        "fit": "stretch",
        "layers": [layer.name for layer in bare.layers if layer.name.startswith("relu_")],
        "source": "drawn and trained by python -m backend.parade train",
    }
    ship(bare, scores, folder, about)
    write_parts(folder)
