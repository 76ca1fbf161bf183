"""Pictures of which any set of squares is covered, made quickly one after another.

Fitting a picture to a model is linear, so every square adds its own small picture to that
of the cover: showing or covering a square is one addition in the box that it reaches. The
result is that of covering first and fitting then, to within two levels of brightness, but for
what Pillow clips between its two passes beside hard edges: in photos and the parade's pictures
that were tried it moved fewer than one value in a hundred by more than that, and none by more
than 22 levels; in chequerboards of black and white, four in ten, and by up to 28.
"""

from dataclasses import dataclass

import numpy as np

from backend.explanations.asking import Question
from backend.explanations.cover import cover_pixels
from backend.explanations.relevance import FLAT_CONFIDENCE_DROP, FLAT_LOG_ODDS_DROP
from backend.explanations.sweep import meets, read_scores
from backend.grid import Box
from backend.resampling import PRECISION_BITS, lanczos

MEASURES = ("log_odds", "confidence")
UNITS = {"log_odds": "log-odds", "confidence": "confidence"}
LEAST = {"log_odds": FLAT_LOG_ODDS_DROP, "confidence": FLAT_CONFIDENCE_DROP}
"""The smallest drop, in each measure, that is worth showing."""


@dataclass(frozen=True)
class Piece:
    """What one square adds: `change` (h, w, 3) float32 in the box of the input."""

    row: int
    column: int
    box: Box
    change: np.ndarray

    @property
    def place(self) -> tuple[slice, slice]:
        """Its rows and columns of the input."""
        return slice(self.box.top, self.box.bottom), slice(self.box.left, self.box.right)


class Coalitions:
    """The squares of a picture that the model sees, each to be shown or covered.

    Those that it does not see are never covered, so all squares shown are the picture itself.

    Attributes:
        pieces: one for each seen square, along the rows.
    """

    def __init__(self, question: Question, cover: str):
        picture, fit, grid = question.picture, question.fit, question.grid
        seen, hiding = fit.seen, cover_pixels(picture, cover)
        down = lanczos(picture.height_px, seen.top, seen.top + seen.height, fit.placed_height_px)
        across = lanczos(picture.width_px, seen.left, seen.left + seen.width, fit.placed_width_px)
        scale = 2.0**-PRECISION_BITS
        rows, columns = down.weights * scale, across.weights * scale
        hidden = picture.pixels.copy()
        self.pieces = []
        for row, column in grid.squares():
            box = grid.box(row, column)
            # As in the sweep, though some pixels beyond the edge are mixed into what is seen.
            if not meets(box, seen):
                continue
            place = slice(box.top, box.bottom), slice(box.left, box.right)
            hidden[place] = hiding[place]
            top, bottom = down.touched(box.top, box.bottom)
            left, right = across.touched(box.left, box.right)
            inside = picture.pixels[place].astype(np.float64) - hidden[place]
            change = np.einsum(
                "ab,bcd,ec->aed",
                rows[top:bottom, box.top : box.bottom],
                inside,
                columns[left:right, box.left : box.right],
                optimize=True,
            )
            reached = Box(
                top + fit.top_px, left + fit.left_px, bottom + fit.top_px, right + fit.left_px
            )
            self.pieces.append(Piece(row, column, reached, change.astype(np.float32)))
        self._covered = fit.apply(hidden).astype(np.float32)

    def everything_covered(self) -> np.ndarray:
        """The input (H, W, 3) float32 without any square, to add pieces' changes to."""
        return self._covered.copy()

    def show(self, running: np.ndarray, piece: Piece, sign: int = 1) -> None:
        """Show one more square in `running` (or cover it, with sign −1)."""
        running[piece.place] += sign * piece.change

    def shown(self, pieces: list[Piece]) -> np.ndarray:
        """The input (H, W, 3) uint8 with only these squares shown."""
        running = self.everything_covered()
        for piece in pieces:
            self.show(running, piece)
        return levels(running)


def levels(values: np.ndarray) -> np.ndarray:
    """Whole levels of brightness, uint8."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def values_of(question: Question, batch: np.ndarray, measure: str) -> np.ndarray:
    """How strongly pictures (N, H, W, 3) speak for the target; gives (N,) float64."""
    return read_values(question, question.classifier.scores(batch), measure)


def read_values(question: Question, scores: np.ndarray, measure: str) -> np.ndarray:
    """The same from scores (N, K)."""
    prediction = read_scores(question.classifier, scores)
    if measure == "log_odds":
        return prediction.log_odds(question.target)
    return prediction.confidence[:, question.target]
