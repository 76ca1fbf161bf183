"""Whether a method's map can be trusted for one picture and one classifier.

Four checks: what the classifier says about baselines; how far the map misses the score;
whether covering what the map calls relevant matters more than covering anything (deletion
and insertion: Petsiuk et al., "RISE", 2018); and whether the map depends on what the
network has learned (Adebayo et al., "Sanity Checks for Saliency Maps", 2018: see `mixing`).

RISE deletes single pixels, to a constant value, and inserts them into a blurred picture. Ours
deletes and inserts squares, and the blurred picture stands for what is deleted, too: so areas
can only be compared with each other and with those of random orders, not with published ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from backend.explanations.asking import Method, Question
from backend.explanations.base import Explanation
from backend.explanations.coalitions import Coalitions, Piece, levels, values_of
from backend.explanations.integrated_gradients import (
    BASELINES,
    MOST_APPROX_ERROR,
    baseline_picture,
)
from backend.explanations.methods import answer
from backend.explanations.mixing import Mixed, finest, mixed_up, steps_of, told_in_parts
from backend.explanations.sweep import predict

RANDOM_ORDERS = 10
MOST_POINTS = 64
"""Of many squares, several are covered or shown between one point of a curve and the next."""
STILL_ALIKE = 0.5
"""A map this much like the trained network's does not depend on what was learned."""
NOT_MIXED = "Its weights cannot be mixed up: this classifier came without a Keras file."
LEANS = 0.5
"""A baseline that gets so much of what is above 1/k is no neutral picture."""


@dataclass(frozen=True)
class Baseline:
    """What the classifier says about a picture without content."""

    name: str
    label: str
    confidence: dict[str, float]
    even: float

    @property
    def leans(self) -> bool:
        """Whether it is far from 1/k for every label."""
        return max(self.confidence.values()) > self.even + LEANS * (1 - self.even)


@dataclass(frozen=True)
class Curve:
    """Confidence in the target while squares are covered or shown, most relevant first.

    Attributes:
        shares: (n,) of the squares that were changed, 0 to 1.
        confidence: (n,) in the map's order; `by_chance` is the mean over random orders.
    """

    shares: np.ndarray
    confidence: np.ndarray
    by_chance: np.ndarray

    @property
    def area(self) -> float:
        """Under the curve, 0 to 1."""
        return float(np.trapezoid(self.confidence, self.shares))

    @property
    def area_by_chance(self) -> float:
        """Under the curve of random orders."""
        return float(np.trapezoid(self.by_chance, self.shares))


