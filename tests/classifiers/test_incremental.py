"""Scores of changed pictures, part by part, equal those of running everything."""

import json
import logging
import shutil
import threading
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.classifiers.compiled import Compiled, PreparedWhole
from backend.classifiers.compiled_parts import FOLDER, INDEX, Parts, Runner
from backend.classifiers.cutting import best_parts, write_parts
from backend.classifiers.graph import Graph
from backend.classifiers.incremental import PreparedParts
from backend.classifiers.pool import WORKERS, in_order
from backend.classifiers.store import Store
from backend.grid import Box, Grid
from backend.picture import Patch


def block(draw, keras, tensor, number):
    """One random building block of a network for pictures."""
    kind = draw(
        st.sampled_from(
            ["conv", "depthwise", "separable", "max", "average", "pad", "residual", "branches"]
        )
    )
    layers = keras.layers
    padding = draw(st.sampled_from(["same", "valid"]))
    kernel = draw(st.sampled_from([1, 3, (2, 5)]))
    strides = draw(st.sampled_from([1, 2]))
    options = {"padding": padding, "strides": strides}
    if kind == "conv":
        tensor = layers.Conv2D(4, kernel, activation="relu", **options)(tensor)
        return layers.BatchNormalization()(tensor)
    if kind == "depthwise":
        return layers.DepthwiseConv2D(3, **options)(tensor)
    if kind == "separable":
        return layers.SeparableConv2D(5, 3, activation="elu", **options)(tensor)
    if kind == "max":
        return layers.MaxPooling2D(draw(st.sampled_from([2, 3])), **options)(tensor)
    if kind == "average":
        return layers.AveragePooling2D(2, **options)(tensor)
    if kind == "pad":
        tensor = layers.ZeroPadding2D(((0, 1), (2, 1)))(tensor)
        return layers.Conv2D(3, 3, strides=strides, padding="valid")(tensor)
    if kind == "residual":
        inner = layers.Conv2D(6, 3, padding="same", activation="relu")(tensor)
        inner = layers.Conv2D(tensor.shape[-1], 3, padding="same", dilation_rate=2)(inner)
        return layers.LeakyReLU()(layers.Add()([tensor, inner]))
    ways = [layers.Conv2D(3, size, padding="same", strides=strides)(tensor) for size in (1, 5)]
    return layers.Concatenate()(ways)


@st.composite
def networks(draw):
    """A compiled random network: strides, paddings, branches, odd sizes, not square."""
    import tensorflow as tf
    import tf_keras as keras

    tf.random.set_seed(draw(st.integers(0, 9)))
    size = draw(st.tuples(st.integers(20, 50), st.integers(20, 50)))
    start = tensor = keras.Input((*size, 3))
    for number in range(draw(st.integers(2, 6))):
        if min(tensor.shape[1:3]) < 8:
            break
        tensor = block(draw, keras, tensor, number)
    ending = draw(st.sampled_from(["average", "flatten"]))
    layer = keras.layers.GlobalAveragePooling2D if ending == "average" else keras.layers.Flatten
    model = keras.Model(start, keras.layers.Dense(3)(layer()(tensor)))
    call = tf.function(lambda picture: model(picture, training=False))
    concrete = call.get_concrete_function(tf.TensorSpec((1, *size, 3), tf.float32))
    return tf.lite.TFLiteConverter.from_concrete_functions([concrete], model).convert(), size


def random_patches(generator, size) -> list[Patch]:
    """The boxes of a random grid, some of them narrow, with random pixels."""
    rows = sorted({0, size[0], *generator.integers(1, size[0], 2).tolist()})
    columns = sorted({0, size[1], *generator.integers(1, size[1], 6).tolist()})
    patches = []
    for top, bottom in pairwise(rows):
        for left, right in pairwise(columns):
            pixels = generator.integers(0, 256, (bottom - top, right - left, 3), dtype=np.uint8)
            patches.append(Patch(Box(top, left, bottom, right), pixels))
    return patches


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(network=networks(), seed=st.integers(0, 99), data=st.data())
def test_random_networks_and_grids(tmp_path_factory, network, seed, data):
    content, size = network
    folder = tmp_path_factory.mktemp("model")
    (folder / "classifier.tflite").write_bytes(content)
    graph = Graph(content)
    cuts = graph.cuts()
    assert len(cuts) > 1
    # Not only the best cuts: any one or two must give the same.
    chosen = sorted(data.draw(st.sets(st.integers(1, len(cuts) - 1), min_size=1, max_size=2)))
    parts = [
        graph.part(cuts[first], cuts[last])
        for first, last in zip([0, *chosen], chosen, strict=False)
    ]
    Parts([part.axes() for part in parts], graph.files(parts)).write(folder / FOLDER)
    classifier = Compiled(folder / "classifier.tflite", ("a", "b", "c"), size)
    generator = np.random.default_rng(seed)
    picture = generator.integers(0, 256, (*size, 3), dtype=np.uint8)
    patches = random_patches(generator, size)
    prepared = PreparedParts(Parts.read(folder / FOLDER), lambda: picture, classifier._normalise)
    whole = PreparedWhole(classifier, lambda: picture)
    np.testing.assert_allclose(prepared.scores, whole.scores, atol=1e-5)
    each_alone(prepared, whole, patches)
    stay_on(prepared, whole, patches)


