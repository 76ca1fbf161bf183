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
from backend.errors import CannotUse, NotFound
from backend.explanations.cover import CoveredInputs, cover_pixels
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


class Sweep:
    """One picture, one classifier and one grid, ready to be measured.

    Everything that can be refused is refused here, before the first square.

    Attributes:
        before: the prediction on the uncovered picture.
        target: index of the label that is explained: the one asked for, or the winner.
        seen: the box of the picture that the model sees.
        unseen: (row, column) of the squares wholly outside `seen`; they are not measured.
        total: the number of squares that are measured.
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
        self.classifier = classifier
        self.grid = Grid(rows, columns, picture.height_px, picture.width_px)
        wanted = None if target is None else label_index(classifier, target)
        plan = Fit.of(picture, classifier.input_size, fit or classifier.fit)
        self.seen = plan.seen
        self._inputs = CoveredInputs(picture, plan, cover_pixels(picture, cover))
        self._prepared = classifier.prepare(self._inputs.uncovered)
        self.before = read_scores(classifier, self._prepared.scores)
        self.target = self.before.winner if wanted is None else wanted
        everything = self.grid.squares()
        self.unseen = [at for at in everything if not _meets(self.grid.box(*at), self.seen)]
        hidden = set(self.unseen)
        self._measured = [at for at in everything if at not in hidden]
        self.total = len(self._measured)

    def squares(self) -> Generator[Square, None, None]:
        """Measure every seen square, along the rows; closing the iterator stops the work."""
        patches = [self._inputs.covering(self.grid.box(*at)) for at in self._measured]
        log_odds_before = self.before.log_odds(self.target)
        confidence_before = float(self.before.confidence[self.target])
        with closing(self._prepared.patched(patches)) as scores_of_squares:
            for (row, column), scores in zip(self._measured, scores_of_squares, strict=True):
                covered = read_scores(self.classifier, scores)
                confidence = float(covered.confidence[self.target])
                yield Square(
                    row,
                    column,
                    covered.winner,
                    confidence,
                    confidence_before - confidence,
                    log_odds_before - covered.log_odds(self.target),
                )


def predict(classifier: Classifier, model_input: np.ndarray) -> Prediction:
    """Classify one fitted picture (H, W, 3).

    Raises:
        CannotUse: the classifier answers with something that is not a number.
    """
    return read_scores(classifier, classifier.scores(model_input[np.newaxis])[0])


def read_scores(classifier: Classifier, scores: np.ndarray) -> Prediction:
    """Make a prediction of one row of scores, (K,).

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


def _meets(box: Box, seen: Seen) -> bool:
    return (
        box.left < seen.left + seen.width
        and box.right > seen.left
        and box.top < seen.top + seen.height
        and box.bottom > seen.top
    )
