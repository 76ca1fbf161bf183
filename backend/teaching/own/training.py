"""Trains Peekaboo's own eyes; the only module of them that needs TensorFlow."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from backend.classifiers.shipping import ship
from backend.parade.weathering import weathered
from backend.teaching.own.pictures import ASKED, KINDS, SIDE_PX, draw

SEED = 7
PICTURES, EPOCHS, BATCH = 20_000, 6, 32
LEARNING_SIDE_PX = 64
"""It learns from smaller pictures than it is used on, which is as good and takes half the time."""
COVERED, SMALLEST_PART = 0.25, 0.8
WEIGHTS = {"thing": 1.0, "texture": 0.6, "colour": 0.4, "background": 0.4}
"""How much each question counts."""
BLOCKS = ((24, 5, 2), (40, 3, 2), (80, 3, 2), (96, 3, 1), (128, 3, 1), (192, 1, 1))
"""Filters, side and stride of the convolutions: 96 px become 12 × 12 maps."""

Report = Callable[[str], None]


def draw_examples(count: int, processes: int, report: Report) -> tuple[np.ndarray, np.ndarray]:
    """Draw pictures: (count, 96, 96, 3) uint8, and their answers (count, questions)."""
    pictures = np.empty((count, SIDE_PX, SIDE_PX, 3), np.uint8)
    answers = np.empty((count, len(ASKED)), int)
    with ProcessPoolExecutor(processes) as pool:
        for number, seen in enumerate(pool.map(draw, range(count), chunksize=100)):
            pictures[number], answers[number] = seen.picture, seen.answers
            if (number + 1) % 4000 == 0:
                report(f"drew {number + 1} of {count} pictures")
    return pictures, answers


def build_network(keras: Any, asked: dict[str, list[str]], side: int) -> Any:
    """A small convolutional network with a layer of scores for every question."""
    layers = keras.layers
    start = maps = layers.Input((side, side, 3), name="picture")
    for number, (filters, side, stride) in enumerate(BLOCKS, 1):
        maps = layers.Conv2D(filters, side, stride, "same", use_bias=False, name=f"conv_{number}")(
            maps
        )
        maps = layers.BatchNormalization(momentum=0.95, name=f"norm_{number}")(maps)
        maps = layers.ReLU(name=f"relu_{number}")(maps)
    mean = layers.GlobalAveragePooling2D(name="average")(maps)
    scores = {name: layers.Dense(len(all_), name=name)(mean) for name, all_ in asked.items()}
    return keras.Model(start, scores, name="own")


def _varied(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another look at a picture: a part of it, smaller, mirrored, in other light or covered."""
    side = int(SIDE_PX * rng.uniform(SMALLEST_PART, 1))
    top, left = rng.integers(0, SIDE_PX - side + 1, 2)
    part = Image.fromarray(picture[top : top + side, left : left + side])
    whole = np.asarray(part.resize((LEARNING_SIDE_PX, LEARNING_SIDE_PX), Image.Resampling.BOX))
    if rng.random() < COVERED:
        return weathered(whole, rng)
    mirrored = whole[:, ::-1] if rng.random() < 0.5 else whole
    return (mirrored * rng.uniform(0.75, 1.15) + rng.uniform(-18, 18)).clip(0, 255)


def _batches(
    pictures: np.ndarray, answers: np.ndarray, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, dict[str, np.ndarray]]]:
    order = rng.permutation(len(pictures))
    for start in range(0, len(order) - BATCH + 1, BATCH):
        chosen = order[start : start + BATCH]
        batch = np.stack([_varied(picture, rng) for picture in pictures[chosen]])
        targets = {name: answers[chosen, at] for at, name in enumerate(ASKED)}
        yield batch.astype(np.float32) / 127.5 - 1, targets


def train(
    folder: Path, report: Report, pictures: int = PICTURES, epochs: int = EPOCHS, cores: int = 1
) -> None:
    """Draw, train and write classifier.keras, classifier.tflite and model.json to a folder.

    Everything is seeded: the same machine gives the same weights again.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    examples, answers = draw_examples(pictures, cores, report)
    import keras
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(cores)
    keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()
    network = build_network(keras, ASKED, LEARNING_SIDE_PX)
    steps = epochs * (pictures // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(
        1e-4, steps, warmup_target=2e-3, warmup_steps=steps // 15, alpha=0.01
    )
    network.compile(
        optimizer=keras.optimizers.AdamW(rate, weight_decay=0.01),
        loss={name: keras.losses.SparseCategoricalCrossentropy(from_logits=True) for name in ASKED},
        loss_weights=WEIGHTS,
        metrics={name: "accuracy" for name in ASKED},
        jit_compile=False,
    )
    rng = np.random.default_rng(SEED)
    for epoch in range(epochs):
        for batch, targets in _batches(examples, answers, rng):
            said = network.train_on_batch(batch, targets, return_dict=True)
        right = ", ".join(f"{name} {said[f'{name}_accuracy']:.1%}" for name in ASKED)
        report(f"epoch {epoch + 1} of {epochs}: loss {said['loss']:.3f}, right: {right}")
        network.reset_metrics()
    save(network, folder)


def with_quarters(keras: Any, network: Any) -> Any:
    """The network as it is used: for whole pictures, its maps once more for every quarter.

    The means of all maps then tell also where something is: Lazebnik et al., "Beyond Bags of
    Features: Spatial Pyramid Matching" (2006).

    Args:
        network: gives maps (N, 12, 12, C) in its last layer with a name that begins `relu_`.

    Returns:
        A network with maps (N, 12, 12, 5 C) in its layer `places`, and scores of the things.
    """
    layers = keras.layers
    whole = build_network(keras, {"thing": KINDS}, SIDE_PX)
    for layer in whole.layers:
        layer.set_weights(network.get_layer(layer.name).get_weights())
    maps = whole.get_layer(f"relu_{len(BLOCKS)}").output
    half = maps.shape[1] // 2
    parts = [maps]
    for down, across in product((0, half), repeat=2):
        sides = ((down, half - down), (across, half - across))
        parts.append(layers.ZeroPadding2D(sides)(layers.Cropping2D(sides)(maps)))
    places = layers.Concatenate(name="places")(parts)
    scores = layers.Dense(len(KINDS), name="thing")
    result = keras.Model(
        whole.inputs[0], scores(layers.GlobalAveragePooling2D(name="average")(places)), name="own"
    )
    kernel, bias = whole.get_layer("thing").get_weights()
    scores.set_weights([np.pad(kernel, ((0, 4 * len(kernel)), (0, 0))), bias])
    return result


def save(network: Any, folder: Path) -> None:
    """Write a trained network in all the forms that ship: it names the thing in a picture."""
    import keras

    bare = with_quarters(keras, network)
    confidence = keras.layers.Softmax(name="confidence")(bare.outputs[0])
    layers = [layer.name for layer in bare.layers if layer.name.startswith("relu_")]
    about = {
        "name": "Peekaboo’s own eyes",
        "labels": KINDS,
        "input": {"height": SIDE_PX, "width": SIDE_PX},
        "fit": "crop",
        "layers": [*layers, "places"],
        "source": "drawn and trained by python -m backend.teaching.own",
    }
    ship(keras.Model(bare.inputs[0], confidence, name="own"), bare, folder, about)
