"""The head learns what it should, and its closed forms are those of its formula."""

import numpy as np
import pytest

from backend.classifiers.base import softmax
from backend.teaching.head import Head

RANDOM = np.random.default_rng(5)
FEATURES = RANDOM.normal(3, 2, (40, 12)).astype(np.float32)
CLASSES = (FEATURES[:, 0] + FEATURES[:, 1] > 6).astype(int) + (FEATURES[:, 2] > 4)


def learned(epochs: int) -> Head:
    head = Head.new(FEATURES, 3, seed=1)
    for epoch in range(epochs):
        head.learn(FEATURES, CLASSES, np.random.default_rng([1, epoch]))
    return head


def test_it_learns():
    head = learned(300)
    assert (head.scores(FEATURES).argmax(axis=1) == CLASSES).mean() > 0.95


def test_a_map_that_is_nearly_still_stays_quiet():
    features = np.stack([[1.0, 5.0], [3.0, 5.001], [5.0, 5.002]])
    head = Head.new(features, 2, seed=1)
    normal = (features - head.mean) / head.scale
    assert np.abs(normal[:, 1]).max() < 0.002
    # The variances are 8/3 and next to nothing.
    assert head.scale == pytest.approx(np.sqrt(4 / 3), abs=0.002)


def test_softmax_adds_up_and_survives_large_scores():
    shares = softmax(np.array([[1000.0, 999.0], [-1000.0, -1000.0]]))
    assert shares.sum(axis=1) == pytest.approx([1, 1])
    assert shares[0, 0] == pytest.approx(1 / (1 + np.exp(-1)))
    assert shares[1].tolist() == [0.5, 0.5]


def test_slopes_are_the_differences_of_the_score():
    head, step = learned(20), 1e-3
    at = FEATURES[7].astype(np.float64)
    for target in range(3):
        moved = at + step * np.eye(12)
        back = at - step * np.eye(12)
        expected = (head.scores(moved) - head.scores(back))[:, target] / (2 * step)
        assert head.slopes(at, target) == pytest.approx(expected, abs=1e-4)


def test_the_layers_give_the_same_scores_from_features_as_they_are():
    head = learned(20)
    (kernel, bias), (last, last_bias) = head.layers()
    hidden = np.maximum(FEATURES @ kernel + bias, 0)
    assert hidden @ last + last_bias == pytest.approx(head.scores(FEATURES), abs=1e-4)


def test_one_step_of_adam_is_what_keras_does():
    keras = pytest.importorskip("keras")
    head = Head.new(FEATURES, 3, seed=2)
    normal = (FEATURES - head.mean) / head.scale
    model = keras.Sequential(
        [keras.layers.Input((12,)), keras.layers.Dense(100, "relu"), keras.layers.Dense(3)]
    )
    model.set_weights([head.weights[name].copy() for name in ("w1", "b1", "w2", "b2")])
    decayed = keras.optimizers.AdamW(1e-3, weight_decay=1e-3, epsilon=1e-8)
    decayed.exclude_from_weight_decay(var_names=["bias"])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(decayed, loss)
    theirs = model.train_on_batch(normal[:16], CLASSES[:16])
    ours = head._step(FEATURES[:16], CLASSES[:16])
    assert ours == pytest.approx(float(theirs), abs=1e-5)
    for name, value in zip(("w1", "b1", "w2", "b2"), model.get_weights(), strict=True):
        # A first step of Adam is ±0.001, less only where a gradient is next to nothing.
        assert head.weights[name] == pytest.approx(value, abs=1e-4)


def test_going_on_is_as_if_nothing_had_happened():
    whole, first = learned(8), learned(4)
    again = Head.new(FEATURES, 3, seed=99)
    again.restore({name: value.copy() for name, value in first.state().items()})
    for epoch in range(4, 8):
        again.learn(FEATURES, CLASSES, np.random.default_rng([1, epoch]))
    for name, value in whole.weights.items():
        assert np.array_equal(value, again.weights[name])
