"""The worker process, for real: kept, stopped, killed, replaced."""

import os
import signal
import threading

import numpy as np
import pytest

from backend.classifiers.store import Store
from backend.errors import BadSetting, Busy, CannotUse
from backend.explanations.mixing import rank_correlation
from backend.explanations.worker import Task, Worker
from backend.grid import Grid
from backend.parade import gallery_picture
from backend.picture import Picture

PICTURE = Picture(gallery_picture("wizard-1").picture)
GRID = Grid(6, 8, 360, 480)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return Store(tmp_path_factory.mktemp("home")).model("parade")


@pytest.fixture(scope="module")
def worker():
    worker = Worker()
    yield worker
    worker.close()


def ask(worker, model, method="grad_cam", tell=lambda share: None, references=(), **settings):
    return worker.explain(task(model, method, references, **settings), tell)


def task(model, method="grad_cam", references=(), **settings):
    return Task(model, method, PICTURE, GRID, "stretch", None, settings, list(references))


def process_of(worker):
    return worker._process._process


def test_it_answers_again_and_again_from_one_process(worker, model):
    first = ask(worker, model)
    process = process_of(worker)
    again = ask(worker, model)
    assert process_of(worker) is process
    np.testing.assert_array_equal(first.relevance, again.relevance)
    assert first.target == "wizard" and first.maps.shape == (1, 12, 16)
    assert first.attribution.shape == (96, 128) and first.relevance.shape == (6, 8)


def test_it_is_left_to_load_although_whoever_asked_has_gone(model):
    """Else a slow computer would begin anew each time, and never be ready."""
    worker = Worker()

    def gone(share: float) -> None:
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        ask(worker, model, tell=gone)
    process = process_of(worker)
    assert ask(worker, model).target == "wizard"
    assert process_of(worker) is process
    worker.close()


def test_what_a_method_refuses_comes_back_as_it_was_said(worker, model):
    with pytest.raises(BadSetting) as refused:
        ask(worker, model, layer="no such layer")
    assert refused.value.code == "bad_layer"
    assert ask(worker, model).verdict == "found"


def test_progress_is_told(worker, model):
    shares = []
    ask(worker, model, "smoothgrad", tell=shares.append, samples=40)
    assert shares == sorted(shares) and shares[-1] == 1 and len(set(shares)) > 3


def test_an_asker_who_leaves_frees_the_process_without_ending_it(worker, model):
    ask(worker, model, "smoothgrad", samples=1)
    process = process_of(worker)

    def leave(share):
        if share > 0:
            raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        ask(worker, model, "smoothgrad", tell=leave, samples=1000)
    assert ask(worker, model).verdict == "found"
    assert process_of(worker) is process  # one that goes on with its samples would be ended


def test_a_killed_process_fails_one_question_and_the_next_works(worker, model):
    ask(worker, model)
    threading.Timer(0.3, os.kill, [process_of(worker).pid, signal.SIGKILL]).start()
    with pytest.raises(Busy) as refused:
        ask(worker, model, "smoothgrad", samples=1000)
    assert refused.value.code == "worker_stopped"
    assert ask(worker, model).verdict == "found"


def test_a_question_that_takes_too_long_is_ended(model):
    impatient = Worker(longest_s=0.2)
    with pytest.raises(CannotUse) as refused:
        ask(impatient, model, "smoothgrad", samples=1000)
    assert refused.value.code == "explanation_too_long"
    impatient.close()


def test_references_travel(worker, model):
    names = ("chef-1", "clown-1")
    references = [Picture(gallery_picture(name).picture) for name in names]
    found = ask(worker, model, "expected_gradients", references=references, samples=4)
    assert found.facts["references"] == 2 and found.standard_error.shape == (6, 8)


def test_it_also_says_whether_a_map_can_be_trusted(worker, model):
    shares = []
    found, maps = worker.sanity(task(model), shares.append)
    assert found["method"] == "grad_cam" and found["target"] == "wizard"
    assert [one["layers"] for one in found["mixed"]] == sorted({1, *found_layers(model)})
    assert shares == sorted(shares) and shares[-1] > 0.5
    learned = ask(worker, model).attribution
    assert maps.shape == (len(found["mixed"]), *learned.shape)
    for one, mixed in zip(found["mixed"], maps, strict=True):
        assert rank_correlation(learned.ravel(), mixed.ravel()) == pytest.approx(
            one["similarity"], abs=1e-3
        )
    # Afterwards the weights are what they were.
    assert ask(worker, model).target == "wizard"


def found_layers(model):
    """Up to eight steps from one of the layers that have weights to all of them."""
    weighted = 5 * 2 + 1  # five convolutions, each with its normalisation, and the scores
    return {round(1 + step * (weighted - 1) / 7) for step in range(8)}
