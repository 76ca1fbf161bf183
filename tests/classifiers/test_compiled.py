import gc
import threading
import weakref

import numpy as np
import pytest

from backend.classifiers.compiled import Compiled

LABELS = ("a", "b", "c", "d")


@pytest.fixture(scope="module")
def model_file(made):
    """Four scores, each a weighted sum of all 12 × 12 × 3 numbers."""
    return made / "scores.tflite"


@pytest.fixture
def compiled(model_file):
    return Compiled(model_file, LABELS, (12, 12), pixels=(0, 255))


@pytest.fixture
def pictures():
    return np.random.default_rng(3).integers(0, 256, (30, 12, 12, 3), np.uint8)


def test_scores_keep_their_order_and_do_not_mix(compiled, pictures):
    together = compiled.scores(pictures)
    one_by_one = np.concatenate([compiled.scores(picture[np.newaxis]) for picture in pictures])
    assert together.shape == (30, 4) and together.dtype == np.float32
    assert (together == one_by_one).all()
    assert len(np.unique(together[:, 0])) == 30


def test_pixels_become_the_span_that_the_model_wants(model_file, pictures):
    def scores(span):
        return Compiled(model_file, LABELS, (12, 12), pixels=span).scores(pictures)

    # The model is linear: doubling the span doubles what the picture adds to what black gives.
    from_0, from_minus_1 = scores((0, 1)), scores((-1, 1))
    white = Compiled(model_file, LABELS, (12, 12), pixels=(0, 1)).scores(
        np.full((1, 12, 12, 3), 255, np.uint8)
    )
    assert np.allclose(from_minus_1, 2 * from_0 - white, atol=1e-4)
    assert np.allclose(scores((0, 255)), 255 * from_0, rtol=1e-4, atol=1e-2)


def test_floats_and_bytes_are_the_same_picture(compiled, pictures):
    assert (compiled.scores(pictures.astype(np.float32)) == compiled.scores(pictures)).all()


def test_pictures_of_another_shape_are_refused(compiled):
    with pytest.raises(ValueError, match=r"\(12, 12, 3\).*\(12, 13, 3\)"):
        compiled.scores(np.zeros((1, 12, 13, 3), np.uint8))
    with pytest.raises(ValueError, match="batch"):
        compiled.scores(np.zeros((12, 12, 3), np.uint8))


def test_no_pictures_no_scores(compiled):
    assert compiled.scores(np.empty((0, 12, 12, 3), np.uint8)).shape == (0, 4)


def test_many_threads_get_their_own_answers(compiled, pictures):
    expected = compiled.scores(pictures)
    wrong = []

    def ask(number):
        for _ in range(20):
            if not (compiled.scores(pictures[number : number + 1])[0] == expected[number]).all():
                wrong.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_its_memory_is_freed_with_it(model_file, pictures):
    compiled = Compiled(model_file, LABELS, (12, 12))
    compiled.scores(pictures)
    gone = weakref.ref(compiled)
    del compiled
    gc.collect()
    assert gone() is None
