import math

import numpy as np
import pytest

from backend.classifiers.base import Prediction
from backend.errors import BadSetting
from backend.explanations.relevance import Relevance, check_measure, parse_amplify


def relevance(confidences, log_odds, before=0.96, measure="auto", amplify=None, labels=None):
    """A map for “cat” from what the confidence became under each square."""
    covered = np.array(confidences, float)
    logits = np.array([math.log(before / (1 - before)), 0.0])
    return Relevance(
        target="cat",
        target_index=0,
        before=Prediction.from_scores(logits, has_logits=True),
        confidence=covered,
        confidence_drop=before - covered,
        log_odds_drop=np.array(log_odds, float),
        label=labels or [["cat"] * covered.shape[1] for _ in covered],
        unseen=[],
        asked_measure=measure,
        amplify=amplify,
    )


def test_confidence_speaks_when_it_moves():
    result = relevance([[0.96, 0.91], [0.96, 0.90]], [[0, 0.9], [0, 1.0]])
    assert (result.measure, result.saturated, result.verdict) == ("confidence", False, "found")
    assert result.most_relevant == (1, 1)
    assert result.ghost == pytest.approx(np.array([[0, 500 / 6], [0, 100]]))


def test_log_odds_speak_when_confidence_is_stuck():
    result = relevance([[0.9999, 0.9998]], [[0.2, 2.5]], before=0.9999)
    assert (result.measure, result.saturated, result.verdict) == ("log_odds", True, "found")
    assert result.ghost == pytest.approx(np.array([[8, 100]]))


@pytest.mark.parametrize(
    "drop, measure", [(0.05, "confidence"), (0.0499999, "log_odds")], ids=["at", "below"]
)
def test_auto_changes_at_a_drop_of_five_hundredths(drop, measure):
    result = relevance([[0.0]], [[0.6]], before=drop)
    assert result.measure == measure


@pytest.mark.parametrize(
    "confidence_drop, log_odds_drop, verdict",
    [
        (0.0099, 0.499, "flat"),
        (0.0101, 0.0, "found"),
        (0.0, 0.5, "found"),
        (-0.3, -2.0, "flat"),  # covering only helped
    ],
)
def test_verdict(confidence_drop, log_odds_drop, verdict):
    result = relevance([[0.5 - confidence_drop]], [[log_odds_drop]], before=0.5)
    assert result.verdict == verdict


def test_a_flat_map_is_never_stretched():
    result = relevance([[0.959, 0.96]], [[0.1, 0.4]])
    assert result.verdict == "flat"
    assert (result.ghost == 0).all()
    assert result.most_relevant is None


def test_a_number_amplifies_as_in_the_classic_project():
    result = relevance([[0.86, 0.06, 1.0]], [[1, 5, -1]], amplify=3.0)
    assert result.ghost == pytest.approx(np.array([[30, 100, 0]]))


def test_a_measure_can_be_chosen():
    result = relevance([[0.96, 0.5]], [[3.0, 1.0]], measure="log_odds")
    assert result.measure == "log_odds" and result.most_relevant == (0, 0)


def test_the_sentence_of_the_contract():
    result = relevance([[0.96] * 3, [0.96, 0.96, 0.41]], [[0, 0, 0], [0, 0, 3.5]], before=0.96)
    assert result.sentence == "Covering row 2, column 3 dropped cat from 96% to 41%."


def test_the_sentence_names_a_new_winner():
    result = relevance([[0.1]], [[5]], labels=[["dog"]])
    assert result.sentence == (
        "Covering row 1, column 1 dropped cat from 96% to 10%. Then it said dog."
    )


def test_the_sentence_when_confidence_is_stuck():
    result = relevance([[0.9999, 0.97]], [[0, 2.5]], before=0.9999)
    assert result.sentence == (
        "cat stayed at 97% or more, whichever square was covered. "
        "Covering row 1, column 2 shook the classifier the most."
    )


def test_nothing_is_more_than_a_hundred_percent():
    result = relevance([[0.9999, 0.9998]], [[0, 2.5]], before=0.9999)
    assert result.sentence.startswith("cat stayed at 100%, whichever square was covered.")


def test_the_sentence_when_nothing_matters():
    assert relevance([[0.96]], [[0]]).sentence == (
        "Nothing seemed to matter: cat stayed at 96%, whichever square was covered."
    )


def test_the_sentence_when_covering_only_helps():
    result = relevance([[0.27, 0.27], [0.98, 0.3]], [[0, 0], [-4.9, -0.1]], before=0.27)
    assert result.verdict == "flat" and result.most_relevant is None
    assert result.sentence == (
        "No square spoke for cat. Covering row 2, column 1 raised cat from 27% to 98%."
    )
    hardly = relevance([[0.2799]], [[-0.05]], before=0.27)
    assert hardly.sentence.startswith("Nothing seemed to matter: cat stayed at 27%")


def test_a_drop_too_small_to_see_in_percent_is_not_called_one():
    result = relevance([[0.9591]], [[0.6]], measure="confidence")
    assert result.sentence == (
        "cat stayed at 96% or more, whichever square was covered. "
        "Covering row 1, column 1 shook the classifier the most."
    )


def test_the_sentence_never_says_from_a_number_to_the_same_number():
    result = relevance([[0.0151]], [[0.6]], before=0.0254, measure="confidence")
    assert result.sentence == "Covering row 1, column 1 dropped cat from 3% to 2%."
    result = relevance([[0.9451]], [[0.6]], before=0.9552, measure="confidence")
    assert result.sentence == "Covering row 1, column 1 dropped cat from 96% to 95%."


@pytest.mark.parametrize("measure", ["auto", "log_odds"])
def test_a_number_amplifies_the_confidence_drop_whatever_is_measured(measure):
    result = relevance([[0.9599, 0.94]], [[3.0, 1.0]], measure=measure, amplify=5.0)
    assert result.measure == "log_odds"
    assert result.ghost == pytest.approx(np.array([[0.05, 10]]))


def test_a_number_does_not_stretch_a_flat_map_either():
    result = relevance([[0.955]], [[0.4]], amplify=20.0)
    assert result.verdict == "flat"
    assert (result.ghost == 0).all()


@pytest.mark.parametrize("text", ["", "loud", "0", "-1", "nan", "inf"])
def test_bad_gains_are_refused(text):
    with pytest.raises(BadSetting):
        parse_amplify(text)


def test_gains():
    assert parse_amplify("auto") is None
    assert parse_amplify("2.5") == 2.5


def test_an_unknown_measure_is_refused():
    with pytest.raises(BadSetting, match="guess"):
        check_measure("guess")
