"""What a finished sweep means: which measure speaks, what was found, how see-through squares are.

Drops are kept as they were measured; only `ghost`, made for the eye, is clipped.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backend.classifiers.base import Prediction
from backend.errors import BadSetting
from backend.explanations.sweep import Square, Start

MEASURES = ("auto", "confidence", "log_odds")
STUCK_BELOW = 0.05
"""A largest confidence drop below this says too little: `auto` turns to log-odds."""
FLAT_CONFIDENCE_DROP = 0.01
FLAT_LOG_ODDS_DROP = 0.5


def parse_amplify(text: str) -> float | None:
    """Read the setting `amplify`: None for "auto", else the gain.

    Raises:
        BadSetting: neither "auto" nor a positive number.
    """
    if text == "auto":
        return None
    try:
        gain = float(text)
    except ValueError:
        gain = float("nan")
    if not 0 < gain < float("inf"):
        raise BadSetting(
            "bad_amplify",
            f"“{text}” cannot be used to amplify.",
            "Choose auto or a number above 0, for example 5.",
        )
    return gain


def check_measure(measure: str) -> str:
    """Return `measure` if there is such a measure.

    Raises:
        BadSetting: there is none.
    """
    if measure not in MEASURES:
        raise BadSetting(
            "bad_measure",
            f"There is no measure called “{measure}”.",
            "Choose one of: " + ", ".join(MEASURES) + ".",
        )
    return measure


@dataclass(frozen=True)
class Relevance:
    """The relevance of every square of one picture for one label.

    Attributes:
        target: the label explained.
        before: the prediction on the uncovered picture; `target_index` its place there.
        confidence: (rows, columns) of the target while that square is covered, 0 to 1.
        confidence_drop, log_odds_drop: (rows, columns), before − covered, signed; 0 where unseen.
        label: (rows, columns) winner while that square is covered.
        unseen: (row, column) from 0 of squares that the model never sees.
        asked_measure: `auto`, `confidence` or `log_odds`.
        amplify: the gain, or None for automatic.
    """

    target: str
    target_index: int
    before: Prediction
    confidence: np.ndarray
    confidence_drop: np.ndarray
    log_odds_drop: np.ndarray
    label: list[list[str]]
    unseen: list[tuple[int, int]]
    asked_measure: str
    amplify: float | None

    @property
    def saturated(self) -> bool:
        """Whether the confidence hardly moved whatever was covered."""
        return bool(self.confidence_drop.max() < STUCK_BELOW)

    @property
    def measure(self) -> str:
        """The measure that speaks: `confidence` or `log_odds`."""
        if self.asked_measure != "auto":
            return self.asked_measure
        return "log_odds" if self.saturated else "confidence"

    @property
    def drop(self) -> np.ndarray:
        """(rows, columns) drops in the measure that speaks."""
        return self.confidence_drop if self.measure == "confidence" else self.log_odds_drop

    @property
    def verdict(self) -> str:
        """`flat` if no square made any real difference, else `found`."""
        moved = (
            self.log_odds_drop.max() >= FLAT_LOG_ODDS_DROP
            or self.confidence_drop.max() >= FLAT_CONFIDENCE_DROP
        )
        return "found" if moved else "flat"

    @cached_property
    def ghost(self) -> np.ndarray:
        """(rows, columns) how see-through each square becomes, 0 to 100."""
        positive = np.maximum(self.drop, 0)
        largest = positive.max()
        if self.verdict == "flat" or largest == 0:
            return np.zeros_like(positive)
        if self.amplify is not None:
            # As in the classic project a number speaks of confidence, whatever is measured.
            return 100 * np.clip(self.amplify * np.maximum(self.confidence_drop, 0), 0, 1)
        return 100 * positive / largest

    @property
    def most_relevant(self) -> tuple[int, int] | None:
        """(row, column) of the square with the largest drop; None if none mattered."""
        if self.verdict == "flat" or self.drop.max() <= 0:
            return None
        return _place_of_largest(self.drop)

    @property
    def sentence(self) -> str:
        """What happened, in one or two sentences for a child."""
        sure_before = float(self.before.confidence[self.target_index])
        most = self.most_relevant
        if most is None and self.confidence_drop.min() > -FLAT_CONFIDENCE_DROP:
            return (
                f"Nothing seemed to matter: {self.target} stayed at {percent(sure_before)}, "
                "whichever square was covered."
            )
        at = most or _place_of_largest(-self.confidence_drop)
        place = f"row {at[0] + 1}, column {at[1] + 1}"
        stuck = self.measure == "log_odds" and self.saturated
        if most and (stuck or self.confidence_drop.max() < FLAT_CONFIDENCE_DROP):
            return f"{self._what_stayed} Covering {place} shook the classifier the most."
        sure_covered = float(self.confidence[at])
        sentence = "" if most else f"No square spoke for {self.target}. "
        sentence += (
            f"Covering {place} {'dropped' if most else 'raised'} {self.target} "
            f"from {percent(sure_before, sure_covered)} to {percent(sure_covered, sure_before)}."
        )
        winner = self.label[at[0]][at[1]]
        if winner != self.target and self.before.winner == self.target_index:
            sentence += f" Then it said {winner}."
        return sentence

    @property
    def _what_stayed(self) -> str:
        sure_before = float(self.before.confidence[self.target_index])
        if sure_before < 0.5:
            return f"{self.target} was only at {percent(sure_before)} from the start."
        lowest = percent(float(self.confidence.min()))
        or_more = "" if lowest == "100%" else " or more"
        return f"{self.target} stayed at {lowest}{or_more}, whichever square was covered."


def _place_of_largest(values: np.ndarray) -> tuple[int, int]:
    row, column = np.unravel_index(np.argmax(values), values.shape)
    return int(row), int(column)


def percent(share: float, other: float | None = None) -> str:
    """A share in percent: no decimals, unless two are needed to tell it from `other`."""
    text = f"{share * 100:.0f}%"
    clash = other is not None and text == f"{other * 100:.0f}%"
    return f"{share * 100:.2f}%" if clash else text


def collect(start: Start, squares: Iterable[Square], measure: str, gain: float | None) -> Relevance:
    """Put the measured squares of a sweep into one map."""
    shape = (start.grid.rows, start.grid.columns)
    labels = start.labels
    confidence = np.full(shape, float(start.before.confidence[start.target]))
    confidence_drop = np.zeros(shape)
    log_odds_drop = np.zeros(shape)
    label = [[labels[start.before.winner]] * shape[1] for _ in range(shape[0])]
    for square in squares:
        at = square.row, square.column
        confidence[at] = square.confidence
        confidence_drop[at] = square.confidence_drop
        log_odds_drop[at] = square.log_odds_drop
        label[square.row][square.column] = labels[square.label]
    return Relevance(
        target=labels[start.target],
        target_index=start.target,
        before=start.before,
        confidence=confidence,
        confidence_drop=confidence_drop,
        log_odds_drop=log_odds_drop,
        label=label,
        unseen=start.unseen,
        asked_measure=measure,
        amplify=gain,
    )