def each_alone(prepared, whole, patches):
    """Patches one after the other; how many are scored at a time does not matter."""
    found, expected = (np.concatenate(list(one.patched(patches))) for one in (prepared, whole))
    assert found.shape == (len(patches), len(whole.scores))
    np.testing.assert_allclose(found, expected, atol=1e-5)


def stay_on(prepared, whole, patches):
    """Patches put on top of each other, in two orders, and none at all."""
    ways = [patches, patches[::-1], []]
    walks = zip(ways, prepared.walked(ways), whole.walked(ways), strict=True)
    for way, found, expected in walks:
        assert expected.shape == (len(way), len(whole.scores))
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_squares_that_share_runs_are_scored_as_alone(tmp_path):
    classifier = Store(tmp_path).open("parade")
    generator = np.random.default_rng(4)
    picture = generator.integers(0, 256, (*classifier.input_size, 3), dtype=np.uint8)
    grid = Grid(3, 16, *classifier.input_size)
    patches = []
    for at in grid.squares():
        box = grid.box(*at)
        size = (box.bottom - box.top, box.right - box.left, 3)
        patches.append(Patch(box, generator.integers(0, 256, size, dtype=np.uint8)))
    prepared = classifier.prepare(lambda: picture)
    assert isinstance(prepared, PreparedParts)
    rows, columns = (
        frozenset((getattr(patch.box, low), getattr(patch.box, high)) for patch in patches)
        for low, high in (("top", "bottom"), ("left", "right"))
    )
    assert any(plan.shared for plan in classifier._parts.plans(rows, columns))
    whole = PreparedWhole(classifier, lambda: picture)
    each_alone(prepared, whole, patches)


def test_a_sweep_that_is_left_stops_in_the_middle_of_its_jobs(tmp_path, monkeypatch):
    classifier = Store(tmp_path).open("parade")
    grid = Grid(8, 8, *classifier.input_size)
    boxes = [grid.box(*at) for at in grid.squares()]
    sizes = [(box.bottom - box.top, box.right - box.left, 3) for box in boxes]
    patches = [Patch(box, np.zeros(size, np.uint8)) for box, size in zip(boxes, sizes, strict=True)]
    picture = np.full((*classifier.input_size, 3), 99, np.uint8)
    prepared = classifier.prepare(lambda: picture)
    assert isinstance(prepared, PreparedParts)
    score, left, scored = prepared._score, threading.Event(), []

    def all_but_the_first_wait(band, *rest):
        if band[0] is not patches[0]:
            left.wait(10)
        scored.append(score(band, *rest))
        return scored[-1]

    monkeypatch.setattr(prepared, "_score", all_but_the_first_wait)
    scores = prepared.patched(patches)
    next(scores)
    scores.close()
    left.set()
    # All threads of the pool meet here, so none is at work on a square any more.
    list(in_order([threading.Barrier(WORKERS).wait] * WORKERS))
    (alone,) = (band for band in scored if len(band))
    assert len(alone) <= 8


def test_a_sweep_that_nobody_looks_at_ends(tmp_path, monkeypatch):
    classifier = Store(tmp_path).open("parade")
    patches = [Patch(Box(0, 0, 9, 9), np.full((9, 9, 3), 255, np.uint8))] * 500
    prepared = classifier.prepare(lambda: np.zeros((*classifier.input_size, 3), np.uint8))
    score, scored = prepared._score, []
    monkeypatch.setattr(prepared, "_score", lambda *band: scored.append(score(*band)))
    begun = prepared.patched(patches)
    del begun
    list(in_order([threading.Barrier(WORKERS).wait] * WORKERS))
    assert sum(len(band) for band in scored) < 500


