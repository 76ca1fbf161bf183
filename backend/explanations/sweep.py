"""The occlusion sweep: cover one square after the other and watch the scores.

Occlusion sensitivity of Zeiler & Fergus, "Visualizing and Understanding Convolutional
Networks" (2014), with squares that do not overlap and a target that stays what it was
before anything was covered.
"""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from backend.classifiers.base import Classifier, Prediction
from backend.classifiers.pool import begin
from backend.errors import CannotUse, NotFound
from backend.explanations.cover import covered_inputs
from backend.grid import Box, Grid
from backend.picture import Fit, Picture, Seen


@dataclass(frozen=True)
class Square:
    """What covering one square did. Drops are before − covered: negative means it helped.

    Attributes:
        row, column: from 0 at the top left.
        label: index of the winner while this square is covered.
        confidence: of the target, 0 to 1.
    """

    row: int
    column: int
    label: int
    confidence: float
    confidence_drop: float
    log_odds_drop: float


@dataclass(frozen=True)
class Start:
    """What is known of a sweep before its first square.

    Attributes:
        labels: K labels of the classifier.
        before: the prediction on the uncovered picture.
        target: index of the label that is explained: the one asked for, or the winner.
        seen: the box of the picture that the model sees, in px of the picture's file.
        unseen: (row, column) of the squares wholly outside `seen`; they are not measured.
    """

    labels: tuple[str, ...]
    grid: Grid
    before: Prediction
    target: int
    seen: Seen
    unseen: list[tuple[int, int]]

    @property
    def evaluations(self) -> int:
        """How many pictures are scored: the uncovered one, and one for each seen square."""
        return 1 + self.grid.rows * self.grid.columns - len(self.unseen)


class Sweep:
    """One picture, one classifier and one grid; the first squares are begun at once.

    Everything that can be refused is refused here, before anything is told of a square.
    """

    def __init__(
        self,
        classifier: Classifier,
        picture: Picture,
        rows: int,
        columns: int,
        cover: str,
        target: str | None,
        fit: str | None = None,
    ):
        grid = Grid(rows, columns, picture.height_px, picture.width_px)
        wanted = None if target is None else label_index(classifier, target)
        plan = Fit.of(picture, classifier.input_size, fit or classifier.fit)
        boxes = {at: grid.box(*at) for at in grid.squares()}
        seen = {at: box for at, box in boxes.items() if meets(box, plan.seen)}
        inputs = covered_inputs(picture, plan, cover, seen.values())
        self._classifier = classifier
        prepared = classifier.prepare(inputs.uncovered)
        patches = begin(inputs.patches)()
        self._places = list(seen)
        self._measured = prepared.patched(patches)
        try:
            before = read_scores(classifier, prepared.scores)
        except BaseException:
            self._measured.close()
            raise
        self.start = Start(
            labels=tuple(classifier.labels),
            grid=grid,
            before=before,
            target=before.winner if wanted is None else wanted,
            seen=plan.seen.times(picture.shrunk_by),
            unseen=[at for at in boxes if at not in seen],
        )

    def squares(self) -> Generator[Square, None, None]:
        """Every seen square as it is measured, along the rows; can be asked for once.

        Closing the iterator stops the work.
        """
        before, target = self.start.before, self.start.target
        log_odds_before = float(before.log_odds(target))
        confidence_before = float(before.confidence[target])
        places = iter(self._places)
        with closing(self._measured) as measured:
            for scores in measured:
                covered = read_scores(self._classifier, scores)
                of_squares = zip(
                    covered.winners.tolist(),
                    covered.confidence[:, target].tolist(),
                    covered.log_odds(target).tolist(),
                    strict=True,
                )
                for label, confidence, log_odds in of_squares:
                    row, column = next(places)
                    yield Square(
                        row,
                        column,
                        label,
                        confidence,
                        confidence_before - confidence,
                        log_odds_before - log_odds,
                    )
        if next(places, None) is not None:
            raise ValueError("the classifier did not score every square")


def predict(classifier: Classifier, model_input: np.ndarray) -> Prediction:
    """Classify one fitted picture (H, W, 3).

    Raises:
        CannotUse: the classifier answers with something that is not a number.
    """
    return read_scores(classifier, classifier.scores(model_input[np.newaxis])[0])


def read_scores(classifier: Classifier, scores: np.ndarray) -> Prediction:
    """Make a prediction of one row of scores, (K,), or of several, (n, K).

    Raises:
        CannotUse: a score is NaN or infinite.
    """
    if not np.isfinite(scores).all():
        raise CannotUse(
            "broken_model",
            "This classifier answers with something that is not a number.",
            "Its file may be damaged: export it once more and add it again.",
        )
    return Prediction.from_scores(scores, classifier.has_logits)


def label_index(classifier: Classifier, label: str) -> int:
    """Where a label stands among the scores.

    Raises:
        NotFound: the classifier has no such label.
    """
    if label not in classifier.labels:
        raise NotFound(
            "unknown_label",
            f"This classifier does not know the label “{label}”.",
            "It knows: " + ", ".join(classifier.labels) + ".",
        )
    return classifier.labels.index(label)


def meets(box: Box, seen: Seen) -> bool:
    """Whether the model sees anything of a box of the picture."""
    return (
        box.left < seen.left + seen.width
        and box.right > seen.left
        and box.top < seen.top + seen.height
        and box.bottom > seen.top
    )