@dataclass(frozen=True)
class Sanity:
    """All checks of one method on one picture; `mixed` is empty without a network."""

    explanation: Explanation
    baselines: tuple[Baseline, ...]
    deletion: Curve
    insertion: Curve
    mixed: tuple[Mixed, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against trusting the map, with what to do."""
        found = []
        for one in self.baselines:
            if one.leans:
                found.append(
                    f"For the {one.name} baseline it says {one.label} "
                    f"({one.confidence[one.label]:.0%} instead of {one.even:.0%}): "
                    "maps that start there tell what differs from that answer."
                )
        error = self.explanation.approx_error
        if error is not None and error > MOST_APPROX_ERROR:
            found.append(f"The map misses the score by {error:.0%}: take more steps or samples.")
        if self.blurred_is_enough:
            found.append(
                f"Even when everything is blurred it is {self.insertion.confidence[0]:.0%} sure "
                f"of {self.explanation.target}: covering and showing squares tell little here."
            )
        if self.deletion.area >= self.deletion.area_by_chance:
            found.append("Covering what the map calls relevant hurts no more than by chance.")
        if self.insertion.area <= self.insertion.area_by_chance:
            found.append("Showing what the map calls relevant helps no more than by chance.")
        if self.mixed and self.mixed[-1].similarity > STILL_ALIKE:
            found.append(
                f"The map hardly changes ({self.mixed[-1].similarity:.2f} alike) when all "
                "weights are mixed up: it shows the picture, not what was learned."
            )
        return tuple(found)

    @property
    def blurred_is_enough(self) -> bool:
        """Whether what stands for a covered square gives the answer by itself."""
        blurred, *_, whole = self.insertion.confidence - self.baselines[0].even
        return bool(blurred > LEANS * whole > 0)

    @property
    def not_checked(self) -> dict[str, str]:
        """Which of the checks could not be done, and why."""
        return {} if self.mixed else {"mixed": NOT_MIXED}

    @property
    def maps(self) -> np.ndarray | None:
        """(n, h, w) float32, the map of each of `mixed`: see `finest`; None without any."""
        if not self.mixed:
            return None
        return np.stack([finest(one.found) for one in self.mixed]).astype(np.float32)

    def as_json(self) -> dict[str, Any]:
        """Everything for programs, with the numbers for plots, without maps."""
        return {
            "method": self.explanation.method,
            "target": self.explanation.target,
            "settings": dict(self.explanation.settings),
            "baselines": [
                {
                    "baseline": one.name,
                    "label": one.label,
                    "confidence": one.confidence,
                    "even": one.even,
                    "leans": one.leans,
                }
                for one in self.baselines
            ],
            "approx_error": self.explanation.approx_error,
            "deletion": _curve_json(self.deletion),
            "insertion": _curve_json(self.insertion),
            "blurred_is_enough": self.blurred_is_enough,
            "mixed": [one.as_json() for one in self.mixed],
            "not_checked": self.not_checked,
            "warnings": list(self.warnings),
        }


def check(question: Question, method: Method, given: Mapping[str, Any], seed: int = 0) -> Sanity:
    """Do all checks; without a network all but the last.

    Args:
        question: its network's weights are randomised meanwhile.
        given: settings of the method.

    Raises:
        UserError: what the method refuses.
    """
    steps = steps_of(question.network) if question.network else []
    trained, ordered, *others = told_in_parts(question, 2 + len(steps))
    found = answer(method, trained, given)
    deletion, insertion = curves(ordered, found.relevance, seed)
    return Sanity(
        explanation=found,
        baselines=tuple(baselines(question, seed)),
        deletion=deletion,
        insertion=insertion,
        mixed=tuple(mixed_up(others, method, given, found, seed)) if others else (),
    )


def baselines(question: Question, seed: int) -> Iterable[Baseline]:
    """What the classifier says about each baseline of Integrated Gradients."""
    labels = question.classifier.labels
    for name in BASELINES:
        picture = baseline_picture(name, question.model_input, seed)
        seen = predict(question.classifier, picture)
        confidence = {label: float(one) for label, one in zip(labels, seen.confidence, strict=True)}
        yield Baseline(name, labels[seen.winner], confidence, 1 / len(labels))


def curves(question: Question, relevance: np.ndarray, seed: int) -> tuple[Curve, Curve]:
    """Deletion and insertion of squares, with the blurred picture as what is not shown."""
    coalitions = Coalitions(question, "blur")
    pieces = coalitions.pieces
    order = np.argsort([-relevance[one.row, one.column] for one in pieces], kind="stable")
    random = np.random.default_rng(seed)
    by_chance = [random.permutation(len(pieces)) for _ in range(RANDOM_ORDERS)]
    points = min(len(pieces), MOST_POINTS)
    numbers = np.linspace(0, len(pieces), points + 1).round().astype(int)
    shares = numbers / len(pieces)
    # Covering the most relevant first is showing the least relevant first, read backwards.
    shown = []
    for done, indices in enumerate([order, order[::-1], *by_chance], 1):
        pieces_in_order = [pieces[index] for index in indices]
        shown.append(_while_shown(question, coalitions, pieces_in_order, numbers))
        question.tell(done / (2 + RANDOM_ORDERS))
    most_first, least_first, *chance = shown
    mean = np.mean(chance, axis=0)
    return (
        Curve(1 - shares[::-1], least_first[::-1], mean[::-1]),
        Curve(shares, most_first, mean),
    )


def _while_shown(
    question: Question, coalitions: Coalitions, order: list[Piece], numbers: np.ndarray
) -> np.ndarray:
    """Confidence when so many of the squares are shown; `numbers` rise from 0."""
    running, batch = coalitions.everything_covered(), []
    for first, last in pairwise((0, *numbers)):
        for piece in order[first:last]:
            coalitions.show(running, piece)
        batch.append(levels(running))
    return values_of(question, np.stack(batch), "confidence")


def _curve_json(curve: Curve) -> dict[str, Any]:
    return {
        "share": curve.shares.tolist(),
        "confidence": curve.confidence.tolist(),
        "confidence_by_chance": curve.by_chance.tolist(),
        "area": curve.area,
        "area_by_chance": curve.area_by_chance,
    }