def test_squares_begin_before_their_picture_is_there(tmp_path, monkeypatch):
    classifier = Store(tmp_path).open("parade")
    patches = [Patch(Box(0, 0, 9, 9), np.full((9, 9, 3), 255, np.uint8))] * 9
    square_begun = threading.Event()

    def make_input():
        assert square_begun.wait(10)
        return np.zeros((*classifier.input_size, 3), np.uint8)

    prepared = classifier.prepare(make_input)
    score = prepared._score
    monkeypatch.setattr(prepared, "_score", lambda *band: square_begun.set() or score(*band))
    squares = prepared.patched(patches)
    if WORKERS > 1:  # else they wait for their turn
        assert square_begun.wait(10)
    square_begun.set()
    assert len(np.concatenate(list(squares))) == len(patches)


def test_pictures_of_another_size_are_refused(tmp_path):
    prepared = Store(tmp_path).open("parade").prepare(lambda: np.zeros((7, 5, 3), np.uint8))
    with pytest.raises(ValueError, match="expected a picture"):
        prepared.scores.any()


def test_who_helps_and_fails_can_work_again(tmp_path, monkeypatch):
    classifier = Store(tmp_path).open("parade")
    patches = [Patch(Box(0, 0, 9, 9), np.full((9, 9, 3), 255, np.uint8))] * 9
    prepared = classifier.prepare(lambda: np.zeros((*classifier.input_size, 3), np.uint8))
    expected = np.concatenate(list(prepared.patched(patches)))
    invoke = Runner.invoke
    failures = iter(range(3))

    def fail_with_views_of_its_memory(runner):
        held = runner.input()
        if held.shape == prepared._maps[-1].result().shape and next(failures, None) is not None:
            raise ArithmeticError
        del held
        return invoke(runner)

    monkeypatch.setattr(Runner, "invoke", fail_with_views_of_its_memory)
    for _ in range(5):
        with suppress(ArithmeticError):
            list(prepared.patched(patches))
    assert next(failures, None) is None
    np.testing.assert_array_equal(np.concatenate(list(prepared.patched(patches))), expected)


def test_what_keeps_a_picture_from_being_scored_is_said(tmp_path):
    def make_input():
        raise ArithmeticError("no such picture")

    prepared = Store(tmp_path).open("parade").prepare(make_input)
    patches = [Patch(Box(0, 0, 9, 9), np.full((9, 9, 3), 255, np.uint8))] * 9
    with pytest.raises(ArithmeticError, match="no such picture"):
        list(prepared.patched(patches))
    with pytest.raises(ArithmeticError, match="no such picture"):
        list(prepared.walked([patches]))
    with pytest.raises(ArithmeticError, match="no such picture"):
        prepared.scores.any()


@pytest.mark.real
def test_a_real_classifier_is_cut_and_gives_the_same(real_store, real_model):
    model = real_model("waste_materials")
    parts = Parts.read(model.folder / FOLDER)
    assert len(parts.axes) >= 1
    classifier = model.compile()
    generator = np.random.default_rng(3)
    picture = generator.integers(0, 256, (224, 224, 3), dtype=np.uint8)
    patches = random_patches(generator, (224, 224))
    prepared = classifier.prepare(lambda: picture)
    assert isinstance(prepared, PreparedParts)
    whole = PreparedWhole(classifier, lambda: picture)
    each_alone(prepared, whole, patches)
    stay_on(prepared, whole, patches)


@pytest.mark.real
@pytest.mark.parametrize("damage", ["cut short", "index", "missing"])
def test_damaged_parts_are_left_out_and_the_log_says_so(real_model, tmp_path, damage, caplog):
    folder = tmp_path / "copy"
    shutil.copytree(real_model("waste_materials").folder, folder)
    first = folder / FOLDER / "0.tflite"
    if damage == "cut short":
        first.write_bytes(first.read_bytes()[:-7])
    elif damage == "index":
        (folder / FOLDER / INDEX).write_text(json.dumps({"files": [], "parts": [{}]}))
    else:
        first.unlink()
    with caplog.at_level(logging.WARNING):
        classifier = replace(real_model("waste_materials"), folder=folder).compile()
    assert "runs whole" in caplog.text
    picture = np.zeros((224, 224, 3), np.uint8)
    assert isinstance(classifier.prepare(lambda: picture), PreparedWhole)


def test_what_cannot_be_cut_stays_whole(tmp_path):
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec((1, 8, 8, 3), tf.float32)])
    def turn_first(picture):
        return tf.reduce_mean(tf.reverse(picture, [1]), axis=[1, 2])

    content = tf.lite.TFLiteConverter.from_concrete_functions(
        [turn_first.get_concrete_function()], tf.Module()
    ).convert()
    (tmp_path / "classifier.tflite").write_bytes(content)
    assert best_parts(Graph(content)) == []
    assert not write_parts(tmp_path)
    assert not (tmp_path / FOLDER).exists()
