"""What scores mean: by hand, and many at a time as one by one."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backend.classifiers.base import Prediction


def test_log_odds_still_move_where_the_confidence_is_stuck():
    sure = Prediction.from_scores(np.array([40, 0, 0], np.float32), has_logits=True)
    assert sure.confidence[0] == pytest.approx(1, abs=1e-15)
    assert sure.winner == 0
    assert sure.log_odds(0) == pytest.approx(40 - math.log(2), abs=1e-12)
    assert sure.log_odds(1) == pytest.approx(-40, abs=1e-12)  # e⁻⁴⁰ beside 1 is nothing


def test_log_odds_of_probabilities_end_at_half_a_step():
    sure = Prediction.from_scores(np.array([1, 0], np.float32), has_logits=False)
    assert sure.log_odds(0) == pytest.approx(math.log(511), abs=1e-9)
    assert sure.log_odds(1) == pytest.approx(-math.log(511), abs=1e-9)


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 9), st.integers(2, 12)),
        elements=st.floats(0, 1, width=32),
    ),
    st.booleans(),
)
def test_many_are_read_as_one_by_one(scores, has_logits):
    together = Prediction.from_scores(scores, has_logits)
    for number, row in enumerate(scores):
        alone = Prediction.from_scores(row, has_logits)
        np.testing.assert_allclose(together.confidence[number], alone.confidence, rtol=1e-14)
        assert together.winners[number] == alone.winner == list(row).index(max(row))
        for target in range(len(row)):
            assert together.log_odds(target)[number] == pytest.approx(alone.log_odds(target))
