"""The checks themselves are checked: with a map that is right, and with one that is a sham."""

import numpy as np
import pytest

from backend.explanations.asking import Found, Method, Question
from backend.explanations.methods import METHODS
from backend.explanations.mixing import rank_correlation
from backend.explanations.sanity import check, curves
from backend.picture import Picture
from tests.fakes import QuadraticNetwork

PIXELS = np.random.default_rng(5).integers(20, 236, (12, 20, 3), np.uint8)
WEIGHTS = np.random.default_rng(6).normal(0, 0.02, (12, 20, 3, 2))
WEIGHTS[:4, :10, :, 0] += 0.05


@pytest.fixture
def question() -> Question:
    network = QuadraticNetwork(WEIGHTS)
    return Question.about(network, network, Picture(PIXELS), 3, 4, target="one")


def sham(run) -> Method:
    return Method("sham", "Sham", "Looks like a map.", "", "gradients", (), run)


def test_a_map_that_depends_on_the_weights_passes(question):
    found = check(question, METHODS["integrated_gradients"], {})
    assert found.mixed[-1].similarity < 0.5 and found.mixed[-1].down_to == "flat"
    assert found.deletion.area < found.deletion.area_by_chance
    assert found.insertion.area > found.insertion.area_by_chance
    assert not any("hurts no more" in one or "hardly changes" in one for one in found.warnings)
    assert question.network.weights is not None  # and they are as before
    np.testing.assert_array_equal(question.network.weights, WEIGHTS)


def test_a_map_that_only_shows_the_picture_is_called_out(question):
    def edges(asked: Question) -> Found:
        return Found("brightness", asked.model_input.mean(axis=-1).astype(np.float32))

    found = check(question, sham(edges), {})
    assert found.mixed[-1].similarity == pytest.approx(1)
    assert any("all weights are mixed up" in one for one in found.warnings)


def test_a_map_that_is_upside_down_is_called_out(question):
    def wrong(asked: Question) -> Found:
        right = METHODS["integrated_gradients"].run(asked, 5, "black", "before_softmax", 0)
        return Found("logit", -right.attribution)

    found = check(question, sham(wrong), {})
    assert any("Covering" in one for one in found.warnings)
    assert any("Showing" in one for one in found.warnings)


def test_curves_begin_and_end_where_they_must(question):
    deletion, insertion = curves(question, np.arange(12.0).reshape(3, 4), 0)
    whole = question.before.confidence[question.target]
    for first in (deletion.confidence[0], deletion.by_chance[0], insertion.confidence[-1]):
        assert first == pytest.approx(whole, abs=1e-3)
    assert deletion.confidence[-1] == pytest.approx(insertion.confidence[0])
    assert len(deletion.shares) == 13 and deletion.shares[-1] == 1


def test_the_share_of_a_square_that_is_alone_can_be_checked():
    """Nothing is scored on the way from none to all."""
    network = QuadraticNetwork(WEIGHTS)
    question = Question.about(network, network, Picture(PIXELS), 1, 1)
    found = check(question, METHODS["shapley"], {"evaluations": 10})
    share = found.explanation.example_score - found.explanation.baseline_score
    assert found.explanation.relevance == pytest.approx(np.array([[share]]))
    assert found.deletion.by_chance == pytest.approx(found.deletion.confidence)
    assert found.insertion.confidence == pytest.approx(found.deletion.confidence[::-1])


def test_where_blurring_keeps_the_answer_the_curves_are_called_dull():
    grey = Picture(np.full((12, 20, 3), 120, np.uint8))  # blurred it is the same picture
    network = QuadraticNetwork(WEIGHTS)
    question = Question.about(network, network, grey, 3, 4)
    found = check(question, METHODS["occlusion"], {})
    assert any(f"sure of {found.explanation.target}: covering" in one for one in found.warnings)
    other = {"one": "two", "two": "one"}[found.explanation.target]
    question = Question.about(network, network, grey, 3, 4, target=other)
    assert not check(
        question, METHODS["occlusion"], {}
    ).blurred_is_enough  # it never was the answer


def test_a_baseline_that_is_no_neutral_picture_is_named():
    weights = np.zeros((12, 20, 3, 2))
    weights[..., 1] = 0.05
    network = QuadraticNetwork(weights)
    question = Question.about(network, network, Picture(PIXELS), 3, 4)
    found = check(question, METHODS["grad_cam"], {})
    leaning = {one.name for one in found.baselines if one.leans}
    assert "white" in leaning and "black" not in leaning
    assert any("white baseline it says two" in one for one in found.warnings)
    assert found.baselines[0].even == 0.5


def test_rank_correlation_by_hand():
    assert rank_correlation(np.array([1, 2, 3, 4]), np.array([1, 4, 9, 16])) == pytest.approx(1)
    assert rank_correlation(np.array([1, 2, 3]), np.array([3, 2, 1])) == pytest.approx(-1)
    assert rank_correlation(np.array([1, 2, 3]), np.array([5, 5, 5])) == 0
    # Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: covariance 4.5, variances 4.5 and 5.
    ties = rank_correlation(np.array([0, 1, 1, 2]), np.array([0, 1, 2, 3]))
    assert ties == pytest.approx(4.5 / np.sqrt(4.5 * 5))
