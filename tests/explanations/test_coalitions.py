"""Squares covered in any combination, judged by covering the picture itself and fitting it."""

import numpy as np
import pytest

from backend.explanations.asking import Question
from backend.explanations.coalitions import Coalitions
from backend.explanations.cover import cover_pixels
from backend.explanations.methods import METHODS, answer
from backend.explanations.sanity import curves
from backend.explanations.sweep import Sweep
from backend.parade import gallery_picture
from backend.picture import Picture
from tests.fakes import RandomNetwork

DOWN, ACROSS = np.indices((90, 120)) / 15
STAGE = Picture(
    np.stack([128 + 90 * wave for wave in (np.sin(DOWN), np.cos(ACROSS), np.sin(DOWN + ACROSS))], 2)
    .round()
    .astype(np.uint8)
)
"""Without hard edges, so that Pillow has nothing to clip between its passes."""
UNSEEN = {(row, column) for row in range(6) for column in (0, 7)}
"""A centre crop of 90 × 90 leaves out 15 columns on either side: one of eight squares each."""


@pytest.fixture
def question() -> Question:
    return Question.about(RandomNetwork((24, 24)), None, STAGE, 6, 8, target="one")


def test_they_have_the_squares_of_the_sweep(question):
    sweep = Sweep(question.classifier, STAGE, 6, 8, "black", None)
    assert set(sweep.start.unseen) == UNSEEN
    pieces = Coalitions(question, "black").pieces
    assert [(one.row, one.column) for one in pieces] == [
        at for at in question.grid.squares() if at not in UNSEEN
    ]


@pytest.mark.parametrize("cover", ["grey", "blur"])
def test_equals_covering_the_other_squares_and_fitting_the_picture(question, cover):
    """What the model does not see is never covered: its edge is in what the model sees, too."""
    assert differences(question, cover).max() <= 2


def test_hard_edges_are_clipped_by_pillow_alone():
    """As its two passes clip in between, and the sum of the squares cannot."""
    picture = gallery_picture("wizard-1").picture
    question = Question.about(RandomNetwork((224, 224)), None, Picture(picture), 6, 8)
    found = differences(question, "black")
    assert found.max() <= 22 and 0 < (found > 2).mean() < 0.01


def differences(question: Question, cover: str) -> np.ndarray:
    """In levels, with none, half and all of the squares shown."""
    coalitions = Coalitions(question, cover)
    hidden, number = cover_pixels(question.picture, cover), len(coalitions.pieces)
    half = np.random.default_rng(2).permutation(number)[: number // 2]
    found = []
    for shown in ([], half, range(number)):
        pixels = question.picture.pixels.copy()
        for index, piece in enumerate(coalitions.pieces):
            if index not in shown:
                box = question.grid.box(piece.row, piece.column)
                place = slice(box.top, box.bottom), slice(box.left, box.right)
                pixels[place] = hidden[place]
        ours = coalitions.shown([coalitions.pieces[index] for index in shown])
        found.append(np.abs(ours.astype(int) - question.fit.apply(pixels)))
    return np.stack(found)


def test_squares_that_are_not_seen_have_no_share_and_no_point_in_the_curves(question):
    found = answer(METHODS["shapley"], question, {"evaluations": 200})
    assert found.facts["evaluations"] == 2 + 2 * 2 * 35
    assert all(found.relevance[at] == 0 for at in UNSEEN)
    whole = float(question.before.log_odds(question.target))
    assert found.example_score == pytest.approx(whole, rel=0.01)
    assert found.relevance.sum() == pytest.approx(found.example_score - found.baseline_score)
    deletion, insertion = curves(question, found.relevance, 0)
    assert deletion.shares == pytest.approx(np.arange(37) / 36)
    assert insertion.shares == pytest.approx(np.arange(37) / 36)
