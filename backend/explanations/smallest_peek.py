"""The smallest peek: as few squares as can be that, shown alone, still give the answer.

In the spirit of Carter et al., "What made you do this? Understanding black-box decisions
with sufficient input subsets" (2019), and of Fong & Vedaldi's smallest region (2017). Ours
is greedy: it shows, one after another, the square that helps most, then leaves out again,
the first ones first, those that the others can do without. None can be left out of what
remains, but a smaller set of others may exist. The same is done the other way round: which
squares, covered, make it say another label?
"""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import numpy as np

from backend.classifiers.base import Prediction
from backend.errors import BadSetting
from backend.explanations.asking import Found, Method, Question, Setting
from backend.explanations.base import Caution
from backend.explanations.coalitions import Coalitions, Piece, levels
from backend.explanations.cover import COVERS
from backend.explanations.sweep import predict, read_scores
from backend.picture import Patch

MOST_SQUARES = 192
GREEDY = Caution(
    "greedy", "Squares were chosen one at a time, the best first: a smaller set may exist."
)


def smallest_peek(question: Question, confidence: float, cover: str) -> Found:
    """Find few squares that suffice, and few without which the answer changes.

    Args:
        confidence: 0 to 1, which the shown squares must reach together.

    Raises:
        BadSetting: too many squares for this.
    """
    coalitions = Coalitions(question, cover)
    if len(coalitions.pieces) > MOST_SQUARES:
        raise BadSetting(
            "too_many_squares",
            f"{len(coalitions.pieces)} squares are too many for this method.",
            f"Choose rows and columns for at most {MOST_SQUARES} squares.",
        )
    target = question.target

    def suffices(seen: Prediction) -> bool:
        return seen.winner == target and seen.confidence[target] >= confidence

    def flips(seen: Prediction) -> bool:
        return seen.winner != target

    shown, peek = _one_by_one(question, coalitions, +1, suffices, (0.0, 0.5))
    covered, flip = _one_by_one(question, coalitions, -1, flips, (0.5, 0.5))
    relevance = np.zeros((question.grid.rows, question.grid.columns), np.float32)
    for step, before in zip(peek[1:], peek, strict=False):
        row, column = step["square"]
        relevance[row, column] = step["confidence"] - before["confidence"]
    return Found(
        unit="confidence gained when shown",
        relevance=relevance,
        example_score=float(question.before.confidence[target]),
        baseline_score=peek[0]["confidence"],
        flat=not shown or len(peek) == 1,
        facts={
            "suffices": [step["square"] for step in peek[1:]] if shown else None,
            "suffices_curve": peek,
            "flips": [step["square"] for step in flip[1:]] if covered else None,
            "flips_curve": flip,
        },
        cautions=(GREEDY, *_cautions(shown, covered, len(peek) == 1, confidence)),
    )


def _one_by_one(
    question: Question,
    coalitions: Coalitions,
    sign: int,
    enough: Callable[[Prediction], bool],
    progress: tuple[float, float],
) -> tuple[bool, list[dict[str, Any]]]:
    """Show (or cover) the best square again and again, until it is enough.

    Returns:
        Whether it was ever enough, and the curve: the state before, then after every square.
    """
    classifier, target = question.classifier, question.target
    waiting, chosen = list(coalitions.pieces), list[Piece]()
    running = _beginning(coalitions, sign)
    current = levels(running)
    seen = predict(classifier, current)
    while waiting and not enough(seen):
        scores = _each(question, current, running, waiting, sign)
        values = [sign * one.log_odds(target) for one in scores]
        best = int(np.argmax(values))
        piece, seen = waiting.pop(best), scores[best]
        coalitions.show(running, piece, sign)
        current[piece.place] = levels(running[piece.place])
        chosen.append(piece)
        start, share = progress
        question.tell(start + share * (1 - len(waiting) / len(coalitions.pieces)))
    found = enough(seen)
    if found:
        chosen = _without_needless(question, coalitions, running, chosen, sign, enough)
    return found, _curve(question, coalitions, chosen, sign)


def _beginning(coalitions: Coalitions, sign: int) -> np.ndarray:
    """The input with all squares covered, or with all shown if they are to be covered."""
    running = coalitions.everything_covered()
    for piece in coalitions.pieces if sign < 0 else ():
        coalitions.show(running, piece)
    return running


def _without_needless(
    question: Question,
    coalitions: Coalitions,
    running: np.ndarray,
    chosen: list[Piece],
    sign: int,
    enough: Callable[[Prediction], bool],
) -> list[Piece]:
    """Those of the chosen squares that it takes, in their order; `running` has all of them."""
    needed = []
    for piece in chosen:
        coalitions.show(running, piece, -sign)
        if not enough(predict(question.classifier, levels(running))):
            coalitions.show(running, piece, sign)
            needed.append(piece)
    return needed


def _curve(
    question: Question, coalitions: Coalitions, chosen: list[Piece], sign: int
) -> list[dict[str, Any]]:
    running = _beginning(coalitions, sign)
    curve = [_step(question, predict(question.classifier, levels(running)), None)]
    for piece in chosen:
        coalitions.show(running, piece, sign)
        curve.append(_step(question, predict(question.classifier, levels(running)), piece))
    return curve


def _each(
    question: Question, current: np.ndarray, running: np.ndarray, waiting: list[Piece], sign: int
) -> list[Prediction]:
    """Predictions with each of the waiting squares shown (or covered) in addition."""

    def patch(piece: Piece) -> Patch:
        return Patch(piece.box, levels(running[piece.place] + sign * piece.change))

    prepared = question.classifier.prepare(lambda: current)
    with closing(prepared.patched([patch(piece) for piece in waiting])) as measured:
        return [read_scores(question.classifier, row) for rows in measured for row in rows]


def _step(question: Question, seen: Prediction, piece: Piece | None) -> dict[str, Any]:
    return {
        "square": piece and [piece.row, piece.column],
        "confidence": float(seen.confidence[question.target]),
        "label": question.classifier.labels[seen.winner],
    }


def _cautions(shown: bool, covered: bool, at_once: bool, confidence: float) -> tuple[Caution, ...]:
    found = []
    if not shown:
        text = f"Even the whole picture does not reach a confidence of {confidence:.0%}."
        found.append(Caution("whole_not_enough", text))
    elif at_once:
        text = "The cover alone already gives this answer: try another cover."
        found.append(Caution("cover_enough", text))
    if not covered:
        text = "The answer stayed the same, however much was covered."
        found.append(Caution("never_changes", text))
    return tuple(found)


METHOD = Method(
    name="smallest_peek",
    title="Smallest peek",
    purpose="Which few squares are enough, and which change the answer when covered?",
    paper="after Carter et al. 2019",
    needs="scores",
    settings=(
        Setting("confidence", "number", 0.8, "which the shown squares must reach", 0.01, 1.0),
        Setting("cover", "choice", "black", "what hides the other squares", options=tuple(COVERS)),
    ),
    run=smallest_peek,
)
