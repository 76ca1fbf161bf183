"""What every explanation method is asked, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np

from backend.grid import Grid
from backend.picture import Fit

Pooling = Literal["sum", "mean"]


class Caution(NamedTuple):
    """What to keep in mind about an answer: a code for programs, one sentence for people."""

    code: str
    text: str


@dataclass(frozen=True)
class Explanation:
    """What one method says about one picture, one classifier and one label.

    Attributes:
        method: its name in METHODS.
        target: the label explained; `label_index` its place among the scores.
        grid: the squares of the picture.
        relevance: (rows, columns) float32, signed, in `unit`; 0 in squares outside `fit.seen`.
        unit: what the numbers of `relevance` and `attribution` are, in a few words.
        attribution: (H, W) float32, signed, over the model's input, or None for methods that
            only know squares. `fit` says where the input lies on the picture: its box
            (`fit.top_px`, `fit.left_px`, `fit.placed_height_px`, `fit.placed_width_px`) is
            the box `fit.seen` of the picture.
        fit: how the picture became the model's input.
        settings: all settings of the method, as they were used.
        seed: where chance came from, or None where there was none.
        seconds: time that the method took.
        example_score: score of the target on the picture (logit, or probability where the
            model has none or it was asked for).
        baseline_score: the same on the method's reference picture(s), or None without any.
        completeness_gap: sum of the attribution − (example_score − baseline_score), for
            methods that promise 0: what Captum calls the convergence delta.
        approx_error: the gap as a share of |example_score − baseline_score|, or None.
        standard_error: (rows, columns) of `relevance`, where it was sampled, or None.
        verdict: `flat` where nothing in the map is worth showing, else `found`.
        maps: (N, h, w) float32, the maps behind the attribution in their own size: one for
            Grad-CAM, one for each channel for activations; or None.
        facts: what else the method found out, ready for JSON.
        cautions: what to keep in mind; `warnings` are their sentences.
    """

    method: str
    target: str
    label_index: int
    grid: Grid
    relevance: np.ndarray
    unit: str
    attribution: np.ndarray | None
    fit: Fit
    settings: Mapping[str, Any]
    seed: int | None
    seconds: float
    example_score: float
    baseline_score: float | None = None
    completeness_gap: float | None = None
    approx_error: float | None = None
    standard_error: np.ndarray | None = None
    verdict: Literal["found", "flat"] = "found"
    maps: np.ndarray | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to keep in mind, one sentence each."""
        return tuple(one.text for one in self.cautions)

    @cached_property
    def most_relevant(self) -> tuple[int, int] | None:
        """(row, column) from 0 of the largest relevance; None if nothing speaks for the target."""
        if self.verdict == "flat" or self.relevance.max() <= 0:
            return None
        row, column = np.unravel_index(np.argmax(self.relevance), self.relevance.shape)
        return int(row), int(column)

    @cached_property
    def raw(self) -> np.ndarray:
        """(H, W) float32 over the model's input, in `unit`: the `attribution` where there is one.

        For methods that only know squares, every pixel holds the value of its square, one
        that lies in several their mean by area, and 0 where the input shows no picture.
        """
        if self.attribution is not None:
            return self.attribution
        rows, columns = shares(self.fit, self.grid)
        return (rows.T @ self.relevance.astype(np.float64) @ columns).astype(np.float32)


def pool(attribution: np.ndarray, fit: Fit, grid: Grid, how: Pooling) -> np.ndarray:
    """Relevance of the squares from a map over the model's input.

    Pixels of the input that lie in several squares are shared among them by area, so that
    the sum over squares is the sum over all pixels that show the picture.

    Args:
        attribution: (H, W) over the input.
        how: `sum`, or `mean` over the part of the square that the model sees.

    Returns:
        (rows, columns) float32; 0 for squares that the model does not see.
    """
    rows, columns = shares(fit, grid)
    total = rows @ attribution.astype(np.float64) @ columns.T
    if how == "mean":
        area = np.outer(rows.sum(axis=1), columns.sum(axis=1))
        total = np.divide(total, area, out=np.zeros_like(total), where=area > 1e-9)
    return total.astype(np.float32)


def shares(fit: Fit, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """How much of each pixel row and column of the input lies in each row and column of squares.

    Returns:
        (rows, H) and (columns, W), float64 from 0 to 1.
    """
    seen = fit.seen
    row_edges = np.arange(grid.rows + 1) * grid.height_px // grid.rows
    column_edges = np.arange(grid.columns + 1) * grid.width_px // grid.columns
    down = fit.placed_height_px / seen.height
    across = fit.placed_width_px / seen.width
    return (
        _overlap(
            (row_edges - seen.top) * down, fit.placed_height_px, fit.top_px, fit.input_height_px
        ),
        _overlap(
            (column_edges - seen.left) * across,
            fit.placed_width_px,
            fit.left_px,
            fit.input_width_px,
        ),
    )


def _overlap(edges: np.ndarray, placed_px: int, first_px: int, input_px: int) -> np.ndarray:
    edges = np.clip(edges, 0, placed_px) + first_px
    starts = np.arange(input_px)
    low = np.maximum(edges[:-1, np.newaxis], starts)
    high = np.minimum(edges[1:, np.newaxis], starts + 1)
    return np.clip(high - low, 0, None)
